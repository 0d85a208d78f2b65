from __future__ import annotations

import msgspec
import pytest

from detectors.calendar import Calendar
from streams.floor.incidents import Incidents
from streams.floor.traffic import CELL_US, Traffic
from streams.records.facts import Fact
from streams.settings import Settings, Signals
from tests.streams.floor.made import (
    MINUTE,
    NEXT,
    SETTINGS,
    Day,
    Run,
    at,
    ended,
    hash_of,
    said,
    scored,
    started,
    traffic,
    warmed,
)

T = at(0, 9)


def counted(*facts: Fact) -> int:
    """How many conversations began, as the traffic sees it."""
    return int(begun().feed(facts).watch._traffic.state()[1])


def begun() -> Run:
    """The first quarter of an hour, seen in part only, is behind it."""
    return Run().feed([started(T - 2 * CELL_US, "before")], until=T)


def test_each_conversation_counts_once() -> None:
    begin = started(T, "a")
    assert counted(begin, said(T, "a"), said(T + 1, "a"), ended(T + 2, "a")) == 1, "even at one microsecond"
    assert counted(begin, started(T, "b"), said(T, "c")) == 3
    assert counted(begin, ended(T + 1, "a"), said(T + 2, "a"), started(T + 3, "a")) == 2, "an id used again"


def test_surveys_are_no_conversations() -> None:
    answers = [scored(T + i, None, respondent=hash_of(f"{i}")) for i in range(5)]
    assert counted(*answers, scored(T + 9, "never seen")) == 0


def test_late_ones_do_not_count() -> None:
    late = [started(T + i, f"c{i}") for i in range(3)]
    run = begun().feed([*late, started(T, "x")], late=[fact.id for fact in late])
    assert run.watch._traffic.state()[1] == 1


def test_a_flood_is_a_ticket_and_resolves() -> None:
    run = warmed().feed([*traffic(NEXT, Day(volume=150)), *traffic(NEXT + 1)], until=at(NEXT + 2))
    (found,) = {change.id for change in run.changes if change.kind == "volume"}
    told = [change for change in run.changes if change.id == found]
    assert told[-1].state == "resolved"
    assert max(change.severity == "ticket" for change in told)
    assert told[0].signal == "volume_high"
    assert told[0].observed is not None
    assert told[0].expected is not None
    assert told[0].observed > 2 * told[0].expected
    assert {change.kind for change in run.changes} == {"volume"}, "much traffic is nothing else"


def test_an_ordinary_surge_is_at_most_a_line() -> None:
    run = warmed().feed([*traffic(NEXT, Day(volume=65)), *traffic(NEXT + 1)], until=at(NEXT + 2))
    assert {change.severity for change in run.changes} <= {"info"}


def test_switched_off() -> None:
    settings = Settings(slot_s=60, signals=Signals(volume=False))
    assert not warmed(settings).feed(traffic(NEXT, Day(volume=150)), until=at(NEXT + 1)).changes


@pytest.mark.parametrize("hours", [None, ["Sun 23:59-24:00 UTC"], ["Mon-Fri 09:07-09:08 UTC"]])
def test_any_opening_hours_are_survived(hours: list[str] | None) -> None:
    desk = Traffic(Incidents("shop", SETTINGS, lambda _: None), "ticket", wanted=True)
    calendar = Calendar(hours)
    for minute in range(0, 3 * 1440, 7):
        desk.begin()
        desk.tick(T + minute * MINUTE, calendar)
    desk.tick(T + 400 * CELL_US, calendar)


def test_state_goes_round() -> None:
    books = [Incidents("shop", SETTINGS, lambda _: None) for _ in range(2)]
    one, other = (Traffic(book, "ticket", wanted=True) for book in books)
    calendar = Calendar(None)
    for quarter in range(6 * 96):
        for _ in range(10 + quarter % 3):
            one.begin()
        one.tick(T + quarter * CELL_US, calendar)
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(one.state())))
    for quarter in range(6 * 96, 7 * 96):
        for desk in (one, other):
            desk.tick(T + quarter * CELL_US, calendar)
    assert books[0].changes() == books[1].changes() != []
    assert other.state() == one.state()
