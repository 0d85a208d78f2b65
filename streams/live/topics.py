"""The topics: made where they are missing, checked where they exist, never changed.

What a topic is decides what may be lost: facts that expire too soon, events under a compacted topic, controls
that are forgotten. So a topic that is not as it must be stops the start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from kafka import KafkaAdminClient
from kafka import errors as kafka_errors
from kafka.admin import ConfigResource, ConfigResourceType
from msgspec import Struct

from streams.broker import Topic, admin, describe
from streams.errors import ConfigError, Stop
from streams.load import Configuration
from streams.records.controls import Origins
from streams.records.digest import digest
from streams.settings import INPUTS, Kafka

DAY_MS = 86_400_000
FOREVER = "-1"
ALREADY_EXISTS = 36
CLOCK_MS = 3_600_000  # who reads the clock wants the last second of it
SEGMENT_MS = 600_000  # of what is compacted or short-lived: only closed segments are cleaned up
HISTORY_MS = DAY_MS  # changes of alerts stay side by side for a day, for who was away

Settings = Mapping[str, str]
Rule = Callable[[str], bool]


class Wanted(Struct, frozen=True, kw_only=True):
    """One topic: what it is made with, and what an existing one is checked for.

    exactly: whether it must have this number of partitions. rules: setting -> (test, what it must be).
    """

    name: str
    partitions: int
    config: dict[str, str]
    exactly: bool = False
    rules: dict[str, tuple[Rule, str]] = {}


def wanted(kafka: Kafka) -> list[Wanted]:
    """All topics, in the order in which they are made."""
    topics = {name: kafka.named(name) for name in kafka.topics.__struct_fields__}
    appended = {"message.timestamp.type": "LogAppendTime"}
    delete, compact = {"cleanup.policy": "delete"}, {"cleanup.policy": "compact"}
    kept = delete | appended | {"retention.ms": _ms(kafka.input_days)}
    compacted = compact | {"segment.ms": str(SEGMENT_MS), "min.cleanable.dirty.ratio": "0.1"}
    shortest = _ms(kafka.facts_days)
    facts = delete | appended | {"retention.ms": shortest, "retention.bytes": FOREVER}
    forever = delete | {"retention.ms": FOREVER, "retention.bytes": FOREVER}
    logs = kafka.logs
    inputs = [
        # Any number of partitions and either kind of timestamp will do, but compaction would drop events.
        Wanted(name=topics[name], partitions=kafka.input_partitions, config=kept, rules=_same(delete))
        for name in INPUTS
    ]
    return [
        *inputs,
        Wanted(
            name=topics["facts"],
            partitions=logs,
            exactly=True,
            config=facts,
            rules=_same(delete | appended)
            | {
                "retention.ms": (_at_least(int(shortest)), f"{shortest} or more, or -1"),
                "retention.bytes": (_at_least(2**63), "-1: facts are kept by age alone"),
            },
        ),
        Wanted(
            name=topics["clock"],
            partitions=1,
            config=delete | {"retention.ms": str(CLOCK_MS), "segment.ms": str(SEGMENT_MS)},
            rules=_same(delete),
        ),
        Wanted(
            name=topics["snapshots"], partitions=logs, exactly=True, config=compacted, rules=_same(compact)
        ),
        Wanted(
            name=topics["alerts"],
            partitions=1,
            config=compacted | {"min.compaction.lag.ms": str(HISTORY_MS)},
            rules=_same(compact),
        ),
        Wanted(name=topics["deadletter"], partitions=1, config=kept, rules=_same(delete)),
        Wanted(name=topics["delivered"], partitions=1, exactly=True, config=compacted, rules=_same(compact)),
        Wanted(name=topics["controls"], partitions=1, exactly=True, config=forever, rules=_same(forever)),
        Wanted(name=topics["audit"], partitions=1, exactly=True, config=forever, rules=_same(forever)),
    ]


def mismatch(topic: Wanted, found: Topic, config: Settings) -> str | None:
    """What is wrong with an existing topic: the setting, what it is and what it must be; None: nothing."""
    if topic.exactly and found.partitions != topic.partitions:
        return f"partitions is {found.partitions}, must be {topic.partitions}"
    for setting, (holds, must) in topic.rules.items():
        if not holds(config.get(setting, "")):
            return f"{setting} is {config.get(setting)}, must be {must}"
    return None


def ensure(configuration: Configuration, fields: Collection[str] | None = None) -> dict[str, Topic]:
    """Topics by name, made where they were missing. Idempotent; any number of workers may do it at once.

    fields: of `kafka.topics`; None: all.

    ConfigError names topic and setting where an existing one is not as it must be; Stop where the brokers
    cannot be reached or refuse.
    """
    kafka = configuration.settings.kafka
    names = [kafka.named(field) for field in (fields or kafka.topics.__struct_fields__)]
    topics = {topic.name: topic for topic in wanted(kafka) if topic.name in names}
    with admin(configuration) as client:
        missing = topics.keys() - describe(client, topics).keys()
        _make(client, [topic for topic in topics.values() if topic.name in missing], kafka.replication)
        found, configs = describe(client, topics), _configs(client, list(topics))
    for name, topic in topics.items():
        wrong = mismatch(topic, found[name], configs[name])
        if wrong is not None:
            raise ConfigError(f"topic {name}", wrong)
    return found


def inputs(kafka: Kafka) -> tuple[str, ...]:
    """Names of the topics by which events come in."""
    return kafka.inputs()


def origins(topics: Mapping[str, Topic], kafka: Kafka) -> Origins:
    """The control that says which origins there are. Its id follows from what it says."""
    said = {name: (topics[name].id, topics[name].partitions) for name in inputs(kafka)}
    return Origins(id=f"origins-{digest(said)}", topics=said)


def _make(client: KafkaAdminClient, topics: list[Wanted], replication: int) -> None:
    if not topics:
        return
    asked = {
        topic.name: {
            "num_partitions": topic.partitions,
            "replication_factor": replication,
            "configs": topic.config,
        }
        for topic in topics
    }
    for made in client.create_topics(asked, raise_errors=False)["topics"]:
        if made["error_code"] not in (0, ALREADY_EXISTS):  # another worker was quicker
            why = made["error_message"] or kafka_errors.for_code(made["error_code"]).__name__
            raise Stop(f"topic {made['name']} cannot be made: {why}")
    client.wait_for_topics(list(asked))


def _configs(client: KafkaAdminClient, names: list[str]) -> dict[str, Settings]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found = client.describe_configs(resources, config_filter="all")["topic"]
    return {name: {key: str(entry["value"]) for key, entry in found[name].items()} for name in names}


def _same(config: Settings) -> dict[str, tuple[Rule, str]]:
    return {setting: (value.__eq__, value) for setting, value in config.items()}


def _at_least(least: int) -> Rule:
    return lambda value: value == FOREVER or (value.isdecimal() and int(value) >= least)


def _ms(days: float) -> str:
    return str(round(days * DAY_MS))
