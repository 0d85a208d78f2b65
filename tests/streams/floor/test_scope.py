from __future__ import annotations

from math import inf, log
from random import Random

import pytest

from detectors.calendar import Calendar
from detectors.scan import Tally
from streams.floor import signals
from streams.floor.cuts import OVERFLOW, Cuts
from streams.floor.scope import (
    EFFECT_SD,
    EFFECT_SD_OLD,
    evidence,
    gathered,
    locate,
    matters,
    mixture,
    needed_effect_sd,
    newness,
    onset_of,
)
from streams.floor.series import Recent
from streams.floor.signals import TESTS
from streams.records.facts import Dims
from tests.streams.floor.made import DAY, HOUR, MINUTE, at

CUTS = ((), ("queue",), ("agent",), ("agent", "version"))
BY_NAME: dict[str, signals.Test] = {test.name: test for test in TESTS}
RATE, LEVEL = BY_NAME["refusal"], BY_NAME["length_up"]
T = at(0, 9)


def recent(time: int, place: int, bad: bool) -> Recent:
    logs = (log(2.0), log(4.0)) if bad else (-0.1, -0.3)
    return Recent(time, place, float(bad), 0.1, 0.09, logs, float(bad), 0.1, 1.0, f"c{time}", time, True)


def place(cuts: Cuts, queue: str, agent: str = "pine", version: str = "1", time: int = 0) -> int:
    return cuts.place(Dims(queue=queue, agent=agent, version=version), time)


def book(most: int = 100) -> Cuts:
    return Cuts(CUTS, most, lambda _: None)


def old(*_: object) -> bool:
    return False


def new(*_: object) -> bool:
    return True


def test_what_matters() -> None:
    assert not matters(RATE, Tally(7, 7.0, 0.7, 0.6)), "an anecdote"
    assert not matters(RATE, Tally(100, 14.0, 10.0, 9.0)), "true, but harmless"
    assert not matters(RATE, Tally(8, 3.0, 0.5, 0.4)), "too few"
    assert matters(RATE, Tally(100, 16.0, 10.0, 9.0))
    assert not matters(BY_NAME["returned"], Tally(100, 16.0, 10.0, 9.0)), "returns need more"
    assert matters(LEVEL, Tally(100, 91.0, 0.0, 100.0))
    assert matters(LEVEL, Tally(100, -91.0, 0.0, 100.0))
    assert not matters(LEVEL, Tally(100, 91.0, 0.0, 100.0), EFFECT_SD_OLD)
    assert not matters(LEVEL, Tally())


def test_a_new_version_is_suspected_sooner() -> None:
    assert needed_effect_sd({"agent": "a", "version": "b"}) == EFFECT_SD < EFFECT_SD_OLD
    assert needed_effect_sd({"agent": "a"}) == EFFECT_SD_OLD


def test_mixture_and_evidence() -> None:
    assert mixture([0.0, 0.0]) == pytest.approx(0.0)
    assert mixture([1000.0, 0.0]) == pytest.approx(1000.0 - log(2.0))
    assert evidence([]) == (-inf, 0)
    nats, best = evidence([recent(T, 0, bad=True)] * 3)
    assert best == 1
    assert nats == pytest.approx(log((8.0 + 64.0) / 2))


def test_the_onset_is_where_the_best_run_begins() -> None:
    bads = [False, True, *[False] * 6, True, True, False, True, True]
    rows = [recent(T + i, 0, bad) for i, bad in enumerate(bads)]
    assert onset_of(rows, 1) == T + 8
    assert onset_of([], 0) == 0
    assert onset_of(rows[:1], 0) == T


def trouble_in(cuts: Cuts, queues: dict[str, float], agent: str = "pine", version: str = "1") -> list[Recent]:
    rng, names = Random(5), list(queues)
    calm = [
        recent(T + i * MINUTE, place(cuts, rng.choice(names), agent, version), rng.random() < 0.1)
        for i in range(60)
    ]
    found: list[Recent] = []
    for i in range(60):
        queue = names[i % len(names)]
        when = T + (60 + i) * MINUTE
        found.append(recent(when, place(cuts, queue, agent, version), rng.random() < queues[queue]))
    return [*calm, *found]


def row_of(cuts: Cuts, *segment: tuple[str, str]) -> int:
    return cuts.segments.index(segment)


def test_the_narrowest_place_is_named_with_what_all_of_it_shares() -> None:
    cuts = book()
    rows = trouble_in(cuts, {"a": 0.9, "b": 0.1, "c": 0.1})
    found = locate(RATE, row_of(cuts), rows, cuts, old)
    assert found.scope == {"queue": "a", "agent": "pine"}
    assert found.tally.n == len(found.members)
    assert {cuts.places[r.place].dims.queue for r in found.members} == {"a"}
    assert abs(found.members[0].time - (T + 60 * MINUTE)) < 10 * MINUTE


def test_trouble_everywhere_is_the_agents_when_there_is_but_one() -> None:
    cuts = book()
    rows = trouble_in(cuts, {"a": 0.8, "b": 0.8, "c": 0.8})
    assert locate(RATE, row_of(cuts), rows, cuts, old).scope == {"agent": "pine"}


def test_a_version_is_named_only_where_it_is_new_and_then_without_the_queue() -> None:
    cuts = book()
    rows = trouble_in(cuts, {"a": 0.9})
    assert locate(RATE, row_of(cuts), rows, cuts, old).scope == {"agent": "pine", "queue": "a"}
    assert locate(RATE, row_of(cuts), rows, cuts, new).scope == {"agent": "pine", "version": "1"}


def test_the_crowd_beyond_the_bound_has_no_name() -> None:
    cuts = book(most=2)
    for i in range(3):
        place(cuts, f"full {i}", "full", "0")
    rows = trouble_in(cuts, {"a": 0.9, "b": 0.9})
    found = locate(RATE, cuts.segments.index(OVERFLOW), rows, cuts, old)
    assert found.scope == {"agent": "pine"}


def test_gathered_is_a_plain_sum() -> None:
    rows = [recent(T, 0, bad) for bad in (True, False, True)]
    found = gathered({"queue": "a"}, rows)
    assert (found.tally.n, found.tally.x) == (3, 2.0)
    assert found.tally.mean == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("first", "onset", "now", "verdict"),
    [
        (10 * DAY, 10 * DAY + HOUR, 10 * DAY + 3 * HOUR, True),
        (12 * HOUR, 13 * HOUR, 20 * HOUR, False),  # the monitor itself began then
        (10 * DAY, 12 * DAY, 12 * DAY + HOUR, False),  # served long
        (
            10 * DAY,
            10 * DAY + 10 * HOUR,
            10 * DAY + 12 * HOUR,
            False,
        ),  # served without trouble longer than with
    ],
)
def test_newness(first: int, onset: int, now: int, verdict: bool) -> None:
    cuts = book()
    place(cuts, "a", "pine", "2", at(0) + first)
    is_new = newness(cuts, Calendar(None), at(0) + now, at(0))
    assert is_new("pine", "2", at(0) + onset) is verdict
    assert not is_new("pine", "unseen", at(0) + onset)
