"""What libraries say again and again is told now and then."""

from __future__ import annotations

import logging

from streams.live.logs import MOST_SAYINGS, SELDOM_S, Seldom


def said(at: float, message: str = "no connection to %s") -> logging.LogRecord:
    record = logging.LogRecord("aiokafka", logging.ERROR, "", 1, message, ("node 1",), None)
    record.created = at
    return record


def test_a_saying_is_told_once_in_a_while_with_its_number() -> None:
    seldom = Seldom()
    told = [record for second in range(100) if seldom.filter(record := said(float(second)))]
    assert [record.created for record in told] == [0.0, SELDOM_S, 2 * SELDOM_S, 3 * SELDOM_S]
    assert [vars(record)["times"] for record in told] == [1, 30, 30, 30]
    assert seldom.filter(said(100.0, "something else"))


def test_sayings_are_forgotten_before_they_fill_memory() -> None:
    seldom = Seldom()
    assert all(seldom.filter(said(0.0, f"offset {number}")) for number in range(3 * MOST_SAYINGS))
    assert len(seldom._said) <= MOST_SAYINGS
