"""Parked tenants are paged once, counted, and told when they are back."""

from __future__ import annotations

from typing import Any, cast

from faust.types import TP
from msgspec import Struct

from streams.floor.floor import Floor
from streams.floor.kept import Parked
from streams.live.metrics import Metrics
from streams.live.names import Names
from streams.live.pages import Pages
from streams.live.troubles import Watch
from streams.records.alerts import Alert
from streams.settings import Settings


class One(Struct):
    """A log with a floor on which a tenant is parked."""

    floor: Floor


def parked() -> One:
    floor = Floor(Settings())
    floor.parked["acme"] = Parked(1_777_852_800_000_000, "KeyError at scope.py:7")
    return One(floor)


def test_a_page_opens_once_and_ends_when_the_tenant_is_back() -> None:
    settings, log = Settings(), parked()
    watch, pages = Watch(settings.live), Pages(settings, Names.of(settings.kafka))
    tp = TP("fw.facts", 3)

    def look(now: float) -> list[Alert]:
        return pages.look(watch.look({3: log}, {}, now), {tp: 5}, {tp: 5}, now, round(now * 1e6))

    (page,) = look(0.0)
    assert (page.kind, page.signal, page.state, page.severity) == ("pipeline", "parked", "open", "page")
    assert page.evidence == {"log": "3", "tenant": "acme"}
    since = "2026-05-04T00:00:00.000Z"
    assert page.summary == f"tenant acme is not watched from {since} on: KeyError at scope.py:7"
    assert look(1.0) == []
    log.floor.parked.clear()
    assert [(page.id, page.state) for page in look(2.0)] == [(page.id, "resolved")]


def test_metrics_name_it() -> None:
    metrics, log = Metrics(), parked()

    def value(name: str, **labels: str) -> Any:
        return cast(Any, metrics.registry).get_sample_value(f"floorwalker_{name}", labels)

    metrics.stand({}, {}, {}, [], {3: log})
    assert value("log_parked_tenants", log="3") == 1
    assert value("parked_since_seconds", log="3", tenant="acme") == 1_777_852_800
    log.floor.parked.clear()
    metrics.stand({}, {}, {}, [], {3: log})
    assert value("parked_since_seconds", log="3", tenant="acme") is None
