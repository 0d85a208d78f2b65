"""Memory: what a conversation keeps for its content checks, and what it makes of the next turn.

Bounded, without text. `judge` returns a new memory and never changes the old one, so that a fault, or a
provisional look ahead, leaves everything as it was.
"""

from __future__ import annotations

from msgspec import Struct

from detectors.content.base import Judgement
from detectors.content.checks import Checks


class Memory(Struct, frozen=True, array_like=True, gc=False):
    """What one conversation has shown so far. injected: the highest injection score of its utterances."""

    injected: float = 0.0


EMPTY = Memory()


def judge(memory: Memory, role: str, checks: Checks) -> tuple[Memory, tuple[Judgement, ...]]:
    """The memory after this turn, and what the turn shows within its conversation."""
    del role, checks
    return memory, ()
