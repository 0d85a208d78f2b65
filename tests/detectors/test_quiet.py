"""A silent source is noticed; nights, mornings, holidays that nobody announced and thin sources are not."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import msgspec
import pytest

from detectors.base import Reason, State, Verdict
from detectors.codec import CodecError
from detectors.quiet import Pulse, Quiet

MINUTE_US = 60_000_000
DAY_MIN = 1440


def office(minute: int) -> bool:
    """Monday to Friday, 7:00 to 21:05."""
    return minute // DAY_MIN % 7 < 5 and 7 * 60 <= minute % DAY_MIN < 21 * 60 + 5


def always(minute: int) -> bool:
    return minute >= 0


def bell(minute: int) -> float:
    """The morning ramps, the evening thins out."""
    return math.exp(-(((minute % DAY_MIN) / 60 - 13) ** 2) / 18)


def weekly(minute: int) -> float:
    """Round the clock: nights at a tenth, weekends at a quarter."""
    return (0.1 + bell(minute)) * (0.25 if minute // DAY_MIN % 7 >= 5 else 1.0)


def run(
    source: Quiet,
    days: range,
    a_day: float,
    shape: Callable[[int], float] = bell,
    is_open: Callable[[int], bool] = office,
    out: range = range(0),
    seed: int = 1,
) -> Iterator[tuple[int, Verdict]]:
    """Each minute's verdict; Poisson arrivals, none in the minutes of `out`."""
    rng = random.Random(seed)
    whole = sum(shape(minute) for minute in range(DAY_MIN) if is_open(minute))
    for minute in range(days.start * DAY_MIN, days.stop * DAY_MIN):
        hour, at = minute / 60 % 168, minute * MINUTE_US
        if is_open(minute) and minute not in out:
            wait = rng.expovariate(1.0)
            while wait < a_day * shape(minute) / whole:
                source.arrive(at, hour)
                wait += rng.expovariate(1.0)
        asked = source.alarms(Pulse(at, hour, 60.0, open=is_open(minute)))
        verdict = source.tick(at, 60.0, hour, open=is_open(minute))
        assert asked == verdict.alarm
        yield minute, verdict


def alarms(verdicts: Iterator[tuple[int, Verdict]]) -> list[int]:
    return [minute for minute, verdict in verdicts if verdict.alarm]


@pytest.mark.parametrize("a_day", [60, 150, 400])
def test_ordinary_weeks_are_silent_at_ramps_closings_and_weekends(a_day: float) -> None:
    assert alarms(run(Quiet(), range(28), a_day)) == []


@pytest.mark.parametrize("a_day", [60, 300])
def test_round_the_clock_with_a_weekly_season_is_silent(a_day: float) -> None:
    assert alarms(run(Quiet(), range(28), a_day, weekly, always)) == []


@pytest.mark.parametrize(("a_day", "within"), [(150, 90), (400, 40)])
def test_an_outage_is_found(a_day: float, within: int) -> None:
    source, start = Quiet(), 10 * DAY_MIN + 12 * 60
    found = alarms(run(source, range(11), a_day, out=range(start, 12 * DAY_MIN)))
    assert start < found[0] < start + within


def test_an_outage_at_night_is_found_round_the_clock() -> None:
    start = 15 * DAY_MIN + 22 * 60
    found = alarms(run(Quiet(), range(17), 300, weekly, always, out=range(start, 17 * DAY_MIN)))
    assert start < found[0] < start + 10 * 60


def test_the_alarm_outlives_a_closing_and_ends_with_an_arrival() -> None:
    source, start = Quiet(), 8 * DAY_MIN + 18 * 60
    last = dict(run(source, range(10), 300, out=range(start, 12 * DAY_MIN)))
    night = last[9 * DAY_MIN + 3 * 60]
    assert (night.alarm, night.reason) == (True, Reason.CLOSED)
    assert last[9 * DAY_MIN + 7 * 60 + 1].alarm
    source.arrive(10 * DAY_MIN * MINUTE_US, 72.0)
    assert not source.score_one(Pulse(10 * DAY_MIN * MINUTE_US, 72.0)).alarm


def test_an_outage_does_not_become_normal() -> None:
    source = Quiet()
    calm = dict(run(source, range(8), 300))
    assert not any(verdict.alarm for verdict in calm.values())
    for day in (8, 9, 10, 11):  # four days whose afternoons are silent
        start = day * DAY_MIN + 12 * 60
        if office(start):
            found = alarms(run(source, range(day, day + 1), 300, out=range(start, start + 540)))
            assert start < next(minute for minute in found if minute >= start) < start + 45


def test_a_holiday_that_nobody_announced_is_not_an_outage() -> None:
    source = Quiet()
    list(run(source, range(14), 300))
    assert alarms(run(source, range(14, 15), 75)) == []


def test_warming_is_a_state_until_three_days_were_seen() -> None:
    states = {minute // DAY_MIN: verdict for minute, verdict in run(Quiet(), range(5), 300)}
    assert [states[day].state for day in range(5)] == [State.WARMING] * 3 + [State.LEARNING] * 2
    assert states[0].score is None


def test_a_thin_source_is_blind_not_normal() -> None:
    last = dict(run(Quiet(), range(10), 8))
    noon = last[9 * DAY_MIN + 12 * 60]
    assert (noon.state, noon.reason, noon.score, noon.alarm) == (State.BLIND, Reason.TOO_THIN, None, False)


def test_the_verdict_says_how_unlikely_and_since_when() -> None:
    source, start = Quiet(), 10 * DAY_MIN + 12 * 60
    verdict = dict(run(source, range(11), 300, out=range(start, start + 100)))[start + 99]
    assert verdict.score is not None
    assert verdict.p == pytest.approx(math.exp(-verdict.score))
    assert verdict.expected == pytest.approx(verdict.score / 0.8)
    assert verdict.onset is not None
    assert start - 15 < verdict.onset / MINUTE_US < start


def test_state_is_plain_and_complete() -> None:
    source = Quiet()
    list(run(source, range(9), 200, out=range(8 * DAY_MIN + 700, 9 * DAY_MIN)))
    restored = Quiet.from_state(msgspec.msgpack.decode(msgspec.msgpack.encode(source.state())))
    assert list(run(restored, range(9, 11), 200)) == list(run(source, range(9, 11), 200))
    assert restored.state() == source.state()


def test_another_version_is_refused() -> None:
    with pytest.raises(CodecError):
        Quiet.from_state({**Quiet().state(), "version": 0})
