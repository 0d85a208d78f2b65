"""Learnt: what verdicts teach about attacks, as a shift of the log odds that the shipped weights gave.

A linear model of keyed words and pairs of words that begins at zero: adding it to the shipped score and
training it alone is training on from the shipped weights, and its size is how far it has gone from them. Each
verdict is one step of online logistic regression (River's `LogisticRegression` with `SGD(RATE)`), the mean
over its texts; what a text was scored before stands for the prediction, so that scoring comes first. Steps,
weights and shift are bounded: no verdict can blind the check, and none makes an attack of an ordinary text.

The words travel as the smallest of their keyed hashes, of attack-like turns of customers alone: who does not
have the key learns no word from them, and what one tenant's verdicts teach says nothing about another's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

from detectors.base import Plain
from detectors.content.base import Score
from detectors.text.keyed import Hasher
from detectors.text.packed import members, pack

GRAMS = 48  # of a text: 24 words and their pairs; of a longer one a sample that its copies share
WORDS = 400  # of a text that are looked at
RATE = 2.0  # a text scored .8 that was harmless falls by 1.6 in log odds: to .45, below what counts
FURTHEST = 2.0  # in log odds, whatever verdicts say: .98 remains .87, and .5 becomes .12 or .88
WEIGHTS = 20_000  # kept, some 100 B each: words of 400 verdicts; those touched longest ago go first
SURE = 0.9999  # scores carry four digits


def grams(tokens: Sequence[str], hashed: Hasher) -> bytes:
    """A text's words and pairs of words as keyed hashes, packed. Words with digits are alike.

    >>> from detectors.text.keyed import hasher
    >>> len(grams(["hello", "dear", "hello"], hasher(b"k", "shop"))) // 4  # two words, two pairs
    4
    """
    words = [token if token.isalpha() else "0" for token in tokens[:WORDS]]
    pairs = {f"{one} {two}" for one, two in pairwise(words)}
    return pack(sorted(map(hashed, pairs.union(words))), GRAMS)


class Learnt:
    """The shift of one tenant.

    >>> learnt, text = Learnt(), bytes(range(16))
    >>> learnt.learn_one([(0.8, text)], attack=False)
    >>> learnt.corrected(Score(0.8, "override"), text).value
    0.4468
    """

    def __init__(self) -> None:
        self._weights: dict[int, float] = {}  # what was touched last stands last

    def shift(self, packed: bytes) -> float:
        """What is added to the log odds of a text with these grams."""
        found = sorted(members(packed))
        if not found or not self._weights:
            return 0.0
        total = math.fsum(self._weights.get(gram, 0.0) for gram in found) / math.sqrt(len(found))
        return _bounded(total)

    def corrected(self, score: Score, packed: bytes) -> Score:
        """A score of the shipped weights as it is after what was learnt."""
        shift = self.shift(packed)
        return score if shift == 0.0 else Score(_moved(score.value, shift), score.reason)

    def learn_one(self, texts: Sequence[tuple[float, bytes]], *, attack: bool) -> None:
        """One verdict on texts: their scores as they were said, and their grams."""
        step: dict[int, float] = {}
        for score, packed in texts:
            found = sorted(members(packed))
            for gram in found:
                pull = (attack - score) / math.sqrt(len(found))
                step[gram] = step.get(gram, 0.0) + pull
        for gram, pull in step.items():
            before = self._weights.pop(gram, 0.0)
            self._weights[gram] = _bounded(before + RATE * pull / len(texts))
        while len(self._weights) > WEIGHTS:
            del self._weights[next(iter(self._weights))]

    def state(self) -> Plain:
        """Plain values."""
        return {"weights": [list(one) for one in self._weights.items()]}

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The model whose `state` this was."""
        one = cls()
        one._weights = dict(state["weights"])
        return one


def _bounded(value: float) -> float:
    return max(-FURTHEST, min(FURTHEST, value))


def _moved(score: float, shift: float) -> float:
    score = min(max(score, 1.0 - SURE), SURE)
    odds = score / (1.0 - score) * math.exp(shift)
    return round(odds / (1.0 + odds), 4)
