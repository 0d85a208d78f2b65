from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from streams.records.links import incident_path, linked
from tests.streams.sinks.influx.test_incidents import OPEN


def query(**change: Any) -> dict[str, str]:
    found = parse_qs(urlsplit(incident_path(replace(OPEN, **change))).query, strict_parsing=True)
    return {name.removeprefix("var-"): value for name, (value,) in found.items()}


@pytest.mark.parametrize(
    ("scope", "cut", "queue", "agent", "version"),
    [
        ({"agent": "helper", "version": "2.0"}, "agent", "(all)", "helper", "2.0"),
        ({"agent": "helper", "queue": "returns"}, "agent", "(all)", "helper", "$__all"),
        ({"queue": "R&D / \"x\" = 1"}, "queue", "R&D / \"x\" = 1", "(all)", "(all)"),
        ({"queue": ["b", "a"]}, "queue", "b", "(all)", "(all)"),
        ({}, "tenant", "(all)", "(all)", "(all)"),
        ({"customer": "kim"}, "tenant", "(all)", "(all)", "(all)"),
    ],
)  # fmt: skip
def test_it_shows_the_series_where_the_trouble_is(
    scope: dict[str, Any], cut: str, queue: str, agent: str, version: str
) -> None:
    found = query(scope={"tenant": "shop", **scope})
    assert (found["tenant"], found["signal"], found["incident"]) == ("shop", "latency", OPEN.id)
    assert (found["cut"], found["queue"], found["agent"], found["version"]) == (cut, queue, agent, version)


def test_the_time_is_around_the_incident() -> None:
    found = query()
    assert int(found["from"]) == 1777982901518 - 6 * 3_600_000
    assert int(found["to"]) == 1777997265000 + 2 * 3_600_000


def test_no_customer_stands_in_an_address() -> None:
    assert "kim" not in incident_path(replace(OPEN, scope={"tenant": "shop", "customer": "kim"}))


def test_a_configured_link_may_lead_to_the_incident() -> None:
    assert linked("http://desk/queue", OPEN) == "http://desk/queue"
    assert linked("http://grafana:3000{incident}", OPEN) == f"http://grafana:3000{incident_path(OPEN)}"
