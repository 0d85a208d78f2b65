from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.sinks.deadletters import DeadLetter, ranges_of
from streams.sinks.ledger import Place, minus, outstanding, union, unplaced

Offsets = st.sets(st.integers(0, 60))
SpanList = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda t: (t[0], t[0] + t[1])))


def letter(offset: int, reason: str = "not_json", **more: object) -> DeadLetter:
    plain = {"field": "", "detail": "must be JSON", "topic": "t", "topic_id": "i", "partition": 0}
    return DeadLetter(reason=reason, offset=offset, **(plain | more))  # type: ignore[arg-type]


def members(ranges: list[tuple[int, int]]) -> list[int]:
    return [offset for start, stop in ranges for offset in range(start, stop)]


def test_a_record_counts_once_however_often_it_was_told() -> None:
    again = letter(3, ranges=[(3, 6)], count=3)
    [pile] = outstanding([letter(3), letter(4), again, again])
    assert (pile.place, pile.reason, pile.ranges, pile.count) == (Place("t", "i", 0), "not_json", [(3, 6)], 3)


def test_what_was_sent_again_is_settled_in_its_own_topic_only() -> None:
    sent = letter(3, "replayed", replayed=True)
    piles = outstanding([letter(3), letter(4), letter(3, topic_id="other"), letter(3, "bad_time"), sent])
    assert [(pile.place.topic_id, pile.reason, pile.ranges) for pile in piles] == [
        ("i", "not_json", [(4, 5)]),
        ("other", "not_json", [(3, 4)]),
    ]


def test_events_without_a_place_are_told_apart_from_records_and_once_per_closing() -> None:
    nowhere: dict[str, Any] = {
        "topic": "",
        "topic_id": "",
        "partition": -1,
        "reason": "internal",
        "detail": "KeyError",
    }
    one = letter(-1, **nowhere, tenant="b", slot="2026-04-09T07:00:00Z", count=2)
    two = letter(-1, **nowhere, tenant="a", slot="2026-04-09T07:00:00Z")
    three = letter(-1, **nowhere | {"detail": "ValueError"}, tenant="a", slot="2026-04-09T07:00:00Z")
    told = [one, letter(3), two, one, three, two]
    assert unplaced(told) == [two, three, one]
    assert [pile.ranges for pile in outstanding(told)] == [[(3, 4)]]


@given(SpanList)
def test_union_keeps_every_offset_once(ranges: list[tuple[int, int]]) -> None:
    assert members(union(ranges)) == sorted(set(members(ranges)))


@given(Offsets, Offsets)
def test_minus_is_the_difference(some: set[int], taken: set[int]) -> None:
    assert minus(ranges_of(sorted(some)), ranges_of(sorted(taken))) == ranges_of(sorted(some - taken))
