from __future__ import annotations

from typing import Any

import msgspec

from streams.floor import matters
from streams.floor.conversations import Conversation, opened
from streams.floor.course import Course
from streams.floor.matters import ONCE_US, WITHIN_US, Matters
from tests.streams.floor.made import HOUR, at, started

T = at(0, 9)


def about(
    topic: int = 0, gist: tuple[int, ...] = (), customer: str | None = "x", **more: Any
) -> Conversation:
    made = opened(started(T, customer=customer))
    made.course = Course(topic=topic, gist=gist)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def settled(*talks: Conversation) -> Matters:
    found = Matters()
    for talk in talks:
        found.settle(talk, T)
    return found


def test_the_same_topic_soon_is_a_return_another_is_not() -> None:
    known = settled(about(7))
    assert known.back(about(8), T + HOUR) is False
    assert known.back(about(7, customer="y"), T + HOUR) is False
    assert known.back(about(7), T + HOUR) is True
    assert known.back(about(7), T + 2 * HOUR) is None
    assert settled(about(7)).back(about(7), T + WITHIN_US) is False


def test_without_a_topic_the_gist_decides() -> None:
    assert settled(about(gist=(1, 2, 3))).back(about(gist=(1, 2, 3, 4)), T + HOUR) is True
    assert settled(about(gist=(1, 2, 3))).back(about(gist=(3, 4, 5)), T + HOUR) is False
    assert settled(about(7, (1, 2, 3))).back(about(gist=(1, 2, 3)), T + HOUR) is True
    assert settled(about(7, (1, 2, 3))).back(about(8, (1, 2, 3)), T + HOUR) is False


def test_only_what_counted_as_settled_can_come_back() -> None:
    for open_end in (
        about(7, resolution="unresolved"),
        about(7, resolution="handed_off"),
        about(7, handed_off_at=T),
    ):
        assert settled(open_end).back(about(7), T + HOUR) is False
        assert settled(about(7), open_end).back(about(7), T + HOUR) is False
    assert settled(about(7, resolution=None)).back(about(7), T + HOUR) is True
    assert settled(about()).state() == []
    assert settled(about(7, customer=None)).state() == []


def test_a_customer_returns_once_in_half_a_day_however_often_it_is_settled() -> None:
    known = settled(about(7))
    assert known.back(about(7), T + HOUR) is True
    known.settle(about(7), T + 2 * HOUR)
    assert known.back(about(7), T + 3 * HOUR) is None
    assert known.back(about(7), T + HOUR + ONCE_US) is True


def test_memory_is_bounded(monkeypatch: Any) -> None:
    monkeypatch.setattr(matters, "MOST", 3)
    known = settled(*(about(7, customer=str(i)) for i in range(9)))
    assert [row[0] for row in known.state()] == ["6", "7", "8"]
    known.forget(T + WITHIN_US)
    assert known.state() == []


def test_state_goes_round() -> None:
    known, other = settled(about(7), about(0, (1, 2, 3), "y")), Matters()
    known.back(about(7), T + HOUR)
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(known.state())))
    assert other.state() == known.state()
    assert other.back(about(7), T + 2 * HOUR) is None
