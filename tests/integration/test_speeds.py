"""Recorded traffic, played by the command at one speed or another: the same records, and the run ends.

A source falls silent in it, and one partition of each topic stays empty.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from streams.cli import main
from streams.load import Configuration
from streams.simulate.settings import Simulation
from streams.simulate.write import write
from tests.integration.live import lines_of
from tests.integration.oracle import Traffic, replayed
from tests.integration.stage import Stage, partitioned

LONG = bool(os.environ.get("SOAK"))
MANY = 11  # partitions: some of each topic stay empty for minutes


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    """Five days, on the last of which a source dies, with the alert that says so."""
    folder = tmp_path_factory.mktemp("silent")
    write(Simulation(seed=11, days=5, rate=0.2), folder)
    path = folder / "silent.jsonl.gz"
    with gzip.open(path, "wb") as file:
        file.writelines(
            line + b"\n"
            for line in lines_of(folder / "events.jsonl.gz")
            if not (b'"source":"webchat/prod"' in line and b'"time":"2026-05-08T' in line)
        )
    found = replayed(path, folder / "registry.json")
    assert "silence" in {json.loads(change)["kind"] for said in found.said.values() for change in said}
    return found


def part(traffic: Traffic, folder: Path, minutes: float) -> Traffic:
    """So many minutes out of the middle of some traffic, where most is said."""
    said = sorted(json.loads(change)["at"] for changes in traffic.said.values() for change in changes)
    start = datetime.fromisoformat(said[len(said) // 2]) - timedelta(minutes=minutes / 2)
    stop = start + timedelta(minutes=minutes)
    path = folder / "part.jsonl.gz"
    with gzip.open(path, "wb") as file:
        file.writelines(
            line + b"\n"
            for line in traffic.lines
            if start <= datetime.fromisoformat(json.loads(line)["time"]) < stop
        )
    return replayed(path, traffic.registry)


def played(configuration: Configuration, traffic: Traffic, folder: Path, how: Sequence[str]) -> None:
    """By the command, to the last mark, with a worker that takes all of it."""
    with Stage(configuration, traffic, folder) as stage:
        worker = stage.worker()
        to = f"kafka://{configuration.settings.kafka.bootstrap}"
        command = [
            "produce",
            str(traffic.events),
            "--to",
            to,
            "--config",
            str(stage.config),
            "--finish",
            *how,
        ]
        assert main(command) == 0
        stage.settle([worker], instants=False)


def test_days_as_fast_as_it_goes(configuration: Configuration, silent: Traffic, tmp_path: Path) -> None:
    played(configuration, silent, tmp_path, [])


@pytest.mark.parametrize(
    ("speed", "minutes"), [(100, 180), (1, 3)] if LONG else [(100, 10)], ids=lambda value: str(value)
)
def test_a_part_of_it_at_a_speed(
    configuration: Configuration, silent: Traffic, tmp_path: Path, speed: int, minutes: float
) -> None:
    some = part(silent, tmp_path, minutes)
    assert len(some.lines) > 10
    wide = partitioned(configuration, MANY)
    played(wide, some, tmp_path, ["--speed", str(speed)])
