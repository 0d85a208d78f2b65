"""Earnest: strong texts count, doubtful ones neither clear them nor add up."""

from __future__ import annotations

from random import Random

import pytest

from detectors.earnest import LOOKALIKE, chance


def test_the_chance_is_what_it_says_of_lookalikes() -> None:
    rng = Random(5)
    for texts in (1, 4, 12):
        waves = [[_lookalike(rng) for _ in range(texts)] for _ in range(4_000)]
        below = sum(chance(wave) <= 0.05 for wave in waves) / len(waves)
        assert below == pytest.approx(0.05, abs=0.012)


def _lookalike(rng: Random) -> float:
    odds: float = 2.718281828459045 ** rng.expovariate(1.0 / LOOKALIKE)
    return odds / (1.0 + odds)


def test_doubtful_ones_never_add_up() -> None:
    assert min(chance([0.8] * texts) for texts in range(1, 1_001)) > 0.2


def test_strong_ones_do_at_any_number() -> None:
    assert chance([0.999] * 3) < 0.001
    assert chance([0.999] * 1_000) < 1e-100


def test_it_has_bounds() -> None:
    assert chance([]) == chance([0.5, 0.1, 0.0]) == 1.0
    assert 0.0 < chance([1.0]) < 0.01
