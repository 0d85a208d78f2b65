from __future__ import annotations

import pytest

from streams.broker import Topic
from streams.live.topics import DAY_MS, mismatch, origins, wanted
from streams.settings import Kafka, Topics

TOPICS = {topic.name: topic for topic in wanted(Kafka())}


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_what_is_made_is_as_it_must_be(name: str) -> None:
    topic = TOPICS[name]
    assert mismatch(topic, Topic(name, "id", topic.partitions), topic.config) is None


def test_every_topic_of_the_configuration_is_made_once() -> None:
    assert sorted(TOPICS) == sorted(getattr(Topics(), field) for field in Topics.__struct_fields__)
    assert [t.partitions for t in wanted(Kafka(logs=3)) if t.name in ("fw.facts", "fw.snapshots")] == [3, 3]


@pytest.mark.parametrize(
    ("retention", "holds"),
    [
        ("-1", True),
        (str(7 * DAY_MS), True),
        (str(90 * DAY_MS), True),
        (str(7 * DAY_MS - 1), False),
        ("", False),
    ],
)
def test_facts_are_kept_for_seven_days_or_more(retention: str, holds: bool) -> None:
    topic = TOPICS["fw.facts"]
    found = mismatch(topic, Topic("fw.facts", "id", 8), topic.config | {"retention.ms": retention})
    assert (found is None) == holds


def test_events_may_have_any_partitions_and_timestamps_but_no_compaction() -> None:
    topic = TOPICS["cc.actions"]
    own = {"cleanup.policy": "delete", "message.timestamp.type": "CreateTime"}
    assert mismatch(topic, Topic("cc.actions", "id", 77), own) is None
    said = mismatch(topic, Topic("cc.actions", "id", 77), own | {"cleanup.policy": "compact,delete"})
    assert said == "cleanup.policy is compact,delete, must be delete"


def test_origins_are_named_by_what_they_say() -> None:
    kafka = Kafka()
    topics = {name: Topic(name, f"id-{name}", 3) for name in TOPICS}
    said = origins(topics, kafka)
    assert said.topics["cc.sessions"] == ("id-cc.sessions", 3)
    assert len(said.topics) == 5
    assert origins(dict(reversed(topics.items())), kafka).id == said.id
    assert origins(topics | {"cc.sessions": Topic("cc.sessions", "another", 3)}, kafka).id != said.id
    assert origins(topics | {"cc.sessions": Topic("cc.sessions", "id-cc.sessions", 4)}, kafka).id != said.id
