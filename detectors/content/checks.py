"""Checks: every check of one utterance in one readable list; what it returns travels in the fact.

Adding a check: a field in `Checks` (append, never move: it is encoded by position), a line in `check`, and,
where the conversation matters, a field in `Memory` and a line in `judge` (`detectors.content.memory`).
"""

from __future__ import annotations

from msgspec import Struct

from detectors.content.base import Heard, Score


class Checks(Struct, frozen=True, array_like=True, gc=False):
    """What the checks found in one utterance. None, 0 or empty: nothing, or the check does not apply.

    injection: of customers' words, of comments, and of the grounding of an AI's turn. groundedness: of an
    AI's turn with grounding, how little of it that supports; figures: the same for its figures and amounts
    alone. disclosure: flags of `detectors.content.disclosure`.
    """

    injection: Score | None = None
    groundedness: Score | None = None
    figures: Score | None = None
    disclosure: int = 0


NOTHING = Checks()


def check(heard: Heard) -> Checks:
    """All checks of one utterance."""
    del heard
    return NOTHING
