"""A verdict given on the command line reaches a worker, ends the incident there, and is counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streams.cli import main
from tests.integration.live import until
from tests.integration.wall import Live


def test_a_verdict_from_the_command_line(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("stranger")
    until(lambda: live.said(kind="shadow_ai", confirmed=True, state="open"), 60, [worker])
    (alert,) = live.said(kind="shadow_ai", confirmed=True, state="open")
    # In force at once, which the floor marks: nobody waits two minutes in a test.
    now = ["--clock", "events", "--at", datetime.now(UTC).isoformat()]
    said = [alert["id"][:8], "expected", "--reason", "a pilot", "--by", "jo"]
    assert main(["verdict", *said, *now, "--config", str(live.config)]) == 0

    def ended() -> list[object]:
        live.say("helper")
        return [one for one in live.said(kind="shadow_ai", state="resolved") if one["id"] == alert["id"]]

    until(ended, 60, [worker])
    live.say("stranger")
    assert main(["verdicts", "--by", "all", "--config", str(live.config)]) == 0
    assert "shadow_ai" in capsys.readouterr().out
    shown = live.get("/metrics")[1]
    assert 'floorwalker_verdicts{detector="registry/1",kind="shadow_ai",verdict="expected"} 1.0' in shown
