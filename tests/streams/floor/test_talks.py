from __future__ import annotations

from typing import Any

import msgspec
import pytest

from streams.floor.observations import Observation
from streams.floor.talks import ENDED_US, SETTLED_US, Talks
from streams.records.facts import Fact
from streams.records.registry import Tenant
from streams.settings import IdleTimes, Limits
from tests.interpreted import interpreted
from tests.streams.floor.made import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    acted,
    at,
    ended,
    handed_off,
    said,
    scored,
    started,
)

T = at(0, 9)
AI: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}


class Desk:
    """Talks, and what they said."""

    def __init__(self, **limits: int) -> None:
        self.hits: list[str] = []
        self.talks = Talks(Limits(**limits), IdleTimes(), self.hits.append)
        self.seen: list[Observation] = []
        self.began: list[bool] = []

    def feed(self, *facts: Fact) -> Desk:
        for fact in facts:
            folded = self.talks.fold(fact)
            self.seen += folded.observations
            self.began.append(folded.began)
        return self

    def tick(self, now: int) -> Desk:
        self.seen += self.talks.tick(now)
        return self

    def of(self, signal: str) -> list[tuple[int, float]]:
        """(time since T, seconds, value)"""
        return [((o.time - T) // SECOND, o.value) for o in self.seen if o.signal == signal]


def test_a_conversation_from_start_to_end() -> None:
    desk = Desk().feed(started(T, **AI), said(T + 1, **AI), ended(T + 2 * MINUTE, **AI))
    assert desk.began == [True, False, False]
    assert desk.of("escalation") == [(120, 0.0), (120, 0.0)]
    assert desk.of("trouble") == [(120, 0.0)]
    assert list(desk.talks.ended) == ["c"]
    assert not desk.talks.open


def test_age_bins_are_tried_as_time_goes_by() -> None:
    desk = Desk().feed(started(T, **AI)).tick(T + MINUTE - 1)
    assert not desk.seen
    for minute in range(1, 12):
        desk.tick(T + minute * MINUTE).feed(said(T + minute * MINUTE, **AI))
    assert [o.stratum for o in desk.seen] == [0, 1]
    assert not any(o.value for o in desk.seen)
    desk.feed(handed_off(T + 12 * MINUTE, **AI)).tick(T + 3 * HOUR)
    assert [o.stratum for o in desk.seen if o.signal == "escalation"] == [0, 1, 2]


def test_who_falls_silent_has_ended_with_the_last_word() -> None:
    desk = Desk().feed(started(T, **AI), said(T + 30 * SECOND, words=3, **AI)).tick(T + 29 * MINUTE)
    assert desk.talks.open
    desk.tick(T + 31 * MINUTE)
    assert not desk.talks.open
    assert desk.of("trouble") == [(30, 0.0)]
    assert [o.time for o in desk.seen if o.signal == "length"] == [T + 30 * SECOND]


@pytest.mark.parametrize(
    ("channel", "stated", "idle_s"),
    [
        ("chat", None, 1800),
        ("email", None, 7 * 86400),
        ("chat", 60.0, 60),
        ("email", {"email": 3600.0}, 3600),
    ],
)
def test_idle_times_by_channel_and_registry(channel: str, stated: Any, idle_s: int) -> None:
    desk = Desk()
    desk.talks.entry = Tenant(idle_s=stated)
    desk.feed(started(T, channel=channel, **AI)).tick(T + idle_s * SECOND - 1)
    assert desk.talks.open
    desk.tick(T + (idle_s + 60) * SECOND)
    assert not desk.talks.open


def test_a_mail_thread_over_days_is_one_conversation() -> None:
    mail = {"channel": "email", **AI}
    desk = Desk().feed(started(T, **mail))
    for day in range(1, 12):
        desk.tick(T + day * DAY - 1).feed(said(T + day * DAY, words=9, **mail))
    assert desk.began.count(True) == 1
    assert [o.stratum for o in desk.seen] == [0, 1, 2, 3, 4]
    desk.feed(ended(T + 12 * DAY, resolution="handed_off", **mail))
    assert desk.of("escalation")[-1] == (12 * 86400, 1.0)


def test_nothing_after_the_end_but_a_new_start_opens_it_again() -> None:
    desk = Desk().feed(started(T, **AI), ended(T + MINUTE, **AI))
    count = len(desk.seen)
    desk.feed(said(T + HOUR, **AI), acted(T + HOUR, **AI), ended(T + HOUR, **AI), handed_off(T + HOUR, **AI))
    assert len(desk.seen) == count
    assert not desk.talks.open
    desk.feed(started(T + 2 * HOUR, **AI))
    assert list(desk.talks.open) == ["c"]
    assert not desk.talks.ended
    desk.feed(ended(T + 3 * HOUR, **AI))
    assert desk.began.count(True) == 2
    assert desk.talks.ended["c"].at == T + 3 * HOUR


def test_a_start_that_came_late_does_not_raise_the_dead() -> None:
    desk = Desk().feed(said(T, **AI), ended(T + MINUTE, **AI), started(T - SECOND, **AI))
    assert not desk.talks.open


def test_restarts_leave_one_timer_a_minute() -> None:
    desk = Desk()
    for i in range(500):
        desk.feed(started(T + 2 * i, **AI), ended(T + 2 * i + 1, **AI))
    desk.feed(started(T + 1000, **AI))
    assert sum(len(keys) for _, keys in desk.talks.state()[3]) == 1
    for minute in range(1, 25):
        desk.tick(T + minute * MINUTE)
        assert sum(len(keys) for _, keys in desk.talks.state()[3]) == 1


def test_people_are_not_judged() -> None:
    person: dict[str, Any] = {"agent": "anna", "ai": False}
    desk = Desk().feed(started(T, **person), handed_off(T + 1, **person), ended(T + 2, **person))
    assert not desk.seen


def test_a_customer_counts_once_whenever_the_name_is_known() -> None:
    desk = Desk()
    for i, key in enumerate("abc"):
        when = T + i * HOUR
        desk.feed(started(when, key, **AI), said(when + 1, key, customer="x", **AI))
        desk.feed(ended(when + 2, key, customer="x", **AI))
    assert desk.of("trouble") == [(0, 0.0)]
    desk.feed(started(T, "d", **AI), ended(T + 2, "d", **AI))
    assert len(desk.of("trouble")) == 2, "nobody's conversation counts"


def test_returns_are_told_once_the_tenant_is_known_a_day() -> None:
    desk = Desk().feed(started(T, "first", **AI))
    late = T + SETTLED_US
    for i, hours in enumerate((0, 1, 2)):
        desk.feed(started(late + hours * HOUR, f"c{i}", customer="x", **AI))
    assert [value for _, value in desk.of("returned")] == [0.0, 1.0]
    early = Desk().feed(started(T, "a", customer="x", **AI), started(T + 1, "b", customer="x", **AI))
    assert not early.of("returned")


def test_scores_open_nothing() -> None:
    desk = Desk().feed(scored(T, "unknown"), scored(T, None))
    assert desk.began == [False, False]
    assert not desk.talks.open


@pytest.mark.parametrize(("name", "rows"), [("conversations", "open"), ("ended", "ended")])
def test_the_longest_unheard_are_dropped_first(name: str, rows: str) -> None:
    desk = Desk(**{name: 3})
    keys = [f"c{i}" for i in range(5)]
    for i, key in enumerate(keys):
        facts: list[Fact] = [started(T + i, key, **AI)]
        if name == "ended":
            facts.append(ended(T + i, key, **AI))
        desk.feed(*facts)
        if name == "conversations":
            desk.feed(said(T + i, "c0", **AI))
    assert list(getattr(desk.talks, rows)) == (["c3", "c4", "c0"] if name == "conversations" else keys[2:])
    assert desk.hits == [name] * 2
    desk.tick(T + DAY)


def test_after_a_week_ended_ones_are_forgotten() -> None:
    desk = Desk().feed(started(T, **AI), ended(T, **AI))
    desk.feed(started(T + HOUR, "d", **AI), ended(T + HOUR, "d", **AI))
    desk.talks.forget(T + ENDED_US)
    assert list(desk.talks.ended) == ["d"]


@interpreted
def test_a_fault_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk().feed(started(T, "a", **AI), started(T, "b", **AI), ended(T + 1, "b", **AI))
    before = msgspec.msgpack.encode(desk.talks.state())

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("streams.floor.talks.fold", broken)
    for fact in (said(T + 2, "a", customer="x"), started(T + 2, "b"), started(T + 2, "c", customer="y")):
        with pytest.raises(ZeroDivisionError):
            desk.talks.fold(fact)
    assert msgspec.msgpack.encode(desk.talks.state()) == before


def test_state_goes_round() -> None:
    desk, other = Desk(), Desk()
    for i in range(30):
        when = T + i * 3 * MINUTE
        desk.tick(when).feed(started(when, f"c{i}", customer=f"x{i % 20}", **AI))
        if i % 3:
            desk.feed(ended(when + 1, f"c{i}", **AI))
    other.talks.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(desk.talks.state())))
    desk.seen.clear()
    for one in (desk, other):
        for minute in range(90, 300, 7):
            when = T + minute * MINUTE
            one.tick(when).feed(started(when, f"d{minute}", customer=f"x{minute}", **AI))
    assert other.seen == desk.seen != []
    assert other.talks.next_due() == desk.talks.next_due()
    assert other.talks.state() == desk.talks.state()
