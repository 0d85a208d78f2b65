from __future__ import annotations

import msgspec

from streams.floor.bounds import Bounds
from streams.floor.incidents import Incidents
from streams.settings import Limits, Settings
from tests.streams.floor.made import MINUTE, at

T = at(0, 9)


def test_every_limit_is_one_pipeline_incident() -> None:
    bounds, incidents = Bounds(), Incidents("shop", Settings(), lambda _: None)
    for name in ("ended", "customers", "ended"):
        bounds.hit(name)
    assert bounds.report(incidents, T) == ["customers", "ended"]
    assert bounds.report(incidents, T + MINUTE) == []
    bounds.hit("ended")
    assert bounds.report(incidents, T + 2 * MINUTE) == ["ended"]
    assert bounds.counts == {"ended": 3, "customers": 1}
    changes = incidents.changes()
    assert [(c.state, c.kind, c.signal) for c in changes] == [
        ("open", "pipeline", "customers"),
        ("open", "pipeline", "ended"),
    ]
    assert "The limit customers of this monitor was reached" in changes[0].summary
    assert [i.touched for i in incidents.open.values()] == [T, T + 2 * MINUTE]


def test_a_full_book_of_incidents_is_reported_once_and_not_for_ever() -> None:
    bounds = Bounds()
    incidents = Incidents("shop", Settings(limits=Limits(tenant_incidents=1)), bounds.hit)
    for scope in ({"agent": "a"}, {"agent": "b"}):
        incidents.start("boundary", "action", scope, since=T, opened=T, touched=T)
    assert bounds.report(incidents, T) == ["tenant_incidents"]
    assert [c.kind for c in incidents.changes()] == ["pipeline"]
    assert bounds.report(incidents, T + MINUTE) == []
    assert bounds.counts == {"tenant_incidents": 1}


def test_state_goes_round() -> None:
    bounds, other = Bounds(), Bounds()
    incidents = Incidents("shop", Settings(), lambda _: None)
    bounds.hit("ended")
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(bounds.state())))
    assert other.report(incidents, T) == ["ended"]
    assert other.counts == bounds.counts
