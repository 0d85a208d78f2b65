"""Every promise, on every detector. A new detector: add one `Subject` to `SUBJECTS`."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import pytest

from detectors import checks
from detectors.actors import Actors
from detectors.base import Detector, Plain, Reason, State, Verdict
from detectors.baseline import Baseline
from detectors.campaign import Attack, Campaign
from detectors.integrity import Answer, Integrity
from detectors.level import Levels
from detectors.null import Null, Random
from detectors.quiet import Pulse, Quiet
from detectors.rate import EDetectors, table
from detectors.volume import Cell, Volume

QUARTER_US = 900_000_000


@dataclass(frozen=True)
class Subject:
    """A detector under test. stream: a life, from the first input on. odd: inputs that nobody expects.
    endless: ever new values, after which the state is at most `limit` bytes."""

    name: str
    make: Callable[[], Detector[Any]]
    stream: list[Any]
    odd: list[Any]
    endless: list[Any]
    limit: int = 20_000


class Usual:
    """A baseline with the two verbs of a detector: x is (t_us, hour_of_week, queue, stratum, category)."""

    def __init__(self, baseline: Baseline | None = None) -> None:
        self.baseline = baseline or Baseline((0.0, 0.5, 1.0))

    def score_one(self, x: tuple[Any, ...]) -> Verdict:
        at = self.baseline.expect(*x[:4])
        if at is None:
            return Verdict(state=State.WARMING, reason=Reason.WARMING)
        parts = tuple((str(i), p) for i, p in enumerate((*at.p, at.n, at.inflation)))
        score = -math.log(at.p[x[4]])
        return Verdict(
            state=State.LEARNING, reason=Reason.NORMAL, score=score, expected=at.mean, contributions=parts
        )

    def learn_one(self, x: tuple[Any, ...]) -> None:
        self.baseline.learn(*x)

    def state(self) -> Plain:
        return self.baseline.state()

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        return cls(Baseline.from_state(state))


class Tilted:
    """E-detectors with the two verbs of a detector: x is (row, time, category)."""

    SEEN = table((0.9, 0.1), (0.0, 1.0), (math.log(2.0), math.log(5.0)), 0.1)
    ROWS = 5

    def __init__(self) -> None:
        self.tests = EDetectors((math.log(2.0), math.log(5.0)))
        self.tests.grow(self.ROWS)

    def score_one(self, x: tuple[int, int, int]) -> Verdict:
        return type(self).from_state(self.state()).see(x)

    def learn_one(self, x: tuple[int, int, int]) -> None:
        self.see(x)

    def see(self, x: tuple[int, int, int]) -> Verdict:
        row, time, category = x
        score = self.tests.see(row, time, 0.05, self.SEEN, category)
        since = self.tests.since(row)
        return Verdict(
            state=State.LEARNING, reason=Reason.NORMAL, score=score, observed=since.x, onset=since.onset
        )

    def state(self) -> Plain:
        return self.tests.state()

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        one = cls()
        one.tests.restore(state)
        return one


class Binned:
    """Levels with the two verbs of a detector: x is (queue, value)."""

    def __init__(self) -> None:
        self.levels = Levels((-1.0, 0.0, 1.0))

    def score_one(self, x: tuple[str | None, float]) -> Verdict:
        found, scale = self.levels.bin(*x), self.levels.scale(x[0])
        if found is None or scale is None:
            return Verdict(state=State.WARMING, reason=Reason.WARMING)
        score = float(found)
        return Verdict(state=State.LEARNING, reason=Reason.NORMAL, score=score, expected=scale.centre)

    def learn_one(self, x: tuple[str | None, float]) -> None:
        self.levels.learn(*x)

    def state(self) -> Plain:
        return self.levels.state()

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        one = cls()
        one.levels.restore(state)
        return one


def usual() -> list[Any]:
    rng = random.Random(1)
    hours = [i * 0.13 for i in range(1500)]
    return [(int(h * 4 * QUARTER_US), h % 168, rng.choice(("a", "b")), 0, rng.randrange(3)) for h in hours]


def cells(count: int) -> list[Any]:
    rng = random.Random(2)
    return [Cell(i * QUARTER_US, i / 4 % 168, 5 + rng.randrange(10)) for i in range(count)]


def pulses(count: int) -> list[Any]:
    rng = random.Random(3)
    minutes = range(0, 10 * count, 10)
    return [
        Pulse(m * 60_000_000, m / 60 % 168, 600.0, rng.randrange(3), open=6 <= m // 60 % 24 < 22)
        for m in minutes
    ]


def answers(count: int) -> list[Any]:
    rng = random.Random(4)
    return [Answer(i * 120_000_000, rng.randrange(count // 3), rng.random() < 0.1) for i in range(count)]


def outcomes(count: int) -> list[Any]:
    rng = random.Random(6)
    return [(rng.randrange(Tilted.ROWS), i, int(rng.random() < 0.15)) for i in range(count)]


def numbers(count: int) -> list[Any]:
    rng = random.Random(7)
    return [(rng.choice(("a", "b", None)), rng.gauss(5.0, 2.0)) for _ in range(count)]


def attacks(count: int) -> list[Any]:
    rng = random.Random(8)
    return [
        Attack(i * 600_000_000, f"c{rng.randrange(count)}", f"u{rng.randrange(9)}", rng.random(), (i % 7, i))
        for i in range(count)
    ]


SUBJECTS = [
    Subject("null", Null, [1, None, "x"] * 50, [math.inf, {}], list(range(500)), limit=10),
    Subject("random", Random, list(range(300)), [None, "", 1e300], list(range(500)), limit=20),
    Subject(
        "baseline",
        Usual,
        usual(),
        [(10**18, 0.0, None, "unseen", 2), (0, 167.99, "", -1, 0), (-5, 0.0, "a", 0, 1)],
        [(i * QUARTER_US, i / 4 % 168, f"queue {i}", i, 0) for i in range(2000)],
        limit=100_000,
    ),
    Subject(
        "quiet",
        Quiet,
        pulses(1500),
        [Pulse(0, 0.0), Pulse(10**18, 167.99, 1e9, 0), Pulse(-1, 3.0, 0.0, 1000)],
        [Pulse(i * 10**10, i * 2.7 % 168, 1e4) for i in range(3000)],
    ),
    Subject(
        "volume",
        Volume,
        cells(1500),
        [Cell(0, 0.0, 0), Cell(10**18, 167.99, 10**9), Cell(-1, 3.0, 0, 0.0), Cell(5, 3.0, 10**6, 1e9)],
        [Cell(i * QUARTER_US, i * 1.7 % 168, i) for i in range(3000)],
    ),
    Subject(
        "integrity",
        Integrity,
        answers(1500),
        [Answer(0, 0), Answer(10**18, (1 << 64) - 1, orphan=True), Answer(-1, 1)],
        [Answer(i * 1_000_000, i + 1, i % 2 == 0) for i in range(20_000)],
        limit=400_000,  # 20,000 respondents within a day; the bound itself is tested with it
    ),
    Subject(
        "e-detectors",
        Tilted,
        outcomes(1000),
        [(0, -1, 1), (4, 10**18, 0), *[(1, 0, 1)] * 200],
        [(i % Tilted.ROWS, i, 1) for i in range(3000)],
        limit=500,
    ),
    Subject(
        "levels",
        Binned,
        numbers(1000),
        [("a", 1e300), ("a", -1e300), (None, 0.0), ("", 1.0), ("unseen", 1.0)],
        [(f"queue {i}", float(i)) for i in range(5000)],
        limit=20_000,
    ),
    Subject(
        "campaign",
        Campaign,
        attacks(200),
        [Attack(0, "", "", 0.0), Attack(10**18, "c", "u", 1.0, (1,)), Attack(-1, "c", "u", 0.5, (1, 2, 3))],
        [Attack(i * 1_000_000, f"c{i}", f"u{i}", 0.9, (i,)) for i in range(1_500)],
        limit=200_000,  # a flood of 1,500 within half an hour; of them 1,000 are kept
    ),
    Subject(
        "actors",
        Actors,
        attacks(1000),
        [Attack(0, "", "", 0.0), Attack(10**18, "c", "u", 1.0), Attack(-1, "c", "u", 0.5)],
        [Attack(i * 1_000_000, f"c{i}", f"u{i}", 0.9) for i in range(20_000)],
        limit=400_000,  # 20,000 attackers within a day; of them 10,000 are kept
    ),
]
each = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
PROMISES = [
    checks.check_scoring_is_pure,
    checks.check_inputs_are_not_mutated,
    checks.check_state_round_trips,
    checks.check_state_is_a_copy,
    checks.check_state_is_plain,
    checks.check_same_input_same_result,
    checks.check_warming_is_reported,
]


@each
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise(promise: Callable[..., None], subject: Subject) -> None:
    promise(subject.make, subject.stream)


@each
def test_memory_is_bounded(subject: Subject) -> None:
    checks.check_memory_is_bounded(subject.make, subject.endless, subject.limit)


@each
def test_odd_inputs_are_survived(subject: Subject) -> None:
    checks.check_odd_inputs_are_survived(subject.make, subject.stream, subject.odd)


class Faulty(Null):
    """Breaks every promise at once."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.asked = random.Random()

    def score_one(self, x: Any) -> Verdict:
        self.seen.append(x)
        if isinstance(x, list):
            x.append(1)
        score = self.asked.random() if len(self.seen) > 1 else None
        return Verdict(state=State.LEARNING, reason=Reason.NORMAL, score=score, observed=math.nan)

    def state(self) -> Plain:
        return self.seen


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_a_faulty_detector_is_caught(promise: Callable[..., None]) -> None:
    stream: list[Any] = [[i] if i % 2 else (i,) for i in range(200)]
    with pytest.raises(AssertionError):
        promise(Faulty, stream)


def test_unbounded_memory_and_strange_numbers_are_caught() -> None:
    with pytest.raises(AssertionError, match="bytes of state"):
        checks.check_memory_is_bounded(Faulty, list(range(1000)), 100)
    with pytest.raises(AssertionError, match="not finite"):
        checks.check_odd_inputs_are_survived(Faulty, [], [1])


def test_the_random_detector_guesses_at_its_rate() -> None:
    guesses = checks.run(Random(seed=5, rate=0.1), list(range(5000)))
    assert 400 < sum(verdict.alarm for verdict in guesses) < 600
    assert Random(seed=6).score_one(1) != Random(seed=5).score_one(1)
