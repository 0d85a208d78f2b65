from __future__ import annotations

from typing import Any

import msgspec

from streams.floor.changed import MOST, REGISTRIES, Changed
from streams.floor.cuts import Cuts
from streams.records.controls import RegistryChange
from streams.records.facts import Dims
from streams.records.registry import Registry, Tenant
from tests.streams.floor.made import DAY, HOUR, MINUTE, at, registry

BEGUN = at(0)
ONSET = at(7, 12)


def changed(*places: tuple[int, dict[str, str]]) -> Changed:
    """Places and when each was first seen."""
    cuts = Cuts(((),), 1000, lambda _: None)
    for time, dims in places:
        cuts.place(Dims(**dims), time)
    return Changed(cuts)


def near(one: Changed, **scope: str) -> list[dict[str, Any]]:
    return one.near(scope, ONSET, ONSET + HOUR, BEGUN)


def test_a_version_that_first_answered_before_the_onset() -> None:
    old = {"agent": "pine", "version": "1", "queue": "orders", "channel": "chat"}
    found = near(changed((BEGUN, old), (ONSET - 12 * MINUTE, {**old, "version": "2"})))
    assert found == [
        {"what": "version", "agent": "pine", "value": "2", "at": "2026-05-11T11:48:00.000Z",
         "minutes_before": 12}
    ]  # fmt: skip


def test_what_came_long_before_or_after_the_opening_or_on_the_first_day_is_no_news() -> None:
    times = [BEGUN + HOUR, ONSET - 4 * DAY, ONSET + 2 * HOUR]
    assert near(changed(*((time, {"agent": f"a{time}"}) for time in times))) == []
    young = changed((BEGUN + HOUR, {"agent": "a"}))
    assert young.near({}, BEGUN + 2 * HOUR, BEGUN + 3 * HOUR, BEGUN) == []


def test_only_what_is_met_at_the_place() -> None:
    one = changed(
        (BEGUN, {"agent": "pine", "queue": "orders"}),
        (ONSET - HOUR, {"agent": "cove", "queue": "orders"}),
        (ONSET - HOUR, {"agent": "pine", "queue": "returns"}),
    )
    assert [row["value"] for row in near(one, agent="pine")] == ["returns"]
    assert [row["value"] for row in near(one, queue="orders")] == ["cove"]
    assert near(one, agent="pine", action="Refund") == near(one, agent="pine"), "actions have no place"


def test_new_only_there_is_not_new() -> None:
    """A queue served for long by one agent is no news when a second one takes it, but that agent is."""
    old, new = ({"agent": agent, "queue": "orders"} for agent in ("pine", "cove"))
    one = changed((BEGUN, old), (ONSET, new))
    assert [row["what"] for row in near(one, agent="cove")] == ["agent"]


def test_the_nearest_first_and_few() -> None:
    one = changed(*((ONSET - i * HOUR, {"queue": f"q{i}"}) for i in range(1, 20)))
    assert [row["value"] for row in near(one)] == [f"q{i}" for i in range(1, MOST + 1)]


def change(time: int, new: Registry, reason: str = "") -> RegistryChange:
    return RegistryChange(id=str(time), effective=time, registry=new, reason=reason)


def shop(**more: Any) -> tuple[Registry, Tenant]:
    new = registry(**more)
    return new, new.tenants["shop"]


def test_a_registry_says_which_keys_it_altered() -> None:
    _, before = shop()
    new, after = shop(agents=[{"id": "pine"}, {"id": "elm"}], holidays=[])
    one = changed((BEGUN, {"agent": "pine"}))
    one.registry(change(ONSET - HOUR, new, "spring"), before, after)
    (row,) = near(one, agent="pine")
    assert row["what"] == "registry"
    assert row["value"] == (
        "anna: removed; cove: removed; elm: added; pine: versions, models, actions, data, limits, subject; "
        "holidays"
    )
    assert (row["reason"], row["minutes_before"]) == ("spring", 60)
    assert near(one, agent="birch") == [], "another agent's entry is not this one's news"


def test_a_registry_that_alters_another_tenant_is_no_news() -> None:
    new, entry = shop()
    one = changed()
    one.registry(change(ONSET - HOUR, new), entry, entry)
    assert near(one) == []


def test_state_and_bound() -> None:
    one = changed()
    for i in range(30):
        new, after = shop(lateness_s=float(i))
        one.registry(change(ONSET - (30 - i) * MINUTE, new), Tenant(), after)
    state = msgspec.json.decode(msgspec.json.encode(one.state()))
    assert len(state) == REGISTRIES
    other = changed()
    other.restore(state)
    assert near(other) == near(one) != []
