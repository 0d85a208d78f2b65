"""Words of a text, without punctuation: what word classes, n-grams and overlaps are counted over."""

from __future__ import annotations

from functools import lru_cache

from detectors.text.swap import Swap

PASSAGES = 64  # of which the words are at hand: all that one answer was given, and several checks ask for

_MARKS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\n\r\t…“”„«»¿¡•–—'
_apart = Swap({**dict.fromkeys(_MARKS, " "), "'": None, "’": None})


def words(text: str) -> list[str]:
    """Lower-case words; an apostrophe joins.

    >>> words("Don't *ever* say that, Anna!")
    ['dont', 'ever', 'say', 'that', 'anna']
    """
    return _apart(text.lower()).split()


passage_words = lru_cache(maxsize=PASSAGES)(words)
"""The same of a passage that others ask for too."""
