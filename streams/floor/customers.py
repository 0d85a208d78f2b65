"""Customers: who was here lately, so that one counts once, and a return is seen.

One customer counts once in twelve hours: six attackers with forty conversations, or one tester, otherwise
look like a change in the agent. Kept as keyed rows of four numbers, the longest unseen dropped first.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from streams.records.facts import MICROS

ONCE_US = 12 * 3600 * MICROS
RETURN_US = 5 * 3600 * MICROS  # who comes back so soon probably was not helped
NEVER = -(2**62)


class Customers:
    """Customers of one tenant. most: how many are remembered. hit: told when one is forgotten for it."""

    def __init__(self, most: int, hit: Callable[[str], None]) -> None:
        self._most, self._hit = most, hit
        self._rows: dict[int, tuple[int, int, int]] = {}

    def arrives(self, customer: str, time: int) -> tuple[bool, bool | None]:
        """A conversation of this customer begins.

        Returns whether it counts, and whether it is a return: None where a repeat of a return is no news.
        """
        key = int.from_bytes(blake2b(customer.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        last, counted, returned = self._rows.pop(key, (NEVER, NEVER, NEVER))
        counts = time - counted >= ONCE_US
        back: bool | None = time - last < RETURN_US
        if back and time - returned < ONCE_US:
            back = None
        self._rows[key] = (time, time if counts else counted, time if back else returned)
        if len(self._rows) > self._most:
            del self._rows[next(iter(self._rows))]
            self._hit("customers")
        return counts, back

    def forget(self, now: int) -> None:
        """Drop who was not here for half a day; the rows are in the order last seen."""
        while self._rows:
            key = next(iter(self._rows))
            if now - self._rows[key][0] < ONCE_US:
                return
            del self._rows[key]

    def state(self) -> Any:
        """Plain values."""
        return [[key, *row] for key, row in self._rows.items()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._rows = {key: (last, counted, returned) for key, last, counted, returned in state}
