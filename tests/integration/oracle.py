"""Recorded traffic, and what an uninterrupted run over it says and learns."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.broker import admin, describe
from streams.build import build_floor, build_reader
from streams.floor.floor import Floor
from streams.live import snapshots
from streams.live.app import connection
from streams.live.compacted import read_to_end
from streams.live.names import Names
from streams.load import Configuration, load
from streams.reading import Rejection
from streams.records.alerts import Alert, encode_alert
from streams.records.controls import RegistryChange
from streams.records.readings import Readings
from streams.records.registry import parse_registry
from streams.replay.kafka_source import opened
from streams.replay.run import Replay
from streams.replay.sources import Recorded, Source, Window
from streams.settings import Budget
from streams.simulate.settings import Simulation
from streams.simulate.write import write

BUDGET = Budget(ticket_days=1.1, page_days=2.0, head_start=1.0)  # says much: every place is passed often


class Learned(Struct, frozen=True):
    """What floors know at the end: the state of each tenant, and what was counted over all logs."""

    tenants: dict[str, bytes]
    facts: int
    copies: int
    late: int


class Traffic(Struct, frozen=True):
    """Recorded events, and the straight replay of them. said: confirmed changes by tenant, in order."""

    events: Path
    registry: Path
    lines: list[bytes]
    said: dict[str, list[bytes]]
    learned: Learned
    rejected: int


class _Heard:
    def __init__(self) -> None:
        self.said: dict[str, list[bytes]] = {}
        self.rejections = 0

    def alert(self, change: Alert) -> None:
        if change.confirmed:
            self.said.setdefault(str(change.scope["tenant"]), []).append(encode_alert(change))

    def rejected(self, _: Rejection) -> None:
        self.rejections += 1

    def drawn(self, _: Readings) -> None:
        raise AssertionError("nobody asked for it")


def make(folder: Path, seed: int, days: int = 2, rate: float = 0.7) -> Traffic:
    """Simulated traffic with a registry that knows little, so that a lot is said."""
    write(Simulation(seed=seed, days=days, rate=rate), folder)
    registry = json.loads((folder / "registry.json").read_text())
    for tenant in registry["tenants"].values():
        tenant["sources"] = tenant["sources"][:1]
        for agent in tenant["agents"]:
            agent["versions"] = []
    path = folder / "known.json"
    path.write_text(json.dumps(registry))
    return replayed(folder / "events.jsonl.gz", path)


def replayed(events: Path, registry: Path) -> Traffic:
    """The straight run."""
    heard, floor = _straight(load(None, {}), registry, [Source(str(events))])
    with gzip.open(events) as file:
        lines = file.read().splitlines()
    return Traffic(events, registry, lines, heard.said, learned([floor]), heard.rejections)


def of_topics(
    configuration: Configuration, traffic: Traffic, controls: Sequence[RegistryChange] = ()
) -> Traffic:
    """The straight run over what lies on the topics, in the order in which it lies there."""
    with admin(configuration) as client:
        topics = list(describe(client, configuration.settings.kafka.inputs()).values())
    with opened(configuration, topics, Window(), timestamps=False) as partitions:
        heard, floor = _straight(configuration, traffic.registry, partitions, controls)
    return replace(traffic, said=heard.said, learned=learned([floor]), rejected=heard.rejections)


def _straight(
    configuration: Configuration,
    registry: Path,
    sources: Sequence[Recorded],
    controls: Sequence[RegistryChange] = (),
) -> tuple[_Heard, Floor]:
    known = parse_registry(registry.read_bytes(), str(registry))
    settings = replace(configuration.settings, budget=BUDGET)
    configuration = replace(configuration, settings=settings, registry=known)
    heard, floor = _Heard(), build_floor(configuration)
    Replay(build_reader(configuration), floor, sources, heard, controls=controls).run()
    return heard, floor


def learned(floors: Sequence[Floor]) -> Learned:
    """What some floors know, together."""
    return Learned(
        {name: desk.watch.snapshot() for floor in floors for name, desk in sorted(floor.desks.items())},
        sum(floor.counts.facts for floor in floors),
        sum(floor.counts.copies for floor in floors),
        sum(floor.counts.late for floor in floors),
    )


async def kept(configuration: Configuration) -> list[snapshots.Found]:
    """The snapshots of all logs as they stand in their topic."""
    kafka = configuration.settings.kafka
    values: dict[int, dict[bytes, bytes]] = {log: {} for log in range(kafka.logs)}
    topic = Names.of(kafka).snapshots
    async for record in read_to_end(connection(configuration), topic, list(values)):
        if record.value is None:
            values[record.partition].pop(record.key, None)
        else:
            values[record.partition][record.key] = record.value
    return [snapshots.find(log, found, configuration.key) for log, found in values.items()]


def floors_of(found: Sequence[snapshots.Found], build: Callable[[], Floor]) -> list[Floor]:
    """The floors that snapshots hold, of the logs that have one."""
    floors = []
    for one in found:
        if one.snapshot is None:
            continue
        floor = build()
        floor.restore(one.snapshot.state)
        floors.append(floor)
    return floors


def shuffled(lines: Sequence[bytes], seed: int, within_s: float = 90.0, late: float = 0.0) -> list[bytes]:
    """Lines in another order: each comes up to so many seconds after its time, less than makes it late.

    late: share of lines that come up to an hour after it.
    """
    chance = random.Random(seed)
    times = [datetime.fromisoformat(json.loads(line)["time"]).timestamp() for line in lines]
    arrivals = [time + chance.uniform(0, 3600 if chance.random() < late else within_s) for time in times]
    return [lines[place] for place in sorted(range(len(lines)), key=arrivals.__getitem__)]


def spoilt(lines: Sequence[bytes], seed: int, share: float = 0.02) -> list[bytes]:
    """Lines with duplicates and garbage between them."""
    chance = random.Random(seed)
    found: list[bytes] = []
    for line in lines:
        found.append(line)
        if chance.random() < share:
            found.append(line)
        if chance.random() < share:
            found.append(chance.choice([b"", b"{", b"\xff\xfe", line[:-3], b'{"type":"turn"}', b"[" * 200]))
    return found


def encode(value: Any) -> bytes:
    """For configuration files."""
    return msgspec.json.encode(value)
