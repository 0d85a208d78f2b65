"""Entries: a tally beside the registry: what is registered and silent, what speaks unregistered, what idles.

`allowed` is True, False, or None where the registry states nothing; then nothing is checked either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from streams.inventory.tally import Agent, Seen, Tally, Use
from streams.records.alerts import rfc3339
from streams.records.registry import Agent as Permitted
from streams.records.registry import Registry, Source, Tenant


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One name. events 0: registered, but did not speak."""

    id: str
    allowed: bool | None
    events: int = 0
    first: str | None = None
    last: str | None = None


class SourceEntry(Entry, frozen=True, kw_only=True):
    """An integration. reviewed: when its registry entry was last looked at."""

    owner: str | None = None
    reviewed: date | None = None


class ActionEntry(Entry, frozen=True, kw_only=True):
    """A tool call. limit: largest amount allowed; largest: moved in one call; others: calls on records of
    somebody else than the conversation's customer."""

    failed: int = 0
    denied: int = 0
    data: tuple[str, ...] = ()
    limit: float | None = None
    largest: float | None = None
    others: int = 0


class AgentEntry(Entry, frozen=True, kw_only=True):
    """An agent: what it was seen with and what it may use. subject: whose records it may touch."""

    kind: str
    reviewed: date | None = None
    subject: str | None = None
    versions: list[Entry]
    models: list[Entry]
    queues: list[Entry]
    sources: list[Entry]
    actions: list[ActionEntry]
    data: list[Entry]

    def unused(self) -> dict[str, list[str]]:
        """What it may use and did not, by kind: candidates for taking away."""
        kinds = {name: getattr(self, name) for name in ("versions", "models", "queues", "actions", "data")}
        idle = {name: [e.id for e in rows if e.allowed and not e.events] for name, rows in kinds.items()}
        return {name: rows for name, rows in idle.items() if rows}


class TenantEntry(Struct, frozen=True, kw_only=True):
    """A tenant. registered: None where there is no registry."""

    id: str
    registered: bool | None
    sources: list[SourceEntry]
    agents: list[AgentEntry]


def entries(tallies: Mapping[str, Tally], registry: Registry | None) -> list[TenantEntry]:
    """Every tenant that speaks or is registered, by name."""
    registered = registry.tenants if registry else {}
    return [
        _tenant(name, tallies.get(name, Tally()), registered.get(name), known=registry is not None)
        for name in sorted({*tallies, *registered})
    ]


def _tenant(name: str, tally: Tally, entry: Tenant | None, known: bool) -> TenantEntry:
    stated = entry or Tenant()
    agents = sorted({*tally.agents, *(agent.id for agent in stated.agents)})
    return TenantEntry(
        id=name,
        registered=entry is not None if known else None,
        sources=[_source(one, tally.sources, stated) for one in _sources(tally, stated)],
        agents=[_agent(one, tally.agents.get(one, Agent()), stated) for one in agents],
    )


def _sources(tally: Tally, stated: Tenant) -> list[str]:
    listed = (one if isinstance(one, str) else one.id for one in stated.sources)
    return sorted({*tally.sources, *listed})


def _source(name: str, seen: Mapping[str, Seen], stated: Tenant) -> SourceEntry:
    entry = stated.source(name)
    return SourceEntry(
        id=name,
        allowed=entry is not None if stated.sources else None,
        owner=entry.owner if isinstance(entry, Source) else None,
        reviewed=entry.reviewed if isinstance(entry, Source) else None,
        **_spoke(seen.get(name)),
    )


def _agent(name: str, seen: Agent, stated: Tenant) -> AgentEntry:
    entry = stated.agent(name)
    may = entry or Permitted(id=name)
    is_human = seen.ai is False or (entry is not None and entry.kind == "human")
    # People need no entry.
    allowed = entry is not None if stated.agents and not is_human else None
    data: dict[str, Seen] = {}
    for use in seen.actions.values():
        for kind, touched in use.data.items():
            data[kind] = _sum(data.get(kind), touched)
    return AgentEntry(
        id=name,
        allowed=allowed,
        kind="human" if is_human else "ai",
        reviewed=entry.reviewed if entry else None,
        subject=entry.subject if entry else None,
        versions=_listed(seen.versions, may.versions),
        models=_listed(seen.models, may.models),
        queues=_listed(seen.queues, may.queues),
        sources=_listed(seen.sources, None),
        actions=[_action(one, seen.actions.get(one), may) for one in _union(seen.actions, may.actions)],
        data=_listed(data, may.data),
        **_spoke(seen),
    )


def _action(name: str, seen: Use | None, may: Permitted) -> ActionEntry:
    use = seen or Use()
    return ActionEntry(
        id=name,
        allowed=None if may.actions is None else name in may.actions,
        failed=use.failed,
        denied=use.denied,
        data=tuple(sorted(use.data)),
        limit=may.limits.get(name),
        largest=use.largest,
        others=use.others,
        **_spoke(seen),
    )


def _listed(seen: Mapping[str, Seen], allowed: Iterable[str] | None) -> list[Entry]:
    return [
        Entry(id=name, allowed=None if allowed is None else name in allowed, **_spoke(seen.get(name)))
        for name in _union(seen, allowed)
    ]


def _union(seen: Iterable[str], allowed: Iterable[str] | None) -> list[str]:
    return sorted({*seen, *(allowed or ())})


def _spoke(seen: Seen | None) -> dict[str, Any]:
    if seen is None or not seen.events:
        return {}
    return {"events": seen.events, "first": rfc3339(seen.first), "last": rfc3339(seen.last)}


def _sum(one: Seen | None, other: Seen) -> Seen:
    if one is None:
        return Seen(other.events, other.first, other.last)
    return Seen(one.events + other.events, min(one.first, other.first), max(one.last, other.last))
