"""What live workers say of recorded traffic is what a replay says, byte for byte."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from streams.load import Configuration
from tests.integration.oracle import Traffic, shuffled, spoilt
from tests.integration.stage import Stage

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)


@pytest.mark.parametrize(("partitions", "workers"), [(1, 1), (3, 2), (4, 1)])
def test_live_equals_replay(
    configuration: Configuration, traffic: Traffic, tmp_path: Path, partitions: int, workers: int
) -> None:
    print(f"SEED={SEED}")
    kafka = replace(configuration.settings.kafka, input_partitions=partitions)
    settings = replace(configuration.settings, kafka=kafka)
    with Stage(replace(configuration, settings=settings), traffic, tmp_path) as stage:
        running = [stage.worker() for _ in range(workers)]
        stage.play(spoilt(shuffled(traffic.lines, SEED), SEED))
        stage.settle(running)
