"""The command `alerts` on a real topic."""

from __future__ import annotations

from itertools import islice

import pytest
from kafka import KafkaProducer

from streams.alerts import changes
from streams.broker import client_options
from streams.errors import Stop
from streams.live.topics import ensure
from streams.load import Configuration


def say(configuration: Configuration, *values: bytes | None) -> None:
    producer = KafkaProducer(**client_options(configuration), acks="all")
    for value in values:
        producer.send(configuration.settings.kafka.named("alerts"), value, key=b"one", partition=0)
    producer.flush()
    producer.close()


def test_what_was_said_is_read_to_its_end_in_order(configuration: Configuration) -> None:
    ensure(configuration)
    assert list(changes(configuration)) == []
    say(configuration, b'{"state":"open"}', None, b'{"state":"resolved"}')
    assert list(changes(configuration)) == [b'{"state":"open"}', b'{"state":"resolved"}']


def test_who_follows_hears_what_comes_later(configuration: Configuration) -> None:
    ensure(configuration)
    say(configuration, b"1")
    heard = changes(configuration, follow=True)
    assert next(heard) == b"1"
    say(configuration, b"2", b"3")
    assert list(islice(heard, 2)) == [b"2", b"3"]
    heard.close()  # type: ignore[attr-defined]


def test_without_the_topic_the_command_says_who_makes_it(configuration: Configuration) -> None:
    with pytest.raises(Stop, match="does not exist: the first worker"):
        list(changes(configuration))
