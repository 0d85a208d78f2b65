"""Totals of an agent's conversations: what is given back is no part of a limit."""

from __future__ import annotations

from detectors.shift import LEAST
from detectors.totals import Totals


def ended(totals: Totals, count: int, part: float, name: str) -> list[str]:
    told: list[str] = []
    for i in range(count):
        totals.add("pine", "Refund", f"{name}{i}", part)
        told += totals.end("pine", f"{name}{i}")
    return told


def test_amounts_below_zero_are_nothing() -> None:
    totals = Totals()
    assert not ended(totals, LEAST + 50, -3.0, "c")
    assert ended(totals, 20, 0.9, "d") == ["Refund"]


def test_states_of_earlier_versions_with_less_than_nothing_load() -> None:
    totals = Totals()
    totals.restore([[["pine", [["Refund", [LEAST + 10.0, -40.0, None]]]]], [["c", [["Refund", -2.0]]]]])
    assert not totals.end("pine", "c")
    assert not ended(totals, 3, 0.1, "d")
