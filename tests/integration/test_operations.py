"""A worker by the wall clock: what it says at once and after, what it shows, what SIGHUP and SIGTERM do.

What happens where topics or logs were lost is in test_soak.py, but for the command that reads again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from kafka import KafkaAdminClient, TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.broker import client_options
from streams.live.controls import decode_control
from streams.records.controls import RegistryChange
from tests.integration.live import COMMAND, until
from tests.integration.wall import REGISTRY, Live


def test_a_day_in_the_life(live: Live) -> None:
    worker = live.worker(forked=False)
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

    def reread() -> bool:  # the brokers take the refused worker for one at work until its session has ended
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        return f"{source.topic} partition 0: read again from 1" in done.stdout

    until(reread, 60)
    again = live.worker("--accept")
    until(live.ready, 30, [again])
    until(lambda: live.said(confirmed=False, scope={"tenant": "A", "agent": "newcomer"}), 20, [again])
    assert again.stop() == 0
    client.close()
