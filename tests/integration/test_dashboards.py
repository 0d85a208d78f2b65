"""Every query of every dashboard on a real InfluxDB, with what a demo run wrote: it must find something."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from streams.records.links import incident_path
from streams.sinks.influx.incidents import micros
from streams.sinks.influx.server import Server
from tests.integration import demo
from tests.integration.boards import Question, questions
from tests.integration.demo import RUN, Demo
from tests.integration.influxdb import influxdb, rows

BATCH = 5_000
DAY_MS = 86_400_000


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return demo.make(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session", params=[1, 2], ids=["influxdb1", "influxdb2"])
def server(
    request: pytest.FixtureRequest, shown: Demo, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """With the demo in its database of replays: that one keeps what is old."""
    with influxdb(request.param, tmp_path_factory.mktemp("influxdb")) as running:
        running.made("floor").close()
        found = running.server("floor_replay")
        for start in range(0, len(shown.lines), BATCH):
            found.write("\n".join(shown.lines[start : start + BATCH]))
        yield found


def moments(shown: Demo) -> list[int]:
    """The end, and moments at which something was open, milliseconds: what is open now is asked of a
    moment."""
    opened = [micros(change.at) // 1000 + 60_000 for change in shown.changes if change.state == "open"]
    return [shown.stop // 1000 + 1, *opened]


@pytest.mark.parametrize("question", list(questions()), ids=lambda asked: f"{asked.board} {asked.place}")
def test_it_finds_something(server: Server, shown: Demo, question: Question) -> None:
    (link,) = {urlsplit(incident_path(shown.drifted())).query}
    chosen = {name.removeprefix("var-"): value for name, (value,) in parse_qs(link).items()}
    chosen = {name: ".*" if value == "$__all" else value.replace("(", "\\(").replace(")", "\\)")
              for name, value in chosen.items()}  # fmt: skip
    if "incident" not in question.board:
        chosen |= dict.fromkeys(("queue", "agent", "version"), ".*")
    chosen |= {"run": RUN, "tenant": ".*", "bins": "30m"}
    for stop in moments(shown):
        found = rows(server, question.asked(shown.start // 1000, stop, chosen))
        values = [row[name] for row in found for name in row if name not in ("time", "tenant", "worker")]
        if any(value is not None for value in values):
            return
    raise AssertionError(f"nothing is found by\n{question.asked(shown.start // 1000, stop, chosen)}")
