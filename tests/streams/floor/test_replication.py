"""New answers on the floor: one that does harm is an incident; right ones, greetings, farewells are not."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from streams.floor.replication import DETECTOR
from streams.records.alerts import Alert
from streams.records.facts import Fact, Scored
from streams.settings import Limits, Signals
from tests.streams.floor.made import (
    DAY,
    HOUR,
    MINUTE,
    NEXT,
    SECOND,
    SETTINGS,
    Run,
    at,
    ended,
    handed_off,
    hash_of,
    said,
    scored,
    started,
    warmed,
)

BOT: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}
NEW = 77
START = at(NEXT, 9)


def talk(
    time: int,
    key: str,
    sentences: tuple[int, ...] = (),
    objects: bool = False,
    end: str = "resolved",
    **more: Any,
) -> Iterator[Fact]:
    """One conversation of four turns; the second is the AI's answer."""
    who = {**BOT, "customer": f"of {key}", **more}
    yield started(time, key, id=f"{key}/0", **who)
    yield said(time + 10 * SECOND, key, "customer", id=f"{key}/1", turn=0, **who)
    yield said(time + 20 * SECOND, key, id=f"{key}/2", turn=1, sentences=sentences, words=20, **who)
    yield said(time + 30 * SECOND, key, "customer", id=f"{key}/3", turn=2, objection=objects, **who)
    yield said(time + 40 * SECOND, key, id=f"{key}/4", turn=3, sentences=(1,), words=20, **who)
    if end == "handed_off":
        yield handed_off(time + 50 * SECOND, key, id=f"{key}/5", **who)
    yield ended(time + 60 * SECOND, key, end, id=f"{key}/6", **who)


def ordinary(day: int, hours: float = 10.0, every: int = 4, **more: Any) -> list[Fact]:
    """Conversations every so many minutes; few object, some are handed off."""
    rng, facts = Random(day), list[Fact]()
    for i in range(round(hours * 60 / every)):
        end = "handed_off" if rng.random() < 0.08 else "unresolved" if rng.random() < 0.1 else "resolved"
        time = at(day, 8.5) + i * every * MINUTE
        facts += talk(time, f"o{day}/{i}", (2, 3), rng.random() < 0.03, end, **more)
    return facts


def answered(count: int, sentences: tuple[int, ...] = (NEW,), bad: float = 0.0, **more: Any) -> list[Fact]:
    """Conversations that hear an answer, five minutes apart; this share of their customers objects."""
    facts = list[Fact]()
    for i in range(count):
        objects = int((i + 1) * bad) > int(i * bad)
        facts += talk(START + i * 5 * MINUTE, f"n{i}", sentences, objects, **more)
    return facts


def run(facts: list[Fact], hours: float = 12.0, **settings: Any) -> Run:
    """After a day of ordinary conversations, on the day after: these, and ordinary ones."""
    done = warmed(replace(SETTINGS, **settings) if settings else SETTINGS)
    done.feed(ordinary(NEXT))
    mixed = sorted([*(shifted(fact) for fact in facts), *ordinary(NEXT + 1)], key=lambda fact: fact.time)
    return done.feed(mixed, until=START + DAY + round(hours * HOUR))


def shifted(fact: Fact) -> Fact:
    return replace(fact, time=fact.time + DAY)


def found(done: Run) -> list[Alert]:
    return done.opened("replication")


def test_a_wrong_answer_that_spreads_is_found() -> None:
    done = run(answered(24, bad=0.5))
    [opened] = found(done)
    assert (opened.signal, opened.severity, opened.detector) == ("answer_objected", "ticket", DETECTOR)
    assert opened.scope == {"tenant": "shop", "agent": "pine"}
    assert opened.observed is not None
    assert opened.expected is not None
    assert opened.observed >= 0.4
    assert opened.expected <= 0.1
    assert opened.affected <= 20
    assert opened.since == "2026-05-19T09:00:20.000Z"
    last = done.told(opened)[-1]
    assert (last.state, last.affected) == ("resolved", 24)


def test_handoffs_are_harm_too() -> None:
    [opened] = found(run(answered(24, end="handed_off")))
    assert opened.signal == "answer_handed_off"
    assert "handed to people" in opened.summary


@pytest.mark.parametrize("bad", [0.0, 0.05])
def test_a_right_answer_just_as_frequent_is_silent(bad: float) -> None:
    assert not found(run(answered(60, bad=bad)))


