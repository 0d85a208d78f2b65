"""The self-test on a real broker: probes come back, and what is blind is shown. Half a minute: in soak."""

from __future__ import annotations

import json
import os

import pytest

from streams.live.selftest import FIRST_S
from streams.records.canary import is_canary
from tests.integration.live import until
from tests.integration.wall import Live

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="half a minute: make soak")


def test_a_probe_of_every_log_comes_back(live: Live) -> None:
    live.set(selftest_s=5.0, stuck_s=30.0)
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("helper")

    def probes() -> set[str]:
        return {one["scope"]["action"] for one in live.said(kind="boundary", confirmed=True, state="open")}

    until(lambda: len(probes()) >= 2, FIRST_S + 60, [worker])
    hidden = live.said(kind="boundary", confirmed=True)
    assert all(is_canary(one["scope"]["tenant"]) and one["severity"] == "info" for one in hidden)
    assert not live.said(kind="pipeline")
    code, text = live.get("/blind")
    assert code == 200
    assert {row["why"] for row in json.loads(text) if row["tenant"] == "A"} == {"warming"}
