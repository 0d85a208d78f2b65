"""Facts: what remains of an event once its text is gone.

The reader makes one fact of each event, a pure function of that event; everything later is a function of
facts. Encoded as MessagePack arrays, so fields are appended, never moved.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from detectors.content.base import Score
from detectors.content.checks import Checks
from detectors.content.style import Answer, Ask

MICROS = 1_000_000


class Dims(Struct, frozen=True, array_like=True, gc=False, cache_hash=True):
    """Where something happened. None: the event did not say."""

    channel: str = "other"
    queue: str | None = None
    language: str | None = None
    agent: str | None = None
    version: str | None = None
    model: str | None = None
    source: str = ""


class Known(Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """What every fact says.

    time: event time, microseconds since 1970. phase, turn: place among events of the same time, see
    `streams.records.order`. ai: whether `dims.agent` is an AI; None where the event named no agent.
    """

    time: int
    phase: int
    turn: int
    source: str
    id: str
    tenant: str
    dims: Dims
    conversation: str | None = None
    customer: str | None = None
    ai: bool | None = None


class Said(Known, frozen=True, kw_only=True, array_like=True, gc=False, tag="t"):
    """A turn. words: how many; refusal, objection: whether it is one; latency_ms: the wait for it; checks:
    what the content checks found, None for nothing; style: of an AI's turn; ask: of a customer's; topic: hash
    of its intent, 0 for none; sentences: keys of an AI's answer, by which copies of it meet; excerpt: some of
    its text, redacted, where the operator allows it and something was found, or by chance."""

    role: str
    final: bool = True
    words: int = 0
    refusal: bool = False
    objection: bool = False
    latency_ms: float | None = None
    confidence: float | None = None
    checks: Checks | None = None
    style: Answer | None = None
    ask: Ask | None = None
    topic: int = 0
    sentences: tuple[int, ...] = ()
    excerpt: str = ""


class HandedOff(Known, frozen=True, kw_only=True, array_like=True, gc=False, tag="e"):
    """A step of a handoff."""

    stage: str
    direction: str = "ai_to_human"
    trigger: str = "unknown"


class Scored(Known, frozen=True, kw_only=True, array_like=True, gc=False, tag="s"):
    """A judgement. respondent, comment: keyed hashes, 0 for none; value in 0..1, sentiment in -1..1;
    injection: what the check of its comment found."""

    metric: str
    value: float
    scope: str
    rater: str
    respondent: int = 0
    comment: int = 0
    via: str | None = None
    answered_after_s: float | None = None
    injection: Score | None = None


class Acted(Known, frozen=True, kw_only=True, array_like=True, gc=False, tag="a"):
    """A tool call. amount in the tenant's currency; subject: whose record, comparable with `customer`."""

    call: str
    name: str
    status: str
    effect: str | None = None
    data: tuple[str, ...] = ()
    amount: float | None = None
    subject: str | None = None
    latency_ms: float | None = None


class Passed(Known, frozen=True, kw_only=True, array_like=True, gc=False, tag="x"):
    """The beginning (`started`) or end (`ended`) of a conversation."""

    step: str
    resolution: str | None = None


Fact: TypeAlias = Said | HandedOff | Scored | Acted | Passed
