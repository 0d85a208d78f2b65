"""The command `floorwalker reread`: sets the readers back to where the snapshots stand.

For the day on which the logs themselves lost facts that no snapshot had taken in: events are read again from
the first position that any log has not learned. What was learned already is skipped by the floors.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping

import typer
from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.broker import Topic, admin, of_group
from streams.build import build_floor
from streams.errors import Stop
from streams.floor.origins import Tide
from streams.live import snapshots
from streams.live.app import connection
from streams.live.compacted import read_to_end
from streams.live.names import Names
from streams.live.topics import ensure, origins
from streams.load import Configuration, load
from streams.records.parcels import Origin


def run(config: str | None) -> None:
    """Set the positions; Stop where workers are running or no log has a snapshot."""
    configuration = load(config, os.environ)
    topics = ensure(configuration)
    tides = asyncio.run(_tides(configuration))
    if not tides:
        raise Stop("no log has a snapshot: there is nothing to go back to")
    positions = unlearned(tides, _origins(topics, configuration))
    group = configuration.settings.kafka.app
    offsets = {
        TopicPartition(o.topic, o.partition): OffsetAndMetadata(position, "", -1)
        for o, position in positions.items()
    }
    with admin(configuration) as client:
        for tp, error in of_group(lambda: client.alter_group_offsets(group, offsets)).items():
            if error.errno:  # a group that is at work may not be altered
                raise Stop(f"{tp.topic} partition {tp.partition}: {error.__name__}; stop all workers first")
    for origin, position in positions.items():
        typer.echo(f"{origin.topic} partition {origin.partition}: read again from {position}")


def unlearned(tides: Iterable[Tide], wanted: Iterable[Origin]) -> dict[Origin, int]:
    """The first position of each origin that some log has not taken in; 0 where a log does not know it."""
    known = list(tides)
    found: dict[Origin, int] = {}
    for origin in wanted:
        nexts = [tide.progress[origin].next if origin in tide.progress else 0 for tide in known]
        found[origin] = max(0, min(nexts))
    return found


def _origins(topics: Mapping[str, Topic], configuration: Configuration) -> list[Origin]:
    said = origins(topics, configuration.settings.kafka).topics
    return [Origin(name, topic_id, number) for name, (topic_id, n) in said.items() for number in range(n)]


async def _tides(configuration: Configuration) -> list[Tide]:
    kafka = configuration.settings.kafka
    values: dict[int, dict[bytes, bytes]] = {log: {} for log in range(kafka.logs)}
    topic = Names.of(kafka).snapshots
    async for record in read_to_end(connection(configuration), topic, values):
        if record.key is not None:
            values[record.partition][record.key] = record.value
    tides: list[Tide] = []
    for log, found in values.items():
        there = {key: value for key, value in found.items() if value is not None}
        snapshot = snapshots.find(log, there, configuration.key).snapshot
        if snapshot is not None:
            floor = build_floor(configuration)
            floor.restore(snapshot.state)
            tides.append(floor.tide)
    return tides
