"""IBANs: a country, the right length for it and the remainder 1 modulo 97, written together or in fours.

One in a hundred pieces of ordinary text ("at 2901 East ...") would satisfy the remainder: hence the fours.
"""

from __future__ import annotations

from collections.abc import Iterator

from detectors.text.checksums import IBAN_LENGTHS, iban
from detectors.text.engine import pattern
from detectors.text.found import Found

TRIGGER = r"\b[A-Z]{2}\d{2}[ \-]?[A-Z0-9]{4}"
_SHAPE = pattern(r"\b[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?:[ \-][A-Z0-9]{4}){2,7}(?:[ \-][A-Z0-9]{1,4})?)\b")
_DIGITS_LEAST = 8  # every country's has more


def ibans(text: str) -> Iterator[Found]:
    """Every IBAN, in any case, together or grouped.

    >>> [found.value for found in ibans("It is de89 3704 0044 0532 0130 00 and mine")]
    ['DE89370400440532013000']
    """
    for match in _SHAPE.finditer(text):
        start, raw = match.span()[0], match.group()
        length = IBAN_LENGTHS.get(raw[:2].upper())
        cut = None if length is None else _cut(raw, length)
        if cut is not None:
            value = "".join(char for char in raw[:cut] if char.isalnum()).upper()
            if iban(value) and sum(map(str.isdigit, value)) >= _DIGITS_LEAST:
                yield Found("iban", start, start + cut, value, True)


def _cut(raw: str, length: int) -> int | None:
    """Where so many letters and digits end."""
    seen = 0
    for place, char in enumerate(raw):
        seen += char.isalnum()
        if seen == length:
            return place + 1
    return None
