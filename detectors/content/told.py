"""Told: which values an AI told to several customers who had not said them: those are public.

A hotline, a venue, an office's address. Bounded; the longest unheard are forgotten first.
"""

from __future__ import annotations

from typing import Any

PUBLIC = 0
MOST = 100_000  # values of one tenant, 0.2 KB each


class Told:
    """Values of one tenant by keyed hash, with the first customer (keyed or named) who was told."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._first: dict[int, str | int] = {}

    def is_public(self, value: int, customer: str) -> bool:
        """Whether somebody else was told the same before.

        >>> told = Told()
        >>> told.learn(7, "ada"); told.is_public(7, "ada"), told.is_public(7, "bob")
        (False, True)
        """
        first = self._first.get(value)
        return first is not None and first != customer

    def learn(self, value: int, customer: str) -> None:
        """This customer was told this value, unasked."""
        first = self._first.pop(value, customer)
        self._first[value] = customer if first == customer else PUBLIC
        if len(self._first) > self._most:
            del self._first[next(iter(self._first))]

    def state(self) -> Any:
        """Plain values."""
        return [[value, first] for value, first in self._first.items()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._first = dict(state)
