"""IBANs: any two letters and digits of the right length for that country whose remainder modulo 97 is 1."""

from __future__ import annotations

from collections.abc import Iterator

from detectors.text.checksums import IBAN_LENGTHS, iban
from detectors.text.engine import pattern
from detectors.text.found import Found

_SHAPE = pattern(r"\b[A-Z]{2}[ \-]?\d{2}(?:[ \-]?[A-Z0-9]){11,32}")


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
            if iban(value):
                yield Found("iban", start, start + cut, value, True)


def _cut(raw: str, length: int) -> int | None:
    """Where so many letters and digits end."""
    seen = 0
    for place, char in enumerate(raw):
        seen += char.isalnum()
        if seen == length:
            return place + 1
    return None
