"""Real InfluxDBs for tests: version 1 always, version 2 where it has been built."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from msgspec import Struct

from streams.settings import Influx
from streams.sinks.influx.server import Address, Server
from streams.sinks.influx.setup import init
from tests.integration.live import free_ports

SCRIPT = Path(__file__).parents[2] / "infra" / "influxdb" / "influxdb.sh"
TOKEN = "a-token-of-tests"
MISSING = 3  # exit code of the script where the program cannot be had


class Running(Struct):
    """A server that runs. data: its folder; port: stays the same when it is stopped and started."""

    version: Literal[1, 2]
    port: int
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return TOKEN if self.version == 2 else ""

    def script(self, what: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "INFLUXDB_VERSION": str(self.version), "INFLUXDB_PORT": str(self.port),
            "INFLUXDB_DATA": str(self.data), "INFLUXDB_TOKEN": TOKEN,
        }  # fmt: skip
        return subprocess.run(
            [SCRIPT, what], env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def settings(self, database: str) -> Influx:
        return Influx(url=self.url, database=database)

    def server(self, database: str) -> Server:
        return Server(Address(url=self.url, database=database, org="floorwalker", token=self.token))

    def made(self, database: str) -> Server:
        """A fresh server object for a database that `init` has made."""
        init(self.server(database), self.settings(database))
        return self.server(database)


@contextmanager
def influxdb(version: Literal[1, 2], data: Path) -> Iterator[Running]:
    """A server of this version; the test is skipped where it cannot be had, version 1 never in CI."""
    running = Running(version, free_ports(2), data)
    started = running.script("start")
    if started.returncode:
        why = f"InfluxDB {version}: {started.stderr.strip()}"
        if os.environ.get("CI") == "true" and not (version == 2 and started.returncode == MISSING):
            pytest.fail(f"in CI these tests may not be left out: {why}", pytrace=False)
        pytest.skip(why)
    try:
        yield running
    finally:
        running.script("stop")


def rows(server: Server, query: str) -> list[dict[str, Any]]:
    """All rows that a query finds, tags included."""
    return [
        {**series.get("tags", {}), **dict(zip(series["columns"], values, strict=True))}
        for result in server.query(query)
        for series in result.get("series", ())
        for values in series.get("values", ())
    ]
