"""Overlap: what of an answer stands in the texts it should rest on, as a few numbers.

Words are compared by their stems, pairs and runs of words as they follow each other. Texts to rest on are
prepared once each and remembered for a while, as the same policies come back with every answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from detectors.structs import Frozen
from detectors.text.remembered import Remembered
from detectors.text.sentences import sentences
from detectors.text.tokens import passage_words, words

GROUND_CHARS = 16384  # of all texts an answer rests on; longer ones are cut
ANSWER_CHARS = 4096
PREPARED = 256  # texts remembered: a floor has some dozens of policies; at most 4 MB of text
NAMES = ("unsupported", "pairs", "run", "question", "size")
"""Of the numbers in `features`, in order."""

_ENDINGS = ("ing", "ies", "ed", "es", "ly", "s")
_COMMON_WORDS = """
    the a an and or but if of to in on at for with by from as is are was were be been being am i you he
    she it we they me him her us them my your his its our their this that these those there here what
    which who whom how when where why do does did done have has had will would can could should may
    might must not no so than then too very just also about into over after before up down out off own
    same such only other some any all each few more most both well s t re ve ll d m im its thats yeah
    yes oh really like think know dont ok okay hello hi please thank thanks sorry welcome glad happy
    help assist assistance let sure certainly course great need want get got go going see look further
    anything else question questions feel free apologize understand however still now today sir madam
    dear while because since one ones
"""

_DENYING_WORDS = """
    no not never none nothing neither nor cannot cant dont doesnt didnt isnt wasnt arent werent wont
    wouldnt couldnt shouldnt hasnt havent hadnt without unable non
"""

_COMMON = frozenset(_COMMON_WORDS.split())
_DENIALS = frozenset(_DENYING_WORDS.split())
_NO_MATTER = _COMMON | _DENIALS


class Ground(Frozen):
    """A prepared text: the stems of its words, in a row and each once, and whether it denies anything."""

    text: str
    row: list[str]
    stems: frozenset[str]
    denies: bool


def stem(word: str) -> str:
    """A word without its commonest endings.

    >>> stem("flights"), stem("changed"), stem("bus")
    ('flight', 'chang', 'bus')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


_STEMS = Remembered(stem)


def content_stems(tokens: Iterable[str]) -> frozenset[str]:
    """The stems of the words that say something of their own, unlike articles and courtesies."""
    return frozenset(_STEMS.row(set(tokens) - _COMMON))


@lru_cache(maxsize=PREPARED)
def prepared(text: str) -> Ground:
    """The stems of one text."""
    tokens = passage_words(text)
    row = _STEMS.row(tokens)
    return Ground(text, row, frozenset(row), denies(tokens))


def denies(tokens: Sequence[str]) -> bool:
    """Whether something is denied."""
    return not _DENIALS.isdisjoint(tokens)


@lru_cache(maxsize=PREPARED)
def sayings(text: str) -> tuple[tuple[frozenset[str], bool], ...]:
    """What the sentences of a text are about, and whether each denies it."""
    return tuple(part for part in map(said, sentences(text)) if part[0])


def said(sentence: str) -> tuple[frozenset[str], bool]:
    """What a sentence is about, and whether it denies it."""
    tokens = words(sentence)
    return _about(tokens), denies(tokens)


def _about(tokens: Sequence[str]) -> frozenset[str]:
    return frozenset(_STEMS.row(set(tokens) - _NO_MATTER))


class Part(Frozen):
    """A sentence of an answer: its words, their stems, and its words of content that no text holds."""

    text: str
    words: list[str]
    stems: list[str]
    missing: list[str]


def parts_of(answer: str, rest_on: Sequence[Ground]) -> list[Part]:
    """The sentences of an answer."""
    return [_part(sentence, rest_on) for sentence in sentences(answer)]


def _part(sentence: str, rest_on: Sequence[Ground]) -> Part:
    tokens = words(sentence)
    row = _STEMS.row(tokens)
    lacking = set(row)
    for ground in rest_on:
        lacking = lacking - ground.stems  # goes through the few, unlike `-=` and `difference`
    missing = [
        word for word, root in zip(tokens, row, strict=True) if root in lacking and word not in _COMMON
    ]
    return Part(sentence, tokens, row, missing)


def about(part: Part) -> frozenset[str]:
    """What a sentence is about."""
    return _about(part.words)


def grounds(texts: Sequence[str]) -> list[Ground]:
    """Prepared texts, cut to `GROUND_CHARS` in all."""
    found, left = [], GROUND_CHARS
    for text in texts:
        if left <= 0:
            break
        found.append(prepared(text[:left]))
        left -= len(text)
    return found


def features(parts: Sequence[Part], asks: bool, rest_on: Sequence[Ground]) -> list[float]:
    """Numbers of one answer; asks: whether it holds a question.

    Words of content without support and words in all, in logarithms; the share of pairs of words that follow
    each other in a text too; the longest run of such pairs, 12 and more as 1; whether it asks, 0 or 1.
    """
    row = [root for part in parts for root in part.stems]
    pairs = list(pairwise(row))
    known = frozenset[tuple[str, str]]().union(*(_common(pairs, ground) for ground in rest_on))
    follows = list(map(known.__contains__, pairs))
    return [
        math.log1p(sum(len(part.missing) for part in parts)),
        sum(follows) / max(1, len(follows)),
        min(_longest(follows), 12) / 12.0,
        float(asks),
        math.log1p(len(row)),
    ]


def _common(pairs: Sequence[tuple[str, str]], ground: Ground) -> frozenset[tuple[str, str]]:
    """The pairs that follow each other in a text too."""
    stems = ground.stems
    there = frozenset([pair for pair in pairs if pair[0] in stems and pair[1] in stems])
    return there.intersection(pairwise(ground.row)) if there else there


def _longest(follows: Sequence[bool]) -> int:
    """How many in a row follow, at most."""
    return max(map(len, bytes(follows).split(b"\0")))
