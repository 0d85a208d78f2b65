from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from streams.reading import Rejection
from streams.sinks.deadletters import (
    FLOOD,
    UNPLACED,
    DeadLetter,
    dead_letters,
    decode_letter,
    encode_letter,
    event_name,
    internal_letters,
    ranges_of,
    written,
)

IDS = {"cc.actions": "id-a", "cc.sessions": "id-s"}


def rejection(
    offset: int, topic: str = "cc.actions", partition: int = 0, reason: str = "not_json"
) -> Rejection:
    return Rejection(reason, "$.x", "must be JSON", topic, partition, offset)  # type: ignore[arg-type]


def test_a_letter_says_reason_and_place() -> None:
    [(key, value)] = written([rejection(7, partition=2)], IDS)
    assert key == b"cc.actions/2"
    assert json.loads(value) == {
        "reason": "not_json",
        "field": "$.x",
        "detail": "must be JSON",
        "topic": "cc.actions",
        "topic_id": "id-a",
        "partition": 2,
        "offset": 7,
    }
    assert list(decode_letter(value).offsets()) == [7]


def test_few_are_told_one_by_one() -> None:
    letters = dead_letters([rejection(offset) for offset in range(FLOOD)], IDS)
    assert [letter.offset for letter in letters] == list(range(FLOOD))
    assert all(letter.count == 1 and not letter.ranges for letter in letters)


def test_a_flood_is_told_in_ranges_by_reason() -> None:
    many = [rejection(offset, reason="not_json" if offset % 100 else "bad_time") for offset in range(500)]
    found = {letter.reason: letter for letter in dead_letters(many, IDS)}
    assert found["bad_time"].ranges == [(n, n + 1) for n in range(0, 500, 100)]
    assert found["not_json"].ranges == [(n + 1, n + 100) for n in range(0, 500, 100)]
    assert (found["not_json"].offset, found["not_json"].count) == (1, 495)
    assert len(found) == 2


def test_a_flood_in_one_origin_leaves_the_others_alone() -> None:
    few = [rejection(offset, "cc.sessions", 1) for offset in (4, 9)]
    letters = dead_letters([*(rejection(offset) for offset in range(100)), *few], IDS)
    assert [(each.topic_id, each.partition, each.offset, each.count) for each in letters] == [
        ("id-a", 0, 0, 100),
        ("id-s", 1, 4, 1),
        ("id-s", 1, 9, 1),
    ]


@given(st.sets(st.integers(0, 2000), min_size=1, max_size=200))
def test_no_rejection_is_forgotten(offsets: set[int]) -> None:
    letters = dead_letters([rejection(offset) for offset in sorted(offsets)], IDS)
    told = [offset for letter in letters for offset in decode_letter(encode_letter(letter)).offsets()]
    assert told == sorted(offsets)
    assert sum(letter.count for letter in letters) == len(offsets)


@given(st.sets(st.integers(0, 50)))
def test_ranges_are_as_few_as_possible(offsets: set[int]) -> None:
    ranges = ranges_of(sorted(offsets))
    assert [n for start, stop in ranges for n in range(start, stop)] == sorted(offsets)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


def test_a_letter_of_an_unknown_topic_has_no_id() -> None:
    [letter] = dead_letters([rejection(1, "elsewhere")], IDS)
    assert letter == DeadLetter(
        reason="not_json", field="$.x", detail="must be JSON", topic="elsewhere", partition=0, offset=1
    )


class Unfolded(Struct):
    source: str
    id: str
    fault: str


def test_what_failed_behind_the_reader_is_told_by_tenant_slot_and_error() -> None:
    failed = [Unfolded("web", f"e{n}", "KeyError") for n in range(2 * FLOOD)]
    many, one = internal_letters("acme", 1_775_718_000_000_000, [*failed, Unfolded("web", "x", "ValueError")])
    assert (many.reason, many.detail, many.count, len(many.events)) == (
        "internal",
        "KeyError",
        2 * FLOOD,
        FLOOD,
    )
    value = encode_letter(one)
    assert json.loads(value) == {
        "reason": "internal",
        "field": "",
        "detail": "ValueError",
        "topic": "",
        "partition": UNPLACED,
        "offset": UNPLACED,
        "tenant": "acme",
        "slot": "2026-04-09T07:00:00.000Z",
        "events": [event_name("web", "x")],
    }
    assert decode_letter(value) == one
    assert one.key() == many.key() == b"acme"
    assert internal_letters("acme", 0, []) == []
