"""A worker by the wall clock: what it says at once and after, what it shows, what SIGHUP and SIGTERM do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.structs import OffsetAndMetadata
from msgspec.structs import replace

from streams.broker import client_options
from streams.live.controls import decode_control
from streams.live.topics import ensure
from streams.load import Configuration
from streams.records.controls import RegistryChange
from tests.integration.live import COMMAND, Player, Tail, WorkerProcess, until, workers_file

REGISTRY = {
    "tenants": {"A": {"agents": [{"id": "helper", "kind": "ai"}], "sources": ["web"], "lateness_s": 1}}
}


class Live:
    """One worker by the wall clock, and one partition of each topic."""

    def __init__(self, configuration: Configuration, folder: Path) -> None:
        kafka = replace(configuration.settings.kafka, input_partitions=1)
        self.configuration = replace(configuration, settings=replace(configuration.settings, kafka=kafka))
        ensure(self.configuration)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.registry, self.log = folder / "registry.json", folder / "worker.log"
        self.registry.write_text(json.dumps(REGISTRY))
        self.config = workers_file(
            folder, self.configuration, self.registry, port=self.port, snapshot_s=0.5, session_s=1.0
        )
        self.player = Player(self.configuration)
        self.alerts = Tail(self.configuration, self.player.names.alerts)
        self.controls = Tail(self.configuration, self.player.names.controls)
        self.workers: list[WorkerProcess] = []
        self._sent = 0

    def worker(self, *more: str) -> WorkerProcess:
        found = WorkerProcess(self.config, self.log, "", "wall", *more)
        self.workers.append(found)
        return found

    def say(self, agent: str, number: int = 1) -> None:
        """Turns of an agent, now."""
        for _ in range(number):
            self._sent += 1
            event = {
                "id": f"e{self._sent}", "type": "turn", "time": datetime.now(UTC).isoformat(),
                "source": "web", "tenant": "A", "conversation": f"c{self._sent}", "turn": 0,
                "role": "ai", "text": "Good day.", "agent": {"kind": "ai", "id": agent},
            }  # fmt: skip
            self.player.play([json.dumps(event).encode()])

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def said(self, **wanted: Any) -> list[dict[str, Any]]:
        changes = [json.loads(record.value) for record in self.alerts.more()]
        return [change for change in changes if all(change[key] == value for key, value in wanted.items())]

    def committed(self) -> dict[TopicPartition, int]:
        group = self.configuration.settings.kafka.app
        client = KafkaAdminClient(**client_options(self.configuration))
        found = client.list_group_offsets(group)[group]
        client.close()
        return {tp: entry.offset for tp, entry in found.items()}


@pytest.fixture
def live(configuration: Configuration, tmp_path: Path) -> Iterator[Live]:
    found = Live(configuration, tmp_path)
    yield found
    for worker in found.workers:
        if worker.code is None:
            worker.kill()
    found.alerts.close()
    found.controls.close()


def test_a_day_in_the_life(live: Live) -> None:
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("helper")
    live.say("stranger")
    until(lambda: live.said(kind="shadow_ai", confirmed=False, state="open"), 10, [worker])
    # Nothing more comes: the clock alone closes the slot.
    until(lambda: live.said(kind="shadow_ai", confirmed=True, state="open"), 40, [worker])
    (provisional,) = live.said(confirmed=False)
    assert provisional["id"] == live.said(confirmed=True)[0]["id"]

    assert live.get("/healthz") == (200, "ok\n")
    shown = live.get("/metrics")[1]
    names = live.player.names
    for line in (
        f'floorwalker_records_total{{partition="0",topic="{names.inputs[0]}"}} 2.0',
        f'floorwalker_lag_records{{partition="0",topic="{names.inputs[0]}"}} 0.0',
        'floorwalker_alerts_total{confirmed="false",kind="shadow_ai",state="open"} 1.0',
    ):
        assert line in shown
    assert live.get("/")[0] == 404

    os.kill(worker.pid, signal.SIGHUP)  # the file says the same: published, and changes nothing
    live.registry.write_text(json.dumps(REGISTRY).replace("helper", "stranger"))
    os.kill(worker.pid, signal.SIGHUP)

    def changes() -> list[RegistryChange]:
        controls = [decode_control(record.value) for record in live.controls.more()]
        return [control for control in controls if isinstance(control, RegistryChange)]

    until(
        lambda: (
            "stranger" in {a.id for c in changes() for t in c.registry.tenants.values() for a in t.agents}
        ),
        10,
    )
    assert changes()[0].effective == 0
    assert changes()[-1].effective > time.time() * 1e6 + 100e6
    live.registry.write_text("{}{")
    os.kill(worker.pid, signal.SIGHUP)
    until(lambda: "not reloaded" in live.log.read_text(), 10, [worker])

    assert worker.stop() == 0
    assert live.committed()[TopicPartition(names.inputs[0], 0)] == 2
    assert "Good day" not in live.log.read_text()


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


def test_reread_brings_back_what_the_logs_lost(live: Live) -> None:
    """Facts behind the last snapshots are cut off the logs; the events are still in their topic."""
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("stranger")
    until(lambda: live.committed().get(TopicPartition(live.player.names.facts, 0), 0) > 5, 20, [worker])
    assert worker.stop() == 0
    client = KafkaAdminClient(**client_options(live.configuration))
    facts, source = live.player.names.facts, TopicPartition(live.player.names.inputs[0], 0)
    producer = live.player.producer
    for log in range(live.configuration.settings.kafka.logs):  # as if facts had come and were cut off again
        for _ in range(5):
            producer.send(facts, b"lost", partition=log)
    live.say("newcomer")
    producer.flush()
    ends = client.list_partition_offsets({TopicPartition(facts, log): -1 for log in range(2)})
    client.delete_records({tp: found.offset for tp, found in ends.items()})
    client.alter_group_offsets(live.configuration.settings.kafka.app, {source: OffsetAndMetadata(2, "", -1)})

    refused = live.worker()
    assert refused.wait(40) == 1, refused.tail()
    assert "are gone" in refused.tail(3)
    command = [sys.executable, "-c", COMMAND, "reread", "--config", str(live.config)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    assert f"{source.topic} partition 0: read again from 1" in said
    again = live.worker("--accept")
    until(live.ready, 30, [again])
    until(lambda: live.said(confirmed=False, scope={"tenant": "A", "agent": "newcomer"}), 20, [again])
    assert again.stop() == 0
    client.close()
