"""Observations per opening day of each segment: what one observation weighs in an e-detector."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from detectors.codec import dump_arrays, load_arrays

LEAST_A_DAY = 20.0  # a segment's weight in its first hours, and of the thinnest segments
DAY_MEMORY = 0.3  # weight of the newest day
NO_DAY = -(2**62)  # before any


class PerDay:
    """Counts of all rows of one test: a running mean over the days on which there were any."""

    def __init__(self) -> None:
        self._day: list[int] = []
        self._today: list[float] = []
        self._mean: list[float] = []
        self._weight: list[
            float
        ] = []  # on this day; 0 on a row's first, of which it is not known how it ends

    def weights(self, rows: Sequence[int], day: int) -> list[float]:
        """Count one observation in each row; returns 1 / (observations per day) of each. One of an earlier
        day, such as a mail that was never answered, counts today."""
        found = []
        for row in rows:
            if row >= len(self._day):
                self._grow(row + 1)
            if self._day[row] < day:
                self._begin(row, day)
            self._today[row] += 1.0
            found.append(self._weight[row] or _weight(self._today[row]))
        return found

    def _grow(self, rows: int) -> None:
        more = rows - len(self._day)
        self._day.extend([NO_DAY] * more)
        self._today.extend([0.0] * more)
        self._mean.extend([0.0] * more)
        self._weight.extend([0.0] * more)

    def _begin(self, row: int, day: int) -> None:
        """A row's new day."""
        today, mean = self._today[row], self._mean[row]
        mean = mean + DAY_MEMORY * (today - mean) if mean else today
        self._day[row], self._today[row], self._mean[row] = day, 0.0, mean
        self._weight[row] = _weight(mean) if mean else 0.0

    def mean(self, row: int) -> float:
        """Observations of a row per day, so far; 0 for one that was never seen."""
        return (self._mean[row] or self._today[row]) if row < len(self._day) else 0.0

    def state(self) -> list[bytes]:
        """Raw arrays."""
        return dump_arrays([array("q", self._day), array("d", self._today), array("d", self._mean)])

    def restore(self, state: list[bytes]) -> None:
        """Inverse of `state`."""
        parts: list[array[Any]] = [array(kind) for kind in "qdd"]
        load_arrays(parts, state)
        self._day, self._today, self._mean = (part.tolist() for part in parts)
        self._weight = [_weight(mean) if mean else 0.0 for mean in self._mean]


def _weight(a_day: float) -> float:
    return 1.0 / max(a_day, LEAST_A_DAY)
