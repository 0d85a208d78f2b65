"""How the stream arrives: each knob adds or delays, none changes the events."""

import json
from collections import Counter
from datetime import datetime

from streams.simulate.disorder import disordered
from streams.simulate.plan import floor
from streams.simulate.run import Event, simulate
from streams.simulate.settings import Disorder, Simulation

PLAIN = Simulation(seed=4, days=1, troubles=False, rate=0.5)
EVENTS: list[Event] = [e for batch in simulate(floor(PLAIN)) for e in batch.events]
BODIES = [e.body for e in EVENTS]


def arrive(**knobs: float | str) -> list[bytes]:
    simulation = Simulation(seed=4, days=1, disorder=Disorder(**knobs))  # type: ignore[arg-type] # by name
    return list(disordered(iter(EVENTS), simulation))


def times(bodies: list[bytes]) -> list[float]:
    return [datetime.fromisoformat(json.loads(b)["time"]).timestamp() for b in bodies]


def lags(bodies: list[bytes]) -> list[float]:
    """How far each record is behind the highest time before it, seconds."""
    top, found = 0.0, []
    for at in times(bodies):
        found.append(max(0.0, top - at))
        top = max(top, at)
    return found


def test_without_knobs_nothing_changes() -> None:
    assert arrive() == BODIES


def test_duplicates_are_second_deliveries_of_the_same_bytes() -> None:
    counts = Counter(arrive(duplicates=0.1))
    assert set(counts) == set(BODIES)
    assert 0.07 < (counts.total() - len(BODIES)) / len(BODIES) < 0.13


def test_swapped_events_stay_within_their_seconds() -> None:
    found = lags(arrive(swapped=0.3, swapped_s=20))
    assert 0 < max(found) <= 20


def test_late_events_are_later_than_the_lateness() -> None:
    bodies = arrive(late=0.05)
    assert Counter(bodies) == Counter(BODIES)
    assert 0.02 < sum(lag > 120 for lag in lags(bodies)) / len(bodies) < 0.06


def test_malformed_records_are_extra() -> None:
    bodies = arrive(malformed=0.1)
    whole = set(BODIES)
    assert [b for b in bodies if b in whole] == BODIES
    assert 0.07 < len(bodies) / len(BODIES) - 1 < 0.13


def test_unknown_versions_are_envelopes() -> None:
    extra = [json.loads(b) for b in set(arrive(unknown=0.1)) - set(BODIES)]
    assert extra
    assert {e["type"] for e in extra} == {"floorwalker.turn.v9"}


def test_a_fast_clock_moves_only_its_source() -> None:
    for before, after in zip(BODIES, arrive(fast_source="webchat/prod", fast_s=90), strict=True):
        ahead = times([after])[0] - times([before])[0]
        assert ahead == (90 if json.loads(before)["source"] == "webchat/prod" else 0)


def test_one_knob_does_not_move_another() -> None:
    both = Counter(arrive(duplicates=0.1, malformed=0.1))
    assert not Counter(arrive(duplicates=0.1)) - both
    assert not Counter(arrive(malformed=0.1)) - both
