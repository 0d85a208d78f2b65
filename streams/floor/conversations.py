"""Conversation records: what is known of each conversation so far, folded from its facts in canonical order.

A fold never changes a record in place: it returns a new one, so a fault leaves the old one as it was.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import assert_never

from msgspec.structs import replace

from detectors.content.memory import EMPTY, Memory, look_up, remember
from detectors.structs import ArrayLeaf, FrozenArrayLeaf, field
from streams.floor.course import UNSEEN, Course, Seen, after
from streams.records.facts import MICROS, Acted, Dims, Fact, HandedOff, Passed, Said, Scored

HANDED_OFF = ("requested", "accepted", "completed")
UNSOLVED = ("unresolved", "abandoned")
AGE_EDGES_S = (60, 300, 900, 3600, 21600)
"""A handoff is one trial per age bin that a conversation reaches, so that a ramp of young conversations looks
like what it is."""


class Conversation(ArrayLeaf):
    """One open conversation. Times are microseconds; sums are over the AI's turns.

    counts: whether it enters the rates (one customer counts once in half a day). bins: how many age bins
    have been tried. complete: seen from its start. memory: what its content checks remember. course: how it
    went. asked: turns of its customer, up to a handoff.
    """

    key: str
    dims: Dims
    first: int
    last: int
    customer: str | None = None
    ai: bool | None = None
    counts: bool = True
    handed_off_at: int | None = None
    bins: int = 0
    resolution: str | None = None
    ended: bool = False
    actions: int = 0
    errors: int = 0
    answers: int = 0
    refusals: int = 0
    objections: int = 0
    words: float = 0.0
    waits: int = 0
    log_wait: float = 0.0
    moods: int = 0
    mood: float = 0.0
    complete: bool = False
    memory: Memory = EMPTY
    course: Course = field(default_factory=Course)
    asked: int = 0

    @property
    def trouble(self) -> int:
        """0..3: left unsolved, a failed tool call, a customer who objected."""
        return (self.resolution in UNSOLVED) + (self.errors > 0) + (self.objections > 0)

    @property
    def ends(self) -> tuple[bool, bool, bool]:
        """The bad ends it came to."""
        return self.objections > 0, self.handed_off_at is not None, self.resolution in UNSOLVED


class Ended(FrozenArrayLeaf):
    """What is kept of an ended conversation, so that a survey finds its place."""

    dims: Dims
    at: int
    trouble: int
    counts: bool
    ai: bool | None
    asked: int = 0
    ends: tuple[bool, bool, bool] = (False, False, False)
    topic: int = 0


def opened(fact: Fact) -> Conversation:
    """The record of a conversation whose first fact this is, before that fact is folded."""
    return Conversation(
        key=fact.conversation or "",
        dims=fact.dims,
        first=fact.time,
        last=fact.time,
        customer=fact.customer,
        complete=from_its_start(fact),
    )


def from_its_start(fact: Fact) -> bool:
    """Whether a conversation of which this is the first fact was seen from its start."""
    if isinstance(fact, Said):
        return fact.turn == 0
    return isinstance(fact, Passed) and fact.step == "started"


def remembered(memory: Memory, fact: Fact) -> Memory:
    """What the content checks remember after this fact."""
    if isinstance(fact, Said):
        return remember(memory, fact.role, fact.checks)
    return look_up(memory, fact.subject, fact.customer) if isinstance(fact, Acted) else memory


def fold(
    old: Conversation, fact: Fact, seen: Seen = UNSEEN, memory: Memory | None = None
) -> Conversation:  # fmt: skip
    """The record after this fact. seen: what is known of a turn beyond it. memory: after it, where known."""
    new = replace(
        old,
        last=fact.time if fact.time > old.last else old.last,
        customer=old.customer or fact.customer,
        memory=remembered(old.memory, fact) if memory is None else memory,
    )
    if fact.ai or old.ai is None:
        # A human's turns do not move the conversation away from the AI that served it.
        new.ai = fact.ai if fact.ai is not None else old.ai
        if fact.dims != old.dims:  # the record keeps one object: its hash is known
            new.dims = _moved(old.dims, fact.dims)
    match fact:
        case Said():
            _fold_turn(new, fact)
            new.course = after(old.course, fact, seen)
        case Acted():
            _fold_action(new, fact)
        case Scored():
            if fact.metric == "sentiment":
                new.moods += 1
                new.mood += fact.value
        case HandedOff():
            if new.handed_off_at is None and fact.direction == "ai_to_human" and fact.stage in HANDED_OFF:
                new.handed_off_at = fact.time
        case Passed():
            if fact.step == "ended":
                new.ended, new.resolution = True, fact.resolution
        case _:
            assert_never(fact)
    return new


def _moved(old: Dims, new: Dims) -> Dims:
    """Where a conversation is after a fact: what a fact does not say stays, and so does where it came in."""
    if new.agent is None and old.agent is not None:
        return old
    return Dims(
        channel=old.channel if new.channel == "other" else new.channel,
        queue=new.queue or old.queue,
        language=new.language or old.language,
        agent=new.agent,
        version=new.version or (old.version if new.agent == old.agent else None),
        model=new.model or (old.model if new.agent == old.agent else None),
        source=old.source,
    )


def _fold_turn(new: Conversation, turn: Said) -> None:
    if turn.role == "customer":
        # An objection needs something to object to.
        new.objections += turn.objection and new.answers > 0
        new.asked += new.handed_off_at is None
    elif turn.role == "ai":
        if turn.style is not None and turn.style.concedes and new.answers:
            new.objections += 1  # it was told something that it gives in to
        new.answers += 1
        new.refusals += turn.refusal
        new.words += turn.words
        if turn.latency_ms:
            new.waits += 1
            new.log_wait += math.log(turn.latency_ms)


def _fold_action(new: Conversation, action: Acted) -> None:
    if action.status != "started":
        new.actions += 1
        new.errors += action.status in ("error", "timeout")


def age_bin(conversation: Conversation, time: int) -> int:
    """The age bin that a conversation is in at a time, 0 to len(AGE_EDGES_S)."""
    age_s = (time - conversation.first) // MICROS
    return bisect_right(AGE_EDGES_S, age_s)


def next_edge(conversation: Conversation) -> int | None:
    """When the conversation leaves the first age bin not yet tried, microseconds; None in the last."""
    if conversation.bins >= len(AGE_EDGES_S):
        return None
    return conversation.first + AGE_EDGES_S[conversation.bins] * MICROS
