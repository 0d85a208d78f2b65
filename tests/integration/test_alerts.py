"""The command `alerts` on a real topic."""

from __future__ import annotations

from itertools import islice

import pytest
from kafka import KafkaProducer

from streams.alerts import changes
from streams.broker import admin, client_options, describe
from streams.errors import Stop
from streams.live.topics import ensure
from streams.load import Configuration
from streams.records.alerts import encode_alert
from streams.since import More, Since
from streams.verdicts.book import OnTopics
from tests.integration.live import until
from tests.streams.notify.made import alert


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


def test_what_is_kept_fresh_reads_only_what_is_new(configuration: Configuration) -> None:
    ensure(configuration)
    since = Since(configuration, "alerts")
    assert since.more() == More([], anew=True)
    say(configuration, b"1", None, b"2")
    assert since.more() == More([b"1", b"2"], anew=False)
    assert since.more() == More([], anew=False)
    say(configuration, b"3")
    assert since.more() == More([b"3"], anew=False)
    name = configuration.settings.kafka.named("alerts")
    with admin(configuration) as client:
        client.delete_topics([name])
        until(lambda: name not in describe(client, [name]), 20)
    with pytest.raises(Stop, match="does not exist"):
        since.more()
    ensure(configuration)
    say(configuration, b"4")
    assert since.more() == More([b"4"], anew=True)


def test_the_page_knows_each_alert_as_it_is_now(configuration: Configuration) -> None:
    ensure(configuration)
    book, first = OnTopics(configuration), alert()
    assert (book.alerts(), book.verdicts()) == ({}, [])
    say(configuration, encode_alert(first), encode_alert(alert("b")))
    assert {name: one["state"] for name, one in book.alerts().items()} == {"a": "open", "b": "open"}
    say(configuration, encode_alert(alert(state="resolved", when=60)), b"no alert")
    assert {name: one["state"] for name, one in book.alerts().items()} == {"a": "resolved", "b": "open"}


def test_without_the_topic_the_command_says_who_makes_it(configuration: Configuration) -> None:
    with pytest.raises(Stop, match="does not exist: the first worker"):
        list(changes(configuration))