def test_a_known_answer_is_silent() -> None:
    assert not found(run(answered(24, sentences=(2,), bad=0.5)))


def test_a_fresh_greeting_of_a_worse_version_is_silent() -> None:
    """All of the version's conversations hear it: the version is to blame, not the greeting."""
    assert not found(run(answered(24, bad=0.5, version="1.1")))


def test_what_is_said_because_of_trouble_is_not_its_cause() -> None:
    facts = list[Fact]()
    for i in range(30):
        time, key = START + i * 5 * MINUTE, f"s{i}"
        who = {**BOT, "customer": f"of {key}"}
        rows = [fact for fact in talk(time, key, objects=True, end="unresolved") if fact.id != f"{key}/4"]
        sorry = said(time + 40 * SECOND, key, id=f"{key}/sorry", turn=3, sentences=(NEW,), **who)
        reply = said(time + 50 * SECOND, key, "customer", id=f"{key}/reply", turn=4, **who)
        facts += [*rows[:-1], sorry, reply, rows[-1]]
    assert not found(run(facts))


def test_a_farewell_and_a_transfer_are_no_cause() -> None:
    """Nobody spoke after it, or only to a person."""
    facts = list[Fact]()
    for i in range(30):
        for fact in talk(START + i * 5 * MINUTE, f"t{i}", end="handed_off"):
            facts.append(replace(fact, sentences=(NEW,)) if fact.id.endswith("/4") else fact)
    assert not found(run(facts))


def test_refusals_are_counted_elsewhere() -> None:
    facts = [
        replace(fact, refusal=True) if fact.id.endswith("/2") else fact for fact in answered(24, bad=0.5)
    ]
    assert not found(run(facts))


def test_one_customer_does_not_make_a_spread() -> None:
    assert not found(run(answered(24, bad=0.5, customer="one")))


def graded(facts: list[Fact], share: float, name: str) -> list[Fact]:
    """These and a score for each conversation: this share of them low."""
    scores = []
    for i, last in enumerate(fact for fact in facts if fact.id.endswith("/6")):
        low = int((i + 1) * share) > int(i * share)
        grade = 0.25 if low else 1.0
        scores.append(
            scored(last.time + 5 * MINUTE, last.conversation, grade, respondent=hash_of(f"{name}{i}"))
        )
    return sorted([*facts, *scores], key=lambda fact: fact.time)


@pytest.mark.parametrize(("share", "signals"), [(0.7, ["answer_low"]), (0.1, [])])
def test_low_scores_afterwards_are_harm_too(share: float, signals: list[str]) -> None:
    done = warmed(replace(SETTINGS, signals=Signals(integrity=False)))
    done.feed(graded(ordinary(NEXT), 0.1, "a"))
    new = graded([shifted(fact) for fact in answered(30)], share, "n")
    today = sorted([*new, *graded(ordinary(NEXT + 1), 0.1, "b")], key=lambda fact: fact.time)
    done.feed(today, until=START + DAY + 12 * HOUR)
    assert [one.signal for one in found(done)] == signals


def left(facts: list[Fact]) -> list[Fact]:
    """The same, where nothing says that they are over."""
    return [fact for fact in facts if not fact.id.endswith("/6")]


@pytest.mark.parametrize(("share", "signals"), [(0.7, ["answer_low"]), (0.1, [])])
def test_low_scores_before_the_end_are_harm_too(share: float, signals: list[str]) -> None:
    done = warmed(replace(SETTINGS, signals=Signals(integrity=False)))
    done.feed(left(graded(ordinary(NEXT), 0.1, "a")))
    new = graded([shifted(fact) for fact in answered(30)], share, "n")
    today = sorted([*new, *graded(ordinary(NEXT + 1), 0.1, "b")], key=lambda fact: fact.time)
    done.feed(left(today), until=START + DAY + 12 * HOUR)
    assert [one.signal for one in found(done)] == signals


def test_several_marks_of_one_customer_are_one() -> None:
    facts = graded(ordinary(NEXT), 0.1, "a")
    again = [
        replace(fact, id=f"{fact.id}+", metric="nps", time=fact.time + 1, respondent=0)
        for fact in facts
        if isinstance(fact, Scored)
    ]
    twice = sorted([*facts, *again], key=lambda fact: fact.time)
    once, more = (warmed().feed(rows).watch._replication.state()[-1] for rows in (facts, twice))
    assert once == more


