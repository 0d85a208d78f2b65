from __future__ import annotations

from typing import Any

import msgspec
import pytest

from detectors.calendar import Calendar
from streams.floor.incident import Incident, incident_id
from streams.floor.incidents import DISTINCT, MEMORY_US, TELL_AGAIN_US, Incidents
from streams.records.alerts import Kind
from streams.records.facts import Dims
from streams.settings import Examples, Limits, Settings
from tests.streams.floor.made import HOUR, MINUTE, at

T = at(0, 9)


def book(**limits: int) -> tuple[Incidents, list[str]]:
    hits: list[str] = []
    settings = Settings(limits=Limits(**limits), examples=Examples(conversations=2))
    return Incidents("shop", settings, hits.append), hits


def begin(incidents: Incidents, scope: dict[str, str] | None = None, **more: Any) -> Incident:
    fields = {"since": T, "opened": T, "touched": T, **more}
    found = incidents.start("boundary", "action", scope or {}, **fields)
    assert found is not None
    incidents.tell_open(found)
    return found


def states(incidents: Incidents) -> list[tuple[str, int]]:
    return [(change.state, change.affected) for change in incidents.changes()]


def test_opened_touched_told_and_resolved() -> None:
    incidents, _ = book()
    found = begin(incidents)
    for i in range(3):
        incidents.touch(found, T + i * MINUTE, f"c{i}")
        incidents.touch(found, T, "c0")
    assert (found.affected, found.conversations, found.touched) == (3, ["c0", "c1"], T + 2 * MINUTE)
    incidents.grow(T + TELL_AGAIN_US - 1)
    assert states(incidents) == [("open", 0)]
    incidents.grow(T + TELL_AGAIN_US)
    incidents.grow(T + 2 * TELL_AGAIN_US)
    assert states(incidents) == [("updated", 3)]
    incidents.resolve(found, T + HOUR, "done")
    assert states(incidents) == [("resolved", 3)]
    assert not incidents.open
    assert incidents.changes() == []


def test_spread_is_told_when_it_has_doubled() -> None:
    incidents, _ = book()
    found = begin(incidents)
    for i in range(100):
        incidents.touch(found, T, f"c{i}")
        incidents.grow(T + i * HOUR)
    assert [affected for _, affected in states(incidents)] == [0, 2, 4, 8, 16, 32, 64]


def test_severity_is_told_at_once_and_never_falls() -> None:
    incidents, _ = book()
    found = begin(incidents, severity="info")
    incidents.rise(found, "ticket")
    incidents.grow(T + 1)
    incidents.rise(found, "info")
    incidents.grow(T + 2)
    assert [change.severity for change in incidents.changes()] == ["info", "ticket"]


def test_the_number_of_open_ones_is_bounded_but_the_monitor_may_say_so() -> None:
    incidents, hits = book(tenant_incidents=2)
    first = begin(incidents, {"agent": "a"})
    begin(incidents, {"agent": "b"})
    assert incidents.start("boundary", "action", {"agent": "c"}, since=T, opened=T, touched=T) is None
    assert hits == ["tenant_incidents"]
    assert incidents.start("pipeline", "tenant_incidents", {}, since=T, opened=T, touched=T)
    incidents.resolve(first, T, "")
    assert incidents.full(0), "two are still open"


def test_conversations_are_told_apart_up_to_a_bound() -> None:
    incidents, _ = book()
    found = begin(incidents)
    for i in range(DISTINCT + 10):
        incidents.touch(found, T, f"c{i}")
    for _ in range(5):
        incidents.touch(found, T, "c1")
    assert found.affected == DISTINCT + 10
    incidents.touch(found, T, f"c{DISTINCT + 5}")
    assert found.affected == DISTINCT + 11, "beyond the bound each mention counts"
    incidents.touch(found, T, None)
    assert found.affected == DISTINCT + 11


def test_end_quiet_knows_opening_hours_and_detectors() -> None:
    incidents, _ = book()
    calendar = Calendar(["Mon-Fri 08:00-20:00 UTC"])
    begin(incidents, {"agent": "a"}, detector="x", touched=at(0, 18))
    begin(incidents, {"agent": "b"}, detector="y", touched=at(0, 18))
    incidents.end_quiet("x", at(1, 9.9), 4 * 3600.0, calendar, "over")
    assert len(incidents.open) == 2
    incidents.end_quiet("x", at(1, 10), 4 * 3600.0, calendar, "over")
    assert [i.detector for i in incidents.open.values()] == ["y"]


def test_statistical_incidents_are_struck_out_of_what_is_learnt() -> None:
    incidents, _ = book()
    begin(incidents, {"queue": "other"})
    found = begin(incidents, {"queue": "orders"}, test=0)
    inside, outside = Dims(queue="orders"), Dims(queue="other")
    assert incidents.struck(T, inside)
    assert not incidents.struck(T - 1, inside)
    assert not incidents.struck(T, outside), "a rule's incident says nothing about rates"
    incidents.resolve(found, T + HOUR, "")
    assert incidents.struck(T + HOUR, inside)
    assert not incidents.struck(T + HOUR + 1, inside)
    incidents.forget(T + HOUR + MEMORY_US)
    assert incidents.struck(T, inside)
    incidents.forget(T + HOUR + MEMORY_US + 1)
    assert not incidents.struck(T, inside)


