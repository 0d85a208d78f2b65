"""`make live` from end to end: real Kafka, InfluxDB, Alertmanager, and Grafana where it is built.

Started by the script that people run, on ports of its own, with two simulated days: some 50 seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from socket import create_connection
from typing import Any

import pytest
from msgspec import Struct

from streams.sinks.influx.server import Address, Server
from tests.integration.influxdb import rows
from tests.integration.live import cannot_be_had, free_ports, until

SCRIPT = Path(__file__).parents[2] / "infra" / "live.sh"
MISSING = 3  # exit code where a real broker cannot be had
INTERRUPTED = 130
WITHIN_S = 100.0
STOP_S = 60
BIN = Path(sys.executable).parent
PORTS = ("KAFKA", None, "INFLUXDB", None, "ALERTMANAGER", "GRAFANA", "LIVE", "WEB")


class Show(Struct):
    """The whole of it, with everything played, while it lingers."""

    process: subprocess.Popen[bytes]
    folder: Path
    first: int

    def port(self, name: str) -> int:
        return self.first + PORTS.index(name)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port(name)}"

    def get(self, name: str, path: str) -> str:
        with urllib.request.urlopen(self.url(name) + path, timeout=5) as answer:  # noqa: S310 - ours
            return str(answer.read().decode())

    def said(self) -> str:
        return (self.folder / "said").read_text()

    def played(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}:\n{self.said()}")
        return "all events are through" in self.said()

    def changes(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "alerts.jsonl").read_text().splitlines()]

    def floorwalker(self, *words: str) -> str:
        environ = os.environ | {"FLOORWALKER_KAFKA__BOOTSTRAP": f"127.0.0.1:{self.port('KAFKA')}"}
        command = [str(BIN / "floorwalker"), *words]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=True)
        return str(done.stdout)


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    folder, first = tmp_path_factory.mktemp("live"), free_ports(len(PORTS))
    ports = {f"{name}_PORT": str(first + place) for place, name in enumerate(PORTS) if name}
    environ = os.environ | ports | {
        "LIVE_DIR": str(folder), "LIVE_DAYS": "2", "LIVE_LINGER": "600", "BIN": str(BIN),
        "LIVE_SIMULATE": "--trouble shadow_ai --trouble unsafe_actions",
    }  # fmt: skip
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [SCRIPT], env=environ, stdout=subprocess.DEVNULL, stderr=said
        )
    found = Show(process, folder, first)
    try:
        until(lambda: process.poll() == MISSING or found.played(), WITHIN_S)
        if process.poll() == MISSING:
            cannot_be_had(found.said())
        yield found
    finally:
        process.terminate()
        process.wait(STOP_S)


def test_what_is_printed_is_what_a_replay_finds(show: Show) -> None:
    replayed = show.floorwalker(
        "replay", str(show.folder / "events.jsonl.gz"), "--registry", str(show.folder / "registry.json"),
        "--alerts", "-",
    )  # fmt: skip
    live = [change for change in show.changes() if change["confirmed"] and change["kind"] != "pipeline"]
    assert sorted(map(_line, live)) == sorted(map(_line, map(json.loads, replayed.splitlines())))
    # The last two days may be a weekend, on which not all of it happens.
    assert {"shadow_ai", "boundary"} & {change["kind"] for change in live}


def _line(change: dict[str, Any]) -> str:
    return json.dumps(change, sort_keys=True)


def test_alertmanager_holds_what_is_open_and_was_told_of_all(show: Show) -> None:
    last = {change["id"]: change for change in show.changes()}
    standing = {name for name, change in last.items() if change["state"] != "resolved"}
    until(lambda: _firing(show) == standing, 20)
    told = {
        json.loads(line)["body"]["alert"]
        for line in show.floorwalker("audit", "show").splitlines()
        if '"told"' in line
    }
    proved = {change["id"] for change in show.changes() if change["confirmed"]}
    assert proved <= told <= set(last)


def _firing(show: Show) -> set[str]:
    alerts = json.loads(show.get("ALERTMANAGER", "/api/v2/alerts"))
    return {alert["labels"]["id"] for alert in alerts}


def test_influxdb_has_the_slots_and_the_alerts(show: Show) -> None:
    token = "only-for-trying-out" if "InfluxDB 2" in show.said() else ""
    server = Server(
        Address(url=show.url("INFLUXDB"), database="floorwalker", org="floorwalker", token=token)
    )
    opened = {change["id"] for change in show.changes() if change["kind"] != "pipeline"}

    def drawn() -> set[str]:
        return {row["id"] for row in rows(server, "SELECT id, kind FROM fw_alert WHERE run = 'live'")}

    until(lambda: opened <= drawn(), 20)
    assert rows(server, "SELECT count(value) FROM fw_signal")[0]["count"] > 100


def test_the_web_page_shows_what_is_open_and_the_worker_is_well(show: Show) -> None:
    last = {change["id"]: change for change in show.changes()}
    page = show.get("WEB", "/")
    for name, change in last.items():
        if change["state"] != "resolved":
            assert name in page
    assert show.get("LIVE", "/readyz")
    assert "floorwalker_lag_records" in show.get("LIVE", "/metrics")


def test_an_order_to_stop_leaves_nothing_behind(show: Show) -> None:
    show.process.terminate()
    assert show.process.wait(STOP_S) == INTERRUPTED
    for name in filter(None, PORTS):
        with pytest.raises(OSError), create_connection(("127.0.0.1", show.port(name)), 1):  # noqa: PT011
            pass
