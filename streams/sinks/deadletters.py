"""Dead letters: records that were no events, by place and reason, without a word of what stood there.

The record itself stays where it is; who may read that topic can look it up. A flood is one letter with ranges
of offsets, not one letter each, so that garbage at full speed costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Protocol

import msgspec
from msgspec import Struct

from streams.records.alerts import rfc3339

NAME_BYTES = 8  # two of 100,000 events of a slot share a name with a probability of 3 in 10^10
UNPLACED = -1  # partition and offset of what is known by its tenant and time alone
FLOOD = 20  # letters one by one in a batch of an origin; more than anybody reads are a flood


class Rejected(Protocol):
    """What a reader says of a record that is no event."""

    @property
    def reason(self) -> str:
        """One of a few fixed words."""

    @property
    def field(self) -> str:
        """Where in the record: a JSON path or a header's name; empty: all of it."""

    @property
    def detail(self) -> str:
        """The rule that was broken; nothing of what stood there."""

    @property
    def topic(self) -> str:
        """Of the record."""

    @property
    def partition(self) -> int:
        """Of the record."""

    @property
    def offset(self) -> int:
        """Of the record."""


class DeadLetter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record that was no event, or many of the same reason.

    reason, field, detail: of the first of them. topic_id: of the topic's incarnation; empty: not known.
    offset: of the first. count: how many. ranges: all of their offsets as `[from, to)`, where they are many.
    replayed: this letter says that those records were sent again, and settles the letters before it.

    Events that failed behind the reader have no place: `topic` is empty, partition and offset are -1. What
    they have is a tenant, the slot that they were taken in (its start, RFC 3339), and names (`event_name`) of
    the first of them.
    """

    reason: str
    field: str
    detail: str
    topic: str
    partition: int
    offset: int
    topic_id: str = ""
    count: int = 1
    ranges: list[tuple[int, int]] = []
    replayed: bool = False
    tenant: str = ""
    slot: str = ""
    events: list[str] = []

    def offsets(self) -> Iterator[int]:
        """Of all its records, ascending."""
        for start, stop in self.ranges or [(self.offset, self.offset + 1)]:
            yield from range(start, stop)

    def key(self) -> bytes:
        """Key of its record: letters of one origin stay together, as do those of a tenant without one."""
        return (f"{self.topic}/{self.partition}" if self.topic else self.tenant).encode()


def dead_letters(rejections: Sequence[Rejected], topic_ids: Mapping[str, str]) -> list[DeadLetter]:
    """The letters of one batch: one each, or one per origin, reason and field where they are a flood.

    rejections: ascending offsets within an origin. topic_ids: by topic.
    """
    origins: dict[tuple[str, int], list[Rejected]] = {}
    for rejection in rejections:
        origins.setdefault((rejection.topic, rejection.partition), []).append(rejection)
    letters: list[DeadLetter] = []
    for (topic, _), rejected in origins.items():
        groups: dict[object, list[Rejected]] = {}
        for rejection in rejected:
            kind = (rejection.reason, rejection.field) if len(rejected) > FLOOD else rejection.offset
            groups.setdefault(kind, []).append(rejection)
        letters += [_letter(group, topic_ids.get(topic, "")) for group in groups.values()]
    return letters


class Unfolded(Protocol):
    """An event that the reader took and a floor could not."""

    @property
    def source(self) -> str:
        """As it said."""

    @property
    def id(self) -> str:
        """As it said."""

    @property
    def fault(self) -> str:
        """Class of the error."""


def event_name(source: str, id_: str) -> str:
    """What letters call an event: its source and id may say too much, and this finds them in their topic.

    >>> event_name("web/prod", "e1")
    '61c496d7c9169525'
    """
    return blake2b(f"{source}\x00{id_}".encode(), digest_size=NAME_BYTES).hexdigest()


def internal_letters(tenant: str, start: int, failed: Sequence[Unfolded]) -> list[DeadLetter]:
    """The letters of one closing, one for each class of error; the same closing gives the same letters.

    start: of the slot, microseconds since 1970.
    """
    groups: dict[str, list[str]] = {}
    for event in failed:
        groups.setdefault(event.fault, []).append(event_name(event.source, event.id))
    return [
        DeadLetter(
            reason="internal",
            field="",
            detail=fault,
            topic="",
            partition=UNPLACED,
            offset=UNPLACED,
            count=len(names),
            tenant=tenant,
            slot=rfc3339(start),
            events=names[:FLOOD],
        )
        for fault, names in groups.items()
    ]


def ranges_of(offsets: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending offsets as `[from, to)`.

    >>> ranges_of([3, 4, 5, 9])
    [(3, 6), (9, 10)]
    """
    ranges: list[tuple[int, int]] = []
    for offset in offsets:
        if ranges and ranges[-1][1] == offset:
            ranges[-1] = (ranges[-1][0], offset + 1)
        else:
            ranges.append((offset, offset + 1))
    return ranges


encode_letter = msgspec.json.Encoder(order="deterministic").encode
_decoder = msgspec.json.Decoder(DeadLetter)


def decode_letter(data: bytes) -> DeadLetter:
    """Inverse of `encode_letter`; raises msgspec.ValidationError or DecodeError on anything else."""
    return _decoder.decode(data)


def written(rejections: Sequence[Rejected], topic_ids: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """Key and value of the records to write for one batch."""
    for letter in dead_letters(rejections, topic_ids):
        yield letter.key(), encode_letter(letter)


def _letter(group: Sequence[Rejected], topic_id: str) -> DeadLetter:
    first = group[0]
    return DeadLetter(
        reason=first.reason,
        field=first.field,
        detail=first.detail,
        topic=first.topic,
        topic_id=topic_id,
        partition=first.partition,
        offset=first.offset,
        count=len(group),
        ranges=ranges_of(rejection.offset for rejection in group) if len(group) > 1 else [],
    )
