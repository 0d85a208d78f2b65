"""Runs: pieces of a number as hashes that can be joined, so that a number told piece by piece is recognised.

The hash is a polynomial over a prime (Karp and Rabin, 1987) whose base and digit values come from the key:
hash(ab) = hash(a) * base**len(b) + hash(b). Beside it travel the power and both Luhn sums (with and without
the last digit doubled), which join in the same way; no digit does.
"""

from __future__ import annotations

from functools import lru_cache, reduce

from detectors.structs import FrozenArrayLeaf
from detectors.text.keyed import Hasher

PRIME = (1 << 61) - 1
LEAST = 3  # digits; the sums of fewer would tell them
MOST = 24


class Run(FrozenArrayLeaf):
    """Some digits in a row. power: of the base, to their count; plain, doubled: Luhn sums modulo 10, without
    and with the last digit doubled; card: whether they begin as payment cards do."""

    hash: int
    power: int
    digits: int
    plain: int
    doubled: int
    card: bool = False


@lru_cache(maxsize=1024)
def _secrets(hashed: Hasher) -> tuple[int, tuple[int, ...]]:
    return hashed("run base") % PRIME, tuple(hashed(f"run digit {digit}") % PRIME for digit in range(10))


def run(digits: str, hashed: Hasher) -> Run:
    """The run of a string of digits.

    >>> key = Hasher(b"k", "shop")
    >>> joined(run("4111", key), run("1111", key)).hash == run("41111111", key).hash
    True
    """
    base, values = _secrets(hashed)
    total, power, sums = 0, 1, [0, 0]
    for place, digit in enumerate(reversed(digits)):
        number = ord(digit) - 48
        total = (total + values[number] * power) % PRIME
        power = power * base % PRIME
        twice = number * 2 - 9 * (number > 4)
        sums[place % 2] += number
        sums[1 - place % 2] += twice
    card = digits[:1] in ("3", "4", "5", "6") or digits[:2] in ("22", "23", "24", "25", "26", "27")
    return Run(total, power, len(digits), sums[0] % 10, sums[1] % 10, card)


def joined(left: Run, right: Run) -> Run:
    """The run of both, one behind the other."""
    odd = right.digits % 2
    return Run(
        (left.hash * right.power + right.hash) % PRIME,
        left.power * right.power % PRIME,
        left.digits + right.digits,
        (right.plain + (left.doubled if odd else left.plain)) % 10,
        (right.doubled + (left.plain if odd else left.doubled)) % 10,
        left.card,
    )


def tails(runs: tuple[Run, ...]) -> list[Run]:
    """What the last piece makes together with the one before it, with the two before it, and so on."""
    found: list[Run] = []
    for first in range(len(runs) - 1):
        whole = reduce(joined, runs[first:])
        if whole.digits <= MOST:
            found.append(whole)
    return found


def windows(runs: tuple[Run, ...]) -> frozenset[int]:
    """Hashes of everything that pieces in a row make."""
    return frozenset(whole.hash for last in range(2, len(runs) + 1) for whole in tails(runs[:last]))
