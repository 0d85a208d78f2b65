"""Words of a text, without punctuation: what word classes, n-grams and overlaps are counted over."""

from __future__ import annotations

from detectors.text.swap import Swap

_MARKS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\n\r\t…“”„«»¿¡•–—'
_apart = Swap({**dict.fromkeys(_MARKS, " "), "'": None, "’": None})


def words(text: str) -> list[str]:
    """Lower-case words; an apostrophe joins.

    >>> words("Don't *ever* say that, Anna!")
    ['dont', 'ever', 'say', 'that', 'anna']
    """
    return _apart(text.lower()).split()
