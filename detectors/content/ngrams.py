"""Hashed n-grams of words: a linear classifier that learns online, and fits into a small table.

Words and pairs of words are hashed to a fixed number of places (Weinberger et al., "Feature hashing for large
scale multitask learning", 2009), each present or not, scaled to length 1, so that a long text does not weigh
more than a short one. Scoring is a sum of table entries; training is River's logistic regression.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from zlib import crc32

BITS = 16  # 65,536 places: 128 KB as half floats, few collisions among the words of service and attack
_MASK = (1 << BITS) - 1
HEAD, TAIL = 192, 64  # words read at either end: a prompt of several pages shows itself there
CHARS = 1536  # for character n-grams, which cost ten times as much


def places(tokens: Sequence[str]) -> list[int]:
    """Distinct places of a text's words and pairs of words, in order of appearance.

    >>> len(places(["hello", "dear", "hello", "dear"]))
    4
    """
    if len(tokens) > HEAD + TAIL:
        tokens = [*tokens[:HEAD], *tokens[-TAIL:]]
    coded = list(map(str.encode, tokens))
    single = list(map(crc32, coded))
    pairs = [crc32(word, before ^ 7) & _MASK for word, before in zip(coded[1:], single, strict=False)]
    return list(dict.fromkeys([place & _MASK for place in single] + pairs))


def char_places(tokens: Sequence[str]) -> list[int]:
    """Distinct places of the groups of 3 to 5 characters within a text's words: survives misspelling."""
    text = " ".join(["", *tokens, ""]).encode("utf-8", "surrogatepass")[:CHARS]
    found = [crc32(text[i : i + n], n) & _MASK for n in (3, 4, 5) for i in range(len(text) - n + 1)]
    return list(dict.fromkeys(found))


def features(found: Sequence[int]) -> dict[int, float]:
    """The same for River: place to value, length 1."""
    value = 1.0 / math.sqrt(len(found)) if found else 0.0
    return dict.fromkeys(found, value)


def logit(weights: Sequence[float], bias: float, found: Sequence[int]) -> float:
    """Log odds of an attack after these weights."""
    if not found:
        return bias
    return bias + math.fsum(map(weights.__getitem__, found)) / math.sqrt(len(found))
