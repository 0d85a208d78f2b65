"""Changed: what was new at one tenant when a trouble began: a version that first answered, a new registry.

The first thing anybody asks at night. Nothing here decides anything; it only stands beside the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, convert, to_builtins

from streams.floor.cuts import Cuts, covers
from streams.records.alerts import rfc3339
from streams.records.controls import RegistryChange
from streams.records.facts import MICROS, Dims
from streams.records.registry import Agent, Tenant

BEFORE_US = 72 * 3600 * MICROS  # a change on Friday is suspected on Monday, one of last week is not
SETTLED_US = 24 * 3600 * MICROS  # on a tenant's first day everything is new
MOST = 6  # named beside an incident: the nearest to its onset
REGISTRIES = 8  # registry changes remembered
KEYS = 5  # named of one registry change
OF_AGENT = ("version", "model")  # mean nothing without their agent
DIMENSIONS = ("version", "model", "agent", "source", "queue", "channel", "language")
REASON_LENGTH = 100


class Altered(Struct, frozen=True, array_like=True):
    """A registry change that came into force: when, which keys of the tenant it altered, and its reason."""

    at: int
    keys: list[str]
    agents: list[str]
    reason: str


class Changed:
    """What is new at one tenant. cuts: know when each place was first seen."""

    def __init__(self, cuts: Cuts) -> None:
        self._cuts = cuts
        self._altered: list[Altered] = []

    def registry(self, change: RegistryChange, before: Tenant, after: Tenant) -> None:
        """A registry came into force; remembered where it altered this tenant's entry."""
        agents = _altered_agents(before, after)
        keys = [name for name in Tenant.__struct_fields__ if name != "agents"]
        keys = [name for name in keys if getattr(before, name) != getattr(after, name)]
        if not keys and not agents:
            return
        named = [*(f"{agent}: {', '.join(what)}" for agent, what in agents.items()), *keys]
        reason = change.reason[:REASON_LENGTH]
        self._altered.append(Altered(change.effective, named[:KEYS], sorted(agents)[:KEYS], reason))
        del self._altered[:-REGISTRIES]

    def near(self, scope: dict[str, str], since: int, until: int, begun: int) -> list[dict[str, Any]]:
        """What changed at this place in the three days before `since`, or up to `until`, nearest first.

        begun: when the tenant was first seen. Times are microseconds.
        """
        earliest = max(since - BEFORE_US, begun + SETTLED_US)
        found = [*self._first_seen(scope), *self._registries(scope)]
        dated = [(at, row) for at, row in found if earliest < at <= until]
        return [
            {**row, "at": rfc3339(at), "minutes_before": round((since - at) / (60 * MICROS))}
            for at, row in sorted(dated, key=lambda one: abs(one[0] - since))[:MOST]
        ]

    def _first_seen(self, scope: dict[str, str]) -> Iterable[tuple[int, dict[str, Any]]]:
        """Every value that is met inside the scope, and when it was first met anywhere at the tenant."""
        first: dict[tuple[str, str, str], int] = {}
        inside: dict[tuple[str, str, str], None] = {}
        where = {name: value for name, value in scope.items() if name in DIMENSIONS}  # actions have no place
        for place in self._cuts.places:
            met = covers(where, place.dims)
            for key in _values(place.dims):
                first.setdefault(key, place.first)
                if met:
                    inside[key] = None
        for name, agent, value in inside:
            row = {"what": name, "value": value}
            yield first[name, agent, value], {**row, "agent": agent} if agent else row

    def _registries(self, scope: dict[str, str]) -> Iterable[tuple[int, dict[str, Any]]]:
        for altered in self._altered:
            if "agent" not in scope or scope["agent"] in altered.agents or not altered.agents:
                row: dict[str, Any] = {"what": "registry", "value": "; ".join(altered.keys)}
                yield altered.at, {**row, "reason": altered.reason} if altered.reason else row

    def state(self) -> Any:
        """Plain values."""
        return to_builtins(self._altered)

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._altered = convert(state, list[Altered])


def _altered_agents(before: Tenant, after: Tenant) -> dict[str, list[str]]:
    """Agents whose entries differ, with the keys that do, in the order of their ids."""
    old, new = _by_id(before), _by_id(after)
    found: dict[str, list[str]] = {}
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one is None or other is None:
            found[name] = ["added" if one is None else "removed"]
        elif one != other:
            fields = Agent.__struct_fields__
            found[name] = [field for field in fields if getattr(one, field) != getattr(other, field)]
    return found


def _values(dims: Dims) -> Iterable[tuple[str, str, str]]:
    """(dimension, agent where it means nothing without, value)."""
    for name in DIMENSIONS:
        value = getattr(dims, name)
        if value and value != "other":  # a channel that was not said
            yield name, (dims.agent or "") if name in OF_AGENT else "", value


def _by_id(tenant: Tenant) -> dict[str, Agent]:
    return {agent.id: agent for agent in tenant.agents}
