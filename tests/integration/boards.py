"""What dashboards ask, as pages would send it: variables, time and bins filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

BOARDS = Path(__file__).parents[2] / "infra" / "grafana" / "boards"


class Question(Struct, frozen=True):
    """One query of a dashboard. bins: of its panel."""

    board: str
    place: str
    query: str
    bins: str = "15m"

    def asked(self, start_ms: int, stop_ms: int, chosen: Mapping[str, str]) -> str:
        """The query for a stretch of time and values of variables."""
        text = self.query.replace("$timeFilter", f"time >= {start_ms}ms AND time <= {stop_ms}ms")
        text = text.replace("${__to}", str(stop_ms)).replace("${__from}", str(start_ms))
        text = text.replace("$__interval", self.bins)
        for name in sorted(chosen, key=len, reverse=True):
            text = re.sub(rf"\${name}\b", lambda _, name=name: chosen[name], text)  # type: ignore[misc]
        assert "$" not in text.replace("$/", ""), text
        return text


def boards() -> dict[str, dict[str, Any]]:
    """All dashboards as they are kept, by file name."""
    return {path.name: json.loads(path.read_text()) for path in sorted(BOARDS.glob("*.json"))}


def questions() -> Iterator[Question]:
    """Every query of every panel, annotation and variable."""
    for name, board in boards().items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield Question(name, f"{panel['type']} {panel['title']}", target["query"], panel["interval"])
        for mark in board["annotations"]["list"]:
            yield Question(name, f"annotation {mark['name']}", mark["target"]["query"])
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                yield Question(name, f"variable {variable['name']}", variable["query"])
