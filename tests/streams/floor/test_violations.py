"""What the registry forbids, from the first violation to its end: instants and confirmed records."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from streams.floor.watch import Watch
from streams.records.alerts import Alert
from streams.records.controls import RegistryChange
from streams.records.facts import Fact
from streams.settings import Limits, Settings, Severities, Signals
from tests.streams.floor.made import HOUR, MINUTE, SECOND, SETTINGS, Run, acted, at, registry, said, started

T = at(0, 9)
AI: dict[str, Any] = {"agent": "pine", "version": "1.0", "ai": True}


def wrong(time: int = T, conversation: str = "c", **more: Any) -> Fact:
    return acted(time, conversation, **{"name": "Delete", **AI, **more})


def run(*facts: Fact, until: int = T + MINUTE, settings: Settings = SETTINGS) -> Run:
    return Run(settings=settings).feed(facts, until=until, instants=True)


def test_the_first_violation_is_said_at_once_and_confirmed_by_its_slot() -> None:
    found = run(started(T, **AI), wrong(T + SECOND))
    (instant,), (opened,) = found.instants, found.changes
    assert (instant.state, instant.confirmed) == ("open", False)
    assert (opened.state, opened.confirmed) == ("open", True)
    for alert in (instant, opened):
        assert (alert.kind, alert.signal, alert.severity) == ("boundary", "action", "page")
        assert alert.scope == {"tenant": "shop", "agent": "pine", "action": "Delete"}
        assert alert.since == alert.opened_at == alert.at == "2026-05-04T09:00:01.000Z"
        assert alert.affected == 1
        assert alert.evidence == {
            "reason": "action not allowed",
            "conversations": ["c"],
            "explanation": "Action not allowed: 1 conversation so far, since 2026-05-04 09:00 UTC.",
        }
    assert instant.id == opened.id


def test_more_of_the_same_is_one_incident() -> None:
    facts = [wrong(T + i * 20 * MINUTE, f"c{i}") for i in range(9)]
    found = run(*facts, until=T + 4 * HOUR)
    assert len(found.instants) == 1
    assert [c.state for c in found.changes] == ["open", "updated", "updated", "updated"]
    assert [c.affected for c in found.changes] == [1, 2, 4, 8]
    assert len({c.id for c in found.changes}) == 1
    assert all(len(c.evidence["conversations"]) <= 5 for c in found.changes)


def test_it_ends_after_eight_opening_hours_without_another() -> None:
    found = run(wrong(), wrong(at(0, 18)), until=at(2, 12))
    (_, _, end) = found.changes if len(found.changes) == 3 else (None, None, found.changes[-1])
    assert end.state == "resolved"
    assert end.evidence["ended"] == "no further violation"
    assert end.at == "2026-05-05T14:00:00.000Z", "two hours on Monday evening, six on Tuesday"


def test_it_can_happen_again_under_another_id() -> None:
    found = run(wrong(), wrong(at(2, 12), "d"), until=at(2, 13))
    opens = [c for c in found.changes if c.state == "open"]
    assert len(opens) == 2
    assert opens[0].id != opens[1].id
    assert [i.id for i in found.instants] == [c.id for c in opens]


def test_what_belongs_to_another_rule_of_the_same_place_is_withdrawn() -> None:
    """Two rules, one place, one slot: the first in canonical order opens, whatever arrived first."""
    early, later = wrong(T + 1, name="Refund", amount=99), wrong(T + 2, name="Refund", data=("secret",))
    watch = Run()
    watch.feed([later, early], until=T + MINUTE, instants=True)
    (instant,), (opened, withdrawn) = watch.instants, watch.changes
    assert (instant.signal, opened.signal) == ("data", "amount")
    assert (withdrawn.id, withdrawn.state, withdrawn.confirmed) == (instant.id, "resolved", False)
    assert withdrawn.evidence["withdrawn"] == opened.id


def test_a_copy_of_an_open_incident_says_nothing() -> None:
    first = wrong()
    found = run(first, wrong(T + 5 * MINUTE), until=T + 6 * MINUTE)
    assert len(found.instants) == 1
    assert not found.watch.instant(first, T // found.slot_us + 6)


def test_what_its_slot_does_not_confirm_is_withdrawn() -> None:
    """An instant was said for a slot, but the fact is not in it when it closes."""
    found = Run()
    (said_now,) = found.watch.instant(wrong(), T // found.slot_us)
    found.feed([started(T, **AI)], until=T + MINUTE)
    (withdrawn,) = found.changes
    assert (withdrawn.id, withdrawn.state, withdrawn.confirmed) == (said_now.id, "resolved", False)
    assert withdrawn.evidence["withdrawn"] == "not confirmed by its slot"


def test_confirmed_records_do_not_depend_on_instants() -> None:
    facts = [wrong(T + i * MINUTE, f"c{i}", name=f"Do{i % 3}") for i in range(9)]
    silent = Run().feed(facts, until=T + HOUR)
    loud = Run().feed(facts, until=T + HOUR, instants=True)
    assert [c for c in loud.changes if c.confirmed] == silent.changes


def test_instants_are_bounded_as_incidents_are() -> None:
    settings = Settings(slot_s=60, limits=Limits(tenant_incidents=5))
    ghosts = [said(T + i, f"c{i}", agent=f"ghost {i}", ai=True) for i in range(50)]
    found = run(*ghosts, settings=settings)
    assert len(found.instants) == 5
    assert len([c for c in found.changes if c.kind == "shadow_ai"]) == 5
    assert found.closings[0].degraded == ["tenant_incidents"]


def test_partial_turns_are_ignored_by_both() -> None:
    ghost = said(T, agent="ghost", ai=True, final=False)
    found = run(ghost)
    assert not found.instants
    assert not found.changes
    assert run(said(T, agent="ghost", ai=True)).instants


def test_a_registry_that_changes_is_obeyed_from_its_slot_on() -> None:

    allowed = registry(agents=[{"id": "pine"}])
    found = Run()
    found.watch.plan(RegistryChange(id="r", effective=T + MINUTE, registry=allowed))
    found.feed([wrong(T, name="A"), wrong(T + MINUTE, name="B")], until=T + 2 * MINUTE)
    assert [c.scope["action"] for c in found.changes] == ["A"]
    assert Watch("shop", SETTINGS, allowed).incidents.config == found.watch.incidents.config


def test_switches() -> None:
    off = Settings(slot_s=60, signals=Signals(boundary=False, shadow_ai=False))
    found = run(wrong(), said(T, agent="ghost", ai=True), settings=off)
    assert not found.changes
    assert not found.instants


def test_severities_are_as_configured() -> None:

    settings = Settings(slot_s=60, severities=Severities(boundary="info"))
    assert [c.severity for c in run(wrong(), settings=settings).changes] == ["info"]


def ids(alerts: list[Alert]) -> list[str]:
    return [alert.id for alert in alerts]


def test_ids_come_from_events_alone() -> None:
    facts = [wrong(T + i * HOUR, name=f"Do{i}") for i in range(4)]
    one, other = run(*facts, until=at(1)), run(started(T - HOUR, "x"), *facts, until=at(1))
    assert ids(one.changes) == ids(other.changes)
    assert all(a != b for a, b in pairwise(sorted(set(ids(one.changes)))))
