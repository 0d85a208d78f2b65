"""Mix: whether an agent's version gives other answers than the others did: which masked sentences, how often.

Answers are counted by the group of their first sentence, groups by their hash in few boxes, boxes by day. Two
counts differ by Pearson's chi-squared for homogeneity, halved because a conversation's answers are alike, and
read as standard errors (Wilson and Hilferty, "The distribution of chi-square", PNAS 17, 1931). What is said
once only lies in all boxes alike, and moves nothing.
"""

from __future__ import annotations

import math
from typing import Any

BOXES = 32  # ten groups that make up most of what a version says seldom share one
DAYS = 8  # kept
LEAST = 50  # answers on either side
DESIGN = 2.0  # a conversation's answers count half
PLACES = 500  # agents and versions of a tenant, 2 KB each; those not heard for longest are forgotten


class Mix:
    """The answers of one tenant's agents by version.

    >>> mix = Mix()
    >>> for i in range(400):
    ...     mix.add("pine", "1", 20, i % 7)
    ...     mix.add("pine", "2", 20, i % 7)
    ...     mix.add("pine", "3", 20, i % 7 if i % 3 else 8)
    >>> errors, share = mix.change("pine", "3", 20)
    >>> round(errors), round(share, 2)
    (10, 0.33)
    """

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], dict[int, list[int]]] = {}

    def add(self, agent: str, version: str, day: int, group: int) -> None:
        """An answer was given."""
        place = self._places.get((agent, version))
        if place is None:
            if len(self._places) >= PLACES:
                del self._places[min(self._places, key=lambda one: max(self._places[one]))]
            place = self._places[agent, version] = {}
        boxes = place.get(day)
        if boxes is None:
            boxes = place[day] = [0] * BOXES
            if len(place) > DAYS:
                del place[min(place)]
        boxes[group % BOXES] += 1

    def change(self, agent: str, version: str | None, since: int) -> tuple[float, float] | None:
        """How far the answers from day `since` on differ: in standard errors, and as the share that would
        have to be others. A version's from those of the agent's other versions; without one, from those
        before. None where there are too few."""
        here, there = [0] * BOXES, [0] * BOXES
        for (name, one), days in self._places.items():
            if name != agent:
                continue
            for day, boxes in days.items():
                mine = day >= since if version is None else one == version
                if mine and day < since:
                    continue
                into = here if mine else there
                for at, count in enumerate(boxes):
                    into[at] += count
        return compared(here, there)

    def state(self) -> Any:
        """Plain values."""
        return [
            [*place, [[day, list(boxes)] for day, boxes in days.items()]]
            for place, days in self._places.items()
        ]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._places = {
            (agent, version): {day: list(boxes) for day, boxes in days} for agent, version, days in state
        }


def compared(here: list[int], there: list[int]) -> tuple[float, float] | None:
    """Two counts of the same boxes; see `Mix.change`."""
    n, m = sum(here), sum(there)
    boxes = [(a, b) for a, b in zip(here, there, strict=True) if a + b]
    freedom = len(boxes) - 1
    if n < LEAST or m < LEAST or freedom < 1:
        return None
    total = math.fsum((a * m - b * n) ** 2 / (a + b) for a, b in boxes) / (n * m) / DESIGN
    spread = 2.0 / (9.0 * freedom)
    errors = (math.pow(total / freedom, 1.0 / 3.0) - (1.0 - spread)) / math.sqrt(spread)
    return errors, math.fsum(abs(a / n - b / m) for a, b in boxes) / 2.0
