from __future__ import annotations

from datetime import UTC, datetime, timedelta

from streams.produce.pace import Pace

START = datetime(2026, 4, 6, 10, tzinfo=UTC)


def test_without_a_pace_all_is_due_at_once() -> None:
    pace = Pace()
    assert [pace.due(START + timedelta(hours=n)) for n in range(3)] == [0.0, 0.0, 0.0]


def test_a_speed_follows_event_time_and_never_goes_back() -> None:
    pace = Pace(speed=10.0)
    moments = [None, START, START + timedelta(seconds=20), START + timedelta(seconds=5), None]
    assert [pace.due(moment) for moment in moments] == [0.0, 0.0, 2.0, 2.0, 2.0]


def test_a_rate_counts_everything() -> None:
    pace = Pace(rate=4.0)
    assert [pace.due(None), pace.due(START), pace.due(None)] == [0.0, 0.25, 0.5]
