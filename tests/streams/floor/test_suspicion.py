"""From evidence to incidents, over whole days of a small shop: what must be found, and what stays silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

import msgspec
import pytest

from detectors.content.style import Ask
from streams.records.alerts import SUMMARY_LENGTH, Alert
from streams.records.facts import Fact, Passed
from streams.settings import Budget
from tests.streams.floor.made import NEXT, SECOND, SETTINGS, Day, Queue, Run, at, said, talk, traffic, warmed

TUESDAY = NEXT + 1
RISE_HOUR = 12


def micros(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) * 1_000_000


@cache
def risen() -> Run:
    """Half of the conversations about orders are handed off on Tuesday afternoon, instead of 8 %."""
    after = Day(begin=RISE_HOUR).but("orders", handoff=0.5)
    week = [*traffic(NEXT), *traffic(TUESDAY, Day(end=RISE_HOUR)), *traffic(TUESDAY, after)]
    return warmed().feed([*week, *traffic(NEXT + 2), *traffic(NEXT + 4)], until=at(NEXT + 5))


def test_a_rise_of_handoffs_is_one_incident_in_its_queue() -> None:
    (found,) = risen().opened()
    assert (found.kind, found.signal, found.confirmed) == ("escalation_rate", "escalation", True)
    assert found.scope == {"tenant": "shop", "queue": "orders", "agent": "pine"}
    assert abs(micros(found.since) - at(TUESDAY, RISE_HOUR)) < 30 * 60_000_000
    assert at(TUESDAY, RISE_HOUR + 0.5) < micros(found.opened_at) < at(TUESDAY, RISE_HOUR + 3)
    assert micros(found.at) == micros(found.opened_at)


def test_it_says_how_much_in_conversations() -> None:
    (found,) = risen().opened()
    assert found.observed == pytest.approx(0.5, abs=0.15)
    assert found.expected == pytest.approx(0.08, abs=0.03)
    assert found.unit == "per conversation"
    assert found.interval is not None
    assert found.observed is not None
    assert found.expected is not None
    low, high = found.interval
    assert 0.0 <= low < found.expected < high < found.observed
    assert found.affected >= 8
    assert len(found.evidence["conversations"]) == 5
    assert found.evidence["nats"] > 6
    assert {part["dimension"] for part in found.evidence["by"]} <= {"version", "channel", "source", "model"}
    assert found.action.startswith("Read three")


def test_it_rises_to_a_page_spreads_and_resolves_once() -> None:
    run = risen()
    told = run.told(run.opened()[0])
    assert [change.state for change in told[:1] + told[-1:]] == ["open", "resolved"]
    assert {change.state for change in told[1:-1]} == {"updated"}
    severities = [change.severity for change in told]
    assert severities[0] == "ticket"
    assert severities == sorted(severities, reverse=True), "a severity never falls"
    affected = [change.affected for change in told]
    assert affected == sorted(affected)
    times = [micros(change.at) for change in told]
    assert times == sorted(times)
    assert at(NEXT + 2, 8) < times[-1] < at(NEXT + 2, 14), "resolved in the morning after"
    assert told[-1].evidence["ended"] == "normal again"


def test_summaries_are_short_sentences() -> None:
    for change in risen().changes:
        assert len(change.summary) <= SUMMARY_LENGTH
        assert "tenant shop agent pine queue orders" in change.summary
        assert f"{change.observed:.0%} instead of {change.expected:.0%}" in change.summary
        assert ("over now" in change.summary) == (change.state == "resolved")


def test_the_way_back_is_no_alarm() -> None:
    run = risen()
    end = run.told(run.opened()[0])[-1]
    assert not [change for change in run.changes if micros(change.at) > micros(end.at)]


def test_a_lull_is_not_the_end() -> None:
    """Hysteresis: an hour of normal conversations does not resolve what then goes on."""
    bad = Day().but("orders", handoff=0.5)
    parts = [(10.0, bad), (15.0, Day()), (15.7, bad)]
    ends = [15.0, 15.7, 20.0]
    facts = [f for (begin, what), end in zip(parts, ends, strict=True)
             for f in traffic(NEXT, replace(what, begin=begin, end=end))]  # fmt: skip
    run = warmed().feed([*traffic(NEXT, Day(end=10)), *facts], until=at(NEXT + 1))
    assert len(run.opened("escalation_rate")) == 1
    assert run.told(run.opened()[0])[-1].state == "updated"


def ramp(hour: float) -> float:
    return 0.1 + 2.5 * (hour - 8) / 3 if hour < 11 else 1.0


HARMLESS = {
    "morning ramp": Day(shape=ramp),
    "surge": Day(volume=36 * 1.8),
    "other mix": Day().but("returns", weight=5.0),
    "new version": Day().but("orders", version="1.1").but("returns", version="1.1"),
    "slack day": Day(volume=12),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_stays_silent(name: str) -> None:
    what = HARMLESS[name]
    run = warmed().feed([*traffic(NEXT, what), *traffic(TUESDAY, what)], until=at(NEXT + 2))
    assert not run.opened(), name


@cache
def rolled_out(handoff: float) -> Run:
    """From noon on pine runs 1.1, which hands off so much."""
    after = Day(begin=12)
    for queue in ("orders", "returns"):
        after = after.but(queue, version="1.1", handoff=handoff)
    return warmed().feed([*traffic(NEXT, Day(end=12)), *traffic(NEXT, after)], until=at(NEXT + 1))


def test_a_bad_new_version_is_named() -> None:
    first = rolled_out(0.4).opened()[0]
    assert first.kind == "escalation_rate"
    assert first.scope == {"tenant": "shop", "agent": "pine", "version": "1.1"}
    assert "This version is new" in first.action


def test_an_old_version_is_not_named_for_trouble_that_began_later() -> None:
    assert all("version" not in change.scope for change in risen().changes)


def test_longer_answers_of_a_new_version_are_told_as_such() -> None:
    long = Day().but("orders", version="1.1", words=110.0).but("returns", version="1.1", words=110.0)
    (found,) = warmed().feed(traffic(NEXT, long), until=at(TUESDAY)).opened()
    assert (found.kind, found.signal) == ("response_drift", "length_up")
    assert found.scope["version"] == "1.1"
    assert found.observed == pytest.approx(110.0, rel=0.2)
    assert found.expected == pytest.approx(40.0, rel=0.1)


def leaving(key: str, time: int) -> Fact:
    """The customer of a conversation about orders says that it is no use."""
    who: dict[str, Any] = {"queue": "orders", "agent": "pine", "version": "1.0", "ai": True}
    bye = {"id": f"{key}/bye", "ask": Ask(gives_up=True), "customer": f"of {key}"}
    return said(time + 60 * SECOND, key, "customer", **bye, **who)


def test_customers_who_leave_unhelped_are_containment() -> None:
    day = list(traffic(NEXT))
    begun = [f for f in day if isinstance(f, Passed) and f.step == "started" and f.dims.queue == "orders"]
    gone = [leaving(f.conversation or "", f.time) for f in begun[len(begun) // 3 :: 3]]
    (found,) = warmed().feed([*day, *gone], until=at(TUESDAY)).opened()
    assert (found.kind, found.signal) == ("containment", "gave_up")
    assert found.scope["queue"] == "orders"


def test_one_customer_with_forty_conversations_moves_nothing() -> None:
    def visits(customers: int) -> Run:
        rng, angry = Random(3), Queue("pine", handoff=1.0, unsolved=1.0)
        facts = [
            f for i in range(40)
            for f in talk(rng, at(NEXT, 9 + i * 0.2), f"v{i}", "orders", angry, f"visitor {i % customers}")
        ]  # fmt: skip
        return warmed().feed([*traffic(NEXT), *facts], until=at(TUESDAY))

    assert not visits(1).opened()
    assert visits(40).opened("escalation_rate"), "forty customers are another matter"


def test_other_kinds_of_trouble_back_the_first() -> None:
    """Many unsolved conversations beside the handoffs: an incident of their own in the same place."""
    bad = Day(begin=12).but("orders", handoff=0.4, unsolved=0.6, csat=0.2)
    run = warmed().feed([*traffic(NEXT, Day(end=12)), *traffic(NEXT, bad)], until=at(TUESDAY))
    kinds = {found.kind: found for found in run.opened()}
    assert set(kinds) == {"escalation_rate", "satisfaction"}
    assert len(run.opened()) == 2
    assert all(found.scope["queue"] == "orders" for found in run.opened())


def test_incident_ids_do_not_depend_on_what_came_before() -> None:
    def again() -> list[Alert]:
        after = Day(begin=RISE_HOUR).but("orders", handoff=0.5)
        facts = [*traffic(NEXT), *traffic(TUESDAY, Day(end=RISE_HOUR)), *traffic(TUESDAY, after)]
        return warmed().feed(facts, until=at(TUESDAY + 1)).opened()

    assert [found.id for found in again()] == [found.id for found in risen().opened()]


def test_warming_is_silent() -> None:
    """On the first day of all nothing is known: not even a wave of handoffs alarms."""
    bad = Day(begin=14).but("orders", handoff=0.9)
    run = Run().feed([*traffic(0, Day(end=14)), *traffic(0, bad)], until=at(1))
    assert not run.changes


def test_a_second_trouble_elsewhere_is_an_incident_of_its_own() -> None:
    """The tenant as a whole goes on crossing; what the open incident explains is set apart."""
    first = Day(begin=10, end=14).but("orders", handoff=0.6)
    both = replace(first, begin=14, end=20).but("advice", handoff=0.5)
    facts = [*traffic(NEXT, Day(end=10)), *traffic(NEXT, first), *traffic(NEXT, both)]
    first_found, second = warmed().feed(facts, until=at(TUESDAY)).opened()
    assert first_found.scope == {"tenant": "shop", "queue": "orders", "agent": "pine"}
    assert second.scope == {"tenant": "shop", "queue": "advice", "agent": "cove"}
    assert abs(micros(second.since) - at(NEXT, 14)) < 40 * 60_000_000


def test_a_restored_watch_remembers_what_backs_an_incident() -> None:
    bad = Day(begin=12).but("orders", handoff=0.4, unsolved=0.6, csat=0.2)
    facts = [*traffic(NEXT, Day(end=12)), *traffic(NEXT, bad)]
    whole = warmed().feed(facts, until=at(TUESDAY))
    first, second = whole.opened()
    assert second.evidence["with"] == first.id
    cut = (micros(first.at) + micros(second.at)) // 2 // 60_000_000 * 60_000_000
    assert micros(first.at) < cut < micros(second.at)
    half = warmed().feed([fact for fact in facts if fact.time < cut], until=cut)
    other = warmed()
    other.watch.restore(half.watch.snapshot())
    other.next = half.next
    other.feed([fact for fact in facts if fact.time >= cut], until=at(TUESDAY))
    assert other.changes == whole.changes[len(half.changes) :]


def test_what_is_sure_but_small_wakes_nobody() -> None:
    """The same afternoon, where a page asks for more harm than there was."""
    after = Day(begin=RISE_HOUR).but("orders", handoff=0.5)
    week = [*traffic(NEXT), *traffic(TUESDAY, Day(end=RISE_HOUR)), *traffic(TUESDAY, after)]
    settings = msgspec.structs.replace(SETTINGS, budget=Budget(page_harm=1000.0))
    run = warmed(settings).feed(week, until=at(NEXT + 2))
    assert run.opened("escalation_rate")
    assert "page" not in {change.severity for change in run.changes}
