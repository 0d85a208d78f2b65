"""The topics that events are played onto, and the ends of their partitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from kafka import KafkaConsumer, TopicPartition

from streams.broker import client_options, reaching
from streams.load import Configuration
from streams.produce.route import Route
from streams.records.controls import Mark
from streams.settings import INPUTS
from streams.writer import Writer

encode_control = msgspec.json.Encoder(order="deterministic").encode


class Topics:
    """The topics of events and the one of controls."""

    def __init__(self, configuration: Configuration, writer: Writer) -> None:
        kafka = configuration.settings.kafka
        self._names = {field: kafka.named(field) for field in INPUTS}
        self._controls = kafka.named("controls")
        self._configuration, self._writer = configuration, writer
        self._consumer: Any = None
        self._partitions: list[TopicPartition] = []

    def event(self, route: Route, value: bytes) -> bool:
        """Queue one event by its route."""
        return self._writer.send(self._names[route.topic], route.key, value)

    def settle(self) -> None:
        """Wait until all are acknowledged."""
        self._writer.settle()

    def ends(self) -> Mapping[str, list[int]]:
        """End of every partition of the topics of events."""
        with reaching(self._configuration):
            if self._consumer is None:
                options = client_options(self._configuration)
                self._consumer = KafkaConsumer(**options, group_id=None, enable_auto_commit=False)
                self._partitions = [
                    TopicPartition(name, number)
                    for name in self._names.values()
                    for number in sorted(self._consumer.partitions_for_topic(name))
                ]
            ends = self._consumer.end_offsets(self._partitions)
        found: dict[str, list[int]] = {}
        for tp in self._partitions:
            found.setdefault(tp.topic, []).append(ends[tp])
        return found

    def mark(self, mark: Mark) -> None:
        """Publish a mark."""
        self._writer.send(self._controls, mark.id.encode(), encode_control(mark), partition=0)

    def close(self) -> None:
        """Let the brokers go."""
        if self._consumer is not None:
            self._consumer.close(autocommit=False)
