"""What live workers say of recorded traffic is what a replay says, byte for byte."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from streams.load import Configuration
from tests.integration.oracle import Traffic
from tests.integration.stage import equals_replay

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)


@pytest.mark.parametrize(("partitions", "workers"), [(3, 2), (4, 1)])
def test_live_equals_replay(
    configuration: Configuration, traffic: Traffic, tmp_path: Path, partitions: int, workers: int
) -> None:
    equals_replay(configuration, traffic, tmp_path, partitions, workers, SEED)
