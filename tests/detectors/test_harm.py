"""Evidence that an answer does harm: an e-value, so it seldom grows by chance, and effects must matter."""

from __future__ import annotations

import math
from random import Random

import pytest

from detectors.harm import ENDS, Counts, Ends, Evidence, fresh, nats

USUAL = (0.04, 0.12, 0.15)
KNOWN = 500.0


def ends(rng: Random, shares: tuple[float, ...]) -> Ends:
    one, two, three = (rng.random() < share for share in shares)
    return one, two, three


def grown(rng: Random, shares: tuple[float, ...], count: int) -> Evidence:
    evidence = fresh()
    for _ in range(count):
        evidence.add(ends(rng, shares), USUAL, KNOWN)
    return evidence


@pytest.mark.parametrize(("worst", "share"), [("objected", 0.4), ("handed_off", 0.6), ("unsolved", 0.7)])
def test_a_harmful_answer_is_seen_and_its_worst_end_named(worst: str, share: float) -> None:
    shares = tuple(share if end == worst else usual for end, usual in zip(ENDS, USUAL, strict=True))
    evidence = grown(Random(1), shares, 25)
    assert nats([evidence]) > math.log(1000)
    assert ENDS[evidence.worst] == worst
    assert evidence.matters()


def test_a_right_answer_just_as_frequent_stays_quiet() -> None:
    rng = Random(2)
    runs = [max(grown_nats(rng, USUAL, 200)) for _ in range(300)]
    assert sum(nats >= math.log(20) for nats in runs) <= 0.05 * len(runs)  # Ville's inequality
    assert max(runs) < math.log(1000)


def grown_nats(rng: Random, shares: tuple[float, ...], count: int) -> list[float]:
    evidence, told = fresh(), []
    for _ in range(count):
        evidence.add(ends(rng, shares), USUAL, KNOWN)
        told.append(nats([evidence]))
    return told


def test_little_known_needs_more() -> None:
    sure, unsure = fresh(), fresh()
    for _ in range(6):
        sure.add((True, False, False), USUAL, KNOWN)
        unsure.add((True, False, False), USUAL, 5.0)
    assert nats([unsure]) < nats([sure]) - 0.5


def test_two_bad_ends_are_an_anecdote() -> None:
    evidence = fresh()
    for _ in range(2):
        evidence.add((True, True, True), (0.0, 0.0, 0.0), KNOWN)
    assert not evidence.matters()


def test_certain_shares_are_survived() -> None:
    evidence = fresh()
    for share in (0.0, 1.0):
        evidence.add((True, False, True), (share,) * 3, 0.0)
    assert math.isfinite(nats([evidence]))


def test_shares_lean_on_what_is_known_of_others() -> None:
    counts = Counts()
    assert counts.shares([0.2, 0.1, 0.0], 10.0) == [0.2, 0.1, 0.0]
    for _ in range(30):
        counts.add((True, False, False))
    assert counts.shares([0.2, 0.1, 0.0], 10.0) == pytest.approx([0.8, 0.025, 0.0])
    counts.fade(20.0)
    assert (counts.n, counts.bad) == (15.0, [15.0, 0.0, 0.0])
