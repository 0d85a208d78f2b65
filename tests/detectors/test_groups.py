"""Which answers are new and spreading; which are usual, forgotten, or said in one conversation only."""

from __future__ import annotations

import msgspec
import pytest

from detectors import groups as module
from detectors.groups import AMONG, DAY_US, HOUR_US, SPREAD, Groups

MINUTE = HOUR_US // 60


def spread(groups: Groups, key: int, start: int, count: int = SPREAD, name: str = "c") -> list[int]:
    """Sizes of what was found new, conversation by conversation, five minutes apart."""
    told = (groups.hear(key, (start + i * 5 * MINUTE, f"{name}{i}", i)) for i in range(count))
    return [len(found or ()) for found in told]


def test_six_conversations_are_a_spread() -> None:
    assert spread(Groups(), 1, 0) == [0, 0, 0, 0, 0, 6]


def test_one_conversation_counts_once() -> None:
    groups = Groups()
    assert not any(groups.hear(1, (i * MINUTE, "c0", i)) for i in range(50))
    assert not any(groups.hear(1, (i * MINUTE, f"c{i % 5}", i)) for i in range(50))


def test_what_is_said_slowly_does_not_spread() -> None:
    groups = Groups()
    assert not any(groups.hear(1, (i * 2 * HOUR_US, f"c{i}", 0)) for i in range(200))


@pytest.mark.parametrize(("every_min", "sizes"), [(40, SPREAD), (5, 0)])
def test_on_a_small_floor_a_spread_takes_longer(every_min: int, sizes: int) -> None:
    """It is heard every two hours, by each third conversation, or by few of many."""
    groups, found = Groups(), 0
    for i in range(120 * 40 // every_min):
        groups.over(i * every_min * MINUTE)
        if i > AMONG and i * every_min % 120 == 0:
            found = max(found, len(groups.hear(1, (i * every_min * MINUTE, f"c{i}", 0)) or ()))
    assert found == sizes
    again = Groups()
    again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(groups.state())))
    assert again.span_us == groups.span_us


def test_what_was_said_before_is_not_new() -> None:
    groups = Groups()
    for i in range(10):
        groups.hear(1, (i * 2 * HOUR_US, f"old{i}", 0))
    assert spread(groups, 1, 21 * HOUR_US) == [0] * SPREAD
    assert spread(groups, 1, 30 * DAY_US, name="d") == [0] * SPREAD  # usual from then on


def test_while_all_is_new_nothing_is() -> None:
    groups = Groups()
    assert not any(groups.hear(1, (i * MINUTE, f"c{i}", 0), teach=True) for i in range(9))
    assert spread(groups, 1, DAY_US, name="d") == [0] * SPREAD


def test_what_was_watched_is_usual_when_it_is_settled() -> None:
    groups = Groups()
    spread(groups, 1, 0)
    groups.settle(1, DAY_US)
    assert spread(groups, 1, DAY_US, name="d") == [0] * SPREAD


def test_what_is_not_said_for_long_is_forgotten() -> None:
    groups = Groups()
    for i in range(9):
        groups.hear(1, (i * MINUTE, f"c{i}", 0), teach=True)
    groups.forget(20 * DAY_US)
    assert spread(groups, 1, 20 * DAY_US, name="d")[-1] == SPREAD


def test_memory_is_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ONCE", "SEVERAL", "USUAL"):
        monkeypatch.setattr(module, name, 10)
    groups = Groups()
    for key in range(100):
        for i in range(1 + key % 3):
            groups.hear(key, (key * MINUTE, f"c{key}/{i}", 0))
        groups.settle(1000 + key, key * MINUTE)
    assert all(len(rows) <= 10 for rows in groups.state()[:3])
    assert groups.forgotten >= 150


def test_the_state_returns_byte_for_byte() -> None:
    groups, again = Groups(), Groups()
    for i in range(300):
        groups.hear(i % 40, (i * 10 * MINUTE, f"c{i}", i), teach=i < 100)
    again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(groups.state())))
    assert again.state() == groups.state()
    for i in range(300, 500):
        one = (i * 10 * MINUTE, f"c{i}", i)
        assert again.hear(i % 40, one) == groups.hear(i % 40, one)
    assert again.state() == groups.state()
