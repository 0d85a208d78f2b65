"""Words of a text, without punctuation: what word classes, n-grams and overlaps are counted over."""

from __future__ import annotations

from typing import Final

_APART: Final = str.maketrans(dict.fromkeys('!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\n\r\t…“”„«»¿¡•–—', " "))


def words(text: str) -> list[str]:
    """Lower-case words; an apostrophe joins.

    >>> words("Don't *ever* say that, Anna!")
    ['dont', 'ever', 'say', 'that', 'anna']
    """
    return text.lower().replace("'", "").replace("’", "").translate(_APART).split()
