"""A source that should speak and does not: in opening hours only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache

import msgspec
import pytest

from streams.floor.incidents import Incidents
from streams.floor.speakers import Speakers
from streams.records.alerts import Alert
from streams.records.facts import Fact
from streams.settings import Limits, Settings, Signals
from tests.streams.floor.made import (
    MINUTE,
    NEXT,
    QUIET,
    SETTINGS,
    Day,
    Run,
    at,
    registry,
    scored,
    started,
    traffic,
    warmed,
)

HOLIDAY = 17  # 2026-05-21, a Thursday


@cache
def fallen_silent() -> Run:
    """The chat stops on Monday at eleven and is back on Wednesday; surveys go on."""
    polls = [fact for fact in traffic(NEXT) if fact.source == "polls/prod"]
    later = [scored(at(NEXT + 1, 8 + i / 3), None, source="polls/prod") for i in range(36)]
    facts: list[Fact] = [*traffic(NEXT, Day(end=11)), *polls, *later, *traffic(NEXT + 2)]
    return warmed().feed(facts, until=at(NEXT + 3))


def hour(moment: str) -> float:
    """Hours since the Monday began."""
    return (datetime.fromisoformat(moment).timestamp() * 1e6 - at(NEXT)) / (60 * MINUTE)


def silences(run: Run) -> list[Alert]:
    return [change for change in run.changes if change.kind == "silence"]


def test_a_silent_source_is_one_page_until_it_speaks_again() -> None:
    opened, resolved = silences(fallen_silent())
    assert opened.scope == resolved.scope == {"tenant": "shop", "source": "web/prod"}
    assert (opened.state, opened.severity, opened.observed) == ("open", "page", 0.0)
    assert opened.expected is not None
    assert opened.expected > 11
    assert 10.5 < hour(opened.since) <= 11 < hour(opened.at) < 12.5
    assert (resolved.state, resolved.id) == ("resolved", opened.id)
    assert 48 + 8 <= hour(resolved.at) < 48 + 8.5
    assert "silent" in opened.summary


def test_nights_weekends_and_holidays_are_no_silence() -> None:
    days = [*QUIET, *(day for day in range(NEXT, NEXT + 5) if day != HOLIDAY)]
    run = warmed().feed([f for day in days[10:] for f in traffic(day)], until=at(NEXT + 7, 8))
    assert not silences(run)


def test_a_quiet_evening_and_a_late_morning_do_not_add_up() -> None:
    morning = traffic(NEXT + 1, Day(begin=8.18))
    run = warmed().feed([*traffic(NEXT, Day(end=19.9)), *morning], until=at(NEXT + 2))
    assert not silences(run)


def test_an_ordinary_day_without_anybody_is() -> None:
    run = warmed().feed(traffic(NEXT), until=at(NEXT + 2))
    assert {change.scope["source"] for change in silences(run)} == {"web/prod", "polls/prod"}
    assert all(24 + 8 < hour(change.at) < 24 + 13 for change in silences(run))


def around_the_clock(days: int, until: float) -> Iterator[Fact]:
    for minute in range(0, int(days * 1440 + until * 60), 10):
        yield started(at(0, minute / 60), f"c{minute}")


def test_without_opening_hours_every_hour_counts() -> None:
    run = Run()
    run.watch = type(run.watch)("shop", SETTINGS, registry(hours=None))
    run.feed(around_the_clock(9, until=2.0), until=at(9, 8))
    (opened,) = silences(run)
    assert "2026-05-13T03" < opened.at < "2026-05-13T07", "in the middle of the night"


def test_switched_off() -> None:
    settings = Settings(slot_s=60, signals=Signals(silence=False))
    run = warmed(settings).feed(traffic(NEXT, Day(end=11)), until=at(NEXT + 1))
    assert not silences(run)


def small(most: int = 2) -> tuple[Speakers, list[str]]:
    hits: list[str] = []
    incidents = Incidents("shop", Settings(limits=Limits()), lambda _: None)
    return Speakers(incidents, True, most, hits.append), hits


def test_sources_beyond_the_bound_are_counted_not_watched() -> None:
    speakers, hits = small()
    for name in "abca":
        speakers.arrive(name, at(0, 9))
    assert hits == ["tenant_sources"]
    assert len(msgspec.msgpack.decode(msgspec.msgpack.encode(speakers.state()))[1]) == 2


@pytest.mark.parametrize("minutes", [(1,), (1, 3000), (1, 2, 2, 1)])
def test_time_may_jump_and_stand_still(minutes: tuple[int, ...]) -> None:
    speakers, _ = small()
    speakers.tick(at(0))
    speakers.arrive("a", at(0, 9))
    for minute in minutes:
        speakers.tick(at(0) + minute * MINUTE)


def test_state_goes_round() -> None:
    (speakers, _), (other, _) = small(), small()
    for day in range(6):
        for i in range(50):
            speakers.arrive("a", at(day, i * 0.4))
            speakers.tick(at(day, i * 0.4))
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(speakers.state())))
    for one in (speakers, other):
        for minute in range(0, 1000, 5):
            one.tick(at(6) + minute * MINUTE)
    assert other.state() == speakers.state()
