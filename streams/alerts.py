"""The command `floorwalker alerts`: what the live monitor said, one JSON object a line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Annotated

import msgspec
import typer

from streams.address import at
from streams.errors import Stop
from streams.load import Configuration, load
from streams.options import ConfigFile
from streams.records.canary import PREFIX, is_canary

POLL_MS = 500
POLL_RECORDS = 2000

From = Annotated[
    str | None,
    typer.Option("--from", metavar="kafka://HOST:PORT", help="The brokers; else as configured."),
]
Follow = Annotated[bool, typer.Option("--follow", help="Go on with what comes, until interrupted.")]
Everything = Annotated[bool, typer.Option("--all", help="Those of the self-test too.")]


def alerts(
    source: From = None, follow: Follow = False, everything: Everything = False, config: ConfigFile = None
) -> None:
    """Print changes of alerts as the live monitor wrote them, from the oldest that is kept.

    Reads in no consumer group: it takes nothing away from anybody.

    **floorwalker alerts --from kafka://localhost:9092 --follow**
    """
    configuration = load(config, os.environ)
    if source is not None:
        configuration = at(source, configuration)
    for change in changes(configuration, follow=follow):
        if not everything and hidden(change):
            continue
        sys.stdout.buffer.write(change + b"\n")
        sys.stdout.buffer.flush()


def hidden(change: bytes) -> bool:
    """Whether it is the self-test's, which works.

    >>> hidden(b'{"scope":{"tenant":"floorwalker-canary-3"}}'), hidden(b'{"scope":{"tenant":"A"}}')
    (True, False)
    """
    if PREFIX.encode() not in change:  # nearly all
        return False
    with suppress(msgspec.DecodeError, KeyError, TypeError):
        return is_canary(msgspec.json.decode(change)["scope"]["tenant"])
    return False


def changes(configuration: Configuration, *, follow: bool = False, field: str = "alerts") -> Iterator[bytes]:
    """Changes as they were written, in order within a partition; up to the end that the topic has now.

    follow: never ends. field: which topic, by its name in `kafka.topics`.
    Stop where the brokers cannot be reached or no worker has made the topic.
    """
    # Other commands start sooner without the client.
    from kafka import KafkaConsumer, TopicPartition

    from streams.broker import admin, client_options, describe, reaching

    name = configuration.settings.kafka.named(field)
    with admin(configuration) as client:
        topic = describe(client, [name]).get(name)
    if topic is None:
        raise Stop(f"topic {name} does not exist: the first worker or producer makes it")
    partitions = [TopicPartition(name, number) for number in range(topic.partitions)]
    options = client_options(configuration) | {"isolation_level": "read_committed"}
    with reaching(configuration), closing(KafkaConsumer(**options, group_id=None)) as consumer:
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        # By position: compaction leaves gaps.
        while follow or any(consumer.position(tp) < ends[tp] for tp in partitions):
            for records in consumer.poll(POLL_MS, max_records=POLL_RECORDS).values():
                yield from (record.value for record in records if record.value is not None)
