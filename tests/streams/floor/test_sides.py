from __future__ import annotations

from math import log

import msgspec

from streams.floor.incident import Incident
from streams.floor.series import Recent
from streams.floor.sides import CORROBORATED, Sides
from streams.floor.signals import TESTS
from tests.streams.floor.made import at

T = at(0, 9)
REFUSAL = next(i for i, test in enumerate(TESTS) if test.name == "refusal")


def incident(name: str = "i") -> Incident:
    return Incident(name, "escalation_rate", "escalation", {"queue": "a"}, "ticket", T, T, T, test=0)


def recent(bad: bool) -> Recent:
    logs = (log(3.0), 0.0) if bad else (-0.1, -0.1)
    return Recent(T, 0, float(bad), 0.1, 0.09, logs, float(bad), 0.1, 1.0, None, T, True)


def test_twenty_to_one_and_an_effect_are_enough_once() -> None:
    sides, found = Sides(), incident()
    for i in range(8):
        assert not list(sides.corroborated({"i": found})), i
        sides.count(found, REFUSAL, recent(bad=i % 2 == 0), T + i)
    assert list(sides.corroborated({"i": found})) == [(found, REFUSAL, T + 7)]
    assert not list(sides.corroborated({"i": found}))


def test_evidence_without_effect_is_not_enough() -> None:
    sides, found = Sides(), incident()
    for _ in range(7):
        sides.count(found, REFUSAL, recent(bad=True), T)
    assert 7 * log(3.0) > 2 * CORROBORATED
    assert not list(sides.corroborated({"i": found})), "seven are an anecdote"


def test_sides_of_closed_incidents_go() -> None:
    sides = Sides()
    sides.count(incident("a"), REFUSAL, recent(bad=True), T)
    sides.count(incident("b"), REFUSAL, recent(bad=True), T)
    list(sides.corroborated({"b": incident("b")}))
    assert [row[0] for row in sides.state()] == ["b"]


def test_state_goes_round() -> None:
    sides, other, found = Sides(), Sides(), incident()
    for i in range(6):
        sides.count(found, REFUSAL, recent(bad=i % 2 == 0), T + i)
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(sides.state())))
    for one in (sides, other):
        for i in range(6):
            one.count(found, REFUSAL, recent(bad=True), T + i)
    assert list(other.corroborated({"i": found})) == list(sides.corroborated({"i": found})) != []
