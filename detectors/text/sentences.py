"""Sentences of a text: cut behind final marks that a space follows, and at line breaks."""

from __future__ import annotations

from detectors.text.engine import pattern

SENTENCES = 64  # of one text; the rest stays in the last

_END = pattern(r"[.!?…]+[\"'”’)\]]*\s+|\s*\n\s*")


def sentences(text: str) -> list[str]:
    """The sentences, without empty ones.

    >>> sentences("It costs 4.50 a day. Fine?\\n- yes")
    ['It costs 4.50 a day.', 'Fine?', '- yes']
    """
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        last = match.span()[1]
        if len(found) >= SENTENCES - 1:
            break
        if said := text[start:last].strip():
            found.append(said)
        start = last
    if rest := text[start:].strip():
        found.append(rest)
    return found
