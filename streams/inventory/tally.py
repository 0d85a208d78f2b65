"""Tally: what events say is connected and done, by tenant: names and counts. The registry is not asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from streams.records.facts import Acted, Fact

MOST = 1_000  # names of one kind in one place; more are made up, and counted together
OTHERS = "(others)"
FAILED = ("error", "timeout")
Row = TypeVar("Row", bound=Struct)


class Seen(Struct):
    """How often something spoke, and between which times, microseconds."""

    events: int = 0
    first: int = 0
    last: int = 0

    def see(self, time: int) -> None:
        """One event more."""
        self.first = time if not self.events else min(self.first, time)
        self.last = max(self.last, time)
        self.events += 1


class Use(Seen):
    """Use of one action. data: classes touched; largest: amount moved in a call; others: calls on the record
    of somebody who is not the conversation's customer; denied ones were attempted, not done."""

    failed: int = 0
    denied: int = 0
    data: dict[str, Seen] = {}
    largest: float | None = None
    others: int = 0


class Agent(Seen):
    """What one agent was seen with. ai: whether an AI; None where no event said."""

    ai: bool | None = None
    versions: dict[str, Seen] = {}
    models: dict[str, Seen] = {}
    queues: dict[str, Seen] = {}
    sources: dict[str, Seen] = {}
    actions: dict[str, Use] = {}


class Tally(Struct):
    """One tenant."""

    sources: dict[str, Seen] = {}
    agents: dict[str, Agent] = {}


def tally(facts: Iterable[Fact]) -> dict[str, Tally]:
    """What these facts show, by tenant."""
    tenants: dict[str, Tally] = {}
    for fact in facts:
        add(_at(tenants, fact.tenant, Tally), fact)
    return tenants


def add(tenant: Tally, fact: Fact) -> None:
    """Count one fact."""
    dims, time = fact.dims, fact.time
    _at(tenant.sources, dims.source, Seen).see(time)
    if dims.agent is None:
        return
    agent = _at(tenant.agents, dims.agent, Agent)
    agent.see(time)
    agent.ai = fact.ai if agent.ai is None else agent.ai or bool(fact.ai)
    for names, name in (
        (agent.versions, dims.version),
        (agent.models, dims.model),
        (agent.queues, dims.queue),
        (agent.sources, dims.source),
    ):
        if name is not None:
            _at(names, name, Seen).see(time)
    if isinstance(fact, Acted) and fact.status != "started":
        _use(_at(agent.actions, fact.name, Use), fact)


def _use(use: Use, fact: Acted) -> None:
    use.see(fact.time)
    if fact.status == "denied":
        use.denied += 1
        return
    use.failed += fact.status in FAILED
    for name in fact.data:
        _at(use.data, name, Seen).see(fact.time)
    if fact.amount is not None:
        use.largest = fact.amount if use.largest is None else max(use.largest, fact.amount)
    use.others += fact.subject is not None and fact.customer is not None and fact.subject != fact.customer


def _at(rows: dict[str, Row], name: str, kind: type[Row]) -> Row:
    row = rows.get(name)
    if row is None:
        if len(rows) >= MOST:
            name = OTHERS
        row = rows.setdefault(name, kind())
    return row
