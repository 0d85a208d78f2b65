"""Hold: facts by slot, late ones told apart when their slot is due."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.floor.hold import Hold
from streams.records.facts import Dims, Fact, Passed

SLOT = 10


def fact(time: int, name: str = "e", turn: int = 0) -> Fact:
    return Passed(
        time=time, phase=0, turn=turn, source="s", id=name, tenant="t", dims=Dims(), step="started"
    )  # fmt: skip


def test_a_slots_facts_come_in_canonical_order() -> None:
    hold = Hold()
    for time, name in ((14, "c"), (11, "b"), (11, "a")):
        hold.put(1, fact(time, name))
    assert [one.id for one in hold.take(1).in_time] == ["a", "b", "c"]
    assert hold.take(1).in_time == []


def test_the_first_of_two_copies_stays() -> None:
    hold = Hold()
    for turn in (2, 1, 2):
        hold.put(1, fact(11, turn=turn))
    taken = hold.take(1)
    assert ([one.turn for one in taken.in_time], taken.copies) == ([1], 2)


def test_what_is_behind_by_no_more_than_the_lateness_is_in_time() -> None:
    hold = Hold()
    hold.put(1, fact(11, "a"), lag=30)
    hold.put(1, fact(12, "b"))
    assert hold.judge(1, lateness=30, slot_us=SLOT) == 0
    assert [one.id for one in hold.take(1).in_time] == ["a", "b"]


def test_a_late_fact_moves_to_the_slot_that_time_had_come_to() -> None:
    hold = Hold()
    hold.put(1, fact(11), lag=31)
    assert hold.first() == 1
    assert hold.judge(1, lateness=30, slot_us=SLOT) == 1
    assert (hold.first(), hold.last(), hold.facts) == (4, 4, 1)
    taken = hold.take(4)
    assert (len(taken.late), taken.in_time) == (1, [])
    assert hold.facts == 0


def test_a_fact_can_be_late_in_its_own_slot() -> None:
    hold = Hold()
    hold.put(1, fact(11), lag=5)
    assert hold.judge(1, lateness=2, slot_us=SLOT) == 1
    assert len(hold.take(1).late) == 1


def test_a_late_copy_is_no_copy() -> None:
    hold = Hold()
    hold.put(1, fact(11))
    hold.put_late(1, fact(11))
    taken = hold.take(1)
    assert (len(taken.late), len(taken.in_time), taken.copies) == (1, 1, 0)


def test_first_and_last_of_nothing() -> None:
    assert (Hold().first(), Hold().last()) == (None, None)


puts = st.tuples(st.integers(0, 99), st.sampled_from("abc"), st.integers(0, 40), st.booleans())


@given(st.lists(puts, max_size=30), st.integers(0, 40))
def test_a_restored_hold_goes_on_as_the_other_would(
    rows: list[tuple[int, str, int, bool]], lateness: int
) -> None:
    hold = Hold()
    for time, name, lag, late in rows:
        if late:
            hold.put_late((time + lag) // SLOT, fact(time, name))
        else:
            hold.put(time // SLOT, fact(time, name), lag)
    again = Hold.restore(hold.snapshot())
    assert again.snapshot() == hold.snapshot()
    seen = 0
    for slot in range(20):
        assert (again.first(), again.facts) == (hold.first(), hold.facts)
        assert again.judge(slot, lateness, SLOT) == hold.judge(slot, lateness, SLOT)
        taken = hold.take(slot)
        assert again.take(slot) == taken
        seen += len(taken.late) + len(taken.in_time) + taken.copies
    assert (seen, hold.facts) == (len(rows), 0)
