"""Rules: what one event proves against the registry. Deterministic: the first violation is a finding."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from streams.records.alerts import Kind
from streams.records.facts import Acted, Fact
from streams.records.registry import Agent, Registry, Tenant


class Finding(Struct, frozen=True):
    """One violation. rule: which; scope: without the tenant; reason: what exactly, for the evidence."""

    kind: Kind
    rule: str
    scope: dict[str, str]
    reason: str


def findings(fact: Fact, registry: Registry | None, boundary: bool, shadow: bool) -> Iterator[Finding]:
    """What this fact violates. Without a registry there is nothing to violate."""
    if registry is None:
        return
    tenant = registry.tenant(fact.tenant)
    if tenant is None:
        if shadow:
            yield Finding("shadow_ai", "tenant", {}, "tenant not registered")
        return
    known = True
    if shadow:
        for finding in _strangers(fact, tenant):
            known = False
            yield finding
    if boundary and known and isinstance(fact, Acted) and fact.dims.agent is not None:
        agent = tenant.agent(fact.dims.agent)
        # What the platform denied was attempted, not done.
        if agent is not None and fact.status != "denied":
            yield from _oversteps(fact, agent)


def _strangers(fact: Fact, tenant: Tenant) -> Iterator[Finding]:
    dims = fact.dims
    scope: dict[str, str] = {}
    agent = tenant.agent(dims.agent) if dims.agent is not None else None
    if tenant.agents and fact.ai and dims.agent is not None and agent is None:
        scope["agent"] = dims.agent
    if tenant.sources and tenant.source(dims.source) is None:
        scope["source"] = dims.source
    if scope:
        rule = "agent" if "agent" in scope else "source"
        yield Finding("shadow_ai", rule, scope, " and ".join(scope) + " not registered")
        return
    if agent is None or not fact.ai:
        return
    for rule, value, allowed in (
        ("version", dims.version, agent.versions),
        ("model", dims.model, agent.models),
    ):
        if value is not None and allowed is not None and value not in allowed:
            yield Finding("shadow_ai", rule, {"agent": agent.id, rule: value}, f"{rule} not registered")
            return


def _oversteps(fact: Acted, agent: Agent) -> Iterator[Finding]:
    scope = {"agent": agent.id, "action": fact.name}
    limit = agent.limits.get(fact.name)
    strange = [] if agent.data is None else sorted(set(fact.data) - agent.data)
    if agent.actions is not None and fact.name not in agent.actions:
        yield Finding("boundary", "action", scope, "action not allowed")
    elif strange:
        yield Finding("boundary", "data", scope, "data not allowed: " + ", ".join(strange[:5]))
    elif limit is not None and fact.amount is not None and fact.amount > limit:
        yield Finding("boundary", "amount", scope, f"amount {fact.amount:g} above the limit {limit:g}")
    elif agent.subject == "own" and fact.subject is not None and fact.customer is not None:
        if fact.subject != fact.customer:
            yield Finding("boundary", "subject", scope, "record of another customer")
