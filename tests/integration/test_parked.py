"""A tenant whose closings raise in a worker: it alone stands aside, and comes back with a mended program."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from streams.load import Configuration
from tests.integration.live import by_tenant, confirmed, until
from tests.integration.oracle import Traffic
from tests.integration.stage import Stage

BREAK = """
from streams.floor.watch import Watch
whole = Watch.close
def close(self, slot, taken):
    closing = whole(self, slot, taken)
    if closing.tenant == {tenant!r} and closing.end > {time}:
        raise ZeroDivisionError("a secret")
    return closing
Watch.close = close
"""


def test_a_tenant_whose_closing_raises_is_parked_and_comes_back(
    configuration: Configuration, traffic: Traffic, tmp_path: Path
) -> None:
    tenant = max(traffic.said, key=lambda name: len(traffic.said[name]))
    middle = json.loads(traffic.said[tenant][len(traffic.said[tenant]) // 2])["at"]
    others = {**traffic.said, tenant: []}
    broken = BREAK.format(tenant=tenant, time=micros(middle))
    with Stage(configuration, traffic, tmp_path, session_s=2.0) as stage:
        stage.play(traffic.lines)

        def said() -> dict[str, list[bytes]]:
            return by_tenant(confirmed(stage.alerts.more()))

        first = stage.worker(before=broken)
        until(lambda: pages(stage), 60, [first])
        until(lambda: {**said(), tenant: []} == others, 60, [first])
        assert said()[tenant] == traffic.said[tenant][: len(said()[tenant])]
        assert 0 < len(said()[tenant]) < len(traffic.said[tenant])
        assert first.stop() == 0
        (page,) = pages(stage)
        assert page["evidence"]["tenant"] == tenant
        assert "ZeroDivisionError" in page["summary"]

        # The same program finds the same fault, and stays at work.
        again = stage.worker(before=broken)
        until(lambda: "a tenant stays parked" in stage.log.read_text(), 60, [again])
        again.kill()
        assert len(said()[tenant]) < len(traffic.said[tenant])

        mended = stage.worker(forked=False)
        until(lambda: pages(stage)[-1]["state"] == "resolved", 60, [mended])
        stage.settle([mended])
        assert "a tenant is back" in stage.log.read_text()
        told = pages(stage)  # by three workers: opened once, though one was killed, and resolved by the last
        assert [(page["id"], page["state"]) for page in told] == [
            (page["id"], "open"),
            (page["id"], "resolved"),
        ]
        assert "secret" not in stage.log.read_text()


def pages(stage: Stage) -> list[dict[str, Any]]:
    """What was said of parked tenants."""
    said = [json.loads(record.value) for record in stage.alerts.more()]
    return [change for change in said if change["signal"] == "parked"]


def micros(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1e6)
