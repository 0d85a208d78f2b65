"""Integrations that changed, on the floor: what is trouble, what was meant, and what is the same trouble."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from streams.floor.watch import Watch
from streams.records.facts import Fact
from streams.settings import Signals
from tests.streams.floor.made import MINUTE, PINE, SETTINGS, Run, acted, at, ended, registry, started

ORDER: dict[str, Any] = {"data": ("order",), "effect": "read", "latency_ms": 200.0}


def calls(day: int, count: int, agent: str = "cove", version: str = "1.0", **call: Any) -> list[Fact]:
    facts: list[Fact] = []
    for i in range(count):
        time, key, who = at(day, 9) + 3 * i * MINUTE, f"c{day}-{i}", f"u{day}-{i}"
        dims: dict[str, Any] = {"agent": agent, "version": version, "ai": True, "customer": who}
        facts.append(started(time, key, **dims))
        facts.append(acted(time + 1, key, **{**ORDER, "subject": who, **dims, **call}))
        facts.append(ended(time + 100, key, **dims))
    return facts


def run(
    today: list[Fact], agent: str = "cove", like: dict[str, Any] | None = None,
    data: list[str] | None = None, **signals: bool,
) -> Run:  # fmt: skip
    settings = replace(SETTINGS, signals=Signals(**signals)) if signals else SETTINGS
    agents = {"agents": [{**PINE, "data": data}]} if data else {}
    watch = Watch("shop", settings, registry(**agents))
    before = [fact for day in range(4) for fact in calls(day, 80, agent, **(like or {}))]
    return Run(watch, settings).feed([*before, *today], until=at(4, 20))


def told(done: Run) -> list[tuple[str, str, str]]:
    return [
        (one.kind, one.signal, one.severity)
        for one in done.changes
        if one.state == "open" and one.detector == "usage/1"
    ]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ({}, []),
        ({"data": ("card", "order")}, [("boundary", "tool_data", "ticket")]),
        ({"effect": "write"}, [("boundary", "tool_writes", "ticket")]),
        ({"subject": "somebody"}, [("boundary", "tool_others", "ticket")]),
        ({"amount": 5.0}, [("boundary", "tool_moves", "ticket")]),
        ({"latency_ms": 900.0}, [("response_drift", "tool_slow", "ticket")]),
        ({"status": "timeout"}, [("satisfaction", "tool_fails", "ticket")]),
        ({"data": ("card", "order"), "version": "2.0"}, [("boundary", "tool_data", "info")]),
    ],
)
def test_what_a_tool_newly_does(call: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    done = run(calls(4, 20, **call), tool_error=True, latency=True, trouble=False)
    assert told(done)[: len(expected) or None] == expected


def test_it_says_what_and_how_often() -> None:
    done = run(calls(4, 20, data=("card", "order")))
    [opened] = done.opened("boundary")
    assert opened.scope == {"tenant": "shop", "agent": "cove", "action": "Look"}
    assert opened.evidence["trait"] == "card"
    assert opened.expected is not None
    assert opened.expected < 0.01
    assert done.told(opened)[-1].state in ("open", "updated")


def test_what_the_registry_allows_is_an_info() -> None:
    amounts: dict[str, Any] = {"name": "Refund", "data": ("order",)}
    moved = [replace(fact, amount=3.0 * i) if hasattr(fact, "amount") else fact
             for i, fact in enumerate(calls(4, 20, "pine", **amounts))]  # fmt: skip
    assert told(run(moved, "pine", amounts)) == [("boundary", "tool_moves", "info")]


def test_what_was_meant_swallows_nothing_that_was_not() -> None:
    today = calls(4, 20, "pine", data=("address", "order"), effect="write")
    done = run(today, "pine", data=["address", "order"])
    [opened] = [one for one in done.changes if one.state == "open" and one.detector == "usage/1"]
    assert (opened.signal, opened.severity) == ("tool_data", "info")
    said = done.told(opened)[1]
    assert (said.state, said.severity) == ("updated", "ticket")
    assert [one["trait"] for one in said.evidence["also"]] == ["writes"]


def test_trouble_elsewhere_explains_no_tool() -> None:
    for scope, expected in (({"queue": "orders"}, 1), ({"agent": "cove"}, 0), ({"agent": "pine"}, 1)):
        watch = Watch("shop", SETTINGS, registry())
        done = Run(watch).feed([fact for day in range(4) for fact in calls(day, 80)], until=at(4, 8))
        watch.incidents.start(
            "satisfaction", "csat", scope, since=at(4, 8), opened=at(4, 8), touched=at(4, 8), detector="x",
            told=1, told_severity="ticket",
        )  # fmt: skip
        done.feed(calls(4, 20, status="timeout"), until=at(4, 20))
        assert [one[1] for one in told(done)] == ["tool_fails"] * expected, scope


def test_one_trouble_of_a_tool_is_one_incident_until_it_is_over() -> None:
    watch = Watch("shop", SETTINGS, registry())
    before = [fact for day in range(4) for fact in calls(day, 80)]
    failing = calls(4, 200, status="timeout")
    done = Run(watch).feed([*before, *failing, *calls(7, 20), *calls(9, 80)], until=at(9, 20))
    opened = done.opened("satisfaction")
    assert [one.signal for one in opened] == ["tool_fails"]
    assert [one.severity for one in done.told(opened[0])][-1] == "page"
    assert done.told(opened[0])[-1].state == "resolved"


def test_equal_amounts_for_many_people_are_a_ticket() -> None:
    before: dict[str, Any] = {"amount": 3.0}
    facts = [fact for day in range(4) for fact in calls(day, 80, "pine", name="Refund", **before)]
    various = [
        replace(f, amount=1.0 + i % 487 / 10) if hasattr(f, "amount") else f for i, f in enumerate(facts)
    ]
    today = calls(4, 20, "pine", name="Refund", amount=45.0)
    done = Run(Watch("shop", SETTINGS, registry())).feed([*various, *today], until=at(4, 20))
    assert ("boundary", "tool_alike", "ticket") in told(done)


def test_switched_off_it_says_nothing() -> None:
    assert not told(run(calls(4, 20, data=("card",)), boundary=False))


def test_a_restored_watch_goes_on_alike() -> None:
    today = calls(4, 20, data=("card", "order"))
    whole = run(today)
    half = run(today[:6])
    rest = Run(Watch("shop", SETTINGS, registry()))
    rest.watch.restore(half.watch.snapshot())
    assert rest.watch.snapshot() == half.watch.snapshot()
    assert told(whole)
