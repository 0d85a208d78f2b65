"""Sending records again that were no events: read where they lie, sent where this version can read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, groupby
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from streams.broker import admin, client_options, describe
from streams.build import build_read
from streams.errors import Stop
from streams.load import Configuration
from streams.reading import Record, Rejection
from streams.sinks.deadletters import DeadLetter, encode_letter, ranges_of
from streams.sinks.ledger import Pile, Place, Ranges, union
from streams.writer import Writer, writing

HEADER = "floorwalker-replayed"
"""Header of a record that was sent again: where it lay before."""
TOGETHER = 10_000  # records sent again between two settlements: what a crash sends twice
POLL_MS = 500
PATIENCE_S = 60.0  # a partition that has records and yields none for so long will not


def send_again(configuration: Configuration, piles: Sequence[Pile]) -> Counter[str]:
    """How many were `sent again`, are `still rejected`, are `gone`."""
    return _Again(configuration).run(piles)


class _Again:
    """Reads records once more where they lie, and sends those that are events now."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._read = build_read(configuration)
        self._done: Counter[str] = Counter()

    def run(self, piles: Sequence[Pile]) -> Counter[str]:
        """How many were sent again, are still rejected, are gone."""
        places = {
            place: union(chain.from_iterable(pile.ranges for pile in group))
            for place, group in groupby(piles, key=lambda pile: pile.place)
        }
        with admin(self._configuration) as client:
            topics = describe(client, sorted({place.topic for place in places}))
        with writing(self._configuration) as writer:
            options = client_options(self._configuration)
            consumer = KafkaConsumer(**options, group_id=None, enable_auto_commit=False)
            with closing(consumer):
                for place, ranges in places.items():
                    known = topics.get(place.topic)
                    if known is None or place.topic_id not in ("", known.id):
                        self._done["gone"] += _count(ranges)  # the name is another topic's now
                    else:
                        self._place(place, ranges, consumer, writer)
        return self._done

    def _place(self, place: Place, ranges: Ranges, consumer: Any, writer: Writer) -> None:
        found, sent = 0, list[int]()
        for record in _records(consumer, place, ranges):
            found += 1
            stamp = record.timestamp * 1000 if record.timestamp >= 0 else None
            value, headers = record.value or b"", tuple(record.headers)
            read = self._read(
                Record(place.topic, place.partition, record.offset, value, headers, stamp, place.topic_id)
            )
            if isinstance(read, Rejection):
                self._done["still rejected"] += 1
                continue
            origin = f"{place.topic}/{place.partition}/{record.offset}".encode()
            writer.send(place.topic, record.key, value, (*headers, (HEADER, origin)), place.partition)
            sent.append(record.offset)
            if len(sent) >= TOGETHER:
                self._settle(place, sent, writer)
                sent = []
        if sent:
            self._settle(place, sent, writer)
        self._done["gone"] += _count(ranges) - found

    def _settle(self, place: Place, sent: list[int], writer: Writer) -> None:
        """First acknowledged, then settled: a crash between sends again, and duplicates are dropped."""
        writer.settle()
        letter = DeadLetter(
            reason="replayed",
            field="",
            detail="",
            topic=place.topic,
            topic_id=place.topic_id,
            partition=place.partition,
            offset=sent[0],
            count=len(sent),
            ranges=ranges_of(sent),
            replayed=True,
        )
        topic = self._configuration.settings.kafka.named("deadletter")
        writer.send(topic, letter.key(), encode_letter(letter))
        writer.settle()
        self._done["sent again"] += len(sent)


def _records(consumer: Any, place: Place, ranges: Ranges) -> Iterator[Any]:
    """The client's records at some offsets of one partition, those that are still there."""
    tp = TopicPartition(place.topic, place.partition)
    consumer.assign([tp])
    first, end = consumer.beginning_offsets([tp])[tp], consumer.end_offsets([tp])[tp]
    for start, stop in ranges:
        at_, last = max(start, first), min(stop, end)
        if at_ >= last:
            continue
        consumer.seek(tp, at_)
        asked = monotonic()
        while consumer.position(tp) < last:
            if found := consumer.poll(POLL_MS).get(tp, []):
                asked = monotonic()
            elif monotonic() - asked > PATIENCE_S:
                raise Stop(f"{place.topic}, partition {place.partition}: no records for {PATIENCE_S:g} s")
            yield from (record for record in found if record.offset < last)


def _count(ranges: Ranges) -> int:
    return sum(stop - start for start, stop in ranges)
