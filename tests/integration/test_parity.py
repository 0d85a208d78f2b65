"""What live workers say of recorded traffic is what a replay says, byte for byte."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from streams.load import Configuration
from tests.integration.oracle import Traffic, of_topics, shuffled, spoilt
from tests.integration.stage import Stage, equals_replay, partitioned

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)


@pytest.mark.parametrize(("partitions", "workers"), [(1, 1), (3, 2), (4, 1)])
def test_live_equals_replay(
    configuration: Configuration, traffic: Traffic, tmp_path: Path, partitions: int, workers: int
) -> None:
    equals_replay(configuration, traffic, tmp_path, partitions, workers, SEED)


@pytest.mark.parametrize(("partitions", "workers"), [(3, 2)])
def test_late_events_give_what_a_replay_of_the_same_topics_gives(
    configuration: Configuration, traffic: Traffic, tmp_path: Path, partitions: int, workers: int
) -> None:
    """What is late depends on the order in each partition, and on nothing else."""
    print(f"SEED={SEED}")
    apart = partitioned(configuration, partitions)
    with Stage(apart, traffic, tmp_path) as stage:
        running = [stage.worker() for _ in range(workers)]
        playing = stage.play(spoilt(shuffled(traffic.lines, SEED, late=0.05), SEED))
        playing.join()
        straight = of_topics(apart, traffic)
        assert straight.learned.late > 500
        assert straight.said != traffic.said
        stage.settle(running, straight=straight)
