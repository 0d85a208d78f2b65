"""Brokers that are gone or slow, under load: workers wait; nothing is lost, nothing learned or said twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from streams.load import Configuration
from tests.integration.live import committed, free_ports, until
from tests.integration.oracle import Traffic
from tests.integration.stage import Stage

DOWN_S = float(os.environ.get("DOWN_S", "600" if os.environ.get("SOAK") else "20"))
SCRIPT = Path(__file__).parents[2] / "infra" / "kafka" / "kafka.sh"
Broker = Callable[[str], None]


@pytest.fixture
def port() -> int:
    return free_ports(2)


@pytest.fixture
def broker(bootstrap: str, port: int, tmp_path: Path) -> Iterator[Broker]:  # noqa: ARG001 - it can be had
    """A broker of this test's own, which it starts and stops."""
    environment = os.environ | {"KAFKA_DATA": str(tmp_path / "kafka"), "KAFKA_PORT": str(port)}

    def do(what: str) -> None:
        subprocess.run([SCRIPT, what], env=environment, check=True, timeout=300)

    do("start")
    yield do
    do("stop")


def test_a_broker_that_is_away(
    configuration: Configuration, traffic: Traffic, tmp_path: Path, broker: Broker, port: int
) -> None:
    apart = at(configuration, port)
    with Stage(apart, traffic, tmp_path, patience_s=DOWN_S + 300) as stage:
        workers = [stage.worker(), stage.worker()]
        playing = stage.play(traffic.lines, seconds=600.0)
        until(lambda: sum(committed(apart).values()) > 300, 90, workers)
        assert playing.is_alive()
        broker("stop")
        time.sleep(DOWN_S)
        assert [worker.code for worker in workers] == [None, None], workers[0].tail()
        assert playing.is_alive()
        broker("start")
        time.sleep(5.0)
        stage.player.every_s = 0.0
        stage.settle(workers, within_s=180.0)


@pytest.mark.skipif(not os.environ.get("SOAK"), reason="a minute long: make soak")
@pytest.mark.usefixtures("broker")
def test_a_broker_that_stumbles(
    configuration: Configuration,
    traffic: Traffic,
    tmp_path: Path,
    port: int,
) -> None:
    """Every second it stands still for a while: all answers are slow, and some too late."""
    apart, pid = at(configuration, port), int((tmp_path / "kafka" / "pid").read_text())
    chance = random.Random(port)
    with Stage(apart, traffic, tmp_path) as stage:
        workers = [stage.worker(), stage.worker()]
        stage.play(traffic.lines, seconds=30.0)
        until(lambda: sum(committed(apart).values()) > 300, 90, workers)
        for _ in range(40):
            os.kill(pid, signal.SIGSTOP)
            time.sleep(chance.uniform(0.1, 1.2))
            os.kill(pid, signal.SIGCONT)
            time.sleep(chance.uniform(0.1, 0.6))
        assert [worker.code for worker in workers] == [None, None], workers[0].tail()
        stage.settle(workers, within_s=180.0)


def at(configuration: Configuration, port: int) -> Configuration:
    """On the broker of this test's own."""
    kafka = replace(configuration.settings.kafka, bootstrap=f"127.0.0.1:{port}")
    return replace(configuration, settings=replace(configuration.settings, kafka=kafka))
