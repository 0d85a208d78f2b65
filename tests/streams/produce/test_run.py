from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from streams.produce.pace import Pace
from streams.produce.route import Route
from streams.produce.run import Played, play
from streams.reading.decode import micros
from streams.records.controls import Mark

START = datetime(2026, 4, 6, 10, tzinfo=UTC)
BEHIND = timedelta(minutes=2)


class Broker:
    """Remembers everything in order; `settled` counts what was acknowledged."""

    def __init__(self, largest: int = 1000) -> None:
        self.sent: list[bytes] = []
        self.marks: list[tuple[int, Mark]] = []
        self.settled = 0
        self._largest = largest

    def event(self, route: Route, value: bytes) -> bool:  # noqa: ARG002 - the broker's side of it
        if len(value) > self._largest:
            return False
        self.sent.append(value)
        return True

    def settle(self) -> None:
        self.settled = len(self.sent)

    def ends(self) -> Mapping[str, list[int]]:
        return {"t": [self.settled]}

    def mark(self, mark: Mark) -> None:
        self.marks.append((len(self.sent), mark))


def turn(minute: float, name: str = "e") -> bytes:
    moment = (START + timedelta(minutes=minute)).isoformat()
    return f'{{"type":"turn","id":"{name}","time":"{moment}","conversation":"c"}}'.encode()


def test_a_mark_follows_every_ten_minutes_and_lies_behind_by_the_lateness() -> None:
    broker = Broker()
    minutes = [0, 4, 9, 11, 9.5, 20, 21, 45]
    played = play(map(turn, minutes), broker, Pace(), "run", BEHIND)
    assert [(sent, mark.positions) for sent, mark in broker.marks] == [
        (4, {"t": [4]}),
        (7, {"t": [7]}),
        (8, {"t": [8]}),
    ]
    assert [mark.until for _, mark in broker.marks] == [
        micros(START + timedelta(minutes=minute) - BEHIND) for minute in (11, 21, 45)
    ]
    assert [mark.id for _, mark in broker.marks] == ["run-0", "run-1", "run-2"]
    assert not any(mark.last for _, mark in broker.marks)
    assert (played.events, played.marks, broker.settled) == (8, 3, 8)
    # Nothing that comes after a mark lies before it.
    for sent, mark in broker.marks:
        assert all(micros(START + timedelta(minutes=m)) >= mark.until for m in minutes[sent:])


def test_finish_says_that_nothing_follows() -> None:
    broker = Broker()
    play([turn(0), turn(3), turn(1)], broker, Pace(), "run", BEHIND, finish=True)
    [(sent, mark)] = broker.marks
    assert (sent, mark.last, mark.until, mark.positions) == (
        3,
        True,
        micros(START + timedelta(minutes=3)),
        {"t": [3]},
    )


def test_nothing_played_is_not_finished() -> None:
    broker = Broker()
    play([b"garbage"], broker, Pace(), "run", BEHIND, finish=True)
    assert broker.sent == [b"garbage"]
    assert not broker.marks


def test_garbage_is_sent_and_what_is_too_large_is_counted() -> None:
    broker = Broker(largest=200)
    told: list[Played] = []
    lines = [turn(0), b"garbage", turn(1, "x" * 300), turn(2)]
    played = play(lines, broker, Pace(), "run", BEHIND, progress=told.append)
    assert (played.events, played.unread, played.too_large) == (3, 1, 1)
    assert broker.sent == [lines[0], lines[1], lines[3]]
    assert told[-1] is played


def test_a_rate_is_kept() -> None:
    begun = datetime.now(UTC)
    play([turn(0)] * 21, Broker(), Pace(rate=100.0), "run", BEHIND)
    assert timedelta(seconds=0.15) < datetime.now(UTC) - begun < timedelta(seconds=5)
