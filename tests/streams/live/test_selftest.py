"""The self-test: what goes out, through the real reader and floor, and what a missing answer says."""

from __future__ import annotations

import msgspec

from streams.floor.floor import Floor
from streams.floor.watch import Watch
from streams.live.blind import blind
from streams.live.selftest import FIRST_S, Selftest, reserved
from streams.reading import log_of
from streams.records.alerts import Alert, encode_alert
from streams.records.canary import is_canary
from streams.records.facts import Acted, Dims
from streams.records.registry import Registry
from streams.settings import Settings, Signals
from tests.streams.floor.made import MINUTE, NEXT, SETTINGS, Run, acted, at, registry, warmed

AT = at(NEXT, 9)


def started(every_s: float = 3600.0) -> Selftest:
    test = Selftest(3, every_s, 300.0)
    test.hold([1], 0.0)
    return test


def event(test: Selftest, now: float, low: int = AT) -> dict[str, object]:
    (found,) = test.due({1: low}, now, AT + 5 * MINUTE)
    decoded: dict[str, object] = msgspec.json.decode(found)
    return decoded


def answered(probe: dict[str, object], settings: Settings = SETTINGS, rules: Registry | None = None) -> Run:
    """What a watch over the reserved tenant says of the probe."""
    tenant, name = str(probe["tenant"]), str(probe["name"])
    run = Run(Watch(tenant, settings, rules), settings)
    dims = Dims(agent="canary", source="floorwalker/canary")
    fact: Acted = acted(AT, "c", name=name, tenant=tenant, ai=True)
    return run.feed([msgspec.structs.replace(fact, dims=dims, source=dims.source)], until=AT + 5 * MINUTE)


def test_every_log_has_a_tenant_of_its_own() -> None:
    assert {log_of(name, 8) for name in reserved(8).values()} == set(range(8))
    assert all(map(is_canary, reserved(8).values()))


def test_a_probe_raises_one_hidden_alert_whatever_is_switched_off() -> None:
    off = Settings(slot_s=60, signals=Signals(**dict.fromkeys(Signals.__struct_fields__, False)))
    probe = event(started(), FIRST_S)
    for settings, rules in ((SETTINGS, None), (off, registry()), (SETTINGS, Registry())):
        (alert,) = answered(probe, settings, rules).changes
        assert (alert.kind, alert.severity, alert.scope["tenant"]) == ("boundary", "info", probe["tenant"])
        assert alert.scope["action"] == probe["name"]


def test_nobody_elses_events_become_late_by_it() -> None:
    assert event(started(), FIRST_S)["time"] == "2026-05-18T09:00:00.000Z"
    assert event(started(), FIRST_S, 0)["time"] == "2026-05-18T09:05:00.000Z"
    assert event(started(), FIRST_S, AT + 60 * MINUTE)["time"] == "2026-05-18T09:05:00.000Z", "never ahead"


def say(test: Selftest, alert: Alert, **more: object) -> None:
    test.hear(encode_alert(msgspec.structs.replace(alert, **more)))


def test_an_answer_in_time_is_silence_and_the_next_is_an_hour_later() -> None:
    test = started()
    (alert,) = answered(event(test, FIRST_S)).changes
    say(test, alert)
    assert test.look(FIRST_S + 301) == {}
    assert test.due({}, FIRST_S + 3599, AT) == []
    assert len(test.due({}, FIRST_S + 3600, AT)) == 1


def test_no_answer_is_a_page_until_one_comes() -> None:
    test = started()
    (alert,) = answered(event(test, FIRST_S)).changes
    assert test.look(FIRST_S + 300) == {}
    for wrong in ({"confirmed": False}, {"state": "resolved"}, {"scope": {**alert.scope, "tenant": "shop"}}):
        say(test, alert, **wrong)
    test.hear(b"{broken")
    test.hear(None)
    test.hear(b"[]")
    ((matter, text),) = test.look(FIRST_S + 301).items()
    assert (matter.trouble, matter.place) == ("canary", (("log", "1"),))
    assert "log 1" in text
    (later,) = answered(event(test, FIRST_S + 302)).changes
    assert test.look(FIRST_S + 303) != {}
    say(test, later)
    assert test.look(FIRST_S + 304) == {}


def test_a_log_that_went_to_another_worker_is_no_concern() -> None:
    test = started()
    event(test, FIRST_S)
    test.hold([2], FIRST_S + 1)
    assert test.look(FIRST_S + 1000) == {}


def test_detectors_that_cannot_see_are_listed_since_when() -> None:
    floor = Floor(SETTINGS, registry())
    desk = floor._open("shop")
    desk.watch.restore(warmed().watch.snapshot())
    floor._open("floorwalker-canary-0")
    fresh = floor._open("mill")
    assert fresh.watch.eyes()
    rows = blind({0: floor})
    assert {row["tenant"] for row in rows} == {"shop", "mill"}
    assert {row["why"] for row in rows if row["tenant"] == "mill"} >= {"warming"}
    sees = {row["detector"] for row in rows if row["tenant"] == "shop"}
    assert "escalation" not in sees
