"""Typed events: what a valid event of each type becomes. Mistakes are under `tests/data/events`."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from streams.records.events import Action, Escalation, Event, Score, Session, Turn

EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
COMMON = {"id": "e", "time": "2026-04-09T07:03:29Z", "source": "s", "conversation": "c"}
LEAST: list[tuple[type, dict[str, Any]]] = [
    (Turn, {"type": "turn", "turn": 0, "role": "ai", "text": ""}),
    (Escalation, {"type": "escalation", "stage": "requested"}),
    (Score, {"type": "score", "metric": "csat", "value": 1}),
    (Action, {"type": "action", "call": "k", "name": "n", "status": "ok"}),
    (Session, {"type": "session", "phase": "started"}),
]


@pytest.mark.parametrize(("kind", "fields"), LEAST, ids=lambda case: getattr(case, "__name__", ""))
def test_required_fields_are_enough_and_defaults_are_the_contracts(
    kind: type, fields: dict[str, Any]
) -> None:
    event = EVENT.decode(msgspec.json.encode(COMMON | fields))
    assert type(event) is kind
    assert (event.tenant, event.channel, event.attributes) == ("default", "other", {})
    assert (event.queue, event.language, event.agent, event.customer) == (None, None, None, None)


@pytest.mark.parametrize(("kind", "fields"), LEAST, ids=lambda case: getattr(case, "__name__", ""))
def test_events_survive_their_encoding(kind: type, fields: dict[str, Any]) -> None:
    event = EVENT.decode(msgspec.json.encode(COMMON | fields | {"agent": {"kind": "ai", "id": "a"}}))
    assert isinstance(event, kind)
    assert EVENT.decode(msgspec.json.encode(event)) == event


def test_defaults_by_type() -> None:
    turn, step, score, action, _ = (EVENT.decode(msgspec.json.encode(COMMON | fields)) for _, fields in LEAST)
    assert isinstance(turn, Turn)
    assert (turn.final, turn.grounding) == (True, [])
    assert isinstance(step, Escalation)
    assert (step.trigger, step.direction) == ("unknown", "ai_to_human")
    assert isinstance(score, Score)
    assert (score.scope, score.rater) == ("conversation", None)
    assert isinstance(action, Action)
    assert (action.effect, action.data, action.amount) == (None, [], None)
