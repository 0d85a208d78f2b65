"""Brigades are found by their respondents; a genuine decline, however steep, is not one."""

from __future__ import annotations

import random

import msgspec
import pytest

from detectors import integrity
from detectors.base import Reason
from detectors.codec import CodecError
from detectors.integrity import AGAIN_US, HOUR_US, Answer, Integrity

MINUTE_US = 60_000_000


def run(surveys: Integrity, answers: list[Answer]) -> list[bool]:
    alarms = []
    for answer in answers:
        alarms.append(surveys.score_one(answer).alarm)
        surveys.learn_one(answer)
    return alarms


def genuine(count: int, seed: int = 1) -> list[Answer]:
    """Different people, most about a conversation, a few who answer twice."""
    rng = random.Random(seed)
    return [
        Answer(i * MINUTE_US // 2, 1 + rng.randrange(20 * count), rng.random() < 0.02) for i in range(count)
    ]


def test_a_brigade_is_found() -> None:
    surveys = Integrity()
    assert not any(run(surveys, genuine(200)))
    at = 200 * MINUTE_US
    alarms = run(surveys, [Answer(at + i * MINUTE_US, 900_000 + i % 4, orphan=True) for i in range(16)])
    assert alarms.index(True) <= 9  # four respondents: the tenth answer is the sixth repeated one


@pytest.mark.parametrize("count", [100, 3000, 10_000])
def test_a_genuine_decline_is_not_one(count: int) -> None:
    assert not any(run(Integrity(), genuine(count)))


def test_one_sign_alone_is_not_enough() -> None:
    repeated = [Answer(i * MINUTE_US, 1 + i % 3) for i in range(60)]
    orphans = [Answer(i * MINUTE_US, 1 + i, orphan=True) for i in range(60)]
    unknown = [Answer(i * MINUTE_US, 0, orphan=True) for i in range(60)]
    assert not any(run(Integrity(), repeated))
    assert not any(run(Integrity(), orphans))
    assert not any(run(Integrity(), unknown))


def test_the_window_slides() -> None:
    slow = [Answer(i * HOUR_US, 7, orphan=True) for i in range(48)]
    assert not any(run(Integrity(), slow))


def test_respondents_are_set_aside_for_a_day() -> None:
    surveys = Integrity()
    assert not surveys.set_aside(0, 5)
    surveys.learn_one(Answer(0, 5))
    assert surveys.set_aside(0, 5)
    assert surveys.set_aside(AGAIN_US - 1, 5)
    assert not surveys.set_aside(AGAIN_US, 5)
    surveys.learn_one(Answer(0, 0))
    assert not surveys.set_aside(0, 0)


def test_the_verdict_says_how_many_and_since_when() -> None:
    surveys = Integrity()
    run(surveys, [Answer(i * MINUTE_US, 3, orphan=i >= 4) for i in range(20)])
    verdict = surveys.score_one(Answer(20 * MINUTE_US, 3, orphan=True))
    assert verdict.reason is Reason.TAMPERED
    assert verdict.contributions == (("reuse", 20.0), ("orphans", 17.0))
    assert verdict.onset == MINUTE_US


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "MAX_RESPONDENTS", 50)
    monkeypatch.setattr(integrity, "MAX_ANSWERS", 40)
    surveys = Integrity()
    run(surveys, [Answer(i, 1 + i % 60, orphan=True) for i in range(1000)])
    assert len(surveys.state()["heard"]) == 50
    assert len(surveys.state()["window"]) == 40


def test_respondents_are_forgotten_after_a_day() -> None:
    surveys = Integrity()
    run(surveys, [Answer(i * MINUTE_US, i + 1) for i in range(3000)])
    assert len(surveys.state()["heard"]) == 1440


def test_state_is_plain_and_complete() -> None:
    surveys = Integrity()
    run(surveys, [Answer(i * MINUTE_US, 1 + i % 9, orphan=i % 2 == 0) for i in range(300)])
    restored = Integrity.from_state(msgspec.msgpack.decode(msgspec.msgpack.encode(surveys.state())))
    later = [Answer((300 + i) * MINUTE_US, 1 + i % 13, orphan=i % 3 == 0) for i in range(300)]
    assert run(restored, later) == run(surveys, later)
    assert restored.state() == surveys.state()


def test_another_version_is_refused() -> None:
    with pytest.raises(CodecError):
        Integrity.from_state({**Integrity().state(), "version": 0})
