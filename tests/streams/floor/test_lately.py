from __future__ import annotations

from typing import Any

import msgspec

from streams.floor import lately
from streams.floor.lately import ONCE_US, Lately


def test_an_answer_counts_anew_after_half_a_day_however_often_it_is_given() -> None:
    answers = Lately()
    for time in range(0, ONCE_US, ONCE_US // 10):
        answers.learn(7, time)
    assert answers.given(7, ONCE_US - 1)
    assert not answers.given(7, ONCE_US)
    answers.learn(7, ONCE_US)
    assert answers.given(7, ONCE_US + 1)


def test_none_is_never_given() -> None:
    answers = Lately()
    answers.learn(0, 0)
    assert not answers.given(0, 1)


def test_memory_is_bounded(monkeypatch: Any) -> None:
    monkeypatch.setattr(lately, "MOST", 3)
    answers = Lately()
    for answer in range(1, 9):
        answers.learn(answer, answer)
    assert answers.state() == [[6, 6], [7, 7], [8, 8]]
    answers.forget(7 + ONCE_US)
    assert answers.state() == [[8, 8]]


def test_state_goes_round() -> None:
    answers, other = Lately(), Lately()
    answers.learn(7, 5)
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(answers.state())))
    assert other.given(7, 6)
