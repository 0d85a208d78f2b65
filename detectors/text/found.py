"""Found: one piece of personal data in a text: where it stands, what kind it is, and its canonical value."""

from __future__ import annotations

from typing import Literal, TypeAlias

from detectors.structs import FrozenLeaf

Kind: TypeAlias = Literal[
    "email",
    "card",
    "iban",
    "ssn",
    "national_id",
    "phone",
    "address",
    "date_of_birth",
    "name",
    "account",
    "secret",
    "ip",
    "number",
]
"""Kinds of personal data and secrets. account: an account, order or customer number beside a word that says
so; number: a long number of which nothing is known."""


class Found(FrozenLeaf):
    """[start, end) in the text searched. value: canonical, so that the same value written otherwise is equal;
    it must never leave the reader. sure: its form or checksum alone says what it is."""

    kind: Kind
    start: int
    end: int
    value: str
    sure: bool = False


def apart(found: list[Found]) -> list[Found]:
    """Those that do not overlap an earlier one of the list, in order of place.

    >>> apart([Found("iban", 4, 9, ""), Found("number", 6, 12, ""), Found("phone", 0, 3, "")])[0].kind
    'phone'
    """
    kept: list[Found] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
