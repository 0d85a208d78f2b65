"""Origins: how far time has come, whatever order parcels come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.floor.origins import FOREVER, IDLE_US, Tide
from streams.records.controls import Mark, Origins
from streams.records.parcels import Origin, Parcel

SECOND = 1_000_000
LATENESS = 120 * SECOND
A, B = Origin("a"), Origin("b")


def tide(idle_rule: bool = False, **topics: int) -> Tide:
    found = Tide(idle_rule=idle_rule)
    found.announce(
        Origins(id="o", topics={name: ("", n) for name, n in (topics or {"a": 1, "b": 1}).items()})
    )
    return found


def parcel(
    origin: Origin, start: int, stop: int, highest_s: float = 0, *, at_end: bool = False, lost: bool = False
) -> Parcel:
    return Parcel(origin, start, stop, int(highest_s * SECOND), at_end, lost)


def limit(of: Tide, lateness: int = LATENESS) -> int:
    return of.level().limit(lateness)


def test_nothing_closes_before_the_origins_are_known() -> None:
    fresh = Tide()
    fresh.join(parcel(A, 0, 5, 9000), 0)
    assert limit(fresh) <= 0


def test_an_expected_origin_that_was_not_heard_of_holds_everything_back() -> None:
    one = tide()
    one.join(parcel(A, 0, 5, 9000), 0)
    assert limit(one) <= 0
    one.join(parcel(B, 0, 0), 0)
    assert limit(one) <= 0


def test_time_is_the_lowest_of_the_highest_times_less_the_lateness() -> None:
    one = tide()
    one.join(parcel(A, 0, 5, 9000), 0)
    one.join(parcel(B, 0, 5, 8000), 0)
    assert limit(one) == 7880 * SECOND
    assert limit(one, 0) == 8000 * SECOND
    assert one.level().newest == 9000 * SECOND


def test_another_set_of_origins_replaces_the_one_before() -> None:
    one = tide()
    one.join(parcel(A, 0, 5, 9000), 0)
    one.announce(Origins(id="p", topics={"a": ("", 1)}))
    assert limit(one) == 8880 * SECOND


@pytest.mark.parametrize(
    ("start", "stop", "joined", "news"),
    [(5, 9, "taken", 5), (2, 9, "taken", 5), (0, 3, "taken", 5), (6, 9, "gap", 9)],
)
def test_a_parcel_joins_where_it_begins_no_later_than_the_one_before_ended(
    start: int, stop: int, joined: str, news: int
) -> None:
    one = tide()
    assert one.join(parcel(A, 0, 5), 0) == ("unknown", 0)
    assert one.join(parcel(A, start, stop), 0) == (joined, news)
    assert one.progress[A].next == (5 if joined == "gap" else max(5, stop))


def test_a_gap_lifts_nothing() -> None:
    one = tide()
    one.join(parcel(A, 0, 5, 100), 0)
    one.join(parcel(A, 6, 9, 200), 0)
    assert one.highest(A) == 100 * SECOND


def test_lost_positions_join_whatever_lies_between() -> None:
    one = tide()
    one.join(parcel(A, 0, 5), 0)
    assert one.join(parcel(A, 8, 20, lost=True), 0) == ("taken", 5)
    assert one.progress[A].next == 20


joins = st.tuples(
    st.sampled_from([A, B]), st.integers(0, 30), st.integers(0, 10), st.integers(0, 500), st.booleans()
)


@given(st.lists(joins, max_size=40))
def test_positions_and_times_never_fall(steps: list[tuple[Origin, int, int, int, bool]]) -> None:
    one = tide(idle_rule=True)
    before: dict[Origin, tuple[int, int]] = {}
    for number, (origin, start, length, highest, at_end) in enumerate(steps):
        one.join(parcel(origin, start, start + length, highest, at_end=at_end), number)
        for known, progress in one.progress.items():
            reached = (progress.next, progress.highest)
            assert reached >= before.get(known, (0, 0))
            assert progress.highest >= before.get(known, (0, 0))[1]
            before[known] = reached


# -- idle ------------------------------------------------------------------------------------------------


def quiet_b(idle_rule: bool = True) -> Tide:
    """A goes on; B ended at position 5 and time 50, and is reported at its end at append time 10 s."""
    one = tide(idle_rule)
    one.join(parcel(B, 0, 5, 50), 7 * SECOND)
    one.join(parcel(A, 0, 5, 900), 10 * SECOND)
    one.join(parcel(B, 5, 5, 50, at_end=True), 10 * SECOND)
    return one


def test_an_origin_at_its_end_whose_time_rests_is_passed_over() -> None:
    assert limit(quiet_b()) == 780 * SECOND


def test_without_the_idle_rule_it_holds() -> None:
    assert limit(quiet_b(idle_rule=False), 0) == 50 * SECOND


def test_the_news_of_its_end_grows_old() -> None:
    one = quiet_b()
    one.join(parcel(A, 5, 6, 900), 10 * SECOND + IDLE_US)
    assert limit(one) == 780 * SECOND
    one.join(parcel(A, 6, 7, 900), 10 * SECOND + IDLE_US + 1)
    assert limit(one, 0) == 50 * SECOND


def test_it_holds_again_from_the_position_behind_that_end() -> None:
    one = quiet_b()
    one.join(parcel(B, 5, 6, 60), 10 * SECOND)
    assert limit(one, 0) == 60 * SECOND


def test_an_end_reported_for_an_older_position_says_nothing() -> None:
    one = tide(idle_rule=True)
    one.join(parcel(A, 0, 5, 900), 0)
    one.join(parcel(B, 0, 5, 50), 0)
    one.join(parcel(B, 3, 4, 50, at_end=True), 10 * SECOND)
    assert limit(one, 0) == 50 * SECOND


def test_an_origin_whose_time_rose_just_now_is_not_idle() -> None:
    one = tide(idle_rule=True)
    one.join(parcel(A, 0, 5, 900), 10 * SECOND)
    one.join(parcel(B, 0, 5, 50, at_end=True), 10 * SECOND)
    assert limit(one, 0) == 50 * SECOND


def test_where_all_are_idle_time_goes_on_with_the_log() -> None:
    one = tide(idle_rule=True)
    one.join(parcel(A, 0, 5, 900), 10 * SECOND)
    for origin, stop in ((A, 5), (B, 0)):
        one.join(parcel(origin, stop, stop, at_end=True), 25 * SECOND)
    assert limit(one) == (900 + 15 - 120) * SECOND


def test_where_nothing_ever_came_no_time_goes_by() -> None:
    one = tide(idle_rule=True)
    for origin in (A, B):
        one.join(parcel(origin, 0, 0, at_end=True), 25 * SECOND)
    assert limit(one) <= 0


# -- marks -----------------------------------------------------------------------------------------------


def mark(until_s: int, a: int, b: int, last: bool = False) -> Mark:
    return Mark(id=f"m{until_s}", until=until_s * SECOND, positions={"a": [a], "b": [b]}, last=last)


def marked() -> Tide:
    one = tide()
    one.join(parcel(A, 0, 5, 900), 0)
    one.join(parcel(B, 0, 5, 50), 0)
    return one


def test_an_origin_that_has_reached_the_mark_no_longer_holds_slots_back_up_to_it() -> None:
    one = marked()
    one.set_mark(mark(600, 5, 5))
    assert limit(one) == 600 * SECOND


def test_an_origin_before_its_position_of_the_mark_holds() -> None:
    one = marked()
    one.set_mark(mark(600, 5, 6))
    assert limit(one, 0) == 50 * SECOND
    one.join(parcel(B, 5, 6, 60), 0)
    assert limit(one) == 600 * SECOND


def test_a_mark_does_not_hold_back_what_lies_beyond_it() -> None:
    one = marked()
    one.join(parcel(B, 5, 6, 950), 0)
    one.set_mark(mark(600, 5, 5))
    assert limit(one, 0) == 900 * SECOND


def test_an_origin_that_the_mark_does_not_know_holds() -> None:
    one = tide(a=1, b=2)
    one.join(parcel(A, 0, 5, 900), 0)
    one.join(parcel(B, 0, 5, 900), 0)
    one.join(parcel(Origin("b", "", 1), 0, 5, 50), 0)
    one.set_mark(mark(600, 5, 5))
    assert limit(one, 0) == 50 * SECOND


def test_a_mark_that_reaches_less_far_changes_nothing() -> None:
    one = marked()
    one.set_mark(mark(600, 5, 5))
    one.set_mark(mark(300, 5, 5))
    assert limit(one) == 600 * SECOND


def test_after_the_last_mark_nothing_is_waited_for() -> None:
    one = marked()
    one.set_mark(mark(0, 5, 5, last=True))
    one.set_mark(mark(600, 5, 5))
    assert limit(one) == FOREVER
