from __future__ import annotations

from typing import Any

import pytest

from streams.floor.rules import KNOWN, Finding, Rules
from streams.records.facts import Fact
from tests.streams.floor.made import acted, at, registry, said, scored, started

T = at(0, 9)
AI: dict[str, Any] = {"agent": "pine", "version": "1.0", "model": "lm-1", "ai": True}


def found(fact: Fact, **shop: Any) -> list[Finding]:
    return Rules("shop", registry(**shop), boundary=True, shadow=True).findings(fact)


def rule(fact: Fact, **shop: Any) -> tuple[str, dict[str, str]] | None:
    findings = found(fact, **shop)
    assert len(findings) <= 1
    return (findings[0].rule, findings[0].scope) if findings else None


OVERSTEPS: dict[str, dict[str, Any]] = {
    "action": {"name": "Delete"},
    "data": {"data": ("order", "customer.payment")},
    "amount": {"name": "Refund", "amount": 50.01},
    "subject": {"customer": "a", "subject": "b"},
}


@pytest.mark.parametrize("name", OVERSTEPS)
def test_each_boundary(name: str) -> None:
    fact = acted(T, **AI, **OVERSTEPS[name])
    (finding,) = found(fact)
    assert (finding.kind, finding.rule) == ("boundary", name)
    assert finding.scope == {"agent": "pine", "action": fact.name}
    denied = acted(T, **AI, **{"status": "denied", **OVERSTEPS[name]})
    assert not found(denied), "what was denied was not done"


@pytest.mark.parametrize("status", ["ok", "error", "timeout", "started"])
def test_what_was_not_denied_counts(status: str) -> None:
    assert rule(acted(T, name="Delete", status=status, **AI))


@pytest.mark.parametrize(
    "more",
    [
        {"name": "Refund", "amount": 50.0},  # the limit is inclusive
        {"name": "Look", "amount": 1e9},  # no limit for this one
        {"data": ("order",)},
        {"data": ()},
        {"customer": "a", "subject": "a"},
        {"customer": "a"},  # nobody said whose record it was
        {"subject": "b"},  # nor who was served
    ],
)
def test_what_is_allowed(more: dict[str, Any]) -> None:
    assert rule(acted(T, **AI, **more)) is None


def test_what_is_not_stated_is_not_checked() -> None:
    bare = [{"id": "pine"}]
    for more in OVERSTEPS.values():
        assert rule(acted(T, **AI, **more), agents=bare) is None
    assert rule(acted(T, **AI, name="x"), agents=[{"id": "pine", "actions": []}])
    own = [{"id": "pine", "subject": "any"}]
    assert rule(acted(T, **AI, customer="a", subject="b"), agents=own) is None


def test_amounts_too_large_or_strange_are_survived() -> None:
    assert rule(acted(T, **AI, name="Refund", amount=1e308))
    assert rule(acted(T, **AI, name="Refund", amount=-1e308)) is None


STRANGERS: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({"agent": "ghost", "ai": True}, "agent", {"agent": "ghost"}),
    ({**AI, "version": "9"}, "version", {"agent": "pine", "version": "9"}),
    ({**AI, "model": "lm-2"}, "model", {"agent": "pine", "model": "lm-2"}),
    ({**AI, "source": "new/prod"}, "source", {"source": "new/prod"}),
    ({"agent": "ghost", "ai": True, "source": "n"}, "agent", {"agent": "ghost", "source": "n"}),
]


@pytest.mark.parametrize(("dims", "name", "scope"), STRANGERS)
@pytest.mark.parametrize("make", [started, said, acted, scored])
def test_strangers(make: Any, dims: dict[str, Any], name: str, scope: dict[str, str]) -> None:
    (finding,) = found(make(T, **dims))
    assert (finding.kind, finding.rule, finding.scope) == ("shadow_ai", name, scope)


@pytest.mark.parametrize(
    "dims",
    [
        {**AI, "version": "1.1"},  # a planned rollout
        {"agent": "pine", "ai": True},  # no version said
        {"agent": "cove", "ai": True, "version": "77", "model": "any"},  # none stated
        {"agent": "joe", "ai": False},  # people need no entry
        {"agent": "pine", "ai": False, "version": "9"},
        {},
    ],
)
def test_who_is_known(dims: dict[str, Any]) -> None:
    assert rule(said(T, **dims)) is None


def test_without_lists_nobody_is_a_stranger() -> None:
    assert rule(said(T, agent="ghost", ai=True), agents=None) is None
    assert rule(said(T, source="new"), sources=None) is None


def test_a_tenant_that_is_not_registered() -> None:
    rules = Rules("elsewhere", registry(), boundary=True, shadow=True)
    (finding,) = rules.findings(started(T, tenant="elsewhere"))
    assert (finding.kind, finding.rule, finding.scope) == ("shadow_ai", "tenant", {})


def test_without_a_registry_and_switched_off_there_is_nothing() -> None:
    bad, strange = acted(T, **AI, name="Delete"), said(T, agent="ghost", ai=True)
    for rules in (
        Rules("shop", None, boundary=True, shadow=True),
        Rules("shop", registry(), boundary=False, shadow=False),
    ):
        assert not rules.findings(bad)
        assert not rules.findings(strange)
    assert Rules("shop", registry(), boundary=True, shadow=False).findings(bad)
    assert Rules("shop", registry(), boundary=False, shadow=True).findings(strange)


def test_what_is_remembered_is_bounded_and_changes_nothing() -> None:
    rules = Rules("shop", registry(), boundary=True, shadow=True)
    ghost = said(T, agent="ghost", ai=True)
    first = rules.findings(ghost)
    for i in range(2 * KNOWN):
        rules.findings(said(T, agent=f"ghost {i}", ai=True))
    assert rules.findings(ghost) == first
    assert len(rules._known) <= KNOWN
