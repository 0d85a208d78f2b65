"""What takes minutes: workers that sleep and wake, a broker that is away. `make soak` runs these."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from streams.load import Configuration
from tests.integration.oracle import Traffic
from tests.integration.stage import Stage

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="minutes long: make soak")

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)
DOWN_S = float(os.environ.get("DOWN_S", "60"))
SCRIPT = Path(__file__).parents[2] / "infra" / "kafka" / "kafka.sh"


def test_a_worker_that_wakes_up_late_harms_nobody(
    configuration: Configuration, traffic: Traffic, tmp_path: Path
) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    with Stage(configuration, traffic, tmp_path) as stage:
        stage.play(traffic.lines, seconds=50.0)
        sleeper = stage.worker()
        time.sleep(6.0)
        for _ in range(3):
            sleeper.pause()
            other = stage.worker()
            time.sleep(chance.uniform(6.0, 9.0))
            sleeper.go_on()
            time.sleep(chance.uniform(0.2, 4.0))
            other.kill()
            time.sleep(3.0)
            if sleeper.code is not None:
                sleeper = stage.worker()
        stage.settle([sleeper])


def test_a_broker_that_is_away(configuration: Configuration, traffic: Traffic, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {"KAFKA_DATA": str(tmp_path / "kafka"), "KAFKA_PORT": str(port)}

    def broker(what: str) -> None:
        subprocess.run([SCRIPT, what], env=environment, check=True, timeout=120)

    broker("start")
    try:
        kafka = replace(configuration.settings.kafka, bootstrap=f"127.0.0.1:{port}")
        settings = replace(configuration.settings, kafka=kafka)
        with Stage(replace(configuration, settings=settings), traffic, tmp_path) as stage:
            stage.play(traffic.lines, seconds=30.0)
            workers = [stage.worker(), stage.worker()]
            time.sleep(12.0)
            broker("stop")
            time.sleep(DOWN_S)
            broker("start")
            # One that had not come to work yet has given up: a supervisor starts it again.
            workers = [worker if worker.code is None else stage.worker() for worker in workers]
            stage.settle(workers, within_s=180.0)
    finally:
        broker("stop")
