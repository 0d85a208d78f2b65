"""Levels: a number becomes one of nine bins by its robust distance from what is usual in its queue.

The median and the median absolute deviation of a queue's first values fix the bins; how often each bin is hit
is then learnt as any other categories are. Values until then are kept, not judged.

Reference: Hampel, "The influence curve and its role in robust estimation", JASA 69 (1974), for the scale.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from statistics import median
from typing import Any

from detectors.structs import FrozenArray

FIRST = 100  # values that fix the bins: the median is then good to about .13 standard deviations
RECENTRE = 8  # values that move a known scale
NORMAL = 1.4826  # makes the median absolute deviation a standard deviation where values are normal
QUEUES = 512  # more share one scale: bounds memory against made-up names
LEAST_SCALE = 1e-3  # constant values: any change is then far out


class Scale(FrozenArray):
    """Centre and spread of one queue, in the value's own unit."""

    centre: float
    spread: float


class Levels:
    """Bins for one signal of one tenant. centres: of the bins, in standard deviations, ascending. least: the
    smallest spread, in the value's own unit.

    >>> levels = Levels((-1.0, 0.0, 1.0))
    >>> for i in range(FIRST):
    ...     levels.learn("billing", float(i % 10))
    >>> levels.bin("billing", 4.4), levels.bin("billing", 99.0), levels.bin("sales", 1.0)
    (1, 2, None)
    """

    def __init__(self, centres: tuple[float, ...], least: float = LEAST_SCALE) -> None:
        self._least = least
        self._edges = [(a + b) / 2 for a, b in pairwise(centres)]
        self._first: dict[str, list[float]] = {}
        self._scales: dict[str, Scale] = {}

    def scale(self, queue: str | None) -> Scale | None:
        """What is usual in a queue; None while warming."""
        return self._scales.get(self._name(queue))

    def bin(self, queue: str | None, value: float) -> int | None:
        """The bin of a value; None while warming."""
        scale = self.scale(queue)
        return None if scale is None else bisect_left(self._edges, (value - scale.centre) / scale.spread)

    def learn(self, queue: str | None, value: float) -> None:
        """Keep a value while the queue's scale is not yet fixed."""
        name = self._name(queue)
        if name in self._scales:
            return
        first = self._first.setdefault(name, [])
        first.append(value)
        if len(first) >= FIRST:
            centre = median(first)
            spread = NORMAL * median([abs(v - centre) for v in first])
            self._scales[name] = Scale(centre, max(spread, self._least))
            del self._first[name]

    def recentre(self, queue: str | None, values: list[float]) -> None:
        """These values are usual from now on; the spread stays. With fewer than are worth a median, the queue
        begins anew."""
        name = self._name(queue)
        old = self._scales.pop(name, None)
        self._first.pop(name, None)
        if old is not None and len(values) >= RECENTRE:
            self._scales[name] = Scale(median(values), old.spread)
        else:
            for value in values[:FIRST]:
                self.learn(queue, value)

    def _name(self, queue: str | None) -> str:
        name = queue or ""
        known = name in self._scales or name in self._first
        return name if known or len(self._scales) + len(self._first) < QUEUES else "*"

    def state(self) -> Any:
        """Plain values."""
        scales = {name: [scale.centre, scale.spread] for name, scale in self._scales.items()}
        return {"first": {name: values[:] for name, values in self._first.items()}, "scales": scales}

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._first = {name: list(values) for name, values in state["first"].items()}
        self._scales = {name: Scale(*pair) for name, pair in state["scales"].items()}
