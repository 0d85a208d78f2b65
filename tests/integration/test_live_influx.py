"""A worker on a real broker beside a real InfluxDB: what it finds stands there, and nothing that must not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.influxdb import Running, influxdb, rows
from tests.integration.live import until
from tests.integration.wall import Live


@pytest.fixture(scope="module", params=[1, 2], ids=["influxdb1", "influxdb2"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with influxdb(request.param, tmp_path_factory.mktemp("influxdb")) as found:
        yield found


def test_a_live_incident_stands_in_the_database(
    live: Live, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = running.made("floorwalker")
    monkeypatch.setenv("FLOORWALKER_INFLUX__URL", running.url)
    monkeypatch.setenv("FLOORWALKER_INFLUX_TOKEN", running.token)
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("stranger")

    def incidents() -> list[tuple[str, str, float]]:
        found = rows(server, "SELECT * FROM fw_alert WHERE kind = 'shadow_ai'")
        return [(row["id"], row["agent"], row["confirmed"]) for row in found]

    until(incidents, 20, [worker])  # said at once
    ((name, agent, confirmed),) = incidents()
    assert (agent, confirmed) == ("stranger", 0.0)
    until(lambda: incidents() == [(name, "stranger", 1.0)], 60, [worker])  # its slot has closed
    until(lambda: rows(server, "SELECT * FROM fw_risk"), 10, [worker])
    until(lambda: rows(server, "SELECT log_facts FROM fw_worker"), 30, [worker])
    assert 'floorwalker_influx_points{fate="dropped"} 0.0' in live.get("/metrics")[1]

    assert running.script("stop").returncode == 0  # nobody is there any more: nobody waits for it
    live.say("stranger", 3)
    until(lambda: "influxdb takes nothing" in live.log.read_text(), 60, [worker])
    assert live.ready()
    assert running.script("start").returncode == 0
    until(lambda: "influxdb takes points again" in live.log.read_text(), 60, [worker])
    until(lambda: sum(row["facts"] for row in rows(server, "SELECT facts FROM fw_intake")) == 4, 60, [worker])
    assert worker.stop() == 0
    written = str(rows(server, "SELECT * FROM /.*/ GROUP BY *"))
    assert "stranger" in written
    for private in ("Good day", "'c1'", "'c2'", "'e1'"):
        assert private not in written
