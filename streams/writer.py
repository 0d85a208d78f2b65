"""Writing to topics from the command line: in order, acknowledged by all copies, with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaProducer
from kafka.errors import MessageSizeTooLargeError

from streams.broker import client_options, reaching
from streams.errors import Stop
from streams.load import Configuration

LINGER_MS = 10  # fuller batches: twice as fast, and nobody who plays events notices
BATCH_BYTES = 256 << 10
WAITING = 20_000  # records not acknowledged; the client itself would take any number
LARGEST_BYTES = 1 << 20  # a broker's usual limit
GIVE_UP_MS = 60_000  # brokers that are away for longer end the command


class Writer:
    """Sends records. `settle` waits until all are acknowledged; Stop where one was refused for good."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer
        self._waiting = 0
        self._failed: list[BaseException] = []

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> bool:
        """Queue one record. False: it is larger than brokers take."""
        try:
            sent = self._producer.send(
                topic, key=key, value=value, headers=list(headers), partition=partition
            )
        except MessageSizeTooLargeError:
            return False
        sent.add_errback(self._failed.append)
        self._waiting += 1
        if self._waiting >= WAITING:
            self.settle()
        return True

    def settle(self) -> None:
        """Wait for all acknowledgements."""
        self._producer.flush()
        self._waiting = 0
        if self._failed:
            raise Stop(f"the brokers refused a record: {self._failed[0]}")


@contextmanager
def writing(configuration: Configuration) -> Iterator[Writer]:
    """A writer; what was sent is acknowledged when the context ends well."""
    with reaching(configuration):
        producer = KafkaProducer(
            **client_options(configuration),
            acks="all",
            linger_ms=LINGER_MS,
            batch_size=BATCH_BYTES,
            compression_type="lz4",
            max_request_size=LARGEST_BYTES,
            delivery_timeout_ms=GIVE_UP_MS,
            allow_auto_create_topics=False,
        )
        try:
            writer = Writer(producer)
            yield writer
            writer.settle()
        finally:
            producer.close(timeout=1.0)
