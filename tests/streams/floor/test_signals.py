from __future__ import annotations

from typing import get_args

import pytest

from streams.floor.signals import FED_BY, SIGNALS, TESTS
from streams.floor.words import ACTION, WHAT
from streams.records.alerts import Kind


@pytest.mark.parametrize("name", ["csat", "nps", "csat_given_trouble"])
def test_grades_become_categories_that_rise_with_harm(name: str) -> None:
    signal = SIGNALS[name]
    found = [signal.category(value) for value in (1.0, 0.9, 0.75, 0.5, 0.3, 0.1, 0.0)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, len(signal.scores) - 1)


def test_scores_rise_with_harm_and_lie_where_baselines_want_them() -> None:
    for signal in SIGNALS.values():
        assert list(signal.scores) == sorted(signal.scores)


def test_every_signal_feeds_a_test_and_every_test_has_words() -> None:
    assert all(FED_BY[name] for name in SIGNALS)
    for test in TESTS:
        assert test.aside or test.name in WHAT  # what stands aside opens no incident
        assert test.signal.kind in ACTION
        assert test.signal.kind in get_args(Kind)
        assert len({shift > 0 for shift in test.shifts}) == 1, "alternatives of one sign"
    assert len({test.name for test in TESTS}) == len(TESTS)
