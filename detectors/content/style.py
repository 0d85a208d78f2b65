"""Style: how an answer is given and how a customer asks, whatever it is about.

Counts and flags of one turn, and a few keyed hashes of its longest words, by which equal matters meet: the
same question again, the same topic on another day. Cheap enough for every turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.structs import FrozenArrayLeaf
from detectors.text.keyed import Hasher, word_hash
from detectors.text.languages import language
from detectors.text.patterns import ANSWERS, ASKS, CONCESSION, GAVE_UP, HEDGE, OBJECTION, REFUSAL
from detectors.text.swap import Swap

GIST = 4  # words by which a matter is known: fewer meet by chance, more cost
SAME = 3  # of them in common: the same matter
LEAST_GIST = 3  # words needed; a bare "yes please" is no matter
LONG = 5  # letters from which a word says what it is about
CHARS = 1024  # of a turn: what it is about is said early
VOCABULARY = 8  # words shown of an answer that is sampled
EARLY = 4  # turns in which the language is looked at: it hardly changes later
_zeros = Swap(dict.fromkeys("123456789", "0"))  # amounts and numbers do not make another answer
_apart = Swap(dict.fromkeys(".,;:!?()[]'’\"*#-/", " "))


class Answer(FrozenArrayLeaf):
    """Of an AI's turn. questions: sentences that ask; sentences: at least 1. words: keyed hashes of some, in
    answers that are sampled. group: keyed hash of a grounded answer, digits aside; 0 of others."""

    sentences: int = 1
    questions: int = 0
    hedges: bool = False
    concedes: bool = False
    language: int = 0
    words: tuple[int, ...] = ()
    group: int = 0


class Ask(FrozenArrayLeaf):
    """Of a customer's turn. gives_up: leaves unhelped. gist: keyed hashes of its longest words, ascending."""

    gives_up: bool = False
    language: int = 0
    gist: tuple[int, ...] = ()


QUIET = Ask()


def answered(
    text: str, turn: int, hashed: Hasher, *, grounded: bool, sampled: bool, said: int | None = None
) -> tuple[bool, Answer | None]:
    """Whether an answer is a refusal, and its style; None for an empty one. sampled: it shows words.
    said: the families of `ANSWERS` in it, where they are known."""
    head = text[:CHARS]
    early = turn < EARLY
    words = (
        _words(head) if early or sampled or not head[:1].isalnum() else [head]
    )  # else only if there are any
    if not words:
        return False, None
    said = ANSWERS.found(text) if said is None else said
    style = Answer(
        _sentences(head),
        head.count("?"),
        bool(said & HEDGE),
        bool(said & CONCESSION),
        language(words) if early else 0,
        _gist(words, hashed, VOCABULARY) if sampled else (),
        hashed(_zeros(text)) if grounded else 0,
    )
    return bool(said & REFUSAL), style


def asked(text: str, turn: int, hashed: Hasher, said: int | None = None) -> tuple[bool, Ask | None]:
    """Whether a customer's turn is an objection, and what else it shows; None for nothing. said: the families
    of `ASKS` in it, where they are known."""
    words = _words(text[:CHARS])
    if not words:
        return False, None
    said = ASKS.found(text) if said is None else said
    gist = _gist(words, hashed, GIST) if len(words) >= LEAST_GIST else ()
    found = Ask(
        bool(said & GAVE_UP),
        language(words) if turn < EARLY else 0,
        gist if len(gist) >= LEAST_GIST else (),
    )
    return bool(said & OBJECTION), found if found != QUIET else None


def same(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two gists are of the same matter.

    >>> same((1, 2, 3, 4), (2, 3, 4, 9)), same((1, 2, 3), (3, 4, 5)), same((), ())
    (True, False, False)
    """
    return sum(word in other for word in one) >= SAME


def _words(text: str) -> list[str]:
    return _apart(text.lower()).split()


def _sentences(text: str) -> int:
    """Sentences ended by a mark that a space follows, and the last one."""
    inner = text.count(". ") + text.count("? ") + text.count("! ") + text.count("\n")
    return inner + 1


def _gist(words: Sequence[str], hashed: Hasher, most: int) -> tuple[int, ...]:
    """Hashes of the longest words: of equally long ones, those said last."""
    long = list(dict.fromkeys([word for word in words if len(word) >= LONG]))
    if len(long) > most:
        long = sorted(long, key=len)[-most:]
    return tuple(sorted({word_hash(word, hashed) & 0xFFFFFFFF for word in long}))
