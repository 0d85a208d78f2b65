"""Checks: every check of one utterance in one readable list; what it returns travels in the fact.

Adding a check: a field in `Checks` (append, never move: it is encoded by position), a line in `check`, and,
where the conversation matters, a field in `Memory` and a line in `judge` (`detectors.content.memory`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from detectors.content import disclosure, disguise, grounding, injection, ownership
from detectors.content.base import Heard, Score
from detectors.content.learnt import grams
from detectors.content.ownership import Values
from detectors.content.recital import Known
from detectors.content.rules import Retold
from detectors.content.supplied import HEARD
from detectors.structs import FrozenArrayLeaf
from detectors.text.engine import Pass
from detectors.text.keyed import Hasher
from detectors.text.minhash import bands
from detectors.text.patterns import ANSWERS, ASKS, CHARS
from detectors.text.tokens import words


class Checks(FrozenArrayLeaf):
    """What the checks found in one utterance. None, 0 or empty: nothing, or the check does not apply.

    injection: of customers' words, of comments, and of the grounding of an AI's turn. groundedness: of an
    AI's turn with grounding, how little of it that supports; figures: the same for its figures and amounts
    alone. disclosure: flags of `detectors.content.disclosure`. values: personal values said and made known;
    recital: an AI's answer that gives away its instructions. likeness: MinHash bands of what may be an
    attack, by which copies of it meet. retold: rules of its instructions that an AI tells in other words.
    grams: keyed words of a customer's turn that may be an attack, packed; what verdicts teach is about them.
    """

    injection: Score | None = None
    groundedness: Score | None = None
    figures: Score | None = None
    disclosure: int = 0
    values: Values | None = None
    recital: Score | None = None
    likeness: tuple[int, ...] = ()
    retold: Retold | None = None
    grams: bytes = b""


NOTHING = Checks()
_ASKS = Pass(HEARD, disclosure.ASKING, disguise.PATTERNS, ASKS.phrasings)
_ANSWERS = Pass(ownership.ANSWER, disclosure.ANSWERING, ANSWERS.phrasings)

Seen: TypeAlias = tuple[frozenset[int], ...]
"""What one pass over an utterance shows, by list of patterns."""


def look(heard: Heard) -> Seen:
    """The one pass: it says which checks have anything to look for."""
    return (_ANSWERS if heard.role == "ai" else _ASKS).found(heard.plain)


def wordings(heard: Heard, seen: Seen) -> int | None:
    """Families of `ANSWERS` or `ASKS` in an utterance; None where the pass read another text than theirs."""
    if len(heard.text) > CHARS or heard.plain != heard.text:
        return None
    return (ANSWERS if heard.role == "ai" else ASKS).families(seen[-1])


def check(
    heard: Heard,
    hashed: Hasher,
    known: Known | None = None,
    labels: Mapping[str, str] | None = None,
    seen: Seen | None = None,
) -> Checks | None:
    """All checks of one utterance; None where none has anything to say.

    hashed: of its tenant. known: what this tenant's AIs must not say. labels: that came with it, and may hold
    what the customer is known by. seen: what `look` shows, where that is known.
    """
    seen = look(heard) if seen is None else seen
    is_ai = heard.role == "ai"
    found = _answered(heard, hashed, known, seen) if is_ai else _asked(heard, hashed, labels, seen)
    return found if found != NOTHING else None


def _asked(heard: Heard, hashed: Hasher, labels: Mapping[str, str] | None, seen: Seen) -> Checks:
    """Of what anybody but an AI says."""
    personal, asking, disguised, _ = seen
    is_customer = heard.role == "customer"
    attack = injected(heard, disguised) if is_customer else None
    said = words(heard.plain) if attack is not None else ()
    return Checks(
        injection=attack,
        disclosure=disclosure.asked(asking) if is_customer else 0,
        values=ownership.values(heard, hashed, labels, personal),
        likeness=bands(said, hashed) if said else (),
        grams=grams(said, hashed) if said else b"",
    )


def _answered(heard: Heard, hashed: Hasher, known: Known | None, seen: Seen) -> Checks:
    """Of an AI's turn."""
    personal, answering, _ = seen
    grounded = grounding.score(heard.text, heard.grounding, most=1) if heard.grounding else None
    attack = injected(heard) if heard.grounding else None
    told = known.score(heard.plain) if known is not None else None
    return Checks(
        injection=attack,
        groundedness=grounded.groundedness if grounded is not None else None,
        figures=grounded.figures if grounded is not None and grounded.figures.value > 0.0 else None,
        disclosure=disclosure.answered(answering),
        values=ownership.values(heard, hashed, None, personal),
        recital=told if isinstance(told, Score) else None,
        likeness=bands(words(" ".join(heard.grounding)), hashed) if attack is not None else (),
        retold=told if isinstance(told, Retold) else None,
    )


def injected(heard: Heard, disguised: frozenset[int] | None = None) -> Score | None:
    """Of what a customer says or writes, and of what an AI was given; None where there is no sign.
    disguised: which of `disguise.PATTERNS` its plain text shows."""
    if heard.role == "customer":
        found: Score | None = injection.score(heard.text, disguised if heard.plain == heard.text else None)
    elif heard.role == "comment":
        found = max(injection.score_document(heard.text), injection.score(heard.text), key=_value)
    else:
        found = injection.score_documents(heard.grounding)
    return found if found is not None and found.reason != injection.NO_SIGN else None


def _value(score: Score) -> float:
    return score.value
