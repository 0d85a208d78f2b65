"""Pieces: an amount above the limit, moved in several calls below it.

Calls of one action for one person within a day are added up. Three or more that pass the limit together are
worth a look; that people move money several times is ordinary. They are a *split* where something says that
one amount was cut up: equal pieces, or a larger one that was tried before and did not go through. A call is
known by its event (source and id), so that a copy which comes late moves nothing.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, convert, to_builtins

WINDOW_US = 86400 * 1_000_000
LEAST = 3  # calls
EVEN = 0.05  # how far pieces may differ, as a share of the largest; the last may be a rest
MOST = 20_000  # people and actions known at once, 0.3 KB each
KEPT = 32  # calls of one of them


class Paid(Struct, array_like=True, frozen=True):
    """One call: when, microseconds; what it moved; its event, empty in states of earlier versions."""

    t: int
    amount: float
    event: str = ""


class Row(Struct, array_like=True):
    """Calls of one action for one person; refused: when more than the limit was tried."""

    paid: list[Paid]
    refused: int | None = None


class Found(Struct, frozen=True):
    """Amounts that pass the limit together. since: the first, microseconds; split: one amount cut up."""

    total: float
    pieces: int
    since: int
    split: bool


class Pieces:
    """The money moved at one tenant.

    >>> pieces = Pieces()
    >>> [found.split for i in range(4) if (found := pieces.pay("ada", "Refund", f"c{i}", i, 45.0, 100.0))]
    [True, True]
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Row] = {}

    def refuse(self, person: str, action: str, t: int, amount: float, limit: float) -> None:
        """A call was denied or failed."""
        if amount > limit:
            self._row(person, action, t).refused = t

    def pay(self, person: str, action: str, event: str, t: int, amount: float, limit: float) -> Found | None:
        """An amount was moved; returns what it completes. Amounts above the limit are no pieces."""
        if not 0.0 < amount <= limit:
            return None
        row = self._row(person, action, t)
        if any(one.event == event for one in row.paid):
            return None
        row.paid = [*(one for one in row.paid if t - one.t < WINDOW_US), Paid(t, amount, event)][-KEPT:]
        amounts = [one.amount for one in row.paid]
        total = sum(amounts)
        if len(amounts) < LEAST or total <= limit:
            return None
        tried = row.refused is not None and t - row.refused < WINDOW_US
        return Found(total, len(amounts), row.paid[0].t, tried or _even(amounts))

    def _row(self, person: str, action: str, t: int) -> Row:
        row = self._rows.pop((person, action), None) or Row([])
        while self._rows:
            key = next(iter(self._rows))
            if len(self._rows) < MOST and t - _last(self._rows[key]) < WINDOW_US:
                break
            del self._rows[key]
        self._rows[person, action] = row  # at the end: in the order last heard
        return row

    def state(self) -> Any:
        """Plain values."""
        return [[*key, to_builtins(row)] for key, row in self._rows.items()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._rows = {(person, action): convert(row, Row) for person, action, row in state}


def _last(row: Row) -> int:
    """When something was heard of it last."""
    times = [one.t for one in row.paid[-1:]] + ([row.refused] if row.refused is not None else [])
    return max(times)


def _even(amounts: list[float]) -> bool:
    """Whether they are pieces of one size, but for a smaller rest at the end."""
    most = max(amounts)
    whole = amounts if len(amounts) == LEAST or amounts[-1] >= most * (1.0 - EVEN) else amounts[:-1]
    return min(whole) >= most * (1.0 - EVEN)
