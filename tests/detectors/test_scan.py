from __future__ import annotations

import pytest

from detectors.scan import PENALTY, Row, Tally, narrowest, tallies

ALL, QUEUE, AGENT, OTHER, BOTH = range(5)
DIMENSIONS = {ALL: 0, QUEUE: 1, AGENT: 1, OTHER: 1, BOTH: 2}


def rows(segments: list[int], n: int, bad: int, share: float = 0.1) -> list[Row]:
    """n observations in these segments, the first `bad` of them bad."""
    return [(segments, float(i < bad), share, share * (1 - share)) for i in range(n)]


def test_the_segment_that_holds_the_excess_is_found() -> None:
    seen = [*rows([ALL, QUEUE], 30, 15), *rows([ALL, OTHER], 100, 10)]
    assert narrowest(tallies(seen), DIMENSIONS, rate=True) == QUEUE


def test_an_excess_everywhere_is_the_whole() -> None:
    seen = [*rows([ALL, QUEUE], 30, 12), *rows([ALL, OTHER], 30, 12)]
    assert narrowest(tallies(seen), DIMENSIONS, rate=True) == ALL


def test_among_equal_explanations_the_shorter_wins_and_then_the_first() -> None:
    seen = rows([BOTH, AGENT, QUEUE], 30, 15)
    assert narrowest(tallies(seen), DIMENSIONS, rate=True) == QUEUE
    assert narrowest(tallies(seen), {QUEUE: 2, AGENT: 2, BOTH: 1}, rate=True) == BOTH


def test_a_dimension_costs_the_penalty() -> None:
    """A segment that is a little better by evidence, and names more, loses."""
    broad, narrow = tallies(rows([0], 60, 15))[0], tallies(rows([1], 59, 15))[1]
    gain = narrow.gain(rate=True) - broad.gain(rate=True)
    assert 0 < gain < PENALTY
    assert narrowest({0: broad, 1: narrow}, {0: 0, 1: 1}, rate=True) == 0
    assert narrowest({0: broad, 1: narrow}, {0: 1, 1: 1}, rate=True) == 1


def test_nothing_is_found_where_there_is_no_excess() -> None:
    assert narrowest({}, {}, rate=True) is None
    assert narrowest(tallies(rows([ALL, QUEUE], 40, 4)), DIMENSIONS, rate=True) is None
    assert narrowest(tallies(rows([ALL, QUEUE], 40, 0)), DIMENSIONS, rate=True) is None, "fewer is no excess"


def test_levels_move_both_ways() -> None:
    assert Tally(10, -8.0, 0.0, 10.0).gain(rate=False) == pytest.approx(3.2)
    assert Tally(10, 8.0, 0.0, 10.0).gain(rate=False) == pytest.approx(3.2)


def test_no_spread_and_no_expectation_are_survived() -> None:
    assert Tally().gain(rate=True) == Tally().gain(rate=False) == 0.0
    assert Tally(3, 3.0, 0.0, 0.0).gain(rate=True) > 0.0
    assert Tally(3, 3.0, 0.0, 0.0).gain(rate=False) > 0.0
