"""The dashboards. `python -m infra.grafana.dashboards` writes them to boards/, from where Grafana is
provisioned."""

from __future__ import annotations

import json
from pathlib import Path

from infra.grafana.panels import Json
from infra.grafana.views.agent import agent
from infra.grafana.views.content import content
from infra.grafana.views.feedback import feedback
from infra.grafana.views.incident import incident
from infra.grafana.views.monitor import monitor
from infra.grafana.views.overview import overview

BOARDS_DIR = Path(__file__).parent / "boards"


def all_of_them() -> dict[str, Json]:
    """By file name."""
    made = [overview(), agent(), feedback(), content(), incident(), monitor()]
    return {f"{one['uid']}.json": one for one in made}


def text_of(one: Json) -> str:
    """As it is kept."""
    return json.dumps(one, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, one in all_of_them().items():
        (BOARDS_DIR / name).write_text(text_of(one))
