"""The inventory as people read it: one table a tenant for its agents, one for its integrations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from rich.table import Table
from rich.text import Text

from streams.inventory.entries import ActionEntry, AgentEntry, Entry, SourceEntry, TenantEntry
from streams.screen import plain

STATES = {True: "allowed", False: "NOT REGISTERED", None: "not checked"}
STYLES = {True: "", False: "bold red", None: "dim"}


def document(tenants: Sequence[TenantEntry]) -> dict[str, Any]:
    """The same for programs: plain values; every agent with what it may use and did not."""
    told: dict[str, Any] = msgspec.to_builtins({"tenants": tenants})
    for tenant, shown in zip(tenants, told["tenants"], strict=True):
        for agent, row in zip(tenant.agents, shown["agents"], strict=True):
            row["unused"] = agent.unused()
    return told


def tables(tenants: Sequence[TenantEntry]) -> list[Table]:
    """All tenants, in order."""
    return [table for tenant in tenants for table in (_sources(tenant), _agents(tenant))]


def _sources(tenant: TenantEntry) -> Table:
    state = "" if tenant.registered is not False else ", not registered"
    table = _table(f"Tenant {tenant.id}{state}: integrations", "source", "owner", "reviewed")
    for source in tenant.sources:
        table.add_row(
            plain(source.id), _state(source), _events(source), _last(source), plain(source.owner or ""),
            _reviewed(source, source.reviewed),
        )  # fmt: skip
    return table


def _agents(tenant: TenantEntry) -> Table:
    table = _table(f"Tenant {tenant.id}: agents", "agent", "what", "remarks")
    for agent in tenant.agents:
        table.add_section()
        table.add_row(
            plain(agent.id), _state(agent), _events(agent), _last(agent), agent.kind, _remarks(agent),
            style="bold",
        )  # fmt: skip
        for what in ("versions", "models", "queues", "sources", "actions", "data"):
            for entry in getattr(agent, what):
                table.add_row(*_row(entry, what))
    return table


def _row(entry: Entry, what: str) -> tuple[Text | str, ...]:
    state = Text("unused", style="yellow") if entry.allowed and not entry.events else _state(entry)
    remarks = plain(_conduct(entry)) if isinstance(entry, ActionEntry) else ""
    return Text("  ") + plain(entry.id), state, _events(entry), _last(entry), what, remarks


def _remarks(agent: AgentEntry) -> Text:
    whose = f"; records: {agent.subject}" if agent.subject else ""
    return (_reviewed(agent, agent.reviewed) or Text()) + whose


def _conduct(action: ActionEntry) -> str:
    parts = [
        f"largest {action.largest:g}" if action.largest is not None else "",
        f"limit {action.limit:g}" if action.limit is not None else "",
        f"{action.failed} failed" if action.failed else "",
        f"{action.denied} denied" if action.denied else "",
        f"{action.others} on records of others" if action.others else "",
        f"touched {', '.join(action.data)}" if action.data else "",
    ]
    return "; ".join(part for part in parts if part)


def _reviewed(entry: SourceEntry | AgentEntry, when: date | None) -> Text:
    if not entry.allowed:
        return Text()
    return Text(f"reviewed {when}") if when else Text("never reviewed", style="yellow")


def _state(entry: Entry) -> Text:
    return Text(STATES[entry.allowed], style=STYLES[entry.allowed])


def _events(entry: Entry) -> str:
    return f"{entry.events:,}" if entry.events else "none"


def _last(entry: Entry) -> str:
    return (entry.last or "")[:16].replace("T", " ")


def _table(title: str, name: str, *more: str) -> Table:
    table = Table(title=plain(title), title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in (name, "registry", "events", "last (UTC)", *more):
        table.add_column(column, justify="right" if column == "events" else "left", overflow="fold")
    return table
