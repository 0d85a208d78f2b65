"""One tenant as a whole: order, lateness, limits, faults, and a snapshot in the middle of everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from streams.floor.conversations import fold
from streams.floor.hold import Taken
from streams.floor.signals import TESTS
from streams.floor.watch import Closing, Failed, Watch, _wanted
from streams.records.controls import RegistryChange
from streams.records.facts import Fact
from streams.settings import Limits, Settings, Signals
from tests.interpreted import interpreted
from tests.streams.floor.made import (
    DAY,
    HOUR,
    MINUTE,
    NEXT,
    SECOND,
    SETTINGS,
    Day,
    Queue,
    Run,
    acted,
    at,
    ended,
    eventful,
    handed_off,
    hash_of,
    registry,
    said,
    scored,
    started,
    traffic,
    warmed,
)

T = at(0, 9)
AI: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}


# -- what counts ---


def bad_afternoon(begin: float = 12.0) -> list[Fact]:
    return list(traffic(NEXT, Day(begin=begin).but("orders", handoff=0.6)))


def test_late_facts_enter_no_rate() -> None:
    bad = bad_afternoon()
    calm = list(traffic(NEXT, Day(end=12)))
    assert warmed().feed([*calm, *bad], until=at(NEXT + 1)).opened("escalation_rate")
    late = warmed().feed([*calm, *bad], until=at(NEXT + 1), late=[fact.id for fact in bad])
    assert not late.opened("escalation_rate")


def test_late_facts_still_reach_the_registry() -> None:
    wrong = acted(T, name="Delete", **AI)
    run = Run().feed([wrong, started(T + MINUTE, **AI)], late=[wrong.id])
    assert [found.kind for found in run.opened()] == ["boundary"]


def test_late_facts_come_first_and_the_rest_in_canonical_order() -> None:
    """What was late cannot end what is in time, and the end comes after the word of the same microsecond."""
    end, word = ended(T, **AI), said(T, words=5, **AI)
    run = Run().feed([end, word, started(T, **AI)])
    assert run.watch._talks.ended["c"].trouble == 0
    assert not run.watch._talks.open


def test_partial_turns_are_not_there() -> None:
    partial = said(T, role="customer", final=False, **AI)
    run = Run().feed([partial])
    assert not run.watch._talks.open
    assert not run.closings[0].failed


def test_a_slot_without_facts_says_nothing() -> None:
    watch = Watch("shop", SETTINGS, registry())
    assert watch.close(7, Taken([], [], 0)) == Closing("shop", 7 * MINUTE, 8 * MINUTE, [], [], [])


def test_without_a_registry_everything_else_works() -> None:
    run = Run(Watch("shop", SETTINGS, None)).feed([*traffic(0), acted(T, name="Delete", **AI)])
    assert not run.changes


@pytest.mark.parametrize("hours", ["Mon-Fri 08:00-20:00 UTC", "Sun 23:59-24:00 UTC", None])
def test_time_goes_on_in_bounded_steps(hours: str | None) -> None:
    """Open, always closed, round the clock: the next work is ahead, and at most a day away."""
    watch = Watch("shop", SETTINGS, registry(hours=hours))
    slot = T // MINUTE
    for _ in range(14):  # days, where it is closed; after that it sleeps
        work = watch.next_work(slot)
        assert slot <= work <= slot + 3 * DAY // MINUTE
        watch.close(work, Taken([], [], 0))
        slot = work + 1


@pytest.mark.parametrize("hours", ["Mon-Fri 08:00-20:00 UTC", "Sun 23:59-24:00 UTC", None])
def test_a_wrong_time_is_no_century_of_work(hours: str | None) -> None:
    """After a fortnight without a fact there is nothing to do, from whatever slot it is asked."""
    run = Run(Watch("shop", SETTINGS, registry(hours=hours))).feed(traffic(0), until=at(20))
    begun = len(run.closings)
    run.feed([], until=at(365 * 70))
    assert len(run.closings) == begun
    asked = {run.watch.next_work(at(day, hour) // MINUTE) for day in (20, 21, 400) for hour in (0, 3, 12)}
    assert len(asked) == 1


def test_who_was_away_for_months_is_neither_silent_nor_a_surge() -> None:
    run = warmed()
    run.feed([], until=at(NEXT + 100))
    told = len(run.changes)
    assert all(change.kind in ("silence", "volume") for change in run.changes)
    run.feed([started(at(NEXT + 100, 9) + i * MINUTE, f"new{i}", **AI) for i in range(3)])
    assert [change.state for change in run.changes[told:] if change.kind == "silence"] == ["resolved"]
    assert not [change for change in run.changes[told:] if change.state == "open"]


def odd() -> Iterator[Fact]:
    """What nobody expects, all in one hour."""
    bare: dict[str, Any] = {"channel": "other", "source": ""}
    yield started(T, **bare)
    yield said(T, words=10**9, latency_ms=1e-300, confidence=0.0, **AI)
    yield said(T + 1, words=1, latency_ms=1e300, **AI)
    yield said(T + 2, "never started", role="customer", objection=True)
    yield acted(T + 3, "never started", status="timeout", amount=1e300, subject="", customer="")
    for i, value in enumerate((0.0, 1e-12, 0.125, 0.375, 0.5, 0.999999, 1.0)):
        for metric in ("csat", "nps", "resolution", "other"):
            yield scored(T + 10 + i, None, value, metric=metric, respondent=hash_of(f"{i}{metric}"), **bare)
            yield scored(T + 10 + i, "c", value, metric=metric)
    yield scored(T + 30, metric="sentiment", value=-1.0, rater="model", scope="turn")
    yield ended(T + 40, resolution=None, **bare)
    yield ended(T + 41, "nobody")
    yield started(T + 42, **AI)
    yield handed_off(T + 43, direction="human_to_ai")
    yield said(T + 44, "\ud800", **{**AI, "queue": "\ud800", "customer": "\ud800"})


def test_odd_facts_are_survived_new_and_warmed() -> None:
    for run, day in ((Run(), 0), (warmed(), NEXT)):
        moved = [msgspec.structs.replace(fact, time=fact.time + at(day) - at(0)) for fact in odd()]
        run.feed(moved, until=at(day + 9))
        assert not [failed for closing in run.closings for failed in closing.failed]


def test_a_new_version_gets_its_head_start_and_those_of_the_first_day_none() -> None:
    other = {**AI, "version": "1.1"}
    run = Run().feed([started(T, **AI), ended(T + 1, **AI)])
    run.feed([started(T + 26 * HOUR, "n", **other), ended(T + 26 * HOUR + 1, "n", **other)])
    segments = run.watch._cuts.segments
    for version, head in (("1.0", 0.0), ("1.1", SETTINGS.budget.head_start)):
        row = segments.index((("agent", "pine"), ("version", version)))
        for test in run.watch.series.tests:
            assert test.statistic(row) == pytest.approx(head, abs=1.0)


# -- limits ---


def flood(name: str, size: int) -> list[Fact]:
    """Ever new names of what this limit bounds."""
    facts: list[Fact] = []
    for i in range(size):
        key, time = f"c{i}", T + i * SECOND
        match name:
            case "conversations":
                facts.append(started(time, key, **AI))
            case "ended":
                facts += [started(time, key, **AI), ended(time, key, **AI)]
            case "customers":
                facts.append(started(time, key, customer=key, **AI))
            case "tenant_segments":
                facts += [
                    started(time, key, **{**AI, "queue": key}),
                    ended(time, key, **{**AI, "queue": key}),
                ]
            case "tenant_sources":
                facts.append(started(time, key, source=key))
            case "tenant_incidents":
                facts.append(acted(time, key, name=f"Do{i}", **AI))
    return facts


LIMITS = ["conversations", "ended", "customers", "tenant_segments", "tenant_sources", "tenant_incidents"]


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_counted_marked_and_told(name: str) -> None:
    settings = Settings(slot_s=60, limits=msgspec.convert({name: 8}, Limits))
    watch = Watch("shop", settings, registry(sources=None))
    run = Run(watch, settings).feed(flood(name, 30))
    assert watch.bounds.counts[name] > 0
    first = run.closings[0]
    assert first.degraded == [name]
    (told,) = [change for change in first.changes if change.kind == "pipeline"]
    assert (told.state, told.signal, told.severity) == ("open", name, "ticket")
    assert told.evidence["limit"] == f"limits.{name}"
    assert all(change.evidence["degraded"] == [name] for change in first.changes)
    run.feed([], until=at(3))
    assert [change.state for change in run.told(told)][-1] == "resolved"
    assert not any(closing.degraded for closing in run.closings[5:]), "it is over when it is over"


@pytest.mark.parametrize("name", LIMITS)
def test_memory_is_bounded(name: str) -> None:
    settings = Settings(slot_s=60, limits=msgspec.convert(dict.fromkeys(LIMITS, 8), Limits))

    def size(count: int) -> int:
        watch = Watch("shop", settings, registry(sources=None))
        return len(Run(watch, settings).feed(flood(name, count), until=at(0, 14)).watch.snapshot())

    small = size(300)
    assert size(900) < 1.1 * small + 10_000


def test_trouble_in_the_crowd_beyond_the_bound_is_the_tenants() -> None:
    settings = Settings(slot_s=60, limits=Limits(tenant_segments=4))

    def day(day: int, handoff: float) -> list[Fact]:
        queues = {f"q{i}": Queue("cove", handoff) for i in range(12)}
        return list(traffic(day, Day(queues=queues)))

    run = Run(Watch("shop", settings, registry()), settings)
    run.feed([fact for number in (0, 1, 2, 3, 4) for fact in day(number, 0.05)], until=at(5))
    run.feed(day(7, 0.6), until=at(8))
    found = run.opened("escalation_rate")
    assert found
    assert set(found[0].scope) <= {"tenant", "agent"}


# -- faults ---


@interpreted
def test_a_fault_is_one_dead_letter_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def brittle(old: Any, fact: Fact, *more: Any) -> Any:
        if fact.id == "boom":
            raise RuntimeError("a bug")
        return fold(old, fact, *more)

    monkeypatch.setattr("streams.floor.talks.fold", brittle)
    facts: list[Fact] = [started(T, **AI), said(T + 2 * SECOND, words=3, **AI), ended(T + MINUTE, **AI)]
    bad: list[Fact] = [
        said(T + SECOND, id="boom", words=99, **AI),
        started(T + SECOND, "new", id="boom", customer="x"),
    ]
    run, clean = Run().feed([*facts, *bad]), Run().feed(facts)
    assert run.closings[0].failed == [Failed("web/prod", "boom", "RuntimeError")]
    assert msgspec.structs.replace(run.closings[0], failed=[]) == clean.closings[0]
    assert run.watch.snapshot() == clean.watch.snapshot()


# -- registry and settings ---


def test_planned_registries_come_into_force_in_order() -> None:
    watch = Watch("shop", SETTINGS, registry(lateness_s=60))
    for number, (hour, lateness) in enumerate(((3, 30), (1, 10), (2, 20))):
        entry = registry(lateness_s=lateness)
        watch.plan(RegistryChange(id=str(number), effective=T + hour * HOUR, registry=entry))
    hours = [watch.lateness_at(T + hour * HOUR) // SECOND for hour in (0, 1, 2, 3)]
    assert hours == [60, 10, 20, 30]
    assert watch.longest_lateness == 60 * SECOND
    before = watch.incidents.config
    watch.close((T + 2 * HOUR) // MINUTE, Taken([], [], 0))
    assert watch.lateness_at(T) == 20 * SECOND
    assert watch.incidents.config != before


def test_every_test_can_be_switched_off() -> None:
    everything = Settings(signals=Signals(leakage=True, disclosure=True, groundedness=True, injection=True))
    assert _wanted(everything) == {test.name for test in TESTS}
    off = Settings(signals=Signals(unresolved=False, trouble=False, length=False))
    assert _wanted(SETTINGS) - _wanted(off) == {"resolution", "trouble", "joint", "length_up", "length_down"}


# -- snapshots ---


def lines(closings: list[Closing]) -> list[bytes]:
    return [msgspec.json.encode(closing, order="deterministic") for closing in closings]


@pytest.mark.parametrize("hour", [10.0, 13.4, 18.7, 24 + 8.2])
def test_a_restored_watch_goes_on_byte_for_byte(hour: float) -> None:
    facts, cut, until = eventful(), at(NEXT, hour), at(NEXT + 2)
    first = warmed().feed([f for f in facts if f.time < cut], until=cut, instants=True)
    pending = acted(cut, "p", name="Pending", **AI)
    first.instants += first.watch.instant(pending, cut // MINUTE)
    kept = first.watch.snapshot()
    other = Run(Watch("shop", SETTINGS, registry()))
    other.watch.restore(kept)
    other.next = first.next
    assert other.watch.snapshot() == kept
    first.closings.clear()
    for run in (first, other):
        run.feed([f for f in facts if f.time >= cut], until=until)
    assert lines(other.closings) == lines(first.closings)
    assert other.watch.snapshot() == first.watch.snapshot()


def test_the_eventful_day_deserves_its_name() -> None:
    """So that the test above can fail."""
    run = warmed().feed(eventful(), until=at(NEXT + 2))
    assert {"escalation_rate", "boundary", "feedback_integrity", "satisfaction"} <= {
        c.kind for c in run.opened()
    }
