from __future__ import annotations

from typing import Any

import msgspec

from streams.floor.incidents import Incidents
from streams.floor.observations import Observation
from streams.floor.surveys import Surveys
from streams.floor.talks import Talks
from streams.records.facts import Fact, Scored
from streams.settings import IdleTimes, Limits, Settings
from tests.streams.floor.made import (
    HOUR,
    MINUTE,
    NEXT,
    SECOND,
    Run,
    acted,
    at,
    ended,
    hash_of,
    scored,
    started,
    traffic,
    warmed,
)

T = at(0, 9)
AI: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}


def desk(*facts: Fact) -> tuple[Surveys, Talks]:
    talks = Talks(Limits(), IdleTimes(), lambda _: None)
    for fact in facts:
        talks.fold(fact)
    return Surveys(Incidents("shop", Settings(), lambda _: None), wanted=True), talks


def judged(fact: Scored, *facts: Fact) -> list[Observation]:
    surveys, talks = desk(*facts)
    return surveys.judge(fact, talks)


TALK = (
    started(T, **AI),
    acted(T + 1, status="error", **AI),
    ended(T + MINUTE, resolution="unresolved", **AI),
)


def test_a_grade_finds_its_conversation() -> None:
    plain, given = judged(scored(T + HOUR, value=0.25, queue="elsewhere"), *TALK)
    assert (plain.signal, plain.value, plain.dims) == ("csat", 0.25, TALK[0].dims)
    assert (given.signal, given.stratum) == ("csat_given_trouble", 2)


def test_a_grade_without_conversation_speaks_for_its_own_place() -> None:
    found = judged(scored(T, None, queue="orders", respondent=7))
    assert [o.signal for o in found] == ["csat", "csat_given_trouble"]
    assert found[0].dims.queue == "orders"
    assert judged(scored(T, "never seen"))[0].conversation == "never seen"


def test_other_metrics() -> None:
    assert [o.signal for o in judged(scored(T, metric="nps"))] == ["nps"]
    assert judged(scored(T, metric="sentiment", rater="model")) == []
    assert judged(scored(T, metric="politeness")) == []
    values = {0.0: 1.0, 0.49: 1.0, 0.5: 0.0, 1.0: 0.0}
    for value, bad in values.items():
        (found,) = judged(scored(T, metric="resolution", value=value, rater="model"))
        assert (found.signal, found.value) == ("resolution", bad)


def test_people_and_customers_that_do_not_count_are_left_out() -> None:
    person: dict[str, Any] = {"agent": "anna", "ai": False}
    assert judged(scored(T + HOUR), started(T, **person), ended(T + 1, **person)) == []
    twice = [
        fact for i, key in enumerate("ab")
        for fact in (started(T + i, key, customer="x", **AI), ended(T + i, key, customer="x", **AI))
    ]  # fmt: skip
    assert judged(scored(T + HOUR, "a"), *twice)
    assert judged(scored(T + HOUR, "b"), *twice) == []


def test_who_answers_again_within_a_day_is_set_aside() -> None:
    surveys, talks = desk()
    hours = (0, 1, 23, 30, 54.1)
    entered = [bool(surveys.judge(scored(T + int(h * HOUR), respondent=5), talks)) for h in hours]
    assert entered == [True, False, False, False, True]
    assert surveys.judge(scored(T + HOUR), talks), "an unknown respondent is nobody's second answer"
    assert surveys.judge(scored(T + HOUR), talks)
    assert surveys.judge(scored(T + HOUR, respondent=5, rater="model"), talks)


def brigade(value: float = 0.0) -> Run:
    """Five people answer twelve times each, to conversations that nobody saw."""
    made = [
        scored(at(NEXT, 12) + i * 60 * SECOND, f"made up {i}", value, respondent=hash_of(f"{i % 5}"),
               queue="orders", source="polls/prod")
        for i in range(60)
    ]  # fmt: skip
    return warmed().feed([*traffic(NEXT), *made], until=at(NEXT + 1))


def test_a_brigade_opens_feedback_integrity_and_moves_no_score() -> None:
    run = brigade()
    (found,) = run.opened()
    assert (found.kind, found.signal) == ("feedback_integrity", "survey_reuse")
    assert found.scope == {"tenant": "shop"}
    told = run.told(found)
    assert told[-1].state == "resolved"
    assert told[-1].affected > 40
    last = told[-1].evidence
    assert last["mean_with"] < last["mean_without"] - 0.1
    assert f"and {last['mean_without']:.2f} without" in last["explanation"]
    assert "2026-05-18T12:0" < found.since <= found.at < "2026-05-18T12:30"


def test_without_setting_aside_it_would_have() -> None:
    """The same answers from sixty people are low scores: the test above can fail."""
    many = [
        scored(at(NEXT, 12) + i * 60 * SECOND, f"made up {i}", 0.0, respondent=hash_of(f"other {i}"),
               queue="orders", source="polls/prod")
        for i in range(60)
    ]  # fmt: skip
    run = warmed().feed([*traffic(NEXT), *many], until=at(NEXT + 1))
    assert [found.kind for found in run.opened()] == ["satisfaction"]


def test_genuine_surveys_are_no_brigade() -> None:
    run = warmed().feed([*traffic(NEXT), *traffic(NEXT, seed=9)], until=at(NEXT + 1))
    assert not run.opened("feedback_integrity")


def test_state_goes_round() -> None:
    surveys, talks = desk()
    for i in range(20):
        surveys.judge(scored(T + i * MINUTE, respondent=i % 7), talks)
    other, _ = desk()
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(surveys.state())))
    for i in range(20, 40):
        fact = scored(T + i * MINUTE, respondent=i % 9)
        assert other.judge(fact, talks) == surveys.judge(fact, talks)
    assert other.state() == surveys.state()
