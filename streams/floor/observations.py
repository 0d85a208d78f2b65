"""Observations: what a conversation says about each signal, once it is decided.

A conversation speaks once per signal (per-turn values are clustered), a handoff once per age bin reached.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec import Struct

from streams.floor.conversations import Conversation, age_bin
from streams.records.facts import Dims


class Observation(Struct, frozen=True, gc=False):
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


def _observe(signal: str, c: Conversation, time: int, value: float, stratum: int = 0) -> Observation:
    return Observation(signal, time, c.dims, value, c.key, stratum)
