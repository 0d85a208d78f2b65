"""What live workers say of recorded traffic is what a replay says, byte for byte."""

from __future__ import annotations

import asyncio
import json
import os
import random
from datetime import datetime
from pathlib import Path

import pytest

from streams.live.app import connection
from streams.live.controls import read_controls
from streams.live.names import Names
from streams.load import Configuration
from streams.records.controls import RegistryChange
from streams.records.registry import Registry
from tests.integration.live import until
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
    """What is late depends on the order in each partition, and on nothing else. A registry that knows nobody
    is in force for the second half, on both logs from the same slot on."""
    print(f"SEED={SEED}")
    apart = partitioned(configuration, partitions)
    middle = json.loads(traffic.lines[len(traffic.lines) // 2])["time"]
    strict = RegistryChange(
        id="strict", effective=int(datetime.fromisoformat(middle).timestamp() * 1e6), registry=Registry()
    )
    with Stage(apart, traffic, tmp_path) as stage:
        stage.player.control(strict)
        running = [stage.worker() for _ in range(workers)]
        playing = stage.play(spoilt(shuffled(traffic.lines, SEED, late=0.05), SEED))
        playing.join()
        until(lambda: stage.log.read_text().count('"worker started"') == workers, 60, running)
        straight = of_topics(apart, traffic, changes(apart))
        assert straight.learned.late > 500
        assert straight.said != traffic.said
        assert len(configs(straight)) == 1 + len(configs(traffic)) == 2
        stage.settle(running, straight=straight)


def configs(traffic: Traffic) -> set[str]:
    """Digests of settings and registry that were in force when something was said."""
    return {json.loads(change)["config"] for said in traffic.said.values() for change in said}


def changes(configuration: Configuration) -> list[RegistryChange]:
    """Those that were published: a worker that starts says again what its file says, from now on."""
    topic = Names.of(configuration.settings.kafka).controls
    found = asyncio.run(read_controls(connection(configuration), topic))
    return [control for control in found if isinstance(control, RegistryChange)]
