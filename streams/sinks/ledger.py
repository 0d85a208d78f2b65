"""What is outstanding of all dead letters: every record once, less those that were sent again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct

from streams.sinks.deadletters import DeadLetter

Ranges: TypeAlias = list[tuple[int, int]]
"""Offsets as `[from, to)`, ascending, without overlap."""


class Place(Struct, frozen=True, order=True):
    """An origin that letters speak of."""

    topic: str
    topic_id: str
    partition: int


class Pile(Struct, frozen=True):
    """Outstanding records of one origin that were rejected for the same reason at the same place."""

    place: Place
    reason: str
    field: str
    detail: str
    ranges: Ranges

    @property
    def count(self) -> int:
        """How many records."""
        return sum(stop - start for start, stop in self.ranges)


def outstanding(letters: Iterable[DeadLetter]) -> list[Pile]:
    """All piles, by origin and reason. Letters that were written twice, after a crash, count once.

    Letters without a place are passed over: see `unplaced`.
    """
    found: dict[tuple[Place, str, str], tuple[str, Ranges]] = {}
    settled: dict[Place, Ranges] = {}
    for letter in letters:
        if not letter.topic:
            continue
        place = Place(letter.topic, letter.topic_id, letter.partition)
        ranges = letter.ranges or [(letter.offset, letter.offset + 1)]
        if letter.replayed:
            settled.setdefault(place, []).extend(ranges)
        else:
            found.setdefault((place, letter.reason, letter.field), (letter.detail, []))[1].extend(ranges)
    gone = {place: union(ranges) for place, ranges in settled.items()}
    piles = [
        Pile(place, reason, field, detail, minus(union(ranges), gone.get(place, [])))
        for (place, reason, field), (detail, ranges) in sorted(found.items())
    ]
    return [pile for pile in piles if pile.ranges]


def unplaced(letters: Iterable[DeadLetter]) -> list[DeadLetter]:
    """Letters of events without a place, in order of tenant and slot. A closing that was repeated after a
    crash counts once."""
    found = {(letter.tenant, letter.slot, letter.detail): letter for letter in letters if not letter.topic}
    return [letter for _, letter in sorted(found.items(), key=lambda entry: entry[0])]


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges in order, those that meet as one.

    >>> union([(5, 7), (1, 3), (3, 4), (6, 9)])
    [(1, 4), (5, 9)]
    """
    joined: Ranges = []
    for start, stop in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def minus(ranges: Ranges, taken: Ranges) -> Ranges:
    """What is in the first and not in the second.

    >>> minus([(1, 10), (20, 30)], [(0, 2), (4, 5), (8, 25)])
    [(2, 4), (5, 8), (25, 30)]
    """
    left: Ranges = []
    index = 0
    for whole, stop in ranges:
        start = whole
        while index < len(taken) and taken[index][1] <= start:
            index += 1
        at = index
        while at < len(taken) and taken[at][0] < stop:
            if taken[at][0] > start:
                left.append((start, taken[at][0]))
            start = max(start, taken[at][1])
            at += 1
        if start < stop:
            left.append((start, stop))
    return left
