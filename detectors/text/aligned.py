"""Aligned: a text normalised character by character, so that every place in it is a place in the original."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from detectors.text.normalise import CHARS, normalise


class Aligned(Struct, frozen=True):
    """plain: the normalised text. places: for each of its characters, and for its end, the index of the
    character in the original that it came from."""

    plain: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a place in the normalised text."""
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def aligned(text: str) -> Aligned:
    """The text normalised, at most `CHARS` characters of it.

    >>> aligned("ａ\\u200b９").original(1, 2)
    (2, 3)
    """
    text = text[:CHARS]
    if text.isascii():
        return Aligned(text, range(len(text) + 1))
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for out in char if char.isascii() else _folded(char):
            plain.append(out)
            places.append(place)
    places.append(len(text))
    return Aligned("".join(plain), places)


def _folded(char: str) -> str:
    """One character, normalised; combining marks stay by themselves."""
    folded = normalise(char)
    return folded if not folded or not unicodedata.combining(folded[0]) else ""
