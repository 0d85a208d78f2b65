"""Opening hours against a clock on the wall, and what happens when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from detectors.calendar import DAYS_KEPT, NEVER, WEEK, Calendar
from detectors.hours import parse_hours
from detectors.wallclock import DAY, HOUR, SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BERLIN = "Mon-Fri 07:00-21:05 Europe/Berlin"


def at(text: str, zone: str = "UTC", fold: int = 0) -> int:
    """Microseconds of a local time such as `2026-03-29 01:00`."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return (local - EPOCH) // timedelta(microseconds=1)


def by_the_clock(entry: str, holidays: set[date], t: int) -> bool:
    """Whether the wall clock and the day's name say open; right wherever clocks do not change."""
    days, spans, zone = parse_hours(entry)
    local = (EPOCH + timedelta(microseconds=t)).astimezone(zone)
    minute = local.hour * 60 + local.minute
    today, before = local.date(), local.date() - timedelta(days=1)
    if today in holidays:
        return False
    begun = today.weekday() in days and any(a <= minute < b for a, b in spans)
    goes_on = before.weekday() in days and any(a <= minute + 1440 < b for a, b in spans)
    return begun or (goes_on and before not in holidays)


@pytest.mark.parametrize(
    "entry",
    [
        BERLIN,
        "Sat,Sun 22:00-06:00 America/New_York",
        "Mon-Sun 00:00-24:00 Asia/Kathmandu",
        "Fri-Mon 08:15-12:00,13:00-02:30 Australia/Lord_Howe",
        "Sun 23:00-22:59 Pacific/Kiritimati",
    ],
)
def test_agrees_with_the_wall_clock(entry: str) -> None:
    holidays = {date(2026, 1, 17), date(2026, 1, 19), date(2026, 1, 20)}
    calendar = Calendar([entry], holidays)
    chance, start = Random(7), at("2026-01-05 00:00")
    for _ in range(3000):
        t = start + chance.randrange(4 * WEEK)
        assert calendar.is_open(t) == by_the_clock(entry, holidays, t), EPOCH + timedelta(microseconds=t)


