"""A demo run as a worker or a replay would have written it: four simulated days, and a worker's health."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from faust.types import TP
from msgspec import Struct

from streams.build import build_floor, build_reader
from streams.live.health import figures
from streams.live.log import Log
from streams.live.metrics import Metrics
from streams.load import load
from streams.records.alerts import Alert
from streams.records.links import incident_path
from streams.records.pages import matter, told
from streams.records.readings import Readings
from streams.replay.drawing import drawn_at
from streams.replay.run import Replay
from streams.replay.sources import Source
from streams.settings import Influx
from streams.simulate.settings import Simulation
from streams.simulate.write import write
from streams.sinks.influx.incidents import micros
from streams.sinks.influx.lines import Point, line
from streams.sinks.influx.sink import Sink, replays, server
from streams.sinks.influx.writer import Counts

RUN = "demo"
BATCH = 5_000
DAY_MS = 86_400_000
MINUTE_US = 60_000_000
TROUBLES = (
    "survey_brigading", "survey_brigading", "injection_campaign", "bad_rollout", "pii_leak",
    "injection_success", "unsafe_actions", "shadow_ai", "disclosure", "handoff_surge",
)  # fmt: skip


class Demo(Struct):
    """lines: what was written. changes: of alerts. start, stop: of event time, microseconds."""

    lines: list[str]
    changes: list[Alert]
    start: int
    stop: int

    def drifted(self) -> Alert:
        """An incident of an agent's answers: of a series that is drawn."""
        return next(c for c in self.changes if c.kind == "response_drift" and "agent" in c.scope)


class Kept:
    """A writer that keeps lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def put(self, _number: int, points: Callable[[], Iterable[Point]]) -> None:
        self.lines += filter(None, map(line, points()))

    def counts(self) -> Counts:
        return Counts(written=len(self.lines))


class _Drawn:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.changes: list[Alert] = []
        self.times: list[int] = []

    def alert(self, change: Alert) -> None:
        self.changes.append(change)
        self._sink.said([change])

    def rejected(self, _: Any) -> None:
        raise AssertionError("the simulation writes events alone")

    def drawn(self, readings: Readings) -> None:
        self.times.append(readings.start)
        self._sink.slot(readings)


def make(folder: Path, *, seed: int = 7, days: int = 4, run: str = RUN) -> Demo:
    """Simulate, replay, keep what would be written."""
    write(Simulation(seed=seed, days=days, troubles=TROUBLES), folder)
    configuration = drawn_at(load(None, {}, str(folder / "registry.json")), "http://127.0.0.1:1")
    kept = Kept()
    sink = Sink(cast(Any, kept), run)
    seen = _Drawn(sink)
    floor = build_floor(configuration)
    Replay(build_reader(configuration), floor, [Source(str(folder / "events.jsonl.gz"))], seen).run()
    start, stop = min(seen.times), max(seen.times)
    metrics = Metrics()
    for number, now in enumerate(range(stop - 120 * MINUTE_US, stop, MINUTE_US)):
        _work(metrics, floor, number)
        sink.health("host:9464", figures(metrics.registry), now)
    page = told(matter("stuck_origin", topic="t"), "open", "t does not get on", stop, stop)
    sink.said([page])
    return Demo(kept.lines, [*seen.changes, page], start, stop)


def main() -> None:
    """`python -m tests.integration.demo URL FOLDER`: into the database of replays that `init` made there."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    shown = make(folder, days=8)
    token = os.environ.get("FLOORWALKER_INFLUX_TOKEN", "")
    place = server(Influx(url=url), token, replays("floorwalker"))
    for start in range(0, len(shown.lines), BATCH):
        place.write("\n".join(shown.lines[start : start + BATCH]))
    drifted, end, busy = shown.drifted(), shown.stop // 1000, _busiest(shown)
    print(f"from={busy - 2 * DAY_MS}", f"to={busy}", f"monitor:from={end - DAY_MS // 12}&to={end}")
    print(f"incident:{urlsplit(incident_path(drifted)).query}", f"agent:var-agent={drifted.scope['agent']}")


def _busiest(shown: Demo) -> int:
    """A moment at which most was open, milliseconds."""
    now, most, moment = 0, 0, shown.stop
    for change in shown.changes[:-1]:
        now += {"open": 1, "resolved": -1}.get(change.state, 0)
        if now >= most:
            most, moment = now, micros(change.at)
    return moment // 1000 + DAY_MS // 24


def _work(metrics: Metrics, floor: Any, number: int) -> None:
    """A minute of a worker."""
    tp = TP("cc.transcripts", 0)
    metrics.records.labels("cc.transcripts", "0").inc(300)
    metrics.rejects.labels("cc.transcripts", "not_json").inc()
    metrics.lost_records.labels("cc.transcripts", "0").inc(0)
    metrics.degraded.labels("held_facts").inc(0)
    metrics.stand({tp: 100}, {tp: 100 + number}, {tp: 1}, (), {0: Log(floor)})
    metrics.log_lag.labels("0").set(number)
    metrics.drawn(Counts(written=number))


if __name__ == "__main__":
    main()
