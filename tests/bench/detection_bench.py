"""What a replay finds: score tables and false alarms of data sets.

Each DIR holds events.jsonl.gz, registry.json and truth.json. Without any: two simulated floors with troubles
and one on which nothing goes wrong.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import shipped  # noqa: F401 - before the next

from streams.build import build_floor, build_reader
from streams.load import load
from streams.reading import Rejection
from streams.records.alerts import Alert
from streams.records.readings import Readings
from streams.replay.report import scores
from streams.replay.run import Replay
from streams.replay.score import Score, score
from streams.replay.sources import Source
from streams.replay.story import Story
from streams.replay.truth import read_truth
from streams.screen import console
from streams.simulate.settings import Simulation
from streams.simulate.write import write

SIMULATED = {
    "seed 1, 28 days": Simulation(seed=1, days=28),
    "seed 2, 28 days": Simulation(seed=2, days=28),
    "seed 3, 21 days, nothing wrong": Simulation(seed=3, days=21, troubles=False),
}


class Listener:
    """Keeps the story, writes nothing."""

    def __init__(self) -> None:
        self.story = Story()

    def alert(self, change: Alert) -> None:
        self.story.add(change)

    def rejected(self, rejection: Rejection) -> None:
        pass

    def drawn(self, _: Readings) -> None:
        raise AssertionError("nobody asked for it")


def scored(data: Path, config: str | None) -> Score:
    """The score of one data set."""
    configuration = load(config, {}, str(data / "registry.json"))
    listener = Listener()
    source = Source(str(data / "events.jsonl.gz"))
    Replay(build_reader(configuration), build_floor(configuration), [source], listener).run()
    return score(read_truth(data / "truth.json"), listener.story.openings.all())


def simulated(scratch: Path) -> Iterator[tuple[str, Path]]:
    """Simulated data sets, each written when its turn comes."""
    for index, (name, simulation) in enumerate(SIMULATED.items()):
        path = scratch / str(index)
        write(simulation, path)
        yield name, path


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "data", metavar="DIR", type=Path, nargs="*", help="data sets; without any, simulated ones"
    )
    parser.add_argument("--config", help="configuration; without one, the defaults")
    given = parser.parse_args()
    screen = console()
    with tempfile.TemporaryDirectory() as scratch:
        named = ((path.name, path) for path in given.data)
        for name, path in named if given.data else simulated(Path(scratch)):
            result = scored(path, given.config)
            false = sum(result.quiet.values()) / result.tenant_days if result.tenant_days else 0.0
            screen.rule(name)
            screen.print(*scores(result), f"false alarms per quiet tenant-day: {false:.3f}", sep="\n")


if __name__ == "__main__":
    main()
