"""Told: which values belong to nobody in particular, because the AI tells them to everybody.

A hotline, a venue, an office's address: a value that somebody else was told unasked before, or that several
customers in a row were told, asked or not. Bounded; the longest unheard are forgotten first.
"""

from __future__ import annotations

from typing import Any

PUBLIC = 0
MOST = 100_000  # values of one tenant, 0.2 KB each
SPREAD = 5  # changes of the customer who was told, after which it is nobody's own
KINDS = frozenset(("phone", "address", "email", "number", "iban"))
"""What companies and places have too; a card that everybody is told is a leak to everybody."""


class Told:
    """Values of one tenant by keyed hash, with the first customer (keyed or named) who was told unasked; and
    with the last who was told at all, and how often that was another."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._first: dict[int, str | int] = {}
        self._spread: dict[int, tuple[str, int]] = {}

    def is_public(self, value: int, customer: str) -> bool:
        """Whether somebody else was told the same before, or so many were that it is nobody's.

        >>> told = Told()
        >>> told.learn(7, "ada"); told.is_public(7, "ada"), told.is_public(7, "bob")
        (False, True)
        """
        first = self._first.get(value)
        if first is not None and first != customer:
            return True
        return self._spread.get(value, ("", 0))[1] >= SPREAD

    def learn(self, value: int, customer: str) -> None:
        """This customer was told this value, unasked."""
        first = self._first.pop(value, customer)
        self._first[value] = customer if first == customer else PUBLIC
        if len(self._first) > self._most:
            del self._first[next(iter(self._first))]

    def hear(self, value: int, customer: str) -> None:
        """This customer was told this value, whoever had said it before."""
        last, changes = self._spread.pop(value, (customer, 0))
        self._spread[value] = (customer, min(SPREAD, changes + (last != customer)))
        if len(self._spread) > self._most:
            del self._spread[next(iter(self._spread))]

    def state(self) -> Any:
        """Plain values."""
        return {
            "first": [[value, first] for value, first in self._first.items()],
            "spread": [[value, *row] for value, row in self._spread.items()],
        }

    def restore(self, state: Any) -> None:
        """Inverse of `state`; an earlier one is a list that knows nothing of the spread."""
        rows = state if isinstance(state, dict) else {"first": state, "spread": []}
        self._first = dict(rows["first"])
        self._spread = {value: (last, changes) for value, last, changes in rows["spread"]}
