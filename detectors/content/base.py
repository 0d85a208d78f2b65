"""The vocabulary of the content checks: what they are given, and what they answer."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

ContentKind: TypeAlias = Literal["injection", "leakage", "groundedness", "disclosure"]
"""What a turn and its conversation can show; names are alert kinds."""


class Heard(Struct, frozen=True, gc=False):
    """One utterance (or comment) as the checks are given it.

    role: as in the event; `comment` for a survey's words. text: as it came. plain: the same after
    `detectors.text.normalise.normalise`: NFKC, nothing invisible, digits as digits; still in its own case.
    grounding: what the AI was given to answer from, as it came.
    """

    role: str
    text: str
    plain: str
    grounding: tuple[str, ...] = ()


class Score(Struct, frozen=True, array_like=True, gc=False):
    """What the first half of a check says of one utterance.

    value: 0..1, how suspicious. reason: one of the check's enumerated reasons, never words of the event.
    claim: what it is about, after the redaction gate; only where the operator allows examples, else "".
    """

    value: float
    reason: str
    claim: str = ""


class Judgement(Struct, frozen=True, gc=False):
    """What the second half says of one turn within its conversation.

    certain: proof enough to say at once; everything else only adds up. reason: enumerated, as in `Score`.
    """

    kind: ContentKind
    score: float
    reason: str
    certain: bool = False
    claim: str = ""
