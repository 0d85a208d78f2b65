"""Partitions that are added while workers run: read from their first record on, and waited for."""

from __future__ import annotations

import json

from streams.broker import admin
from streams.live.controls import decode_control
from streams.records.controls import Origins
from tests.integration.live import Player, until
from tests.integration.wall import Live


def test_partitions_that_are_added_to_a_topic_are_noticed(live: Live) -> None:
    worker = live.worker()
    until(live.ready, 30, [worker])
    live.say("helper")
    topic = live.player.names.inputs[0]
    with admin(live.configuration) as client:
        client.create_partitions({topic: 3})

    def published() -> list[Origins]:
        controls = [decode_control(record.value) for record in live.controls.more()]
        return [control for control in controls if isinstance(control, Origins)]

    until(lambda: published()[-1].topics[topic][1] == 3, 40, [worker])
    assert [origins.topics[topic][1] for origins in published()] == [1, 3]
    until(lambda: f'floorwalker_assigned{{topic="{topic}"}} 3.0' in live.get("/metrics")[1], 40, [worker])
    live.player = Player(live.configuration)  # which knows of them
    live.say("stranger", 9)
    until(lambda: live.said(kind="shadow_ai", confirmed=False, state="open"), 20, [worker])
    until(lambda: live.said(kind="shadow_ai", confirmed=True, state="open"), 60, [worker])
    shown = live.get("/metrics")[1]
    came = [number for number in (1, 2) if f'records_total{{partition="{number}",topic="{topic}"}}' in shown]
    assert came == [1, 2]
    assert worker.stop() == 0
    assert not live.said(kind="pipeline")
    assert json.loads(live.alerts.records[-1].value)["scope"]["agent"] == "stranger"
