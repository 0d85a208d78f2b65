"""Dead letters on real topics: shown, sent again once they can be read, and settled by that."""

from __future__ import annotations

import re
import time
from itertools import chain

import pytest
from kafka import KafkaConsumer, TopicPartition

from streams.broker import Topic, admin, client_options, describe
from streams.build import build_read
from streams.cli import main
from streams.floor.watch import Failed
from streams.live.topics import ensure
from streams.load import Configuration, parse_settings
from streams.reading import Rejection
from streams.replay.kafka_source import opened
from streams.replay.sources import Window
from streams.sinks.deadletters import encode_letter, internal_letters, written
from streams.writer import writing

TURN = (
    b'{"id":"%d","type":"turn","time":"2026-04-09T07:03:19Z","source":"s","conversation":"c","turn":%d,'
    b'"role":"customer","text":"%s"}'
)
SHORT = 64  # the limit that is too low, at first


@pytest.fixture
def address(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the brokers; the environment says the rest."""
    monkeypatch.setenv("FLOORWALKER_KAFKA__PREFIX", configuration.settings.kafka.prefix)
    return f"kafka://{configuration.settings.kafka.bootstrap}"


def rejected(configuration: Configuration, topic: Topic) -> int:
    """What a worker does with a topic, as far as dead letters go."""
    short = parse_settings(b"limits: {text_bytes: %d}" % SHORT, "f.yaml", {})
    read = build_read(Configuration(settings=short, registry=None, key=b""))
    with opened(configuration, [topic], Window()) as partitions:
        found = [read(record) for record in chain.from_iterable(partitions)]
    rejections = [each for each in found if isinstance(each, Rejection)]
    with writing(configuration) as writer:
        for key, value in written(rejections, {topic.name: topic.id}):
            writer.send(configuration.settings.kafka.named("deadletter"), key, value)
    return len(rejections)


def sent_again(
    configuration: Configuration, topic: Topic, start: int
) -> list[tuple[bytes, bytes, dict[str, bytes]]]:
    tp = TopicPartition(topic.name, 0)
    consumer = KafkaConsumer(**client_options(configuration), group_id=None, enable_auto_commit=False)
    try:
        consumer.assign([tp])
        consumer.seek(tp, start)
        end = consumer.end_offsets([tp])[tp]
        found = []
        while consumer.position(tp) < end:
            found += consumer.poll(200).get(tp, [])
        return [(record.key, record.value, dict(record.headers)) for record in found]
    finally:
        consumer.close(autocommit=False)


def test_letters_are_shown_and_what_can_be_read_is_sent_again_once(
    configuration: Configuration, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = ensure(configuration)[configuration.settings.kafka.named("transcripts")]
    texts = [b"short" if number % 3 else b"secret words " * 9 for number in range(90)]
    lines = [TURN % (number, number, text) for number, text in enumerate(texts)]
    lines[5] = b"garbage"
    with writing(configuration) as writer:
        for line in lines:
            writer.send(topic.name, b"c", line, partition=0)
    assert rejected(configuration, topic) == 31  # a flood

    assert main(["deadletters", "--to", address]) == 0
    shown = capsys.readouterr().out
    assert "too_large" in shown
    assert re.search(r" 30 +│ 0: 0 to 87", shown)
    assert "not_json" in shown
    assert "secret" not in shown

    again = ["deadletters", "--to", address, "--topic", topic.name, "--replay"]
    assert main(again) == 0
    assert "30 sent again, 1 still rejected, 0 gone" in capsys.readouterr().err
    found = sent_again(configuration, topic, len(lines))
    assert [value for _, value, _ in found] == lines[::3]
    assert {key for key, _, _ in found} == {b"c"}
    assert found[1][2] == {"floorwalker-replayed": f"{topic.name}/0/3".encode()}

    assert main(again) == 0
    assert "0 sent again, 1 still rejected, 0 gone" in capsys.readouterr().err
    assert main(["deadletters", "--to", address, "--reason", "too_large"]) == 0
    assert "no dead letters" in capsys.readouterr().out


def test_records_of_a_topic_that_was_made_anew_are_gone(
    configuration: Configuration, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = ensure(configuration)[configuration.settings.kafka.named("transcripts")]
    with writing(configuration) as writer:
        writer.send(topic.name, None, TURN % (1, 1, b"long " * 99), partition=0)
    assert rejected(configuration, topic) == 1
    with admin(configuration) as client:
        client.delete_topics([topic.name])
        while describe(client, [topic.name]):
            time.sleep(0.05)
    made = ensure(configuration)[topic.name]
    with writing(configuration) as writer:
        writer.send(topic.name, None, TURN % (2, 2, b"another"), partition=0)
    assert main(["deadletters", "--to", address, "--replay"]) == 0
    assert "0 sent again, 0 still rejected, 1 gone" in capsys.readouterr().err
    assert len(sent_again(configuration, made, 0)) == 1


def test_events_without_a_place_are_shown_and_never_sent_again(
    configuration: Configuration, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure(configuration)
    (letter,) = internal_letters("acme", 0, [Failed("web", "a secret id", "KeyError")])
    with writing(configuration) as writer:
        for _ in range(2):  # as after a crash
            writer.send(configuration.settings.kafka.named("deadletter"), letter.key(), encode_letter(letter))
    assert main(["deadletters", "--to", address, "--replay"]) == 0
    said = capsys.readouterr()
    assert "tenant acme, slot 1970-01-01" in said.out
    assert re.search(r"internal +│ +│ KeyError │ +1 ", said.out)
    assert "secret" not in said.out
    assert not said.err
