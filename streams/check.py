"""What will run with a configuration, what will not and why, and what looks like a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import prod
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from detectors.calendar import WEEK, Calendar
from detectors.wallclock import SECOND
from streams.records.registry import Agent, Registry, Tenant
from streams.settings import WORDS, Settings, digest

State: TypeAlias = Literal["on", "off", "note", "warning"]
BY_REGISTRY = ("boundary", "shadow_ai")
RULES = (*BY_REGISTRY, "silence", "integrity", "leakage", "disclosure", "injection", "replication")
"""Signals that are no statistical tests per segment."""
LONG_LATENESS_S = 600.0  # five times the default; who waits longer should know


class Row(NamedTuple):
    """One line of the report. state: on, off (and why), a note, or a warning: probably a mistake."""

    section: str
    name: str
    state: State
    text: str


def check(settings: Settings, registry: Registry | None, keyed: bool = False) -> list[Row]:
    """The report, in reading order. keyed: whether there is a secret for hashes."""
    rows = [*_general(settings, registry, keyed), *_signals(settings, registry)]
    for name, tenant in (registry.tenants if registry else {}).items():
        rows += _tenant(name, tenant, settings)
        rows += [row for agent in tenant.agents for row in _agent(name, agent)]
    return [*rows, *_limits(settings, registry)]


def _general(settings: Settings, registry: Registry | None, keyed: bool) -> Iterator[Row]:
    yield Row("configuration", "digest", "note", digest(settings, registry))
    wait = settings.lateness_s + settings.slot_s
    yield Row(
        "configuration",
        "wait",
        "note",
        f"rates wait {wait:g} s, unless the registry says",
    )
    if not keyed:
        yield Row("configuration", "key_file", "note", "no key: hashes in facts and snapshots are not secret")
    if settings.examples.excerpts:
        yield _excerpts(settings)
    if registry is None:
        yield Row(
            "registry", "registry", "off", "none: no boundary, no shadow_ai; every tenant is always open"
        )
    elif not registry.tenants:
        yield Row("registry", "registry", "warning", "no tenants: every event is shadow_ai")


def _excerpts(settings: Settings) -> Row:
    if any(getattr(settings.signals, name) for name in WORDS):
        text = "alerts, facts and snapshots hold redacted excerpts of what was said"
        return Row("configuration", "examples.excerpts", "on", text)
    text = f"no excerpts: none of {', '.join(WORDS)} is on, so no word is read"
    return Row("configuration", "examples.excerpts", "warning", text)


def _signals(settings: Settings, registry: Registry | None) -> Iterator[Row]:
    for name, on in msgspec.structs.asdict(settings.signals).items():
        if not on:
            yield Row("signals", name, "off", "switched off")
        elif name in BY_REGISTRY and registry is None:
            yield Row("signals", name, "off", "no registry")
        else:
            yield Row("signals", name, "on", "")


def _tenant(name: str, tenant: Tenant, settings: Settings) -> Iterator[Row]:
    where = f"tenant {name}"
    for key, entries in (("agents", tenant.agents), ("sources", tenant.sources)):
        if not entries:
            yield Row(where, key, "off", f"none listed: {key} are not checked")
    if tenant.sources:
        yield Row(where, "sources", "on", ", ".join(_sources(tenant)))
    yield from _hours(where, tenant)
    lateness = settings.lateness_s if tenant.lateness_s is None else tenant.lateness_s
    state: State = "warning" if lateness > LONG_LATENESS_S else "note"
    yield Row(where, "lateness_s", state, f"{lateness:g} s: every rate alert waits for it")
    if tenant.agents:
        tests = segments(tenant, settings) * _tests(settings)
        most = tests / settings.budget.ticket_days
        text = f"about {tests} tests, at most {most:.2g} false tickets an opening day"
        yield Row(where, "budget", "note", text)


def _hours(where: str, tenant: Tenant) -> Iterator[Row]:
    if tenant.hours is None:
        yield Row(where, "hours", "note", "not stated: always open")
        return
    yield Row(where, "hours", "on", _week(tenant.calendar()))
    for source in tenant.hours if isinstance(tenant.hours, dict) else ():
        known = not tenant.sources or tenant.source(source) is not None
        text = _week(tenant.calendar(source)) if known else "not among the sources"
        yield Row(where, f"hours.{source}", "on" if known else "warning", text)
    if tenant.holidays:
        yield Row(where, "holidays", "on", f"{len(tenant.holidays)} days")


def _week(calendar: Calendar) -> str:
    # A week without a change of clocks, and long before anybody's holidays.
    monday = int(datetime(2001, 1, 8, tzinfo=UTC).timestamp()) * SECOND
    return f"{calendar.open_seconds(monday, monday + WEEK) / 3600:.4g} hours a week, {calendar.zone}"


def _agent(tenant: str, agent: Agent) -> Iterator[Row]:
    where = f"tenant {tenant}, agent {agent.id}"
    stated = {key: getattr(agent, key) for key in ("queues", "versions", "models", "actions", "data")}
    unchecked = [key for key, names in stated.items() if names is None]
    lists = ", ".join(f"{len(names)} {key}" for key, names in stated.items() if names is not None)
    yield Row(where, agent.kind, "on", lists or "nothing is limited")
    if agent.kind == "ai" and unchecked:
        yield Row(where, "unchecked", "note", f"not stated, so not checked: {', '.join(unchecked)}")
    for action in agent.limits:
        if agent.actions is not None and action not in agent.actions:
            yield Row(where, f"limits.{action}", "warning", "a limit for an action that it may not make")


def _sources(tenant: Tenant) -> Iterable[str]:
    return (entry if isinstance(entry, str) else entry.id for entry in tenant.sources)


def segments(tenant: Tenant, settings: Settings) -> int:
    """How many segments the registry lets one expect of a tenant; languages and channels it does not know."""
    ais = [agent for agent in tenant.agents if agent.kind == "ai"]
    queues = {queue for agent in ais for queue in agent.queues or ()}
    versions = sum(len(agent.versions or ("",)) for agent in ais)
    sizes = {"queue": len(queues), "source": len(tenant.sources)}
    total = 0
    for cut in settings.cuts:
        # Versions belong to agents, so the two together are no product.
        served = versions if "version" in cut else len(ais) if "agent" in cut else 1
        total += prod(max(1, size) for size in (served, *(sizes.get(dimension, 1) for dimension in cut)))
    return total


def _tests(settings: Settings) -> int:
    on = msgspec.structs.asdict(settings.signals).items()
    return sum(1 for name, value in on if value and name not in RULES)


def _limits(settings: Settings, registry: Registry | None) -> Iterator[Row]:
    tenants = registry.tenants.values() if registry else ()
    expected = max((segments(tenant, settings) for tenant in tenants), default=0)
    for name, value in msgspec.structs.asdict(settings.limits).items():
        short = name == "tenant_segments" and expected > value
        text = f"{value:,}" + (f"; the registry lets expect {expected:,}" if short else "")
        yield Row("limits", name, "warning" if short else "note", text)
