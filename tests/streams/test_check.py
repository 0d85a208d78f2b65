"""The report before a start: what runs, what does not and why, and what looks wrong."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from streams.check import Row, check, segments
from streams.records.registry import Agent, Registry, Tenant, parse_registry
from streams.settings import WORDS, Examples, Limits, Settings, Signals

HELPER = Agent(
    id="helper",
    queues=frozenset({"a", "b"}),
    versions=frozenset({"1", "2", "3"}),
    actions=frozenset({"Find"}),
)
CLERK = Agent(id="clerk", queues=frozenset({"b"}), versions=frozenset({"1"}))


def found(rows: list[Row], name: str) -> Row:
    return next(row for row in rows if row.name == name)


def test_without_a_registry() -> None:
    rows = check(Settings(), None)
    assert found(rows, "boundary")[2:] == ("off", "no registry")
    assert found(rows, "shadow_ai").state == "off"
    assert found(rows, "escalation").state == "on"
    assert not [row for row in rows if row.state == "warning"]


def test_excerpts_are_said_to_be_there_or_why_not() -> None:
    allowed = replace(Settings(), examples=Examples(excerpts=True))
    assert found(check(allowed, None), "examples.excerpts").state == "on"
    silent = replace(allowed, signals=Signals(**dict.fromkeys(WORDS, False)))
    assert found(check(silent, None), "examples.excerpts").state == "warning"
    assert not [row for row in check(Settings(), None) if row.name == "examples.excerpts"]


def test_switched_off() -> None:
    row = found(check(replace(Settings(), signals=Signals(nps=False)), None), "nps")
    assert row[2:] == ("off", "switched off")


def test_a_tenant_with_nothing() -> None:
    rows = check(Settings(), Registry(tenants={"A": Tenant()}))
    assert found(rows, "boundary").state == "on"
    assert found(rows, "agents").state == found(rows, "sources").state == "off"
    assert "always open" in found(rows, "hours").text


def test_what_looks_like_a_mistake() -> None:
    helper = replace(HELPER, limits={"Refund": 5.0})
    odd = Tenant(agents=(helper,), sources=("web",), hours={"webb": "Mon 08:00-10:00 UTC"}, lateness_s=3600.0)
    rows = check(replace(Settings(), limits=Limits(tenant_segments=3)), Registry(tenants={"A": odd}))
    warnings = {row.name for row in rows if row.state == "warning"}
    assert warnings == {"limits.Refund", "hours.webb", "lateness_s", "tenant_segments"}
    assert found(check(Settings(), Registry()), "registry").state == "warning"


def test_the_example_registry_is_without_fault() -> None:
    example = Path(__file__).parents[2] / "config" / "registry.example.yaml"
    rows = check(Settings(), parse_registry(example.read_bytes(), "example"))
    assert not [row for row in rows if row.state == "warning"]
    assert not [row for row in rows if row.state == "off"]


def test_opening_hours_are_summed_up() -> None:
    rows = check(Settings(), Registry(tenants={"A": Tenant(hours="Mon-Fri 07:00-21:05 Europe/Berlin")}))
    assert found(rows, "hours").text == "70.42 hours a week, Europe/Berlin"


def test_segments() -> None:
    tenant = Tenant(agents=(HELPER, CLERK), sources=("web", "tel"))
    # The tenant, two queues, two agents, four versions of agents, two sources.
    assert segments(tenant, Settings()) == 1 + 2 + 2 + 4 + 2
    assert segments(Tenant(), replace(Settings(), cuts=((), ("queue", "version")))) == 2
