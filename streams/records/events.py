"""Events as they arrive: one JSON object each, decoded once, checked against the events contract.

Ranges and types live in the annotations, so that one decoder pass validates them; rules that need two
fields are in `streams.reading.decode`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

# Longer than any honest identifier, short enough that a million of them fit in memory.
Label: TypeAlias = Annotated[str, Meta(max_length=1024)]
Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1024)]
Time: TypeAlias = Annotated[datetime, Meta(tz=True)]
# As many classes of data as no honest call touches: what becomes of them still fits into one parcel.
DataClasses: TypeAlias = Annotated[list[Annotated[str, Meta(max_length=256)]], Meta(max_length=256)]
# A year in milliseconds and some: also keeps 1e309, which JSON parsers read as infinity, out of every sum.
Millis: TypeAlias = Annotated[float, Meta(ge=0.0, le=1e12)]
Unit: TypeAlias = Annotated[float, Meta(ge=0.0, le=1.0)]
Position: TypeAlias = Annotated[int, Meta(ge=0, le=2**31)]

Channel: TypeAlias = Literal["voice", "chat", "sms", "email", "social", "other"]
Role: TypeAlias = Literal["customer", "ai", "human", "system"]
Stage: TypeAlias = Literal["requested", "accepted", "completed", "abandoned"]
Trigger: TypeAlias = Literal["customer", "agent", "policy", "error", "no_match", "timeout", "unknown"]
Direction: TypeAlias = Literal["ai_to_human", "human_to_human", "human_to_ai", "ai_to_ai"]
Status: TypeAlias = Literal["ok", "error", "denied", "timeout", "started"]
Resolution: TypeAlias = Literal["resolved", "unresolved", "abandoned", "handed_off"]


class Agent(Struct, frozen=True):
    """Who serves or last served the conversation."""

    kind: Literal["ai", "human"]
    id: Label | None = None
    version: Label | None = None
    model: Label | None = None


class Common(Struct, frozen=True, kw_only=True, tag_field="type"):
    """Fields that every event has."""

    id: Key
    time: Time
    source: Key
    tenant: Key = "default"
    conversation: Key | None = None
    channel: Channel = "other"
    queue: Label | None = None
    language: Label | None = None
    agent: Agent | None = None
    customer: Label | None = None
    attributes: Annotated[dict[Label, Label], Meta(max_length=16)] = {}


class Turn(Common, frozen=True, kw_only=True, tag="turn"):
    """One utterance."""

    turn: Position
    role: Role
    text: str
    final: bool = True
    latency_ms: Millis | None = None
    confidence: Unit | None = None
    grounding: list[str] = []


class Escalation(Common, frozen=True, kw_only=True, tag="escalation"):
    """A step of a handoff."""

    stage: Stage
    trigger: Trigger = "unknown"
    reason: str | None = None
    direction: Direction = "ai_to_human"
    target: str | None = None


class Score(Common, frozen=True, kw_only=True, tag="score"):
    """A judgement of a turn, a conversation or a service."""

    metric: Annotated[str, Meta(min_length=1, max_length=128)]
    value: Annotated[float, Meta(ge=-1.0, le=1.0)]
    scope: Literal["turn", "conversation", "survey"] = "conversation"
    turn: Position | None = None
    rater: Literal["customer", "model", "human"] | None = None
    comment: str | None = None
    respondent: Label | None = None
    via: Label | None = None
    answered_after_s: Annotated[float, Meta(ge=0.0, le=1e10)] | None = None


class Action(Common, frozen=True, kw_only=True, tag="action"):
    """A tool call of an agent."""

    call: Key
    name: Key
    status: Status
    latency_ms: Millis | None = None
    effect: Literal["read", "write"] | None = None
    data: DataClasses = []
    amount: Annotated[float, Meta(ge=-1e15, le=1e15)] | None = None
    subject: Label | None = None


class Session(Common, frozen=True, kw_only=True, tag="session"):
    """The beginning or the end of a conversation."""

    phase: Literal["started", "ended"]
    resolution: Resolution | None = None
    duration_ms: Millis | None = None


Event: TypeAlias = Turn | Escalation | Score | Action | Session
