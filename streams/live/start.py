"""What is looked at before a worker starts: whether something it would go on from has been lost.

Kafka jumps in silence where offsets lie outside a topic; here the start stops and says what would be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import structlog
from faust.types import TP
from kafka import KafkaAdminClient, TopicPartition
from kafka.structs import OffsetAndMetadata
from msgspec import Struct

from streams.broker import Topic, admin, of_group
from streams.errors import Stop
from streams.live.controls import published_origins
from streams.live.topics import origins
from streams.load import Configuration
from streams.records.controls import Control, Origins

_log = structlog.get_logger()


class Position(Struct, frozen=True):
    """Where the readers go on in one partition, and what the topic holds: offsets `[start, end)`."""

    tp: TP
    committed: int
    start: int
    end: int


class Loss(Struct, frozen=True):
    """What is lost, in words; and where to go on if that is accepted, where not as committed."""

    said: str
    go_on: dict[TP, int]


def losses(positions: Iterable[Position], renewed: frozenset[str]) -> list[Loss]:
    """What is lost. renewed: topics that were made anew since the last start.

    >>> losses([Position(TP("cc.actions", 0), 7, 0, 9)], frozenset())
    []
    """
    found: list[Loss] = []
    known = {one.tp: one for one in positions}
    for topic in sorted(renewed):  # brokers forget what was committed in a topic that is deleted
        go_on = {tp: one.start for tp, one in known.items() if tp.topic == topic}
        found.append(Loss(f"{topic} was made anew: what was not read of the old one is lost", go_on))
    for tp, one in sorted(known.items()):
        name = f"{tp.topic} partition {tp.partition}"
        if tp.topic in renewed:
            continue
        if one.committed > one.end:
            said = f"{name} ends at {one.end}, but was read to {one.committed}: it was cut or made anew"
            found.append(Loss(said, {tp: one.start}))
        elif one.committed < one.start:
            said = f"{name} begins at {one.start}, but was read to {one.committed} only"
            found.append(Loss(f"{said}: {one.start - one.committed} records are lost", {}))
    return found


def renewed(before: Origins | None, now: Origins) -> frozenset[str]:
    """Topics that have another id than when origins were last published."""
    if before is None:
        return frozenset()
    return frozenset(
        t for t, (topic_id, _) in now.topics.items() if before.topics.get(t, (topic_id,))[0] != topic_id
    )


def check(
    configuration: Configuration, topics: Mapping[str, Topic], controls: Sequence[Control], *, accept: bool
) -> None:
    """Stop where something was lost, with what it was; or go on where that is accepted."""
    now = origins(topics, configuration.settings.kafka)
    anew = renewed(published_origins(controls), now)
    with admin(configuration) as client:
        group = configuration.settings.kafka.app
        found = losses(_positions(client, group, topics, now), anew)
        for loss in found:
            _log.error("lost", said=loss.said)
        if found and not accept:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise Stop(f"{found[0].said}{more}; --accept goes on without")
        _go_on(client, group, found)


def _go_on(client: KafkaAdminClient, group: str, found: Iterable[Loss]) -> None:
    offsets = {
        TopicPartition(*tp): OffsetAndMetadata(position, "", -1)
        for loss in found
        for tp, position in loss.go_on.items()
    }
    if not offsets:
        return
    for tp, error in of_group(lambda: client.alter_group_offsets(group, offsets)).items():
        if error.errno:  # a group that is at work may not be altered
            name = f"{tp.topic} partition {tp.partition}"
            raise Stop(f"{name}: {error.__name__}; stop all workers before --accept")


def _positions(
    client: KafkaAdminClient, group: str, topics: Mapping[str, Topic], now: Origins
) -> list[Position]:
    tps = [TopicPartition(name, number) for name in now.topics for number in range(topics[name].partitions)]
    committed = of_group(lambda: client.list_group_offsets({group: tps}))[group]
    known = {tp: found.offset for tp, found in committed.items() if found.offset >= 0}
    if not known:
        return []
    starts = client.list_partition_offsets(dict.fromkeys(known, -2))
    ends = client.list_partition_offsets(dict.fromkeys(known, -1))
    return [
        Position(TP(tp.topic, tp.partition), offset, starts[tp].offset, ends[tp].offset)
        for tp, offset in sorted(known.items())
    ]
