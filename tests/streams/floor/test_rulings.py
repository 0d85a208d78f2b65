"""What verdicts change: thresholds, planned windows, and what is normal. First the book, then whole days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
import pytest

from streams.floor.rulings import CALIBRATIONS, KEPT_US, MOST_STEPS, STEP, WINDOWS, Rulings
from streams.records.alerts import Alert
from streams.records.controls import VerdictGiven, Word
from streams.records.facts import Dims, Fact
from tests.streams.floor.made import HOUR, MINUTE, NEXT, Day, Run, acted, at, traffic, warmed

ORDERS = {"queue": "orders"}


def given(verdict: Word, **more: Any) -> VerdictGiven:
    fields: dict[str, Any] = {
        "id": f"v{more}", "effective": at(0), "alert": "a", "verdict": verdict, "tenant": "shop",
        "about": "escalation_rate", "signal": "escalation", "scope": ORDERS, "since": at(0, 9), **more,
    }  # fmt: skip
    return VerdictGiven(**fields)


def test_false_alarms_ask_for_more_evidence_within_bounds_and_real_ones_for_less() -> None:
    book = Rulings()
    for step in range(1, MOST_STEPS + 3):
        book.take(given("false"))
        assert book.factor("escalation", ORDERS) == STEP ** min(step, MOST_STEPS)
    for _ in range(MOST_STEPS + 3):
        book.take(given("real"))
    assert book.factor("escalation", ORDERS) == 1.0
    assert book.state()[1] == []


def test_only_that_signal_in_that_place_and_inside_it() -> None:
    book = Rulings()
    book.take(given("false"))
    assert book.factor("escalation", {**ORDERS, "agent": "pine"}) == STEP
    assert book.factor("escalation", {}) == book.factor("escalation", {"queue": "returns"}) == 1.0
    assert book.factor("tool_error", ORDERS) == 1.0


def test_what_was_planned_is_quiet_there_and_then() -> None:
    book = Rulings()
    book.take(given("expected", until=at(0, 12)))
    kind, inside, outside = "escalation_rate", {**ORDERS, "agent": "pine"}, {"agent": "pine"}
    assert book.planned(kind, inside, at(0, 10))  # type: ignore[arg-type]
    assert not book.planned(kind, outside, at(0, 10))  # type: ignore[arg-type]
    assert not book.planned("satisfaction", inside, at(0, 10))
    for time in (at(0, 8.9), at(0, 12)):
        assert not book.planned(kind, inside, time)  # type: ignore[arg-type]
        assert not book.struck(time, Dims(queue="orders"))
    assert book.struck(at(0, 9), Dims(queue="orders"))
    assert not book.struck(at(0, 9), Dims(queue="returns"))


def test_a_window_ends_once_and_is_forgotten_after_a_week() -> None:
    book = Rulings()
    book.take(given("expected", until=at(0, 12)))
    assert [len(book.ended(at(0, hour))) for hour in (11, 12, 13)] == [0, 1, 0]
    assert book.may_concern("escalation_rate", {}, at(1))
    book.ended(at(0, 12) + KEPT_US)
    assert not book.may_concern("escalation_rate", {}, at(9))


def test_bounds_and_state() -> None:
    book = Rulings()
    for i in range(CALIBRATIONS + WINDOWS):
        book.take(given("false", scope={"queue": f"q{i}"}))
        book.take(given("expected", until=at(0, 12) + i))
    windows, calibrations, _ = book.state()
    assert (len(windows), len(calibrations)) == (WINDOWS, CALIBRATIONS)
    other = Rulings()
    other.restore(msgspec.json.decode(msgspec.json.encode(book.state())))
    assert other.state() == book.state()


# -- whole days ---

BAD = Day(begin=12).but("orders", handoff=0.5)


def days(*wanted: int, bad: tuple[int, ...] = ()) -> list[Fact]:
    """Days from NEXT on; the afternoons of some are bad."""
    found: list[Fact] = []
    for day in wanted:
        for half in (Day(end=12), BAD if day in bad else Day(begin=12)):
            found += traffic(NEXT + day, half)
    return found


def micros(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) * 1_000_000


def verdict(word: Word, alert: Alert, effective: int, **more: Any) -> VerdictGiven:
    scope = {name: value for name, value in alert.scope.items() if name != "tenant"}
    fields = {"since": micros(alert.since), "scope": scope, "about": alert.kind, "signal": alert.signal}
    return given(word, alert=alert.id, effective=effective, **{"id": f"v{effective}", **fields, **more})


def run(facts: list[Fact], *verdicts: VerdictGiven) -> Run:
    found = warmed()
    for one in verdicts:
        found.watch.plan(one)
    return found.feed(facts, until=facts[-1].time + 6 * HOUR)


@cache
def plain() -> Run:
    return run(days(0, bad=(0,)))


def first() -> Alert:
    return plain().opened("escalation_rate")[0]


def soon() -> int:
    """A slot after the alert opened."""
    return micros(first().opened_at) // MINUTE * MINUTE + 10 * MINUTE


@pytest.mark.parametrize("word", ["false", "normal", "expected"])
def test_a_verdict_ends_the_open_incident_at_its_slot(word: Word) -> None:
    found = run(days(0, bad=(0,)), verdict(word, first(), soon(), until=at(NEXT + 1)))
    end = [change for change in found.told(first()) if change.state == "resolved"]
    assert len(end) == 1
    assert micros(end[0].at) == soon()
    assert end[0].evidence["ended"].startswith("verdict: ")


def test_real_trouble_goes_on_and_verdicts_of_other_tenants_change_nothing() -> None:
    one, other = verdict("real", first(), soon()), verdict("false", first(), soon(), tenant="mill", id="x")
    assert run(days(0, bad=(0,)), one, other).changes == plain().changes


def test_after_false_alarms_the_same_needs_more_evidence_and_the_loud_still_speaks() -> None:
    judged = [verdict("false", first(), at(NEXT, hour)) for hour in (1, 2, 3)]
    (doubted,) = run(days(0, bad=(0,)), *judged).opened("escalation_rate")
    assert micros(doubted.opened_at) > micros(first().opened_at)
    assert doubted.evidence["nats"] > first().evidence["nats"] + 1


def test_what_was_planned_is_quiet_until_its_end_and_out_of_what_is_normal() -> None:
    planned = verdict("expected", first(), at(NEXT), since=at(NEXT), until=at(NEXT + 2))
    found = run(days(0, 1, 2, bad=(0, 1, 2)), planned)
    (again,) = found.opened("escalation_rate")
    assert micros(again.opened_at) > at(NEXT + 2, 12)
    assert again.expected == pytest.approx(0.08, abs=0.04), "the planned days were not learnt"


def test_beside_what_was_planned_trouble_elsewhere_is_found() -> None:
    planned = verdict("expected", first(), at(NEXT), since=at(NEXT), until=at(NEXT + 1))
    facts = [*traffic(NEXT, Day(end=12)), *traffic(NEXT, BAD.but("advice", handoff=0.5))]
    (found,) = run(facts, planned).opened("escalation_rate")
    assert found.scope == {"tenant": "shop", "queue": "advice", "agent": "cove"}


def test_the_new_normal_is_quiet_from_then_on_and_more_than_that_is_found() -> None:
    worse = Day(begin=12).but("orders", handoff=0.95)
    facts = [*days(0, bad=(0,)), *traffic(NEXT + 1, replace(BAD, begin=8))]
    facts += [*traffic(NEXT + 2, replace(BAD, begin=8, end=12)), *traffic(NEXT + 2, worse)]
    alert, second = run(facts, verdict("normal", first(), at(NEXT + 1))).opened("escalation_rate")
    assert alert.id == first().id
    assert at(NEXT + 2, 12) < micros(second.opened_at)
    assert second.expected == pytest.approx(0.5, abs=0.15)


def test_a_new_normal_of_levels() -> None:
    long = Day().but("orders", words=110.0).but("returns", words=110.0)
    facts = [f for day in (0, 1) for f in traffic(NEXT + day, long)]
    alert = run(facts).opened("response_drift")[0]
    found = run(facts, verdict("normal", alert, micros(alert.opened_at) // MINUTE * MINUTE + HOUR))
    assert [one.id for one in found.opened("response_drift")] == [alert.id]
    assert found.told(alert)[-1].state == "resolved"


def test_what_one_event_proves_is_quiet_while_planned() -> None:
    ai: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}
    wrong = [acted(at(NEXT, 9 + i), f"w{i}", name="Wipe", **ai) for i in range(6)]
    (alert,) = warmed().feed(wrong[:1]).opened("boundary")
    planned = verdict("expected", alert, at(NEXT, 9.5), until=at(NEXT, 12.5))
    found = warmed()
    found.watch.plan(planned)
    found.feed(wrong, until=at(NEXT + 1), instants=True)
    assert [micros(one.opened_at) for one in found.opened("boundary")] == [at(NEXT, 9), at(NEXT, 13)]
    assert len(found.instants) == 2


def test_a_restored_watch_goes_on_under_the_same_verdicts() -> None:
    verdicts = [
        verdict("false", first(), soon(), id="f"),
        verdict("expected", first(), at(NEXT + 1), since=at(NEXT + 1), until=at(NEXT + 1, 14), id="e"),
        verdict("normal", first(), at(NEXT + 1, 16), since=at(NEXT + 1), id="n"),
    ]
    facts = days(0, 1, bad=(0, 1))
    whole = run(facts, *verdicts)
    for cut in (at(NEXT, 18), at(NEXT + 1, 13), at(NEXT + 1, 17)):
        half = warmed()
        for one in verdicts:
            half.watch.plan(one)
        half.feed([fact for fact in facts if fact.time < cut], until=cut)
        other = warmed()
        other.watch.restore(half.watch.snapshot())
        other.next = half.next
        other.feed([fact for fact in facts if fact.time >= cut], until=facts[-1].time + 6 * HOUR)
        assert other.changes == whole.changes[len(half.changes) :]
