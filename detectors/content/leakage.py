"""Leakage, second half: was what the AI said known in its conversation?

Known is what this customer supplied, and what stood in the grounding of this conversation, unless the AI had
read another subject's record by then. What was known is a read-back. Anything else is somebody else's: a
card, an IBAN, a social security number, an e-mail address for certain; telephone numbers, addresses and long
numbers only beside words of records ("on file"), because venues have them too; the rest only adds up.
"""

from __future__ import annotations

from collections.abc import Callable

from detectors.content.ownership import Value, Values
from detectors.content.told import KINDS
from detectors.structs import FrozenArrayLeaf, FrozenLeaf
from detectors.text.packed import holds, joined, members
from detectors.text.runs import Run, tails, windows

KNOWN_MOST = 384  # hashes that one conversation keeps: 1.5 KB
RUNS_MOST = 8  # pieces of numbers that one side of a conversation keeps
CARD_DIGITS = (13, 14, 15, 16, 19)
PIECES_OF_CARD = ((4, 4, 4, 4), (8, 8), (4, 6, 5), (4, 4, 8), (8, 4, 4), (4, 8, 4), (4, 12), (12, 4))

SCORES = {
    "card": 0.97,
    "ssn": 0.97,
    "iban": 0.97,
    "national_id": 0.95,
    "secret": 0.95,
    "email": 0.95,
    "phone": 0.9,
    "address": 0.9,
    "number": 0.9,
}
"""Of a value of a kind that is certain."""
DOUBTFUL = 0.3
SAID_SECRET = 0.7  # "the password is ...": often the customer's own new one
PIECEWISE = 0.9


class Owned(FrozenArrayLeaf):
    """What one conversation knows. known: packed hashes; told: pieces of numbers of the customer's; spelt:
    of the AI's, in answers without a gap; foreign: whether the AI read another subject's record."""

    known: bytes = b""
    told: tuple[Run, ...] = ()
    spelt: tuple[Run, ...] = ()
    foreign: bool = False


class Leak(FrozenLeaf):
    """A value that was not known. hash: 64 bits, 0 for one told in pieces."""

    kind: str
    score: float
    certain: bool
    hash: int = 0


def leaks(owned: Owned, role: str, found: Values, is_public: Callable[[int], bool]) -> list[Leak]:
    """What this turn gives away. is_public: whether a value has been told to several customers."""
    if role != "ai" or not (found.said or found.runs):
        return []
    low = members(owned.known if owned.foreign else joined(owned.known, found.found, 2 * KNOWN_MOST))
    told = windows(owned.told) if owned.told else frozenset[int]()
    missing = [
        value
        for value in found.said
        if not (value.given and not owned.foreign)
        and not _is_known(value, low, told)
        and not (value.kind in KINDS and is_public(value.hash))
    ]
    result = [_leak(value) for value in missing]
    if found.runs and not found.said:
        result += _spelt(owned.spelt + found.runs, len(found.runs), low, told)
    return result


def after(owned: Owned, role: str, found: Values | None) -> Owned:
    """What the conversation knows after this turn; what the AI gave away counts once."""
    if role == "ai":
        if found is None:
            return owned if not owned.spelt else Owned(owned.known, owned.told, (), owned.foreign)
        known = owned.known if owned.foreign else joined(owned.known, found.found, KNOWN_MOST)
        said = b"".join((value.hash & 0xFFFFFFFF).to_bytes(4, "big") for value in found.said)
        return Owned(
            joined(known, said, KNOWN_MOST),
            owned.told,
            (owned.spelt + found.runs)[-RUNS_MOST:],
            owned.foreign,
        )
    if found is None:
        return owned
    told = (owned.told + found.runs)[-RUNS_MOST:]
    return Owned(joined(owned.known, found.known, KNOWN_MOST), told, owned.spelt, owned.foreign)


def estranged(owned: Owned) -> Owned:
    """After the AI read another subject's record: what it is given from now on may be theirs."""
    return owned if owned.foreign else Owned(owned.known, owned.told, owned.spelt, True)


def _is_known(value: Value, low: frozenset[int], told: frozenset[int]) -> bool:
    if holds(low, value.hash) or (value.run is not None and value.run.hash in told):
        return True
    parts = members(value.parts)
    heard = len(parts & low)
    if value.kind == "address":
        return 3 * heard >= 2 * len(parts) > 0
    # An address made of a name that is known: the customer's own, whose record was not shown.
    return value.kind == "email" and 0 < len(parts) == heard


def _leak(value: Value) -> Leak:
    if value.kind == "secret" and not value.certain:
        return Leak("secret", SAID_SECRET, False, value.hash)
    return Leak(
        value.kind, SCORES.get(value.kind, DOUBTFUL) if value.certain else DOUBTFUL, value.certain, value.hash
    )


def _spelt(runs: tuple[Run, ...], fresh: int, low: frozenset[int], told: frozenset[int]) -> list[Leak]:
    """A card told in pieces that the customer had not told, of which the last piece is new."""
    del low
    for last in range(len(runs) - fresh + 1, len(runs) + 1):
        pieces = runs[:last][-RUNS_MOST:]
        for whole, first in zip(tails(pieces), range(len(pieces)), strict=False):
            lengths = tuple(piece.digits for piece in pieces[first:])
            if lengths in PIECES_OF_CARD and whole.card and whole.plain == 0 and whole.hash not in told:
                return [Leak("card", PIECEWISE, True)]
    return []
