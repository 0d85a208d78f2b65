from __future__ import annotations

from copy import copy
from math import log
from typing import Any

import pytest

from streams.floor.conversations import Conversation, fold, opened
from streams.floor.course import Course
from streams.floor.observations import Observation, closing_observations, handoff_trials
from streams.records.facts import Fact
from tests.streams.floor.made import MINUTE, at, ended, handed_off, started

T = at(0, 9)


def trials(old: Conversation, fact: Fact) -> tuple[Conversation, list[tuple[int, float]]]:
    """(age bin, outcome) of each trial that this fact decides."""
    new = fold(old, fact)
    found = [(o.stratum, o.value) for o in handoff_trials(old, new, fact.time)]
    return new, found


def test_a_handoff_is_one_trial_per_bin_reached() -> None:
    old = opened(started(T))
    new, found = trials(old, handed_off(T + 7 * MINUTE))
    assert found == [(0, 0.0), (1, 0.0), (2, 1.0)]
    assert trials(new, handed_off(T + 8 * MINUTE, stage="completed"))[1] == []
    assert trials(new, ended(T + 9 * MINUTE, resolution="handed_off"))[1] == []


def test_an_end_decides_the_bin_it_lies_in() -> None:
    old = opened(started(T))
    assert trials(old, ended(T + MINUTE))[1] == [(0, 0.0), (1, 0.0)]
    assert trials(old, ended(T))[1] == [(0, 0.0)]
    assert trials(old, ended(T, resolution="handed_off"))[1] == [(0, 1.0)]


def test_no_bin_is_tried_twice_and_the_last_one_has_no_end() -> None:
    old = opened(started(T))
    found: list[Observation] = []
    for minute in (0.5, 2, 2.5, 10, 30, 100, 1000, 1500):
        new = copy(old)
        found += handoff_trials(old, new, T + round(minute * MINUTE))
        old = new
    assert [o.stratum for o in found] == [0, 1, 2, 3, 4]
    assert not any(o.value for o in found)
    assert trials(old, ended(T + 2000 * MINUTE))[1] == [(5, 0.0)]


def closed(**fields: object) -> dict[str, float]:
    record = opened(started(T))
    for name, value in fields.items():
        setattr(record, name, value)
    return {o.signal: o.value for o in closing_observations(record, T)}


def test_an_empty_conversation_says_only_that_there_was_no_trouble() -> None:
    assert closed() == {"trouble": 0.0}


def test_each_signal_is_said_once() -> None:
    found = closed(actions=3, errors=2, answers=2, refusals=1, words=50.0, waits=2, log_wait=12.0, moods=4,
                   mood=-2.0)  # fmt: skip
    assert found == {
        "tool_error": 1.0,
        "trouble": 1.0,
        "refusal": 1.0,
        "length": pytest.approx(log(25.0)),
        "latency": 6.0,
        "sentiment": -0.5,
        "objection": 0.0,
        "repeat": 0.0,
        "hedge": 0.0,
        "doubtful_leak": 0.0,
        "gave_up": 0.0,
    }


def went(**course: Any) -> dict[str, float]:
    """Observations of a conversation of four answers that went so."""
    return closed(answers=4, course=Course(**course))


def test_how_it_went_is_said_once() -> None:
    found = went(sentences=8, questions=1, hedged=2, language=1, strange=1, repeats=2, leaks=1)
    assert found["sentences"] == pytest.approx(log(2.0))
    assert found["questions"] == 0.25
    assert "style" in found
    assert all(found[name] == 1.0 for name in ("hedge", "language", "repeat", "doubtful_leak"))
    assert not {"unsupported", "commitment", "evasion"} & set(found)


def test_only_grounded_answers_can_go_beyond() -> None:
    found = went(grounded=2, beyond=1.5, promised=1)
    assert (found["unsupported"], found["commitment"]) == (0.75, 1.0)


def test_only_who_was_asked_can_evade() -> None:
    assert went(asked=1)["evasion"] == 0.0
    assert went(asked=1, evasions=1)["evasion"] == 1.0


def test_customers_leave_unhelped_in_three_ways() -> None:
    assert went(gives_up=True)["gave_up"] == 1.0
    assert went(waiting=True)["gave_up"] == 1.0
    assert closed(answers=1, resolution="abandoned")["gave_up"] == 1.0
    assert closed(answers=1, course=Course(waiting=True), resolution="resolved")["gave_up"] == 0.0
    assert "gave_up" not in closed(answers=1, course=Course(gives_up=True), handed_off_at=T)


def test_answers_without_words_have_no_length() -> None:
    assert "length" not in closed(answers=2)
