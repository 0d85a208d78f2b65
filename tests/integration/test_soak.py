"""What takes long: many kills, workers that sleep and wake, topics that are gone. `make soak` runs these."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, TopicPartition

from streams.broker import client_options
from streams.live.topics import ensure
from streams.load import Configuration
from tests.integration.live import committed, until
from tests.integration.oracle import Traffic
from tests.integration.stage import Stage, equals_replay
from tests.integration.wall import Live

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="minutes long: make soak")

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)
KILLS = 20


def test_twenty_kills_at_random_with_rebalances_between(
    configuration: Configuration, traffic: Traffic, tmp_path: Path
) -> None:
    """Of two workers one is killed while it works, again and again; others join and leave in good order."""
    print(f"SEED={SEED}")
    chance, plan = random.Random(SEED), []
    with Stage(configuration, traffic, tmp_path, session_s=1.0) as stage:
        playing = stage.play(traffic.lines, seconds=KILLS * 45.0)
        workers = [stage.worker(), stage.worker()]
        for _ in range(KILLS):
            reached = sum(committed(configuration).values())
            until(lambda reached=reached: sum(committed(configuration).values()) > reached, 60, workers)
            time.sleep(chance.uniform(0.0, 3.0))
            assert playing.is_alive(), "nothing is sent any more: not under load"
            victim = workers.pop(chance.randrange(len(workers)))
            victim.kill()
            plan.append("killed")
            workers.append(stage.worker())
            if chance.random() < 0.5:
                time.sleep(chance.uniform(0.0, 3.0))
                leaver = workers.pop(0)
                assert leaver.stop() in (0, -signal.SIGTERM), leaver.tail()
                plan.append("left")
                workers.append(stage.worker())
        print(plan)
        assert all(sum(ends) > 10 for ends in stage.player.ends.values()), "all five topics"
        stage.player.every_s = 0.0
        stage.settle(workers, within_s=180.0)


def test_a_worker_that_wakes_up_late_harms_nobody(
    configuration: Configuration, traffic: Traffic, tmp_path: Path
) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    with Stage(configuration, traffic, tmp_path, session_s=1.0) as stage:
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


@pytest.mark.parametrize(("partitions", "workers"), [(1, 2), (3, 1), (4, 2)])
def test_live_equals_replay_with_other_numbers(
    configuration: Configuration, traffic: Traffic, tmp_path: Path, partitions: int, workers: int
) -> None:
    equals_replay(configuration, traffic, tmp_path, partitions, workers, SEED)


def test_a_topic_made_anew_stops_the_start_until_that_is_accepted(live: Live) -> None:
    topic = live.player.names.inputs[0]
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("stranger", 3)
    until(lambda: live.committed().get(TopicPartition(topic, 0)) == 3, 20, [worker])
    assert worker.stop() == 0
    client = KafkaAdminClient(**client_options(live.configuration))
    client.delete_topics([topic])
    until(lambda: topic not in client.list_topics(), 10)
    client.close()
    ensure(live.configuration)

    refused = live.worker()
    assert refused.wait(30) == 1
    assert "made anew" in refused.tail(1)
    assert "--accept" in refused.tail(1)
    accepted = live.worker("--accept")
    until(live.ready, 30, [accepted])
    live.say("other stranger")
    until(
        lambda: live.said(confirmed=False, scope={"tenant": "A", "agent": "other stranger"}), 20, [accepted]
    )
    assert accepted.stop() == 0
    again = live.worker()
    until(live.ready, 30, [again])
    assert again.stop() == 0


def test_a_log_that_lost_what_its_snapshot_needs_stops_the_start(live: Live) -> None:
    facts = live.player.names.facts
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("stranger", 3)
    until(lambda: live.said(confirmed=False), 20, [worker])
    worker.kill()
    client = KafkaAdminClient(**client_options(live.configuration))
    client.delete_topics([facts])
    until(lambda: facts not in client.list_topics(), 10)
    client.close()
    ensure(live.configuration)

    refused = live.worker()
    assert refused.wait(40) == 1, refused.tail()
    assert "made anew" in refused.tail(3)
    accepted = live.worker("--accept")
    until(live.ready, 30, [accepted])
    live.say("newcomer")
    until(lambda: live.said(confirmed=True, scope={"tenant": "A", "agent": "newcomer"}), 40, [accepted])
    assert {change["signal"] for change in live.said(kind="pipeline")} == {"lost"}
    assert accepted.stop() == 0
