"""Where and when troubles are placed."""

from itertools import pairwise

import pytest

from streams.simulate.plan import floor
from streams.simulate.registry import registry
from streams.simulate.schedule import quiet
from streams.simulate.settings import Disorder, Simulation
from streams.simulate.tenants import TENANTS
from streams.simulate.troubles import BY_TYPE
from streams.simulate.when import bounds

MONTH = Simulation(seed=5, days=28)


def test_each_incident_has_one_twin_of_the_same_type_tenant_and_place() -> None:
    windows = floor(MONTH).windows
    for pair in {w.pair for w in windows}:
        one, two = (w for w in windows if w.pair == pair)
        assert {one.twin, two.twin} == {False, True}
        assert (one.type, one.tenant, one.place) == (two.type, two.tenant, two.place)


def test_windows_of_a_tenant_never_overlap() -> None:
    windows = floor(MONTH).windows
    for tenant in TENANTS:
        own = [w for w in windows if w.tenant == tenant.id]
        assert len(own) >= 8
        assert all(a.end < b.onset for a, b in pairwise(own))


def test_a_month_holds_every_type() -> None:
    assert {w.type for w in floor(MONTH).windows} == set(BY_TYPE)


def test_the_beginning_is_quiet() -> None:
    for days in (4, 28):
        simulation = Simulation(seed=2, days=days)
        first = min(w.onset for w in floor(simulation).windows)
        assert first >= bounds(simulation)[0] + quiet(simulation)


def test_a_quiet_floor_has_no_windows() -> None:
    assert floor(Simulation(seed=1, days=28, troubles=False)).windows == ()


def test_types_can_be_asked_for_one_by_one() -> None:
    windows = floor(Simulation(seed=3, days=6, troubles=("shadow_ai", "silence"))).windows
    assert sorted(w.type for w in windows) == ["shadow_ai", "shadow_ai", "silence", "silence"]


def test_settings_out_of_range_are_named() -> None:
    with pytest.raises(ValueError, match="earthquake"):
        floor(Simulation(seed=1, days=3, troubles=("earthquake",)))
    with pytest.raises(ValueError, match=r"disorder\.late"):
        floor(Simulation(seed=1, days=3, disorder=Disorder(late=2.0)))
    with pytest.raises(ValueError, match="days"):
        floor(Simulation(seed=1, days=0))


def test_planned_versions_are_registered_and_shadow_versions_are_not() -> None:
    for seed in range(6):
        simulation = Simulation(seed=seed, days=28)
        plan = floor(simulation)
        entries = registry(simulation, TENANTS, plan.windows)["tenants"]
        for w in plan.windows:
            if not w.effect.version:
                continue
            agent = next(a for a in entries[w.tenant]["agents"] if a["id"] == w.place["agent"])
            assert (w.effect.version in agent["versions"]) == w.planned
