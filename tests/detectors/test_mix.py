"""Which answers are given: by a version, or an agent, beside what it was; chance is no change."""

from __future__ import annotations

from random import Random

import msgspec
import pytest

from detectors import mix as mix_module
from detectors.mix import DAYS, LEAST, Mix

USUAL = [*([1] * 8), *([2] * 5), 3, 4, 5]


def told(mix: Mix, version: str, day: int, count: int, groups: list[int], seed: int = 0) -> None:
    rng = Random(seed)
    for _ in range(count):
        mix.add("pine", version, day, rng.choice(groups))


def change(mix: Mix, version: str | None, since: int) -> float:
    found = mix.change("pine", version, since)
    return 0.0 if found is None else found[0]


def test_a_version_that_answers_otherwise() -> None:
    mix = Mix()
    told(mix, "1", 5, 400, USUAL)
    told(mix, "2", 5, 150, [*USUAL, *([6] * 8)], seed=1)
    assert change(mix, "2", 5) > 6.0


def test_an_agent_that_answers_otherwise_than_before() -> None:
    mix = Mix()
    for day in range(5):
        told(mix, "1", day, 100, USUAL if day < 4 else [*USUAL, *([6] * 8)], seed=day)
    assert change(mix, None, 4) > 6.0
    assert change(mix, None, 3) < change(mix, None, 4)


def test_chance_is_no_change() -> None:
    for seed in range(40):
        mix = Mix()
        told(mix, "1", 5, 400, USUAL, seed=seed)
        told(mix, "2", 5, 150, USUAL, seed=100 + seed)
        assert change(mix, "2", 5) < 3.0


def test_what_is_said_once_only_moves_nothing() -> None:
    mix, rng = Mix(), Random(2)
    for version in "12":
        for _ in range(400):
            mix.add("pine", version, 5, rng.getrandbits(32))
    assert change(mix, "2", 5) < 3.0


def test_few_answers_say_nothing() -> None:
    mix = Mix()
    told(mix, "1", 5, 400, USUAL)
    told(mix, "2", 5, LEAST - 1, [9])
    assert mix.change("pine", "2", 5) is None


def test_the_place_that_was_not_heard_for_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mix_module, "PLACES", 3)
    mix = Mix()
    for version, day in (("1", 1), ("2", 2), ("3", 3), ("1", 4), ("4", 5)):
        mix.add("pine", version, day, 1)
    assert [version for _, version, _ in mix.state()] == ["1", "3", "4"]


def test_memory_is_bounded_and_states_return() -> None:
    mix = Mix()
    for i in range(mix_module.PLACES + 20):
        mix.add("pine", f"v{i}", 0, 1)
    for day in range(3 * DAYS):
        mix.add("pine", "v0", day, 1)
    state = msgspec.msgpack.encode(mix.state())
    assert len(mix.state()) == mix_module.PLACES
    again = Mix()
    again.restore(msgspec.msgpack.decode(state))
    assert again.state() == mix.state()
    assert change(again, "v0", 0) == change(mix, "v0", 0)
