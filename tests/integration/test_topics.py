"""Topics on a real broker: made once, checked at every start."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from kafka.admin import ConfigResource, ConfigResourceType
from msgspec.structs import replace

from streams.broker import admin, describe
from streams.errors import ConfigError, Stop
from streams.live.topics import ensure, inputs, origins
from streams.load import Configuration
from streams.records.controls import Origins
from streams.settings import Kafka


def with_kafka(configuration: Configuration, kafka: Kafka) -> Configuration:
    return replace(configuration, settings=replace(configuration.settings, kafka=kafka))


def test_topics_are_made_once_and_found_again(configuration: Configuration) -> None:
    kafka = configuration.settings.kafka
    with ThreadPoolExecutor(3) as workers:  # several starts at once
        made = list(workers.map(ensure, [configuration] * 3))
    assert made[0] == made[1] == made[2] == ensure(configuration)
    names = {name.removeprefix(kafka.prefix): topic.partitions for name, topic in made[0].items()}
    assert names == {
        "cc.transcripts": 3,
        "cc.escalations": 3,
        "cc.sentiment": 3,
        "cc.actions": 3,
        "cc.sessions": 3,
        "fw.facts": 2,
        "fw.clock": 1,
        "fw.snapshots": 2,
        "cc.alerts": 1,
        "cc.deadletter": 1,
        "cc.controls": 1,
        "fw.delivered": 1,
        "fw.audit": 1,
    }
    said = origins(made[0], kafka)
    assert said == origins(ensure(configuration), kafka)
    assert list(said.topics) == list(inputs(kafka))
    assert all(len(topic_id) == 36 and count == 3 for topic_id, count in said.topics.values())


def test_a_topic_made_anew_is_another_origin(configuration: Configuration) -> None:
    kafka = configuration.settings.kafka
    before = origins(ensure(configuration), kafka)
    with admin(configuration) as client:
        client.delete_topics([inputs(kafka)[0]])
        while describe(client, [inputs(kafka)[0]]):
            time.sleep(0.05)
    after: Origins = origins(ensure(configuration), kafka)
    assert (after.id, after.topics) != (before.id, before.topics)


@pytest.mark.parametrize(
    ("topic", "partitions", "config", "said"),
    [
        ("fw.facts", 3, {"message.timestamp.type": "LogAppendTime"}, "partitions is 3, must be 2"),
        ("fw.facts", 2, {}, "message.timestamp.type is CreateTime, must be LogAppendTime"),
        (
            "fw.facts",
            2,
            {"message.timestamp.type": "LogAppendTime", "retention.ms": "3600000"},
            "retention.ms is 3600000, must be 604800000 or more, or -1",
        ),
        ("cc.alerts", 1, {}, "cleanup.policy is delete, must be compact"),
        ("cc.actions", 1, {"cleanup.policy": "compact"}, "cleanup.policy is compact, must be delete"),
        ("cc.controls", 1, {"retention.ms": "604800000"}, "retention.ms is 604800000, must be -1"),
    ],
)
def test_a_topic_that_is_not_as_it_must_be_stops_the_start(
    configuration: Configuration, topic: str, partitions: int, config: dict[str, str], said: str
) -> None:
    name = configuration.settings.kafka.prefix + topic
    with admin(configuration) as client:
        options = {"num_partitions": partitions, "configs": config}
        client.create_topics({name: options}, wait_for_metadata=True)
    with pytest.raises(ConfigError) as caught:
        ensure(configuration)
    assert str(caught.value) == f"topic {name}: {said}"


def test_existing_topics_are_not_touched(configuration: Configuration) -> None:
    name = configuration.settings.kafka.prefix + "cc.transcripts"
    with admin(configuration) as client:
        client.create_topics({name: {"num_partitions": 5}}, wait_for_metadata=True)
        assert ensure(configuration)[name].partitions == 5
        found = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all")
    assert found["topic"][name]["message.timestamp.type"]["value"] == "CreateTime"


def test_more_copies_than_brokers_are_refused_by_name(configuration: Configuration) -> None:
    kafka = replace(configuration.settings.kafka, replication=3)
    with pytest.raises(Stop, match=r"topic .*cc\.transcripts cannot be made: .*replication factor"):
        ensure(with_kafka(configuration, kafka))


def test_an_absent_broker_is_said(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.broker.CONNECT_MS", 300)
    kafka = replace(configuration.settings.kafka, bootstrap="127.0.0.1:1")
    with pytest.raises(Stop, match=r"kafka 127\.0\.0\.1:1: no answer in time .* is the broker running"):
        ensure(with_kafka(configuration, kafka))
