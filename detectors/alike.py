"""Alike: amounts that are equal to one just moved for somebody else: one amount may be spread over people.

That several people pay the same price is ordinary; how often is usual of each tool, and judged elsewhere.
"""

from __future__ import annotations

from typing import Any

EVEN = 0.002  # how far amounts may differ, as a share
KEPT = 16  # of one tool
TOOLS = 5_000  # known at once, 0.5 KB each


class Alike:
    """The amounts last moved at one tenant.

    >>> alike = Alike()
    >>> [alike.add("pine", "Refund", person, 45.0) for person in ("ada", "ada", "bob")]
    [False, False, True]
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], list[tuple[str, float]]] = {}

    def add(self, agent: str, action: str, person: str, amount: float) -> bool:
        """An amount was moved. Returns whether it equals one of another person."""
        row = self._rows.pop((agent, action), [])
        self._rows[agent, action] = [*row, (person, amount)][-KEPT:]
        if len(self._rows) > TOOLS:
            del self._rows[next(iter(self._rows))]
        return any(who != person and abs(one - amount) <= EVEN * amount for who, one in row)

    def state(self) -> Any:
        """Plain values."""
        return [[*key, [list(one) for one in row]] for key, row in self._rows.items()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._rows = {(agent, action): [(who, amount) for who, amount in row] for agent, action, row in state}
