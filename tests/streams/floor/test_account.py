from __future__ import annotations

from math import exp, log

import pytest

from streams.floor import signals
from streams.floor.account import add, contributions, harmed
from streams.floor.cuts import Cuts
from streams.floor.incident import Incident
from streams.floor.scope import gathered
from streams.floor.series import Recent
from streams.floor.signals import TESTS
from streams.records.facts import Dims
from tests.streams.floor.made import at

T = at(0, 9)
BY_NAME: dict[str, signals.Test] = {test.name: test for test in TESTS}


def incident(test: str) -> Incident:
    signal = BY_NAME[test].signal
    return Incident(
        "i", signal.kind, test, {}, "ticket", T, T, T, unit=signal.unit, test=TESTS.index(BY_NAME[test])
    )


def recent(x: float, mean: float, place: int = 0, *, whole: bool = True, **more: float) -> Recent:
    kept = {"raw": x, "usual": mean, "per_x": 1.0, **more}
    return Recent(T, place, x, mean, 0.09, (0.0,), kept["raw"], kept["usual"], kept["per_x"], "c", T, whole)


def test_a_share_of_conversations() -> None:
    found = incident("refusal")
    for i in range(20):
        add(found, BY_NAME["refusal"], recent(float(i < 8), 0.1))
    assert found.observed == 0.4
    assert found.expected == pytest.approx(0.1)
    assert found.interval is not None
    assert found.interval[0] == 0.0, "a share is never below zero"
    assert found.interval[1] == pytest.approx(0.1 + 2 * 0.3 / 20**0.5)


def test_trials_of_one_conversation_make_one_share() -> None:
    """Four of ten conversations are handed off, each in its second age bin."""
    found = incident("escalation")
    for i in range(10):
        add(found, BY_NAME["escalation"], recent(0.0, 0.02))
        add(found, BY_NAME["escalation"], recent(float(i < 4), 0.08, whole=False))
    assert found.observed == pytest.approx(0.4)
    assert found.expected == pytest.approx(0.1)


def test_the_first_seen_may_be_a_later_trial() -> None:
    found = incident("escalation")
    add(found, BY_NAME["escalation"], recent(1.0, 0.1, whole=False))
    assert found.observed == 1.0


def test_logarithms_are_told_as_what_people_read() -> None:
    found = incident("latency_up")
    for _ in range(10):
        add(found, BY_NAME["latency_up"], recent(2.0, 0.0, raw=log(4000.0), usual=log(1500.0), per_x=0.4))
    assert found.observed == pytest.approx(4000.0)
    assert found.expected == pytest.approx(1500.0)
    assert found.interval is not None
    assert found.interval[1] == pytest.approx(1500.0 * exp(2 * 0.3 * 0.4 / 10**0.5))


def test_harm() -> None:
    assert harmed(BY_NAME["refusal"], recent(1.0, 0.1))
    assert not harmed(BY_NAME["refusal"], recent(0.0, 0.1))
    assert harmed(BY_NAME["length_down"], recent(0.0, 0.1)), "every answer of a moved level"


def test_contributions_name_who_carries_most() -> None:
    cuts = Cuts(((),), 10, lambda _: None)
    places = [cuts.place(Dims(queue=queue, agent="pine", channel="chat"), 0) for queue in "ab"]
    rows = [recent(float(i < 9), 0.1, places[i % 3 == 0]) for i in range(30)]
    found = contributions(gathered({"agent": "pine"}, rows), cuts)
    assert [part["dimension"] for part in found] == ["queue", "queue", "channel"]
    assert found[0] == {"dimension": "queue", "value": "a", "share_of_excess": 0.67, "share": 0.67}
    assert found[1] == {"dimension": "queue", "value": "b", "share_of_excess": 0.33, "share": 0.33}
    assert found[2] == {"dimension": "channel", "value": "chat", "share_of_excess": 1.0, "share": 1.0}


def test_at_most_three_values_of_a_dimension_are_named() -> None:
    cuts = Cuts(((),), 100, lambda _: None)
    rows = [recent(1.0, 0.1, cuts.place(Dims(queue=f"q{i:02}"), 0)) for i in range(8)]
    assert [part["value"] for part in contributions(gathered({}, rows), cuts)][:4] == [
        "q00", "q01", "q02", "other",
    ]  # fmt: skip


def test_no_excess_has_no_carriers() -> None:
    cuts = Cuts(((),), 10, lambda _: None)
    place = cuts.place(Dims(queue="a"), 0)
    assert contributions(gathered({}, [recent(0.5, 0.5, place)]), cuts) == []
    assert contributions(gathered({}, []), cuts) == []
