"""Translated: rules of an AI's instructions told in another language, known by what translation leaves alone.

Numbers, names, addresses, names of tools, what stands in quotation marks: a rule that holds two or more such
*anchors* is told where an answer in another language holds nearly all of them; several rules are told only in
the order of the instructions. An anchor of many rules (the shop's name) says nothing. As with paraphrase, one
rule proves nothing; it takes several, in one answer or over a conversation (`detectors.content.rules`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from detectors.text.engine import pattern
from detectors.text.keyed import Hasher
from detectors.text.languages import UNKNOWN, language
from detectors.text.languages import WORDS as LOOKED_AT
from detectors.text.remembered import Remembered
from detectors.text.tokens import words

LEAST = 2  # anchors of a rule: one number meets by chance
SHARE = 0.75  # of a rule's anchors that an answer holds
RARE = 2  # rules that an anchor may stand in
LETTERS, DIGITS = 3, 2  # of an anchor, by what it is made of
FOREIGN = 3  # at most one word in so many of a translation stands in the instructions
SIGNS = "£$€¥%°+"  # beside a number; they change places
WORDS = 12  # of an answer: in fewer no two rules are told

_QUOTED = pattern(r"[\"“„«`][^\"“”„«»`]{2,60}[\"”“»`]")


class Translated:
    """The anchors of rules, as keyed hashes. rules: hash and sentence of each, in the order of the text."""

    def __init__(self, rules: Sequence[tuple[int, str]], hashed: Hasher) -> None:
        found = [(name, dict.fromkeys(anchors(sentence))) for name, sentence in rules]
        often = Counter(chain.from_iterable(row for _, row in found))
        rows = ((name, frozenset(hashed(one) for one in row if often[one] <= RARE)) for name, row in found)
        self._rules = [(name, row) for name, row in rows if len(row) >= LEAST]
        known = frozenset[int]().union(*(row for _, row in self._rules))
        self._anchors = Remembered(lambda word: code if (code := hashed(word.strip(SIGNS))) in known else 0)
        self._language = language(words(" ".join(sentence for _, sentence in rules)))

    def told(self, said: Sequence[str], known: int) -> tuple[int, ...]:
        """The rules that an answer tells, by hash, given as its words. known: how many of them stand in the
        instructions."""
        if not self._rules or len(said) < WORDS or FOREIGN * known > len(said):
            return ()
        places: dict[int, int] = {}
        for at, code in enumerate(self._anchors.row(said)):
            if code:
                places.setdefault(code, at)
        if len(places) < LEAST or not self._is_foreign(said):
            return ()
        held: list[tuple[int, int]] = []
        for name, row in self._rules:
            here = sorted(places[code] for code in row if code in places)
            if len(here) >= max(LEAST, SHARE * len(row)):
                held.append((here[0], name))
        return tuple(in_order(held))

    def _is_foreign(self, said: Sequence[str]) -> bool:
        """Whether an answer shows another language, and nowhere that of the instructions."""
        shown = {language(said[at : at + LOOKED_AT]) for at in range(0, len(said), LOOKED_AT)}
        return self._language not in shown and shown != {UNKNOWN}


def anchors(sentence: str) -> Iterable[str]:
    """What a translation leaves alone, as words.

    >>> list(anchors('Never refund above £250 unless Mara agrees: call ask_lead, say "in review".'))
    ['250', 'mara', 'ask', 'lead', 'review']
    """
    first = True
    for token in sentence.split():
        inner = token.strip(".,;:!?()[]")
        is_name = inner[:1].isupper() and not first
        is_code = any(mark in inner for mark in "_/@.") or inner[1:] != inner[1:].lower()
        for word in words(token):
            if sum(map(str.isdigit, word)) >= DIGITS or ((is_name or is_code) and len(word) >= LETTERS):
                yield word.strip(SIGNS)
        first = False
    for quoted in _QUOTED.finditer(sentence):
        yield from (word for word in words(sentence[slice(*quoted.span())]) if len(word) >= LETTERS)


def in_order(held: Sequence[tuple[int, int]]) -> list[int]:
    """Names of the longest run whose places ascend, given place and name.

    >>> in_order([(3, 10), (1, 11), (4, 12), (5, 13), (2, 14)])
    [11, 12, 13]
    """
    tails: list[int] = []
    runs: list[list[int]] = []
    for place, name in held:
        at = bisect_left(tails, place)
        run = [*(runs[at - 1] if at else ()), name]
        tails[at : at + 1], runs[at : at + 1] = [place], [run]
    return runs[-1] if runs else []
