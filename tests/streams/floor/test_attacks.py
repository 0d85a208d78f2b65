"""Attacks on the floor: campaigns, actors and successes as incidents; attempts and look-alikes are silent."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from detectors.content.base import Score
from detectors.content.checks import Checks
from streams.records.facts import Fact
from streams.settings import Signals
from tests.streams.floor.made import HOUR, MINUTE, SETTINGS, Run, acted, at, said, started

READING = replace(SETTINGS, signals=Signals(leakage=False))  # attacks alone
BOT: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}


def attacks(time: int, key: str, customer: str, score: float = 0.999, copy: int = 0) -> list[Fact]:
    likeness = (copy,) if copy else ()
    checks = Checks(injection=Score(score, "override"), likeness=likeness)
    return [
        started(time, key, customer=customer, **BOT),
        said(time + 1, key, "customer", turn=0, checks=checks, customer=customer, **BOT),
        said(time + 2, key, "ai", turn=1, customer=customer, **BOT),
    ]


def run(rows: list[list[Fact]], hours: float = 12) -> Run:
    facts = [started(at(-2), "before"), *(fact for row in rows for fact in row)]
    return Run(settings=READING).feed(facts, until=at(0, 8) + round(hours * HOUR))


def crowd(count: int, people: int, **more: Any) -> list[list[Fact]]:
    return [attacks(at(0, 8) + i * 5 * MINUTE, f"c{i}", f"u{i % people}", **more) for i in range(count)]


def test_a_campaign_is_one_incident_of_many_customers() -> None:
    done = run(crowd(10, 10, copy=7))
    [opened] = done.opened("injection")
    assert (opened.signal, opened.severity, opened.scope) == ("campaign", "ticket", {"tenant": "shop"})
    assert opened.affected == 4
    told = done.told(opened)
    assert told[-1].state == "resolved"
    assert told[-1].affected == 10
    assert "Several customers" in opened.summary


def test_single_attempts_and_faint_ones_are_silent() -> None:
    assert not run(crowd(2, 2)).opened("injection")
    assert not run(crowd(10, 10, score=0.49)).opened("injection")


def test_lookalikes_are_silent() -> None:
    assert not run(crowd(20, 7, score=0.88, copy=7)).opened("injection")
    assert not run(crowd(12, 1, score=0.88)).opened("injection")


def test_an_actor_is_named() -> None:
    [opened] = run(crowd(3, 1)).opened("injection")
    assert (opened.signal, opened.scope) == ("actor", {"tenant": "shop", "customer": "u0"})
    assert opened.observed == 3


def test_lookalikes_do_not_keep_a_campaign_open() -> None:
    strays = [attacks(at(0, 12) + i * 5 * MINUTE, f"s{i}", f"v{i}", score=0.7) for i in range(6)]
    done = run([*crowd(10, 10), *strays], hours=6)
    [opened] = done.opened("injection")
    assert [(one.state, one.affected) for one in done.told(opened)][-1] == ("resolved", 10)


def test_an_actor_goes_on_with_doubtful_attempts() -> None:
    strong = [attacks(at(0, 8) + i * MINUTE, f"c{i}", "eve", 0.9999) for i in range(3)]
    doubtful = [attacks(at(0, 11) + 3 * i * HOUR, f"d{i}", "eve", 0.5) for i in range(2)]
    done = run([*strong, *doubtful], hours=11)
    [opened] = done.opened("injection")
    assert [(one.state, one.affected) for one in done.told(opened)][-1] == ("resolved", 5)


def test_the_actor_of_a_campaign_becomes_part_of_it() -> None:
    first = [attacks(at(0, 8) + i * MINUTE, f"a{i}", "eve", copy=7) for i in range(3)]
    others = [attacks(at(0, 8) + (5 + i) * MINUTE, f"b{i}", f"u{i}", copy=7) for i in range(12)]
    done = run([*first, *others])
    [opened] = done.opened("injection")
    assert opened.scope["customer"] == "eve"
    ended = done.told(opened)[-1]
    assert (ended.signal, ended.scope, ended.affected) == ("campaign", {"tenant": "shop"}, 15)


def exported(time: int, key: str, customer: str) -> Fact:
    return acted(time, key, name="Export", customer=customer, **BOT)


def test_an_attack_that_worked_pages_at_once() -> None:
    facts = [*attacks(at(0, 9), "c1", "eve"), exported(at(0, 9) + 3, "c1", "eve")]
    done = Run(settings=READING).feed(facts, until=at(0, 10), instants=True)
    [instant] = [one for one in done.instants if one.kind == "injection"]
    [opened] = done.opened("injection")
    assert (opened.id, opened.signal, opened.severity) == (instant.id, "worked", "page")
    assert instant.confirmed is False
    assert opened.scope == {"tenant": "shop", "agent": "pine"}
    assert opened.evidence["reason"] == "attacked, then: action not allowed"


def test_a_recital_after_an_attack_is_its_success() -> None:
    recital = Checks(recital=Score(1.0, "instructions"))
    facts = [*attacks(at(0, 9), "c1", "eve"), said(at(0, 9) + 3, "c1", turn=3, checks=recital, **BOT)]
    assert [one.signal for one in run([facts]).opened("injection")] == ["worked"]


def test_violations_without_an_attack_and_before_one_are_none() -> None:
    alone = [started(at(0, 9), "c2", **BOT), exported(at(0, 9) + 3, "c2", "bob")]
    before = [exported(at(0, 9) - 5, "c1", "eve"), *attacks(at(0, 9), "c1", "eve")]
    assert not run([alone, before]).opened("injection")


def test_switched_off_nothing_is_said() -> None:
    facts = [fact for row in crowd(10, 3, copy=7) for fact in row]
    off = replace(READING, signals=Signals(injection=False))
    assert not Run(settings=off).feed([*facts, exported(at(0, 9), "c1", "u1")]).opened("injection")


def test_a_restored_watch_goes_on_alike() -> None:
    rows = [fact for row in crowd(12, 4, copy=7) for fact in row]
    whole = Run(settings=READING).feed(rows, until=at(0, 20))
    half = Run(settings=READING).feed(rows[:15])
    rest = Run(settings=READING)
    rest.watch.restore(half.watch.snapshot())
    rest.next = half.next
    rest.feed(rows[15:], until=at(0, 20))
    assert [*half.changes, *rest.changes] == whole.changes
    assert rest.watch.snapshot() == whole.watch.snapshot()