@pytest.mark.parametrize("entry", [BERLIN, "Sat 20:00-04:00 America/New_York"])
def test_next_change_is_the_first_instant_that_differs(entry: str) -> None:
    calendar = Calendar([entry], [date(2026, 4, 6)])
    t = at("2026-03-20 00:00")
    for _ in range(40):
        after = calendar.next_change(t)
        assert calendar.is_open(after) != calendar.is_open(after - 1)
        steps = range(t, after, max(1, (after - t) // 50))
        assert {calendar.is_open(step) for step in steps} - {calendar.is_open(t)} == set() or t in steps
        assert all(calendar.is_open(step) == calendar.is_open(after - 1) for step in steps)
        t = after


def test_opening_instant_is_inside_and_closing_instant_outside() -> None:
    calendar = Calendar([BERLIN])
    opens, closes = (at(f"2026-01-05 {time}", "Europe/Berlin") for time in ("07:00", "21:05"))
    assert not calendar.is_open(opens - 1)
    assert calendar.is_open(opens)
    assert calendar.is_open(closes - 1)
    assert not calendar.is_open(closes)


def test_clocks_go_forward() -> None:
    """2026-03-29, 02:00 becomes 03:00: the night shift is an hour shorter, and 07:00 stays 07:00."""
    night = Calendar(["Sat 22:00-06:00 Europe/Berlin"])
    a, b = at("2026-03-28 12:00"), at("2026-03-29 12:00")
    assert night.open_seconds(a, b) == 7 * 3600
    day = Calendar(["Mon-Sun 07:00-08:00 Europe/Berlin"])
    assert day.next_change(at("2026-03-28 12:00")) == at("2026-03-29 05:00")


@pytest.mark.parametrize(
    ("hours", "opens", "seconds"),
    [
        ("02:30-05:00", "2026-03-29 01:00", 2 * 3600),  # opens when the skipped hour is skipped
        ("01:00-02:30", "2026-03-29 00:00", 3600),  # closes then
        ("02:15-02:45", None, 0),  # does not take place
        ("02:30-03:15", "2026-03-29 01:00", 900),
    ],
)
def test_times_that_are_skipped(hours: str, opens: str | None, seconds: int) -> None:
    calendar = Calendar([f"Sun {hours} Europe/Berlin"])
    a, b = at("2026-03-28 20:00"), at("2026-03-29 20:00")
    assert calendar.open_seconds(a, b) == seconds
    if opens is not None:
        assert calendar.next_change(a) == at(opens)


def test_clocks_go_back() -> None:
    """2026-10-25, 03:00 becomes 02:00: the night shift is an hour longer; the repeated hour is open twice."""
    night = Calendar(["Sat 22:00-06:00 Europe/Berlin"])
    a, b = at("2026-10-24 12:00"), at("2026-10-25 12:00")
    assert night.open_seconds(a, b) == 9 * 3600
    repeated = Calendar(["Sun 02:00-03:00 Europe/Berlin"])
    assert repeated.next_change(a) == at("2026-10-25 00:00")
    assert repeated.open_seconds(a, b) == 2 * 3600
    joined = Calendar(["Sun 01:00-02:30 Europe/Berlin", "Sun 02:30-04:00 Europe/Berlin"])
    assert joined.open_seconds(a, b) == 4 * 3600


def test_local_time_over_a_change_of_clocks() -> None:
    calendar = Calendar(["Mon-Sun 00:00-24:00 Europe/Berlin"])
    change = at("2026-03-29 01:00")
    assert calendar.hour_of_week(change - SECOND) == pytest.approx(6 * 24 + 2 - 1 / 3600)
    assert calendar.hour_of_week(change) == 6 * 24 + 3
    assert calendar.hour_of_week(at("2026-03-29 22:00")) == 0.0  # Monday 00:00 in Berlin
    assert calendar.local_day(at("2026-03-29 22:00")) == calendar.local_day(at("2026-03-29 21:59")) + 1
    assert Calendar().hour_of_week(at("2026-04-05 23:00")) == 167.0


def test_without_hours_always_open() -> None:
    calendar = Calendar()
    t = at("2026-03-29 01:00")
    assert calendar.zone == "UTC"
    assert calendar.is_open(t)
    assert calendar.next_change(t) == NEVER
    assert calendar.open_seconds(t, t + 10 * DAY) == 10 * 86400
    assert calendar.open_seconds(t, t - 1) == 0.0


def test_a_far_holiday_is_still_the_next_change() -> None:
    calendar = Calendar(holidays=[date(2027, 12, 24)])
    assert calendar.next_change(at("2026-01-01 12:00")) == at("2027-12-24 00:00")
    assert calendar.next_change(at("2027-12-24 00:00")) == at("2027-12-25 00:00")
    assert calendar.next_change(at("2027-12-25 00:00")) == NEVER


def test_long_holidays_end() -> None:
    weeks = [date(2026, 7, 1) + timedelta(days=day) for day in range(45)]
    calendar = Calendar(["Sat 10:00-12:00 UTC"], weeks)
    assert calendar.next_change(at("2026-06-27 13:00")) == at("2026-08-15 10:00")


def test_a_holiday_takes_the_night_before_and_the_night_after() -> None:
    calendar = Calendar(["Mon-Sun 22:00-06:00 UTC"], [date(2026, 1, 10)])
    closed_from, open_again = at("2026-01-10 00:00"), at("2026-01-11 22:00")
    assert calendar.is_open(closed_from - 1)
    assert not calendar.is_open(closed_from)
    assert calendar.next_change(closed_from) == open_again


def test_entries_add_up_whatever_their_zones() -> None:
    calendar = Calendar(["Mon-Fri 09:00-17:00 Europe/Berlin", "Mon-Fri 09:00-17:00 America/New_York"])
    monday = at("2026-01-05 00:00")
    assert calendar.open_seconds(monday, monday + DAY) == 14 * 3600  # 08:00-16:00 and 14:00-22:00 UTC
    assert calendar.zone == "Europe/Berlin"


def test_open_seconds_add_up() -> None:
    calendar, chance = Calendar([BERLIN]), Random(3)
    a, b = at("2026-03-20 03:00"), at("2026-04-10 19:00")
    cuts = [a, *sorted(chance.randrange(a, b) for _ in range(50)), b]
    whole = calendar.open_seconds(a, b)
    assert sum(map(calendar.open_seconds, cuts, cuts[1:])) == pytest.approx(whole)
    assert whole == 16 * (14 * 60 + 5) * 60 - 5 * 60  # 16 working days, the last cut 5 minutes before its end


@pytest.mark.parametrize("t", [-(1 << 61), 1 << 61, at("0001-01-01 00:00"), at("9999-12-31 23:59")])
def test_times_that_no_date_has_are_survived(t: int) -> None:
    calendar = Calendar([BERLIN])
    assert calendar.is_open(t) in (True, False)
    assert 0 <= calendar.hour_of_week(t) < 168
    assert calendar.next_change(t) > t
    assert isinstance(calendar.local_day(t), int)
    assert 0 <= calendar.open_seconds(min(t, 0), max(t, 0)) <= abs(t) / SECOND


def test_memory_is_bounded() -> None:
    calendar = Calendar(["Mon-Sun 08:00-09:00 UTC"])
    for day in range(DAYS_KEPT + 10):
        calendar.is_open(day * DAY + 8 * HOUR)
    assert len(calendar._days) <= DAYS_KEPT


def test_no_hours_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no opening hours"):
        Calendar([])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mon-Fri 07:00-21:05", "not DAYS TIMES ZONE"),
        ("Mo-Fr 07:00-21:05 UTC", "'Mo' is not a day"),
        ("Mon- 07:00-21:05 UTC", "'' is not a day"),
        ("Mon-Fri 7-21 UTC", "'7-21' is not a span"),
        ("Mon-Fri 07:00-25:00 UTC", "is not a span of a day"),
        ("Mon-Fri 07:60-08:00 UTC", "is not a span of a day"),
        ("Mon-Fri 24:00-08:00 UTC", "is not a span of a day"),
        ("Mon-Fri 08:00-08:00 UTC", "is empty"),
        ("Mon-Fri 07:00-21:05 Europe", "not a time zone"),
        ("Mon-Fri 07:00-21:05 ../../etc/passwd", "not a time zone"),
    ],
)
def test_hours_that_cannot_be_meant(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_hours(text)


def test_day_ranges_run_over_the_weekend() -> None:
    assert parse_hours("sat-MON,Wed 08:00-09:00,10:00-11:00 UTC")[:2] == (
        (0, 2, 5, 6),
        ((480, 540), (600, 660)),
    )
