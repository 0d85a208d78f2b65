"""The registry: who may do what, where events may come from, and when a tenant is open.

What a list does not name is not allowed; what is not stated at all (None, an empty `agents` or `sources`) is
not checked. A registry that exists is possible: impossible values are refused wherever it is decoded.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct
from msgspec.structs import replace

from detectors.calendar import Calendar
from detectors.hours import parse_hours
from streams.records.digest import digest
from streams.records.document import Document
from streams.records.events import Channel, Key
from streams.records.explain import Impossible, Path

MAX_LATENESS_S = 3600.0
"""Facts of so long are held in memory, and every rate alert waits for it."""
MAX_IDLE_S = 30 * 86400.0
"""An open conversation costs memory until it has ended."""

Names: TypeAlias = frozenset[Key]
# Ten times the longest prompts in use.
Text: TypeAlias = Annotated[str, Meta(max_length=256 * 1024)]
# A shorter canary would turn up in honest answers.
Canary: TypeAlias = Annotated[str, Meta(min_length=4, max_length=1024)]
Amount: TypeAlias = Annotated[float, Meta(ge=0.0, le=1e15)]
Lateness: TypeAlias = Annotated[float, Meta(ge=0.0, le=MAX_LATENESS_S)]
Idle: TypeAlias = Annotated[float, Meta(ge=1.0, le=MAX_IDLE_S)]
Entries: TypeAlias = str | list[str]


class Agent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agent of a tenant and what it may do; names are those that events use.

    limits: largest `amount` per action, inclusive. subject: `own`: only the record of the conversation's
    customer. instructions, canaries: secrets, never shown. disclosure: it must say that it is an AI. None:
    not stated, not checked.
    """

    id: Key
    kind: Literal["ai", "human"] = "ai"
    queues: Names | None = None
    versions: Names | None = None
    models: Names | None = None
    actions: Names | None = None
    data: Names | None = None
    limits: dict[Key, Amount] = {}
    subject: Literal["own", "any"] = "any"
    instructions: Text | None = None
    canaries: tuple[Canary, ...] = ()
    disclosure: bool = False
    reviewed: date | None = None

    def __repr__(self) -> str:  # secrets stay out of logs and tracebacks
        return f"Agent(id={self.id!r}, kind={self.kind!r})"


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An integration that may send events."""

    id: Key
    owner: str | None = None
    reviewed: date | None = None


class Tenant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One tenant. lateness_s: allowed lateness of its events; idle_s: how long without events until a
    conversation has ended, seconds, for all channels or by channel. None: as configured."""

    agents: tuple[Agent, ...] = ()
    sources: tuple[str | Source, ...] = ()
    hours: str | list[str] | dict[str, Entries] | None = None
    holidays: Annotated[tuple[date, ...], Meta(max_length=2000)] = ()  # a century of them
    lateness_s: Lateness | None = None
    idle_s: Idle | dict[Channel, Idle] | None = None

    def __post_init__(self) -> None:
        _distinct("agents", [agent.id for agent in self.agents])
        _distinct("sources", [_source(entry).id for entry in self.sources])
        for path, text in _hours(("hours",), self.hours):
            try:
                parse_hours(text)
            except ValueError as error:
                raise Impossible(path, str(error)) from None

    def agent(self, name: str) -> Agent | None:
        """The entry of an agent."""
        return self._agents.get(name)

    def source(self, name: str) -> Source | None:
        """The entry of an integration."""
        return self._sources.get(name)

    def idle(self, channel: Channel) -> float | None:
        """Seconds without events after which a conversation of that channel has ended; None: not stated."""
        return self.idle_s.get(channel) if isinstance(self.idle_s, dict) else self.idle_s

    def calendar(self, source: str | None = None) -> Calendar:
        """Opening hours of a source; without its own, the tenant's (open while any source is)."""
        return self._calendars.get(source, self._calendars[None])

    @cached_property
    def _agents(self) -> dict[str, Agent]:
        return {agent.id: agent for agent in self.agents}

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.id: source for source in map(_source, self.sources)}

    @cached_property
    def _calendars(self) -> dict[str | None, Calendar]:
        every = [text for _, text in _hours((), self.hours)]
        found: dict[str | None, Calendar] = {None: Calendar(every or None, self.holidays)}
        if isinstance(self.hours, dict):
            for source, entries in self.hours.items():
                own = [text for _, text in _hours((), entries)]
                found[source] = Calendar(own, self.holidays)
        return found


class Registry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All tenants, by name."""

    tenants: dict[Key, Tenant] = {}

    def tenant(self, name: str) -> Tenant | None:
        """The entry of a tenant."""
        return self.tenants.get(name)

    @cached_property
    def digest(self) -> str:
        """Digest of all but the secrets: it is published, and a short secret could be guessed."""
        return digest(self.public())

    def public(self) -> Registry:
        """The same without instructions and canaries: what may lie in topics and snapshots."""
        return Registry(tenants={name: _quiet(tenant) for name, tenant in self.tenants.items()})


def parse_registry(data: bytes, name: str) -> Registry:
    """Read a registry, JSON or YAML; `name` is what errors call it. ConfigError names line and key path."""
    return Document(data, name).typed(Registry)


def _source(entry: str | Source) -> Source:
    return Source(id=entry) if isinstance(entry, str) else entry


def _distinct(key: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if not name:
            raise Impossible((key, index), "a name is empty")
        if name in names[:index]:
            raise Impossible((key, index), f"{name!r} is there twice")


def _hours(path: Path, hours: str | list[str] | dict[str, Entries] | None) -> list[tuple[Path, str]]:
    """Every entry with its key path; Impossible where a list or map has none."""
    if hours is None:
        return []
    if isinstance(hours, str):
        return [(path, hours)]
    if not hours:
        raise Impossible(path, "no opening hours; leave the key out where a place is always open")
    steps = enumerate(hours) if isinstance(hours, list) else hours.items()
    return [found for step, entry in steps for found in _hours((*path, step), entry)]


def _quiet(tenant: Tenant) -> Tenant:
    agents = tuple(replace(agent, instructions=None, canaries=()) for agent in tenant.agents)
    return replace(tenant, agents=agents)
