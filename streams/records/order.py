"""Canonical order: the one order in which a slot's facts are folded, whatever order they arrived in."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

import msgspec

from streams.records.facts import Fact

# At the same microsecond: a conversation starts, is acted in, spoken in, judged and handed off, then ends.
STARTED, ACTED, SAID, SCORED, HANDED_OFF, ENDED = range(6)

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


place: Callable[[Fact], tuple[int, int, int, str, str]] = attrgetter("time", "phase", "turn", "source", "id")
"""All of the canonical order but its last tie-break."""
_time: Callable[[Fact], int] = attrgetter("time")
_name: Callable[[Fact], tuple[str, str]] = attrgetter("source", "id")


def canonical(facts: list[Fact]) -> list[Fact]:
    """Facts in canonical order `(time, phase, turn, source, id, bytes)`.

    Only where facts share a place are they encoded.
    """
    if len(set(map(_time, facts))) == len(facts):
        return sorted(facts, key=_time)
    if len(set(map(place, facts))) == len(facts):
        return sorted(facts, key=place)
    return sorted(facts, key=lambda fact: (place(fact), _encode(fact)))


def distinct(facts: list[Fact]) -> tuple[list[Fact], int]:
    """Facts in canonical order with the first of each `(source, id)`, and how many copies were dropped."""
    if len(facts) < 2:
        return facts, 0
    kept = canonical(facts)
    if len(set(map(_name, facts))) < len(facts):
        first: dict[tuple[str, str], Fact] = {}
        for fact in kept:
            first.setdefault(_name(fact), fact)
        kept = list(first.values())
    return kept, len(facts) - len(kept)
