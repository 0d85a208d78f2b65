from __future__ import annotations

from copy import copy
from math import log
from typing import Any

import pytest

from streams.floor.conversations import AGE_EDGES_S, Conversation, age_bin, fold, next_edge, opened
from streams.records.facts import Fact
from tests.streams.floor.made import MINUTE, SECOND, acted, at, ended, handed_off, said, scored, started

T = at(0, 9)
AI: dict[str, Any] = {"agent": "pine", "version": "1.0", "ai": True}


def told(*facts: Fact) -> Conversation:
    record = opened(facts[0])
    for fact in facts:
        record = fold(record, fact)
    return record


def test_a_fold_leaves_the_old_record_alone() -> None:
    old = told(started(T), said(T + SECOND, words=5, **AI))
    before = copy(old)
    for fact in (said(T + MINUTE, words=3, refusal=True, **AI), ended(T + MINUTE), acted(T + MINUTE)):
        assert fold(old, fact) is not old
        assert old == before


def test_what_an_ai_said_is_summed() -> None:
    record = told(
        started(T),
        said(T + 1, role="customer", words=900, objection=True),
        said(T + 2, words=10, latency_ms=1000.0, **AI),
        said(T + 3, words=30, refusal=True, **AI),
        said(T + 4, role="customer", objection=True),
        said(T + 5, role="human", words=500, agent="anna", ai=False),
        said(T + 6, role="system", words=500),
    )
    assert (record.answers, record.words, record.refusals) == (2, 40.0, 1)
    assert (record.waits, record.log_wait) == (1, log(1000.0))
    assert record.objections == 1, "nothing had been answered when the first came"


def test_a_persons_words_do_not_move_it_away_from_the_ai() -> None:
    record = told(started(T, **AI), said(T + 1, role="human", agent="anna", ai=False))
    assert (record.dims.agent, record.ai) == ("pine", True)
    record = told(started(T), said(T + 1, role="customer"), said(T + 2, **AI))
    assert (record.dims.agent, record.ai) == ("pine", True)
    record = told(started(T, agent="anna", ai=False), said(T + 1, role="customer"))
    assert (record.dims.agent, record.ai) == ("anna", False)


def test_an_agent_that_takes_over_serves_from_then_on() -> None:
    record = told(started(T, **AI), said(T + 1, agent="cove", ai=True))
    assert record.dims.agent == "cove"


@pytest.mark.parametrize(
    ("stage", "direction", "counts"),
    [
        ("requested", "ai_to_human", True),
        ("completed", "ai_to_human", True),
        ("abandoned", "ai_to_human", False),
        ("requested", "human_to_human", False),
        ("requested", "ai_to_ai", False),
    ],
)
def test_only_handoffs_to_people_count(stage: str, direction: str, counts: bool) -> None:
    record = told(started(T, **AI), handed_off(T + MINUTE, stage=stage, direction=direction))
    assert (record.handed_off_at == T + MINUTE) is counts


def test_the_first_handoff_stays() -> None:
    record = told(started(T), handed_off(T + 1), handed_off(T + 2, stage="completed"))
    assert record.handed_off_at == T + 1


def test_trouble_counts_signs() -> None:
    assert told(started(T), ended(T + 1)).trouble == 0
    assert told(started(T), acted(T + 1, status="timeout"), acted(T + 2, status="error")).trouble == 1
    worst = told(
        started(T),
        acted(T + 1, status="error"),
        said(T + 2, **AI),
        said(T + 3, role="customer", objection=True),
        ended(T + 4, resolution="abandoned"),
    )
    assert worst.trouble == 3


def test_calls_count_once_they_ended_and_denied_ones_are_no_errors() -> None:
    record = told(started(T), acted(T + 1, status="started"), acted(T + 2), acted(T + 3, status="denied"))
    assert (record.actions, record.errors) == (2, 0)


def test_moods_are_sentiment_only() -> None:
    mood: dict[str, Any] = {"scope": "turn", "rater": "model"}
    record = told(started(T), scored(T + 1, metric="sentiment", value=-0.5, **mood), scored(T + 2, value=1.0))
    assert (record.moods, record.mood) == (1, -0.5)


def test_a_fact_out_of_order_does_not_turn_time_back() -> None:
    record = told(started(T), said(T + MINUTE), said(T - MINUTE))
    assert (record.first, record.last) == (T, T + MINUTE)
    assert age_bin(record, T - MINUTE) == 0


def test_age_bins_and_their_edges() -> None:
    record = told(started(T))
    assert [age_bin(record, T + s * SECOND) for s in (0, 59, 60, 299, 300, 10**6)] == [0, 0, 1, 1, 2, 5]
    assert next_edge(record) == T + MINUTE
    record.bins = len(AGE_EDGES_S)
    assert next_edge(record) is None
