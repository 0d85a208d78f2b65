"""Brigades are found by their respondents; a genuine decline, however steep, is not one."""

from __future__ import annotations

import random

import msgspec
import pytest

from detectors import integrity
from detectors.base import Reason
from detectors.codec import CodecError
from detectors.integrity import AGAIN_US, HOUR_US, LINKED, SUSPECTS, WINDOW_US, Answer, Integrity, Means

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


@pytest.mark.parametrize("count", [100, 3000])
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
    assert verdict.contributions == (("reuse", 20.0), ("orphans", 17.0), ("suspects", 17.0))
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


def test_a_brigade_of_strangers_is_found_by_its_hand() -> None:
    """Everybody answers once, about a conversation, but within seconds and against what was seen there."""
    surveys = Integrity()
    run(surveys, genuine(200))
    at = 400 * MINUTE_US
    made = [Answer(at + i * MINUTE_US, 900_000 + i, after_s=3.0, unexplained=True) for i in range(9)]
    assert run(surveys, made).index(True) == SUSPECTS - 1


def test_genuine_anger_is_no_brigade_whatever_it_says() -> None:
    surveys = Integrity()
    angry = [
        Answer(i * MINUTE_US, 1 + i, orphan=i % 9 == 0, after_s=300.0, comment=1 + i % 3, unexplained=True)
        for i in range(200)
    ]
    assert not any(run(surveys, angry))


def test_a_link_that_suddenly_brings_most_answers_is_a_mark() -> None:
    surveys = Integrity()
    run(surveys, [Answer(i * MINUTE_US, 1 + i, via="mail" if i % 20 else "link") for i in range(300)])
    later = 300 * MINUTE_US + WINDOW_US
    shared = [Answer(later + i * MINUTE_US, 5000 + i, via="link", orphan=True) for i in range(20)]
    assert run(surveys, shared).index(True) >= LINKED
    usual = [Answer(later + WINDOW_US + i * MINUTE_US, 9000 + i, via="mail", orphan=True) for i in range(20)]
    assert not any(run(surveys, [a for a in usual if a.t > later + 2 * WINDOW_US]))


def test_two_marks_of_anger_alone_are_no_suspicion() -> None:
    surveys = Integrity()
    assert not surveys.suspect(Answer(0, 1, orphan=True, unexplained=True))
    assert not surveys.suspect(Answer(0, 1, after_s=1.0))
    assert surveys.suspect(Answer(0, 1, after_s=1.0, orphan=True))


def test_grades_with_and_without_suspects() -> None:
    surveys = Integrity()
    assert surveys.means() == Means(0, 0, None, None)
    run(surveys, [Answer(0, 1, value=1.0), Answer(0, 2, value=0.5)])
    run(surveys, [Answer(0, 3 + i, value=0.0, after_s=1.0, orphan=True) for i in range(2)])
    assert surveys.means() == Means(4, 2, 0.375, 0.75)


def test_a_state_of_version_1_keeps_its_respondents() -> None:
    old = {"version": 1, "settings": [6, 6], "window": [[0, True, False]], "heard": [[5, 0]]}
    assert Integrity.from_state(old).set_aside(1, 5)


def test_another_version_is_refused() -> None:
    with pytest.raises(CodecError):
        Integrity.from_state({**Integrity().state(), "version": 0})
