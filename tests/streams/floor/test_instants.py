from __future__ import annotations

import msgspec

from streams.floor.incidents import Incidents
from streams.floor.instants import Instants
from streams.floor.rules import Finding
from streams.records.alerts import Alert
from streams.settings import Limits, Settings
from tests.streams.floor.made import acted, at

FACT = acted(at(0, 9))


def desk(most: int = 10) -> tuple[Instants, Incidents]:
    settings = Settings(limits=Limits(tenant_incidents=most))
    incidents = Incidents("shop", settings, lambda _: None)
    return Instants("shop", incidents, settings.severities), incidents


def finding(action: str = "Delete", rule: str = "action") -> Finding:
    return Finding("boundary", rule, {"agent": "pine", "action": action}, "action not allowed")


def test_the_same_is_said_once() -> None:
    instants, _ = desk()
    assert instants.say(finding(), FACT, 5)
    assert instants.say(finding(), FACT, 5) is None
    assert instants.say(finding(rule="amount"), FACT, 6) is None, "the same place is the same trouble"
    assert instants.say(finding("Move"), FACT, 6)


def test_what_a_slot_opened_stays_and_the_rest_is_withdrawn() -> None:
    instants, _ = desk()
    said: list[Alert] = [found for name in "abc" if (found := instants.say(finding(name), FACT, 5))]
    later = instants.say(finding("later"), FACT, 6)
    assert later
    gone = instants.settle(5, {said[1].id}, at(0, 10))
    assert [alert.id for alert in gone] == [said[0].id, said[2].id]
    assert not instants.settle(5, set(), at(0, 10)), "each only once"
    assert [alert.id for alert in instants.settle(7, set(), at(0, 11))] == [later.id]


def test_there_are_no_more_than_may_open() -> None:
    instants, incidents = desk(most=3)
    incidents.start("silence", "silence", {}, since=0, opened=0, touched=0)
    assert [bool(instants.say(finding(f"x{i}"), FACT, 5)) for i in range(4)] == [True, True, False, False]


def test_state_goes_round() -> None:
    instants, _ = desk()
    for i in range(3):
        instants.say(finding(f"x{i}"), FACT, i)
    other, _ = desk()
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(instants.state())))
    assert other.say(finding("x1"), FACT, 9) is None
    assert other.settle(1, set(), 0) == instants.settle(1, set(), 0) != []
    assert other.state() == instants.state()
