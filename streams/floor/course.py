"""Course: how a conversation went beside its outcome: what its answers rest on and are like, what the
customer asks again, what looked doubtful. Sums that its end turns into observations.
"""

from __future__ import annotations

from msgspec.structs import replace

from detectors.content.disclosure import Said as Disclosed
from detectors.content.style import Answer, Ask, same
from detectors.structs import ArrayLeaf, FrozenLeaf
from streams.records.facts import Said

ASKED_LAST = 4  # questions that a customer's next one is compared with
Gist = tuple[int, ...]


class Seen(FrozenLeaf):
    """What is known of a turn beyond its fact. doubts: kinds of which it shows signs that are no proof.
    again: whether this very answer was given lately, in any conversation."""

    doubts: tuple[str, ...] = ()
    again: bool = False


UNSEEN = Seen()
NO_ASK, NO_STYLE = Ask(), Answer()
_ASKED = Disclosed.ASKED.value  # a plain number: operators of flags take a hundred times as long


class Course(ArrayLeaf):
    """Counts of AI turns unless said otherwise.

    sentences, questions: sums. hedged, strange: that are not sure; in another language than the customer's.
    grounded: with passages, each answer once in a while; beyond: sum of how far they go beyond them, 0..1;
    promised: grounded ones with a commitment that their passages do not speak of. leaks, evasions: doubtful
    ones. asked: customers' turns that ask who is speaking. gives_up: the customer left unhelped. waiting: the
    last word is the AI's question. repeats: customers' turns that ask the same again. gists: of the last
    questions. topic, gist: what the customer came for; 0, empty: not known. words: of a sampled answer.
    """

    sentences: int = 0
    questions: int = 0
    hedged: int = 0
    language: int = 0
    strange: int = 0
    grounded: int = 0
    beyond: float = 0.0
    promised: int = 0
    leaks: int = 0
    evasions: int = 0
    asked: int = 0
    gives_up: bool = False
    waiting: bool = False
    repeats: int = 0
    gists: tuple[Gist, ...] = ()
    topic: int = 0
    gist: Gist = ()
    words: tuple[int, ...] = ()


def after(old: Course, turn: Said, seen: Seen) -> Course:
    """The course after a turn of the customer or the AI; `old` stays as it was."""
    new = replace(old)
    if turn.role == "customer":
        _asks(new, turn, turn.ask or NO_ASK)
    elif turn.role == "ai":
        _answers(new, turn, turn.style or NO_STYLE, seen)
    return new


def _asks(new: Course, turn: Said, ask: Ask) -> None:
    new.waiting = False
    new.gives_up = ask.gives_up  # one that goes on has not
    new.language = ask.language or new.language
    new.topic = new.topic or turn.topic
    if turn.checks is not None:
        new.asked += turn.checks.disclosure & _ASKED != 0
    if ask.gist:
        new.repeats += any(same(ask.gist, other) for other in new.gists)
        new.gists = (*new.gists, ask.gist)[-ASKED_LAST:]
        new.gist = new.gist or ask.gist


def _answers(new: Course, turn: Said, style: Answer, seen: Seen) -> None:
    new.waiting = style.questions > 0
    new.sentences += style.sentences
    new.questions += style.questions
    new.hedged += style.hedges
    new.strange += 0 != style.language != new.language != 0
    new.words = new.words or style.words
    new.leaks += "leakage" in seen.doubts
    new.evasions += "disclosure" in seen.doubts
    found = turn.checks.groundedness if turn.checks is not None else None
    if found is not None and not seen.again:
        new.grounded += 1
        new.beyond += found.value
        new.promised += found.reason == "commitment"
