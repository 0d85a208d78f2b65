"""Canonical order: the same list whatever the order of arrival, copies met once."""

from __future__ import annotations

import random

from streams.records.facts import Dims, Fact, Passed
from streams.records.order import (
    ACTED,
    ENDED,
    HANDED_OFF,
    SAID,
    SCORED,
    STARTED,
    canonical,
    distinct,
    place,
)


def fact(
    time: int = 1,
    phase: int = STARTED,
    turn: int = 0,
    source: str = "s",
    id_: str = "i",
    step: str = "started",
) -> Passed:
    return Passed(
        time=time,
        phase=phase,
        turn=turn,
        source=source,
        id=id_,
        tenant="t",
        dims=Dims(source=source),
        step=step,
    )


ORDERED: list[Fact] = [
    fact(time=1, phase=ENDED),
    fact(time=2, phase=STARTED),
    fact(time=2, phase=ACTED),
    fact(time=2, phase=SAID, turn=1, source="z"),
    fact(time=2, phase=SAID, turn=2, source="a"),
    fact(time=2, phase=SAID, turn=2, source="b", id_="1"),
    fact(time=2, phase=SAID, turn=2, source="b", id_="2", step="a"),
    fact(time=2, phase=SAID, turn=2, source="b", id_="2", step="b"),
    fact(time=2, phase=SCORED),
    fact(time=2, phase=HANDED_OFF),
    fact(time=2, phase=ENDED),
]


def test_every_arrival_order_gives_the_canonical_one() -> None:
    chance = random.Random(1)
    for _ in range(50):
        arrived = ORDERED[:]
        chance.shuffle(arrived)
        assert canonical(arrived) == ORDERED


def test_input_stays_as_it_was() -> None:
    arrived = ORDERED[::-1]
    canonical(arrived)
    assert arrived == ORDERED[::-1]


def test_a_conversation_starts_before_it_is_spoken_in_and_ends_last() -> None:
    assert STARTED < ACTED < SAID < SCORED < HANDED_OFF < ENDED


def test_first_of_each_source_and_id_stays_and_copies_are_counted() -> None:
    first, second = fact(time=1, id_="a"), fact(time=2, id_="a")
    other = fact(time=2, id_="a", source="r")
    assert distinct([second, other, first, first]) == ([first, other], 2)


def test_copies_that_differ_are_told_apart_by_their_bytes() -> None:
    one, two = fact(step="a"), fact(step="b")
    assert distinct([two, one]) == distinct([one, two]) == ([one], 1)


def test_place_names_what_orders() -> None:
    assert place(fact(time=5, phase=SAID, turn=3, source="s", id_="x")) == (5, SAID, 3, "s", "x")
