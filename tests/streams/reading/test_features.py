"""What of an event stays in its fact, and what does not."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from detectors.content.ownership import Value
from streams.reading import ReadLimits, Record, Secrets, read
from streams.records.facts import Acted, Dims, Fact, HandedOff, Passed, Said, Scored
from streams.records.order import ACTED, ENDED, HANDED_OFF, SAID, SCORED, STARTED

COMMON: dict[str, Any] = {
    "id": "e1",
    "time": "2026-04-09T07:03:29.463Z",
    "source": "webchat/prod",
    "tenant": "shop",
    "conversation": "c1",
    "channel": "chat",
    "queue": "orders",
    "language": "en",
    "customer": "u1",
    "agent": {"kind": "ai", "id": "helper", "version": "2.0", "model": "lm"},
    "attributes": {"intent": "canary-attribute"},
}
DIMS = Dims("chat", "orders", "en", "helper", "2.0", "lm", "webchat/prod")


def fact_of(secrets: Secrets | None = None, **fields: Any) -> Fact:
    value = json.dumps(COMMON | fields).encode()
    fact = read(Record("t", 0, 0, value), secrets or Secrets.public(), ReadLimits())
    assert isinstance(fact, Said | HandedOff | Scored | Acted | Passed)
    return fact


def turn(role: str, text: str, **fields: Any) -> Said:
    fact = fact_of(type="turn", turn=4, role=role, text=text, **fields)
    assert isinstance(fact, Said)
    return fact


def score(secrets: Secrets | None = None, **fields: Any) -> Scored:
    fact = fact_of(secrets, type="score", metric="csat", value=0.25, **fields)
    assert isinstance(fact, Scored)
    return fact


def test_turn() -> None:
    said = turn("ai", " Your parcel is\non its  way. ", latency_ms=812, confidence=0.5)
    assert (said.phase, said.turn, said.words, said.latency_ms, said.confidence) == (SAID, 4, 6, 812.0, 0.5)
    assert (said.tenant, said.conversation, said.customer, said.ai) == ("shop", "c1", "u1", True)
    assert said.dims == DIMS
    assert said.source == "webchat/prod"


def test_an_answer_that_comes_again() -> None:
    text = "Mrs Roe, card 4111 1111 1111 1111 is on file. Your parcel will arrive within three days."
    first, elsewhere = turn("ai", text), turn("ai", text, tenant="b")
    assert (turn("ai", text), turn("ai", text, tenant="b")) == (first, elsewhere)
    assert first.sentences
    assert not set(first.sentences) & set(elsewhere.sentences)
    assert _card(first).hash != _card(elsewhere).hash
    assert not _card(first).given
    assert _card(turn("ai", text, grounding=[text])).given


def _card(said: Said) -> Value:
    assert said.checks is not None
    assert said.checks.values is not None
    (value,) = said.checks.values.said
    return value


def test_score() -> None:
    scored = score(scope="turn", turn=7, rater="human", via="sms", answered_after_s=12)
    assert (scored.phase, scored.turn, scored.value, scored.scope) == (SCORED, 7, 0.25, "turn")
    assert (scored.rater, scored.via, scored.answered_after_s) == ("human", "sms", 12.0)
    assert (scored.respondent, scored.comment) == (0, 0)


def test_action() -> None:
    acted = fact_of(
        type="action", call="k", name="Pay", status="ok", effect="write", data=["a"], amount=5, subject="u2"
    )
    assert isinstance(acted, Acted)
    assert (acted.phase, acted.call, acted.name, acted.status, acted.effect) == (
        ACTED,
        "k",
        "Pay",
        "ok",
        "write",
    )
    assert (acted.data, acted.amount, acted.subject) == (("a",), 5.0, "u2")


def test_session() -> None:
    started, ended = (
        fact_of(type="session", phase="started"),
        fact_of(type="session", phase="ended", resolution="resolved"),
    )
    assert (started.phase, ended.phase) == (STARTED, ENDED)
    assert isinstance(ended, Passed)
    assert (ended.step, ended.resolution) == ("ended", "resolved")


def test_escalation() -> None:
    step = fact_of(type="escalation", stage="requested", trigger="policy")
    assert isinstance(step, HandedOff)
    assert (step.phase, step.stage, step.trigger, step.direction) == (
        HANDED_OFF,
        "requested",
        "policy",
        "ai_to_human",
    )


@pytest.mark.parametrize(
    ("agent", "ai"), [(None, None), ({"kind": "human"}, False), ({"kind": "ai", "id": "x"}, True)]
)
def test_who_serves(agent: dict[str, str] | None, ai: bool | None) -> None:
    assert fact_of(type="session", phase="ended", agent=agent).ai is ai


def test_empty_labels_name_nothing() -> None:
    fact = fact_of(
        type="session",
        phase="ended",
        queue="",
        language="",
        customer="",
        agent={"kind": "ai", "id": "x", "model": ""},
    )
    assert (fact.dims.queue, fact.dims.language, fact.dims.model, fact.customer) == (None, None, None, None)


def test_partial_speech_results_are_not_analysed() -> None:
    said = turn("ai", "I can't help with that.", final=False)
    assert (said.final, said.words, said.refusal) == (False, 0, False)
    assert turn("ai", "I can't help with that.").refusal


@pytest.mark.parametrize("role", ["customer", "ai", "human", "system"])
def test_refusals_are_the_ais_and_objections_the_customers(role: str) -> None:
    assert turn(role, "I can't help with that.").refusal == (role == "ai")
    assert turn(role, "No, that is wrong.").objection == (role == "customer")


def test_no_text_is_left() -> None:
    said = turn("customer", "canary-text", grounding=["canary-grounding"])
    scored = score(comment="canary-comment", respondent="canary-respondent")
    step = fact_of(type="escalation", stage="requested", reason="canary-reason", target="canary-target")
    for fact in (said, scored, step):
        assert b"canary" not in msgspec.msgpack.encode(fact)


def test_hashes_meet_within_a_tenant_and_key_only() -> None:
    one = score(respondent="r1", comment="Too  slow")
    assert one.respondent == score(respondent="r1").respondent
    assert one.comment == score(comment=" too SLOW ").comment
    assert len({one.respondent, one.comment, score(respondent="r2").respondent, 0}) == 4
    assert score(respondent="r1", tenant="bank").respondent != one.respondent
    assert score(Secrets(b"other key"), respondent="r1").respondent != one.respondent
    assert 0 < one.respondent < 2**64


def test_places_are_shared() -> None:
    assert fact_of(type="session", phase="ended").dims is fact_of(type="session", phase="started").dims


@pytest.mark.parametrize("key", [b"", b"x" * 65])
def test_keys_have_1_to_64_bytes(key: bytes) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Secrets(key)


def test_a_key_is_not_shown() -> None:
    assert "floorwalker" not in repr(Secrets.public())
