"""Checks: every check of one utterance in one readable list; what it returns travels in the fact.

Adding a check: a field in `Checks` (append, never move: it is encoded by position), a line in `check`, and,
where the conversation matters, a field in `Memory` and a line in `judge` (`detectors.content.memory`).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from detectors.content import disclosure, grounding, injection
from detectors.content.base import Heard, Score
from detectors.content.ownership import Values, values
from detectors.content.recital import Known
from detectors.text.keyed import Hasher
from detectors.text.minhash import bands
from detectors.text.tokens import words


class Checks(Struct, frozen=True, array_like=True, gc=False):
    """What the checks found in one utterance. None, 0 or empty: nothing, or the check does not apply.

    injection: of customers' words, of comments, and of the grounding of an AI's turn. groundedness: of an
    AI's turn with grounding, how little of it that supports; figures: the same for its figures and amounts
    alone. disclosure: flags of `detectors.content.disclosure`. values: personal values said and made known;
    recital: an AI's answer that gives away its instructions. likeness: MinHash bands of what may be an
    attack, by which copies of it meet.
    """

    injection: Score | None = None
    groundedness: Score | None = None
    figures: Score | None = None
    disclosure: int = 0
    values: Values | None = None
    recital: Score | None = None
    likeness: tuple[int, ...] = ()


NOTHING = Checks()


def check(
    heard: Heard, hashed: Hasher, known: Known | None = None, labels: Mapping[str, str] | None = None
) -> Checks | None:
    """All checks of one utterance; None where none has anything to say.

    hashed: of its tenant. known: what this tenant's AIs must not say. labels: that came with it, and may
    hold what the customer is known by.
    """
    grounded = grounding.score(heard.text, heard.grounding) if heard.role == "ai" else None
    attack = injected(heard)
    found = Checks(
        injection=attack,
        groundedness=grounded.groundedness if grounded is not None else None,
        figures=grounded.figures if grounded is not None and grounded.figures.value > 0.0 else None,
        disclosure=disclosure.flags(heard.role, heard.text),
        values=values(heard, hashed, labels),
        recital=known.score(heard.plain) if known is not None and heard.role == "ai" else None,
        likeness=bands(words(_attacking(heard)), hashed) if attack is not None else (),
    )
    return found if found != NOTHING else None


def injected(heard: Heard) -> Score | None:
    """Of what a customer says or writes, and of what an AI was given; None where there is no sign."""
    if heard.role == "customer":
        found: Score | None = injection.score(heard.text)
    elif heard.role == "comment":
        found = max(injection.score_document(heard.text), injection.score(heard.text), key=_value)
    else:
        found = injection.score_documents(heard.grounding)
    return found if found is not None and found.reason != injection.NO_SIGN else None


def _attacking(heard: Heard) -> str:
    """What `injected` looked at."""
    return heard.plain if heard.role != "ai" else " ".join(heard.grounding)


def _value(score: Score) -> float:
    return score.value
