"""Observations: what a conversation says about each signal, once it is decided.

A conversation speaks once per signal (per-turn values are clustered), a handoff once per age bin reached.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from detectors.structs import FrozenLeaf
from streams.floor.conversations import Conversation, age_bin
from streams.records.facts import Dims


class Observation(FrozenLeaf):
    """One decided observation.

    value: a category for outcomes, a number for levels. stratum: what the expectation depends on beside
    the queue, such as the age bin.
    """

    signal: str
    time: int
    dims: Dims
    value: float
    conversation: str | None
    stratum: int = 0


def handoff_trials(old: Conversation, new: Conversation, time: int) -> Iterator[Observation]:
    """Trials of the handoff that are decided by `time`: no handoff in each age bin left behind since `old`,
    and the handoff or the end in the bin of `time` itself. Counts the bins in `new`."""
    if old.handed_off_at is not None:
        return
    handed_off = new.handed_off_at is not None or (new.ended and new.resolution == "handed_off")
    decided = handed_off or new.ended
    reached = age_bin(new, time)
    while new.bins < reached + decided:
        positive = handed_off and new.bins == reached
        yield _observe("escalation", new, time, float(positive), new.bins)
        new.bins += 1


def closing_observations(conversation: Conversation, time: int) -> Iterator[Observation]:
    """What an ended conversation says about everything but handoffs."""
    c = conversation
    if c.actions:
        yield _observe("tool_error", c, time, float(c.errors > 0))
    yield _observe("trouble", c, time, float(c.trouble))
    if c.answers:
        yield _observe("refusal", c, time, float(c.refusals > 0))
        if c.words:
            yield _observe("length", c, time, math.log(c.words / c.answers))
    if c.waits:
        yield _observe("latency", c, time, c.log_wait / c.waits)
    if c.moods:
        yield _observe("sentiment", c, time, c.mood / c.moods)
    yield from _how_it_went(c, time)


def _how_it_went(c: Conversation, time: int) -> Iterator[Observation]:
    """What an ended conversation says beside its outcome."""
    course = c.course
    if course.asked:
        yield _observe("evasion", c, time, float(course.evasions > 0))
    if not c.answers:
        return
    yield _observe("objection", c, time, float(c.objections > 0))
    yield _observe("repeat", c, time, float(course.repeats > 0))
    if course.sentences:
        yield _observe("sentences", c, time, math.log(course.sentences / c.answers))
        yield _observe("questions", c, time, course.questions / c.answers)
        yield _observe("style", c, time, 0.0)  # pooled from those before, by who knows what is usual
    yield _observe("hedge", c, time, float(course.hedged > 0))
    if course.language:
        yield _observe("language", c, time, float(course.strange > 0))
    yield _observe("doubtful_leak", c, time, float(course.leaks > 0))
    if course.grounded:
        yield _observe("unsupported", c, time, course.beyond / course.grounded)
        yield _observe("commitment", c, time, float(course.promised > 0))
    if c.handed_off_at is None:
        yield _observe("gave_up", c, time, float(_gave_up(c)))


def _gave_up(c: Conversation) -> bool:
    """Whether the customer left unhelped: said so, was told so, or just left a question standing."""
    left = c.course.waiting and c.resolution is None
    return c.course.gives_up or left or c.resolution == "abandoned"


def _observe(signal: str, c: Conversation, time: int, value: float, stratum: int = 0) -> Observation:
    return Observation(signal, time, c.dims, value, c.key, stratum)
