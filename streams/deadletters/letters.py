"""All dead letters on their topic."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import msgspec

from streams.broker import admin, describe
from streams.load import Configuration
from streams.replay.kafka_source import opened
from streams.replay.sources import Window
from streams.sinks.deadletters import DeadLetter, decode_letter


def letters(configuration: Configuration) -> Iterator[DeadLetter]:
    """In the order in which they were written; what is none is passed over."""
    with admin(configuration) as client:
        topics = describe(client, [configuration.settings.kafka.named("deadletter")])
    with opened(configuration, list(topics.values()), Window()) as partitions:
        for record in chain.from_iterable(partitions):
            try:
                yield decode_letter(record.value)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue  # somebody else wrote it
