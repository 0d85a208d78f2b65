"""Normalise: the same words however they are disguised by Unicode.

NFKC (Unicode Standard Annex 15) folds full-width, circled and styled letters and digits; marks that are not
seen (zero-width, direction, soft hyphen, variation selectors, tags) are dropped; decimal digits of every
script become 0-9. ASCII text, most of all text, is returned as it is.
"""

from __future__ import annotations

import unicodedata

CHARS = 32768  # as long as a turn may be

# Format marks nobody sees, and the joiners that split a word for a pattern but not for a reader. Written as
# code points: the marks themselves would be as invisible here.
_UNSEEN = (0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0)
_UNSEEN_RANGES = (
    (0x180B, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE01EF),
)
_DROP: dict[int, int | str | None] = dict.fromkeys(_UNSEEN)
for _first, _last in _UNSEEN_RANGES:
    _DROP.update(dict.fromkeys(range(_first, _last + 1)))
_UNSEEN_CHARS = frozenset(map(chr, _DROP))
_ASCII = bytes(range(128))


def normalise(text: str) -> str:
    """The text as it reads, at most `CHARS` characters of it; letters keep their case.

    >>> normalise("４１１１​１１１１ ｊｏ＠ｘ．ｃｏｍ ٤٢")
    '41111111 jo@x.com 42'
    """
    text = text[:CHARS]
    if text.isascii():
        return text
    if not _UNSEEN_CHARS.isdisjoint(beyond_ascii(text)):
        text = text.translate(_DROP)
    folded = unicodedata.normalize("NFKC", text)
    digits = {ord(char): str(unicodedata.decimal(char)) for char in beyond_ascii(folded) if char.isdecimal()}
    return folded[:CHARS].translate(digits) if digits else folded[:CHARS]


def beyond_ascii(text: str) -> frozenset[str]:
    """Its characters that are not ASCII.

    >>> sorted(beyond_ascii("déjà vu, déjà"))
    ['à', 'é']
    """
    return frozenset(text.encode().translate(None, _ASCII).decode()) if not text.isascii() else frozenset()
