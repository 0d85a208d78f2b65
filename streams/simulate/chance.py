"""Seeded chance: one independent stream per purpose, so that one change does not reshuffle the rest."""

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(*names: object) -> Random:
    """The random stream of this purpose. A text seed goes through SHA-512: the hash seed plays no part.

    >>> stream(1, "arrivals", 3).random() == stream(1, "arrivals", 3).random()
    True
    """
    return Random("|".join(map(str, names)))


def token(prefix: str, *names: object) -> str:
    """A pseudonymous id of fourteen hexadecimal digits, the same for the same names."""
    return prefix + blake2b("|".join(map(str, names)).encode(), digest_size=7).hexdigest()


def pick(rng: Random, items: Sequence[T]) -> T:
    """One item, all equally likely; cheaper than `Random.choice`."""
    return items[int(rng.random() * len(items))]


def weighted(rng: Random, weights: Mapping[T, float]) -> T:
    """One key, by weight; weights need not sum to one."""
    left = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    return key


def poisson(rng: Random, mean: float) -> int:
    """A Poisson count, by unit exponential gaps; `mean` >= 0."""
    count, left = 0, mean
    while (left := left - rng.expovariate(1.0)) > 0:
        count += 1
    return count


def around(rng: Random, median: float, spread: float) -> float:
    """A log-normal value: its median, and the standard deviation of its logarithm."""
    return median * math.exp(spread * rng.gauss(0.0, 1.0))


def tilt(p: float, log_odds: float) -> float:
    """The probability `p` (0 < p < 1) moved by so much in log odds.

    >>> round(tilt(0.5, 1.0), 3)
    0.731
    """
    return 1.0 / (1.0 + (1.0 - p) / p * math.exp(-log_odds))
