"""How fast a replay runs, what memory it takes, and where the time goes.

Replays a data set (`--data DIR` with events.jsonl.gz and registry.json), or two simulated weeks, and prints
events per CPU-second, peak memory, and the share of each stage: the clocks around them cost below 1 %.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import shipped  # noqa: F401 - before the next
from rich.table import Table

from streams.build import build_floor, build_reader
from streams.load import load
from streams.reading import Rejection
from streams.records.alerts import Alert, encode_alert
from streams.records.readings import Readings
from streams.replay.run import Outcome, Replay
from streams.replay.sources import Source
from streams.screen import console
from streams.simulate.settings import Simulation
from streams.simulate.write import write

P = ParamSpec("P")
R = TypeVar("R")


class Writer:
    """Encodes and counts alert changes, as a run does that writes them."""

    def __init__(self) -> None:
        self.changes = 0

    def alert(self, change: Alert) -> None:
        encode_alert(change)
        self.changes += 1

    def rejected(self, rejection: Rejection) -> None:
        pass

    def drawn(self, readings: Readings) -> None:
        pass


def run(data: Path, spent_ns: Counter[str]) -> tuple[Outcome, int]:
    """One replay; the CPU time of each stage goes to `spent_ns`."""
    configuration = load(None, {}, str(data / "registry.json"))
    reader, floor, writer = build_reader(configuration), build_floor(configuration), Writer()
    for owner, name, stage in ((reader, "take", "read"), (floor, "take", "hold"), (floor, "close", "close")):
        clocked(owner, name, stage, spent_ns)
    outcome = Replay(reader, floor, [Source(str(data / "events.jsonl.gz"))], writer).run()
    return outcome, writer.changes


def clocked(owner: Any, name: str, stage: str, spent_ns: Counter[str]) -> None:
    """Puts a clock around a method."""
    setattr(owner, name, around(getattr(owner, name), stage, spent_ns))


def around(call: Callable[P, R], stage: str, spent_ns: Counter[str]) -> Callable[P, R]:
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        begun = time.process_time_ns()
        try:
            return call(*args, **kwargs)
        finally:
            spent_ns[stage] += time.process_time_ns() - begun

    return inner


def peak_mb() -> int:
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="a data set; without one, simulated weeks")
    given = parser.parse_args()
    spent_ns: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        if given.data is None:
            write(Simulation(seed=1, days=14), Path(scratch))
        outcome, changes = run(given.data or Path(scratch), spent_ns)
    spent_ns["files, gzip, output"] = int(outcome.cpu_s * 1e9) - spent_ns.total()
    table = Table("stage", "µs an event", "share", box=None)
    for stage, ns in spent_ns.most_common():
        table.add_row(stage, f"{ns / 1e3 / outcome.records:.1f}", f"{ns / 1e7 / outcome.cpu_s:.0f} %")
    table.add_row("all", f"{1e6 * outcome.cpu_s / outcome.records:.1f}")
    speed = f"{outcome.records / outcome.cpu_s:,.0f} events per CPU-second, {peak_mb():,} MB at most"
    what = f"{outcome.records:,} events, {outcome.counts.slots:,} slots closed, {changes} alert changes"
    console().print(what, speed, table, sep="\n")


if __name__ == "__main__":
    main()
