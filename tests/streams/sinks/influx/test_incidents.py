from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from streams.records.alerts import Alert
from streams.records.links import series_of
from streams.sinks.influx.incidents import incident
from streams.sinks.influx.lines import line

OPEN = Alert(
    id="8b286ea43af782dc", state="open", kind="response_drift", severity="ticket",
    scope={"tenant": "shop", "agent": "helper", "version": "2.0"}, since="2026-05-05T12:08:21.518Z",
    opened_at="2026-05-05T16:07:39.767Z", at="2026-05-05T16:07:45Z", signal="latency_up", observed=4200.0,
    expected=1500.0, interval=(1300.0, 1700.0), unit="ms", affected=21, evidence={"conversations": ["c-1"]},
    summary='Answers take longer, in tenant shop agent helper version 2.0, "4.2 s" instead of 1.5 s',
    action="Compare answers before and after.", detector="d/1", config="x",
)  # fmt: skip
OVER = replace(OPEN, state="resolved", severity="page", at="2026-05-05T18:00:00Z", affected=60)


def fields(change: Alert) -> dict[str, Any]:
    return dict(incident(change, "live").fields)


def test_all_changes_of_an_incident_are_one_point() -> None:
    first, last = incident(OPEN, "live"), incident(OVER, "live")
    assert (first.tags, first.time) == (last.tags, last.time)
    assert first.time // 1_000_000 in (1777997259, 1777997260)  # when it opened, to a second
    refined = incident(replace(OVER, scope={"tenant": "shop", "queue": "returns"}), "live")
    assert (first.tags, first.time) == (refined.tags, refined.time)
    other = incident(replace(OPEN, id="8b286ea43af782dd"), "live")
    assert other.time != first.time


def test_an_incident_lasts_to_its_end_or_to_what_is_known_of_it() -> None:
    assert fields(OPEN)["end_ms"] == 1777997265000.0  # so far as it is known
    assert fields(OPEN)["open"] == 1.0
    assert fields(OVER)["end_ms"] == 1778004000000.0
    assert fields(OVER)["open"] == 0.0
    assert fields(OPEN)["since_ms"] == 1777982901518.0


def test_it_says_where_how_much_and_by_which_series_it_can_be_followed() -> None:
    found = fields(OPEN)
    assert (found["agent"], found["version"], found["queue"]) == ("helper", "2.0", "")
    assert found["where"] == "agent helper, version 2.0"
    assert (found["observed"], found["low"], found["high"]) == (4200.0, 1300.0, 1700.0)
    assert found["series"] == series_of("latency_up") == "latency"
    assert fields(OVER)["rank"] == 2.0


def test_numbers_are_floats_and_texts_texts_in_every_change() -> None:
    bare = replace(OPEN, observed=None, expected=None, interval=None, affected=0)
    for change in (OPEN, OVER, bare):
        for name, value in fields(change).items():
            if value is not None:
                assert type(value) is type(fields(OVER)[name]), name


def test_whom_it_touched_is_not_written() -> None:
    touched = replace(
        OPEN, kind="injection", scope={"tenant": "shop", "customer": ["kim-7", "lee-9"]},
        summary="Customers try to steer the AI, in tenant shop customer kim-7 lee-9, 4 times",
    )  # fmt: skip
    text = line(incident(touched, "live"))
    for private in ("kim-7", "lee-9", "c-1"):
        assert private not in text
    assert fields(touched)["text"] == "Customers try to steer the AI, in tenant shop, 2 customers"
    other = replace(touched, summary="One customer, kim-7, tries again and again")
    assert fields(other)["text"] == "injection, in tenant shop, 2 customers"


@pytest.mark.parametrize(("scope", "tenant"), [({"log": "3"}, "(monitor)"), ({"tenant": "a b"}, "a b")])
def test_what_the_monitor_says_of_itself_has_a_tenant_too(scope: dict[str, Any], tenant: str) -> None:
    tags = dict(incident(replace(OPEN, kind="pipeline", scope=scope), "live").tags)
    assert tags["tenant"] == tenant


def test_what_is_shown_as_html_holds_none_but_its_link() -> None:
    attack = replace(OPEN, summary='in queue <img src=x onerror="alert(1)"> & co')
    shown = "in queue &lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; co <a href="
    assert fields(attack)["note"].startswith(shown)
    assert fields(attack)["note"].count("<") == 2
