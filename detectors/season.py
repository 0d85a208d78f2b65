"""The hour and the weekday as a tilt in log odds, learnt online by one River model per signal and tenant.

Each closed hour is one weighted row of an online Newton step: with x the scores seen, mu and var what was
expected under the present tilt s, the working response is s + sum(x - mu) / sum(var), its weight sum(var),
damped where days differ by more than chance. A prior pulls every term to zero, and all of them together
shrink by as much as chance alone would explain: where there is no season the tilt is next to nothing.

References: Bishop, Pattern Recognition and Machine Learning (2006), 3.3 and 4.3.3 (Bayesian linear
regression, reweighted least squares); James and Stein (1961) for the common factor. The posterior mean is
solved here from the model's own precision and natural mean, sums that are equal on every machine; BLAS
products are not.
"""

from __future__ import annotations

import math
from typing import Any, Self

from detectors.base import WEEK_H, Plain
from detectors.codec import dump, load, model_class

MODEL = "bayesian_linear"
HARMONICS = 2  # of the day: periods of 24 and 12 hours; more would follow noise
LEVEL_PRECISION = 40.0  # prior of the term that corrects the level: 1 / variance, in log odds
DAY_PRECISION = 20.0  # of a harmonic: times its number squared; amplitudes of about .2 and .1
WEEKDAY_PRECISION = 60.0  # of each weekday: about .13, as they are learnt from few days
START_PRECISION = 0.001  # what River begins with: nearly nothing, the prior is added when solving
HALF_LIFE_ROWS = 800  # open hours, about 8 weeks of 14-hour days
BOUND = 1.5  # largest tilt: odds times 4.5; more would not be a season
EMPTY = 1e-9  # weight below which an hour says nothing


def features(hour: int) -> tuple[float, ...]:
    """Level, waves of the hour of day, one indicator per weekday, at the middle of an hour of the week.

    >>> len(features(0)), features(30)[-7:]
    (12, (0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    """
    turn = 2.0 * math.pi * ((hour % 24) + 0.5) / 24.0
    waves = [wave(k * turn) for k in range(1, HARMONICS + 1) for wave in (math.sin, math.cos)]
    days = [1.0 if day == hour // 24 else 0.0 for day in range(7)]
    return (1.0, *waves, *days)


FEATURES = tuple(features(hour) for hour in range(WEEK_H))
PRECISIONS = (
    LEVEL_PRECISION,
    *[DAY_PRECISION * k * k for k in range(1, HARMONICS + 1) for _ in range(2)],
    *[WEEKDAY_PRECISION] * 7,
)


class Season:
    """What the hour of the week does to one signal of one tenant.

    >>> season = Season()
    >>> for day in range(60):
    ...     for hour in range(24):  # variance 2 an hour; the odds are higher before eight
    ...         at = day % 7 * 24 + hour
    ...         season.learn(at, 2.0 * ((0.5 if hour < 8 else -0.5) - season.tilt(at)), 2.0, damping=1.0)
    ...     season.refit()
    >>> season.tilt(3) > 0.3, season.tilt(15) < -0.3
    (True, True)
    """

    def __init__(self) -> None:
        self._model: Any = model_class(MODEL)(alpha=1.0 / START_PRECISION)
        self._rows = 0
        self._tilts: tuple[float, ...] = (0.0,) * WEEK_H

    def tilt(self, hour: int) -> float:
        """The tilt of an hour of the week, 0..167, as of the last `refit`."""
        return self._tilts[hour]

    def learn(self, hour: int, excess: float, variance: float, damping: float) -> None:
        """One closed hour: sum(x - mu) under the present tilt, sum of variances, damping of its weight 0..1.

        Instead of fading old rows, new ones weigh more: the model stays a sum.
        """
        weight = variance * damping
        if weight < EMPTY:
            return
        self._rows += 1
        root = math.sqrt(weight * self._growth())
        row = {i: value * root for i, value in enumerate(FEATURES[hour])}
        self._model.learn_one(row, root * (self._tilts[hour] + excess / variance))

    def refit(self) -> None:
        """Take what was learnt into the tilts. Once a day is enough: seasons move slowly."""
        if not self._rows:
            return
        size, growth = len(PRECISIONS), self._growth()
        seen = [[value / growth for value in row[:size]] for row in self._model._ss_arr.tolist()[:size]]
        pull = [value / growth for value in self._model._eta_arr.tolist()[:size]]
        matrix = [row[:] for row in seen]
        for i, precision in enumerate(PRECISIONS):
            matrix[i][i] += precision
        mean = solve(matrix, pull)
        explained, by_chance = dot(mean, pull), 0.0
        for i, precision in enumerate(PRECISIONS):
            by_chance += seen[i][i] / (seen[i][i] + precision)
        shrink = max(0.0, 1.0 - by_chance / explained) if explained > 0.0 else 0.0
        # Level and waves are those of the hour of day, and one weekday is added.
        waves, days = mean[:-7], mean[-7:]
        usual = [dot(waves, FEATURES[hour][:-7]) for hour in range(24)]
        tilts = [usual[hour % 24] + days[hour // 24] for hour in range(WEEK_H)]
        self._tilts = tuple([max(-BOUND, min(BOUND, shrink * tilt)) for tilt in tilts])

    def _growth(self) -> float:
        return math.pow(2.0, self._rows / HALF_LIFE_ROWS)  # 2^11 a year at most: decades to overflow

    def state(self) -> Plain:
        """Plain values."""
        return {"rows": self._rows, "tilts": list(self._tilts), "model": dump(self._model)}

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The season whose `state` this was."""
        season = cls()
        season._rows, season._tilts = state["rows"], tuple(state["tilts"])
        season._model = load(state["model"])
        return season


def dot(a: list[float] | tuple[float, ...], b: list[float] | tuple[float, ...]) -> float:
    """The sum of products, from left to right.

    >>> dot([1.0, 2.0], [3.0, 4.0])
    11.0
    """
    total = 0.0
    for left, right in zip(a, b, strict=True):
        total += left * right
    return total


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x of matrix · x = right for a symmetric positive definite matrix: Cholesky in fixed order.

    >>> solve([[4.0, 2.0], [2.0, 5.0]], [8.0, 12.0])
    [1.0, 2.0]
    """
    size, low = len(right), [[0.0] * len(right) for _ in right]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - dot(low[i][:j], low[j][:j])
            low[i][j] = math.sqrt(rest) if i == j else rest / low[j][j]
    half: list[float] = []
    for i in range(size):
        half.append((right[i] - dot(low[i][:i], half)) / low[i][i])
    answer = [0.0] * size
    for i in reversed(range(size)):
        above = dot([low[k][i] for k in range(i + 1, size)], answer[i + 1 :])
        answer[i] = (half[i] - above) / low[i][i]
    return answer