def about(key: str, time: int, answer: tuple[int, ...], topic: int, again: float) -> Iterator[Fact]:
    """A conversation about something, after which its customer may be back about the same."""
    for fact in talk(time, key, answer, customer=f"of {key}"):
        yield replace(fact, topic=topic) if fact.id.endswith("/1") else fact
    if again > 0:
        for fact in talk(time + 2 * HOUR, f"{key}+", (), customer=f"of {key}"):
            yield replace(fact, topic=topic) if fact.id.endswith("/1") else fact


@pytest.mark.parametrize(("bad", "signals"), [(2, ["answer_returned"]), (20, [])])
def test_returns_afterwards_are_harm_too(bad: int, signals: list[str]) -> None:
    def day(start: int, name: str, count: int, every: int, answer: tuple[int, ...], each: int) -> list[Fact]:
        rows = (
            about(f"{name}{i}", start + i * every, answer, 5 + i % 3, i % each == 0) for i in range(count)
        )
        return [fact for row in rows for fact in row]

    done = warmed(replace(SETTINGS, signals=Signals(returned=False)))
    yesterday = day(at(NEXT, 8.1), "x", 150, 4 * MINUTE, (2, 3), 20)
    new = day(START + DAY, "n", 30, 6 * MINUTE, (NEW,), bad)
    today = day(at(NEXT + 1, 8.1), "y", 150, 4 * MINUTE, (2, 3), 20)
    facts = sorted([*yesterday, *new, *today], key=lambda fact: fact.time)
    done.feed(facts, until=at(NEXT + 2))
    assert [one.signal for one in found(done)] == signals


def test_what_is_usual_of_an_intent_is_no_harm() -> None:
    """Half of all who ask about it object, whatever they hear; others hardly ever do."""
    hot = 9

    def asking(facts: list[Fact]) -> list[Fact]:
        return [replace(fact, topic=hot) if fact.id.endswith("/1") else fact for fact in facts]

    def usual(day: int) -> list[Fact]:
        rows = [
            list(talk(at(day, 8.2) + i * 6 * MINUTE, f"h{day}/{i}", (5,), i % 2 == 0)) for i in range(100)
        ]
        return asking([fact for row in rows for fact in row])

    days = [fact for day in (NEXT, NEXT + 1) for fact in (*usual(day), *ordinary(day))]
    known = asking([shifted(fact) for fact in answered(24, bad=0.5)])
    for new, count in ((known, 0), ([shifted(fact) for fact in answered(24, bad=0.5)], 1)):
        facts = sorted([*days, *new], key=lambda fact: fact.time)
        assert len(found(warmed().feed(facts, until=START + DAY + 12 * HOUR))) == count


def test_a_sentence_of_the_same_answer_is_the_same_incident() -> None:
    assert len(found(run(answered(24, sentences=(NEW, NEW + 1, NEW + 2), bad=0.5)))) == 1


def test_at_the_bound_the_rest_is_counted() -> None:
    facts = [fact for i in range(8) for fact in talk(START + i * MINUTE, f"m{i}", tuple(range(100, 106)))]
    done = run(facts, limits=Limits(tenant_answers=2))
    assert done.watch.bounds.counts["tenant_answers"] >= 4


def test_switched_off_the_reader_sends_nothing_and_nothing_is_said() -> None:
    assert not found(run(answered(24, sentences=(), bad=0.5), signals=Signals(replication=False)))


def test_a_restored_watch_goes_on_alike() -> None:
    facts = sorted([*map(shifted, answered(24, bad=0.5)), *ordinary(NEXT + 1)], key=lambda fact: fact.time)
    stop, end = START + DAY + HOUR, START + DAY + 12 * HOUR
    before, after = ([f for f in facts if (f.time < stop) is early] for early in (True, False))
    whole = warmed().feed(ordinary(NEXT)).feed(facts, until=end)
    half = warmed().feed(ordinary(NEXT)).feed(before, until=stop)
    rest = Run()
    rest.watch.restore(half.watch.snapshot())
    rest.next = half.next
    rest.feed(after, until=end)
    assert [*half.changes, *rest.changes] == whole.changes
    assert rest.watch.snapshot() == whole.watch.snapshot()