def test_state_goes_round() -> None:
    incidents, _ = book()
    found = begin(incidents, {"queue": "orders"}, test=1, interval=(0.1, 0.2), observed=0.5)
    begin(incidents)
    incidents.touch(found, T + 1, "c")
    incidents.resolve(begin(incidents, {"agent": "x"}, test=0), T, "")
    incidents.changes()
    other, _ = book()
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(incidents.state())))
    assert other.state() == incidents.state()
    for one in (incidents, other):
        same = one.open[found.id]
        one.touch(same, T + 2, "c")
        one.touch(same, T + 3, "d")
        one.grow(T + HOUR)
    assert other.changes() == incidents.changes() != []


def test_ids_tell_everything_apart() -> None:
    scope = {"agent": "a", "action": "b"}
    found = [
        incident_id("shop", "boundary", "action", scope, 7),
        incident_id("shop2", "boundary", "action", scope, 7),
        incident_id("shop", "shadow_ai", "action", scope, 7),
        incident_id("shop", "boundary", "data", scope, 7),
        incident_id("shop", "boundary", "action", {"agent": "b", "action": "a"}, 7),
        incident_id("shop", "boundary", "action", scope, 8),
    ]
    assert len(set(found)) == len(found)
    assert incident_id("shop", "boundary", "action", {"action": "b", "agent": "a"}, 7) == found[0]


@pytest.mark.parametrize("name", ['"]', "\u202e", "\ud800"])
def test_strange_names_have_ids(name: str) -> None:
    assert len(incident_id("shop", "shadow_ai", "agent", {"agent": name}, 1)) == 16


def statistical(incidents: Incidents, kind: Kind, scope: dict[str, str], since: int) -> Incident:
    found = incidents.start(kind, "x", scope, since=since, opened=since, touched=since, test=0)
    assert found is not None
    incidents.tell_open(found)
    return found


def linked(incidents: Incidents, incident: Incident) -> str | None:
    name: str | None = incident.evidence.get("with")
    assert incident.id in incidents.open
    return name


def test_other_signals_of_the_same_trouble_name_the_first() -> None:
    incidents, _ = book()
    orders, advice = {"queue": "orders"}, {"queue": "advice"}
    first = statistical(incidents, "satisfaction", orders, T)
    assert linked(incidents, first) is None
    second = statistical(incidents, "escalation_rate", {"agent": "pine"}, T + HOUR)
    assert linked(incidents, second) == first.id, "another kind in a place that overlaps"
    third = statistical(incidents, "escalation_rate", {"agent": "pine", "queue": "advice"}, T + 2 * HOUR)
    assert linked(incidents, third) == first.id, "the first of all, not the one between"
    apart = statistical(incidents, "sentiment", advice, T + 6 * HOUR)
    assert linked(incidents, apart) is None, "begun long after"
    rule = begin(incidents, orders)
    assert linked(incidents, rule) is None, "what one event proves stands by itself"


def test_a_sibling_of_the_same_kind_is_the_same_trouble() -> None:
    incidents, _ = book()
    first = statistical(incidents, "satisfaction", {"queue": "orders"}, T)
    other = statistical(incidents, "sentiment", {"queue": "advice"}, T)
    second = statistical(incidents, "satisfaction", {"queue": "advice"}, T + HOUR)
    assert (linked(incidents, other), linked(incidents, second)) == (None, first.id)


def test_too_little_traffic_beside_a_silent_source() -> None:
    incidents, _ = book()
    silent = incidents.start("silence", "silence", {"source": "web"}, since=T, opened=T, touched=T)
    assert silent is not None
    for signal, expected in (("volume_low", silent.id), ("volume_high", None)):
        fields: Any = {"since": T + 20 * HOUR, "opened": T + 20 * HOUR, "touched": T}
        found = incidents.start("volume", signal, {}, **fields)
        assert found is not None
        incidents.tell_open(found)
        assert linked(incidents, found) == expected


def test_what_comes_again_says_so() -> None:
    incidents, _ = book()
    place = {"queue": "orders"}
    first = statistical(incidents, "satisfaction", place, T)
    incidents.resolve(first, T + HOUR, "normal again")
    elsewhere = statistical(incidents, "satisfaction", {"queue": "advice"}, T + 3 * HOUR)
    assert "again" not in elsewhere.evidence
    incidents.slot = 5
    second = statistical(incidents, "satisfaction", place, T + 5 * HOUR)
    assert second.evidence["again"] == {"incident": first.id, "times": 1, "ended": "2026-05-04T10:00:00.000Z"}
    assert (
        "The same was there before, until 2026-05-04 10:00 UTC."
        in incidents.changes()[-1].evidence["explanation"]
    )
    incidents.forget(T + HOUR + MEMORY_US + 1)
    incidents.resolve(second, T + HOUR, "")
    restored, _ = book()
    restored.restore(msgspec.json.decode(msgspec.json.encode(incidents.state())))
    assert restored.state() == incidents.state()
