"""Mutated records by the hundred thousand: no crash, and each is accounted for, by its place."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom

import pytest
from kafka import KafkaProducer
from kafka.structs import TopicPartition
from msgspec.structs import replace

from streams.broker import admin, client_options
from streams.build import build_floor
from streams.live.names import Names
from streams.live.topics import ensure
from streams.load import Configuration
from streams.records.parcels import Parcel, decode_record
from streams.sinks.deadletters import decode_letter
from tests.integration.live import Tail, WorkerProcess, committed, until, workers_file
from tests.integration.mutations import OVERSIZE, Sent, mutated
from tests.integration.oracle import Traffic, floors_of, kept

SEED = int(os.environ.get("SEED", "0")) or SystemRandom().randrange(1, 1 << 20)
RECORDS = 1_000_000 if os.environ.get("SOAK") else 100_000
PARTITIONS, TENANTS, SPAN_S = 2, 40, 300.0
Place = tuple[str, int, int]
TIME = re.compile(rb'"time":"([^"]+)"')


@pytest.fixture
def narrow(configuration: Configuration) -> Configuration:
    """Few tenants and short records are allowed, so that bounds are met; slots close soon."""
    settings = configuration.settings
    limits = replace(settings.limits, tenants=TENANTS, record_bytes=OVERSIZE - 1)
    kafka = replace(settings.kafka, input_partitions=PARTITIONS)
    settings = replace(settings, limits=limits, kafka=kafka, lateness_s=10.0, future_s=5.0)
    return replace(configuration, settings=settings)


def test_every_record_is_a_fact_or_a_dead_letter(
    narrow: Configuration, traffic: Traffic, tmp_path: Path
) -> None:
    print(f"SEED={SEED}")
    ensure(narrow)
    config = workers_file(tmp_path, narrow, traffic.registry, port=0, snapshot_s=3.0)
    log = tmp_path / "worker.log"
    worker = WorkerProcess(config, log, clock="wall")
    try:
        ends = send(narrow, mutated(recent(traffic.lines[:4000]), RECORDS, SEED))
        assert sum(ends.values()) == RECORDS
        until(lambda: reached(narrow, ends), 60 + RECORDS / 2000, [worker])
        logs = log_ends(narrow)
        until(lambda: reached(narrow, logs), 60 + RECORDS / 2000, [worker])
        assert worker.stop() == 0, worker.tail()
    finally:
        if worker.code is None:
            worker.kill()
    taken, refused = facts(narrow), letters(narrow)
    assert max(refused.values()) == 1
    assert not taken.keys() & refused.keys()
    assert taken.keys() | refused.keys() == {
        (tp.topic, tp.partition, offset) for tp, end in ends.items() for offset in range(end)
    }
    floors = floors_of(asyncio.run(kept(narrow)), lambda: build_floor(narrow, idle_rule=True))
    assert sum(floor.counts.facts for floor in floors) == len(taken) > RECORDS / 5
    assert len(refused) > RECORDS / 5
    assert sum(floor.counts.copies for floor in floors) > RECORDS / 50
    # Mutated times are late, or early, and make others so: how many hangs on the seed and the machine's pace.
    assert sum(floor.counts.late for floor in floors) < len(taken) * 0.9
    assert sum(floor.held() for floor in floors) < len(taken) * 0.9
    assert [(floor.counts.lost, floor.counts.gaps, floor.parked) for floor in floors] == [(0, 0, {})] * 2
    assert max(len(floor.desks) for floor in floors) == TENANTS + 1
    assert "internal" not in log.read_text()
    tail = Tail(narrow, Names.of(narrow.settings.kafka).alerts)
    pages = [change for record in tail.more() if (change := json.loads(record.value))["kind"] == "pipeline"]
    tail.close()
    assert {change["signal"] for change in pages} >= {"rejects"}  # most of it, and nobody need read letters


def recent(lines: Sequence[bytes]) -> list[bytes]:
    """The same events, over the last minutes."""
    now, found = datetime.now(UTC), []
    for number, line in enumerate(lines):
        time = (now - timedelta(seconds=SPAN_S * (1 - number / len(lines)))).isoformat()
        found.append(TIME.sub(b'"time":"%s"' % time.encode(), line, count=1))
    return found


def send(configuration: Configuration, records: Iterator[Sent]) -> dict[TopicPartition, int]:
    """Onto all topics, wherever chance has it. Returns how many are in each partition."""
    names, chance, ends = Names.of(configuration.settings.kafka), Random(SEED), Counter[TopicPartition]()
    producer = KafkaProducer(**client_options(configuration), acks="all", linger_ms=20)
    for number, sent in enumerate(records):
        tp = TopicPartition(names.inputs[chance.randrange(5)], chance.randrange(PARTITIONS))
        key = None if number % 7 == 0 and sent.value is not None else b"%d" % (number % 1000)
        producer.send(tp.topic, sent.value, key, sent.headers, tp.partition)
        ends[tp] += 1
    producer.close()
    return dict(ends)


def reached(configuration: Configuration, ends: dict[TopicPartition, int]) -> bool:
    """Whether the workers have committed all up to here."""
    found = committed(configuration)
    return all(found.get(tp, 0) >= end for tp, end in ends.items())


def log_ends(configuration: Configuration) -> dict[TopicPartition, int]:
    kafka = configuration.settings.kafka
    tps = [TopicPartition(Names.of(kafka).facts, log) for log in range(kafka.logs)]
    with admin(configuration) as client:
        return {tp: end.offset for tp, end in client.list_partition_offsets(dict.fromkeys(tps, -1)).items()}


def facts(configuration: Configuration) -> Counter[Place]:
    """Places of all records that became facts, as the logs have them."""
    tail = Tail(configuration, Names.of(configuration.settings.kafka).facts)
    found: Counter[Place] = Counter()
    for record in tail.more():
        parcel = decode_record(record.value)
        if isinstance(parcel, Parcel):
            origin = parcel.origin
            found.update((origin.topic, origin.partition, entry.offset) for entry in parcel.entries)
    tail.close()
    return found


def letters(configuration: Configuration) -> Counter[Place]:
    """Places of all dead letters."""
    tail = Tail(configuration, Names.of(configuration.settings.kafka).deadletters)
    found: Counter[Place] = Counter()
    for record in tail.more():
        letter = decode_letter(record.value)
        assert letter.reason != "internal", letter
        found.update((letter.topic, letter.partition, offset) for offset in letter.offsets())
    tail.close()
    return found
