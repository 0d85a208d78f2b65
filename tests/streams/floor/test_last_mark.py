"""A last mark closes everything, and holds only until more events come."""

from __future__ import annotations

from streams.floor.origins import FOREVER, Tide
from streams.records.controls import Mark, Origins
from streams.records.parcels import Origin, Parcel

A, B = Origin("t", "", 0), Origin("t", "", 1)
LATENESS = 120


def tide() -> Tide:
    """Two origins, read up to 10 and 20; the first is at 900, the second at 500."""
    found = Tide(idle_rule=False)
    found.announce(Origins(id="o", topics={"t": ("", 2)}))
    found.join(Parcel(A, 0, 10, 900), 0)
    found.join(Parcel(B, 0, 20, 500), 0)
    return found


def last(until: int, *positions: int) -> Mark:
    return Mark(id=f"last-{until}", until=until, positions={"t": list(positions)}, last=True)


def test_where_nothing_follows_all_closes() -> None:
    found = tide()
    found.set_mark(last(900, 10, 20))
    assert found.level().limit(LATENESS) == FOREVER


def test_events_that_follow_are_waited_for_again() -> None:
    found = tide()
    found.set_mark(last(900, 10, 20))
    found.join(Parcel(A, 10, 11, 2000), 0)
    assert found.level().limit(LATENESS) == 2000 - LATENESS
    found.join(Parcel(B, 20, 25, 1500), 0)
    assert found.level().limit(LATENESS) == 1500 - LATENESS


def test_later_marks_take_the_place_of_a_last_one_and_older_ones_do_not() -> None:
    found = tide()
    found.set_mark(last(900, 10, 20))
    found.set_mark(Mark(id="old", until=400, positions={"t": [4, 20]}))
    assert found.level().limit(LATENESS) == FOREVER
    found.join(Parcel(A, 10, 15, 3000), 0)
    found.set_mark(Mark(id="new", until=1200, positions={"t": [12, 20]}))
    assert found.level().limit(LATENESS) == 1200
    found.set_mark(last(3000, 15, 20))
    assert found.level().limit(LATENESS) == FOREVER
