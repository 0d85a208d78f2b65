from __future__ import annotations

import msgspec

from streams.floor.customers import ONCE_US, RETURN_US, Customers
from tests.streams.floor.made import HOUR, at

T = at(0, 9)


def book(most: int = 100) -> tuple[Customers, list[str]]:
    hits: list[str] = []
    return Customers(most, hits.append), hits


def test_one_customer_counts_once_in_half_a_day() -> None:
    customers, _ = book()
    found = [customers.arrives("a", T + hour * HOUR)[0] for hour in (0, 1, 11, 12, 13, 24)]
    assert found == [True, False, False, True, False, True]


def test_half_a_day_runs_from_the_visit_that_counted() -> None:
    """Somebody who comes every eleven hours is not silenced for ever."""
    customers, _ = book()
    assert [customers.arrives("a", T + 11 * i * HOUR)[0] for i in range(4)] == [True, False, True, False]


def test_who_is_back_soon_was_not_helped_and_says_so_once() -> None:
    customers, _ = book()
    back = [customers.arrives("a", T + minutes * HOUR // 60)[1] for minutes in (0, 30, 60, 1000)]
    assert back == [False, True, None, False]
    assert customers.arrives("b", T)[1] is False
    assert customers.arrives("b", T + RETURN_US)[1] is False


def test_the_longest_unseen_are_forgotten_first() -> None:
    customers, hits = book(most=2)
    for name in ("a", "b", "a", "c"):
        customers.arrives(name, T)
    assert hits == ["customers"]
    assert customers.arrives("a", T + 1)[0] is False, "a was seen again after b"
    assert customers.arrives("b", T + 1)[0] is True


def test_after_half_a_day_nothing_is_kept() -> None:
    customers, _ = book()
    customers.arrives("a", T)
    customers.arrives("b", T + HOUR)
    customers.forget(T + ONCE_US)
    assert len(customers.state()) == 1
    customers.forget(T + ONCE_US + HOUR)
    assert customers.state() == []


def test_state_goes_round_without_names() -> None:
    customers, _ = book()
    for hour, name in enumerate(("anna", "berta", "anna")):
        customers.arrives(name, T + hour * HOUR)
    kept = msgspec.msgpack.encode(customers.state())
    assert b"anna" not in kept
    other, _ = book()
    other.restore(msgspec.msgpack.decode(kept))
    for name in ("anna", "berta", "\ud800"):
        assert other.arrives(name, T + 13 * HOUR) == customers.arrives(name, T + 13 * HOUR)
    assert other.state() == customers.state()
