"""Mask: a text with everything personal replaced by its kind, such as [EMAIL].

What is replaced is decided generously (`pii.wide`): a city too much does no harm, a name too little does.
"""

from __future__ import annotations

from detectors.text.aligned import aligned
from detectors.text.found import Found
from detectors.text.pii import wide

LABELS = {
    "email": "EMAIL",
    "card": "CARD",
    "iban": "IBAN",
    "ssn": "SSN",
    "national_id": "NATIONAL_ID",
    "phone": "PHONE",
    "address": "ADDRESS",
    "date_of_birth": "DATE_OF_BIRTH",
    "name": "NAME",
    "account": "ACCOUNT",
    "secret": "SECRET",
    "ip": "IP",
    "number": "NUMBER",
}
"""How each kind reads where it was replaced."""


def masked(text: str, stop: int | None = None) -> str:
    """The text without personal data and secrets. stop: only what begins before it, of the original.

    >>> masked("Mail jo@example.org, card 4111-1111-1111-1111!")
    'Mail [EMAIL], card [CARD]!'
    """
    parts: list[str] = []
    last = 0
    for kind, start, end in spans(text):
        if stop is not None and start >= stop:
            break
        parts += (text[last:start], f"[{LABELS[kind]}]")
        last = end
    return "".join(parts) + text[last:stop]


def spans(text: str) -> list[tuple[str, int, int]]:
    """(kind, start, end) of everything personal in the original text, apart, in order.

    Pieces that overlap become one of the kind that came first in `pii.wide`, which lists the surest first.
    """
    there = aligned(text)
    joined: list[tuple[int, int, int, str]] = []  # start, end, rank, kind
    found = [
        (one.start, one.end, rank, one.kind) for rank, one in enumerate(wide(there.plain)) if _holds(one)
    ]
    for start, end, rank, kind in sorted(found):
        if joined and start < joined[-1][1]:
            before = joined[-1]
            best = min((before[2], before[3]), (rank, kind))
            joined[-1] = (before[0], max(before[1], end), *best)
        else:
            joined.append((start, end, rank, kind))
    return [(kind, *there.original(start, end)) for start, end, _, kind in joined]


def _holds(one: Found) -> bool:
    return one.end > one.start
