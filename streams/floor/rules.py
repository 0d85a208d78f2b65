"""Rules: what one event proves against the registry. Deterministic: the first violation is a finding."""

from __future__ import annotations

from collections.abc import Iterator

from detectors.structs import Frozen
from streams.records.alerts import Kind, Severity
from streams.records.facts import Acted, Dims, Fact
from streams.records.registry import Agent, Registry, Tenant

KNOWN = 4096  # places whose registration is remembered


class Finding(Frozen):
    """One violation. rule: which; scope: without the tenant; reason: what exactly, for the evidence.
    severity: where it is not that of its kind."""

    kind: Kind
    rule: str
    scope: dict[str, str]
    reason: str
    severity: Severity | None = None


class Rules:
    """The registry's checks for one tenant. Without a registry there is nothing to violate.

    boundary, shadow: which of them to make.
    """

    def __init__(self, tenant: str, registry: Registry | None, boundary: bool, shadow: bool) -> None:
        self._entry = registry.tenant(tenant) if registry else None
        self._boundary, self._shadow = boundary and registry is not None, shadow and registry is not None
        self._known: dict[tuple[Dims, bool | None], Finding | None] = {}

    def findings(self, fact: Fact) -> list[Finding]:
        """What this fact violates."""
        if self._shadow:
            try:
                stranger = self._known[fact.dims, fact.ai]
            except KeyError:
                stranger = self._meet(fact)
            if stranger is not None:
                return [stranger]
        if isinstance(fact, Acted) and self._boundary and self._entry and fact.dims.agent is not None:
            agent = self._entry.agent(fact.dims.agent)
            # What the platform denied was attempted, not done.
            if agent is not None and fact.status != "denied":
                return list(_oversteps(fact, agent))
        return []

    def _meet(self, fact: Fact) -> Finding | None:
        """A place is seen for the first time."""
        if len(self._known) >= KNOWN:
            self._known.clear()
        found = self._known[fact.dims, fact.ai] = _stranger(fact.dims, fact.ai, self._entry)
        return found


def _stranger(dims: Dims, ai: bool | None, tenant: Tenant | None) -> Finding | None:
    if tenant is None:
        return Finding("shadow_ai", "tenant", {}, "tenant not registered")
    agent = tenant.agent(dims.agent) if dims.agent is not None else None
    scope: dict[str, str] = {}
    if tenant.agents and ai and dims.agent is not None and agent is None:
        scope["agent"] = dims.agent
    if tenant.sources and tenant.source(dims.source) is None:
        scope["source"] = dims.source
    if scope:
        rule = "agent" if "agent" in scope else "source"
        return Finding("shadow_ai", rule, scope, " and ".join(scope) + " not registered")
    if agent is None or not ai:
        return None
    for rule, value, allowed in (
        ("version", dims.version, agent.versions),
        ("model", dims.model, agent.models),
    ):
        if value is not None and allowed is not None and value not in allowed:
            return Finding("shadow_ai", rule, {"agent": agent.id, rule: value}, f"{rule} not registered")
    return None


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
    elif agent.subject == "own" and _another(fact.subject, fact.customer):
        yield Finding("boundary", "subject", scope, "record of another customer")


def _another(subject: str | None, customer: str | None) -> bool:
    return subject is not None and customer is not None and subject != customer
