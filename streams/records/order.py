"""Canonical order: the one order in which a slot's facts are folded, whatever order they arrived in."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from streams.records.facts import Fact

# At the same microsecond: a conversation starts, is acted in, spoken in, judged and handed off, then ends.
STARTED, ACTED, SAID, SCORED, HANDED_OFF, ENDED = range(6)

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def place(fact: Fact) -> tuple[int, int, int, str, str]:
    """(time, phase, turn, source, id): all of the canonical order but its last tie-break."""
    return (fact.time, fact.phase, fact.turn, fact.source, fact.id)


def canonical(facts: list[Fact]) -> list[Fact]:
    """Facts in canonical order `(time, phase, turn, source, id, bytes)`.

    Sorting by bytes first and then, stably, by place encodes only what needs it: facts that share a place.
    """
    ordered = sorted(facts, key=place)
    if any(a.time == b.time and place(a) == place(b) for a, b in pairwise(ordered)):
        ordered = sorted(facts, key=lambda fact: (place(fact), _encode(fact)))
    return ordered


def distinct(facts: list[Fact]) -> tuple[list[Fact], int]:
    """Facts in canonical order with the first of each `(source, id)`, and how many copies were dropped."""
    if len(facts) < 2:
        return facts, 0
    kept: list[Fact] = []
    seen: set[tuple[str, str]] = set()
    for fact in canonical(facts):
        key = (fact.source, fact.id)
        if key not in seen:
            seen.add(key)
            kept.append(fact)
    return kept, len(facts) - len(kept)
