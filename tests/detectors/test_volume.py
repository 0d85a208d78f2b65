"""Traffic: ramps, busy days and surges of 1.8 are never severe; what leaves a factor of 2.5 for long is."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import msgspec
import pytest

from detectors.base import Reason, State, Verdict
from detectors.codec import CodecError
from detectors.volume import Cell, Volume

CELL_US = 900_000_000


def cells(
    days: range, a_day: float, *, factor: float = 1.0, mood: float = 0.1, always: bool = False, seed: int = 1
) -> list[Cell]:
    """Open cells with a morning ramp and Poisson counts; days differ by `mood`, weekends bring a third."""
    rng, out = random.Random(seed), []
    shape = [math.exp(-((quarter / 4 - 13) ** 2) / 18) + (0.05 if always else 0.0) for quarter in range(96)]
    hours = range(96) if always else range(28, 84)
    whole = sum(shape[quarter] for quarter in hours)
    for day in days:
        weekend = day % 7 >= 5
        if weekend and not always:
            continue
        today = a_day * factor * math.exp(rng.gauss(0.0, mood)) * (1 / 3 if weekend else 1.0)
        for quarter in hours:
            count, wait = 0, rng.expovariate(1.0)
            while wait < today * shape[quarter] / whole:
                count, wait = count + 1, wait + rng.expovariate(1.0)
            at = day * 96 + quarter
            out.append(Cell(at * CELL_US, at / 4 % 168, count))
    return out


def run(traffic: Volume, stream: list[Cell]) -> list[Verdict]:
    verdicts = []
    for cell in stream:
        verdicts.append(traffic.score_one(cell))
        traffic.learn_one(cell)
    return verdicts


@pytest.mark.parametrize("a_day", [40, 200, 2000])
@pytest.mark.parametrize("always", [False, True])
def test_ordinary_weeks_are_not_severe_and_seldom_notable(a_day: float, always: bool) -> None:
    verdicts = run(Volume(), cells(range(35), a_day, always=always))
    assert not any(verdict.alarm for verdict in verdicts)
    assert sum(verdict.reason is Reason.NOTABLE for verdict in verdicts) < len(verdicts) * 0.02


@pytest.mark.parametrize("a_day", [60, 300, 3000])
def test_a_surge_of_1_8_is_notable_and_never_severe(a_day: float) -> None:
    traffic = Volume()
    run(traffic, cells(range(14), a_day))
    verdicts = run(traffic, cells(range(14, 19), a_day, factor=1.8, mood=0.05, seed=2))
    assert not any(verdict.alarm for verdict in verdicts)
    assert a_day < 100 or any(verdict.reason is Reason.NOTABLE for verdict in verdicts)


@pytest.mark.parametrize(("factor", "reason"), [(4.0, Reason.ABOVE), (0.1, Reason.BELOW)])
@pytest.mark.parametrize("a_day", [200, 2000])
def test_outside_the_factor_for_hours_is_severe(factor: float, reason: Reason, a_day: float) -> None:
    traffic = Volume()
    run(traffic, cells(range(14), a_day))
    severe = [v for v in run(traffic, cells(range(14, 15), a_day, factor=factor)) if v.alarm]
    assert len(severe) > 20
    assert {verdict.reason for verdict in severe} == {reason}
    assert severe[-1].contributions[0][1] == pytest.approx(factor, rel=0.35)
    assert severe[-1].onset is not None
    assert 11 * 96 + 72 < severe[-1].onset // CELL_US < 14 * 96 + 40  # Friday's thin last hours may belong


def test_one_odd_cell_is_not_severe() -> None:
    traffic = Volume()
    run(traffic, cells(range(14), 300))
    for cell in cells(range(14, 15), 300)[20:22]:
        odd = Cell(cell.t, cell.hour_of_week, 5 * (cell.count + 2))
        assert not traffic.score_one(odd).alarm


def test_severe_traffic_is_not_learnt_and_ends_with_normal_traffic() -> None:
    traffic = Volume()
    run(traffic, cells(range(14), 300))
    run(traffic, cells(range(14, 18), 300, factor=5.0))
    after = run(traffic, cells(range(18, 19), 300))
    assert [verdict.alarm for verdict in after[12:]] == [False] * (len(after) - 12)
    assert traffic.score_one(cells(range(21, 22), 300)[24]).expected == pytest.approx(9, rel=0.4)


def test_a_new_level_is_accepted_in_the_end() -> None:
    traffic = Volume()
    run(traffic, cells(range(14), 300))
    verdicts = run(traffic, cells(range(14, 70), 300, factor=4.0))
    assert verdicts[50].alarm
    assert not verdicts[-1].alarm


@pytest.mark.parametrize("factor", [0.0, 0.3, 4.0])
def test_a_new_level_alarms_once(factor: float) -> None:
    traffic = Volume()
    run(traffic, cells(range(28), 300))
    alarms = [verdict.alarm for verdict in run(traffic, cells(range(28, 112), 300, factor=factor))]
    assert sum(now and not before for before, now in pairwise([False, *alarms])) == 1


def test_warming_until_the_weekday_is_known() -> None:
    verdicts = run(Volume(), cells(range(9), 300, always=True))
    assert {verdict.state for verdict in verdicts[: 7 * 96]} == {State.WARMING}
    assert verdicts[0].score is None
    assert verdicts[8 * 96].state is State.LEARNING


def test_state_is_plain_and_complete() -> None:
    traffic = Volume()
    run(traffic, [*cells(range(12), 200), *cells(range(12, 14), 200, factor=3.5)])
    restored = Volume.from_state(msgspec.msgpack.decode(msgspec.msgpack.encode(traffic.state())))
    assert run(restored, cells(range(14, 20), 200)) == run(traffic, cells(range(14, 20), 200))
    assert restored.state() == traffic.state()


def test_another_version_is_refused() -> None:
    with pytest.raises(CodecError):
        Volume.from_state({**Volume().state(), "version": 0})
