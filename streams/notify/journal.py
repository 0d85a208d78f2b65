"""The journal: rows, audit entries and our own alerts on their way to the brokers, until they have them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from msgspec import Struct

from streams.live.ending import end
from streams.notify.delivered import Row, encode_row
from streams.notify.jobs import Fact
from streams.records.alerts import Alert, encode_alert, rfc3339
from streams.sinks.audit import Chapter, encode_entry

POSITION = b"position"  # key of its record among the rows, whose keys have a slash

_Send: TypeAlias = tuple[str, bytes | None, bytes | None]


class Position(Struct, frozen=True, kw_only=True):
    """From where a start goes on. alerts: next offset of each partition. controls: the first one that is not
    in the audit log. receivers: names of those that were there."""

    alerts: dict[int, int]
    controls: int
    receivers: list[str]


encode_position = msgspec.json.encode
decode_position = msgspec.json.Decoder(Position).decode


class Journal(Protocol):
    """What delivery writes. Each returns when it cannot be lost any more."""

    async def write(self, rows: Sequence[Row], facts: Sequence[Fact], now: float) -> None:
        """What receivers were told, and what happened."""

    async def forget(self, keys: Iterable[bytes]) -> None:
        """What stands under these keys is not remembered any longer."""

    async def keep(self, position: Position) -> None:
        """From where a start goes on."""

    async def say(self, alerts: Sequence[Alert]) -> None:
        """Alerts about delivery itself."""


class KafkaJournal:
    """delivered, audit, alerts: topics. A send that fails ends the process: a fresh start tells again what
    was not written."""

    def __init__(
        self, producer: AIOKafkaProducer, chapter: Chapter, delivered: str, audit: str, alerts: str
    ) -> None:
        self._producer, self._chapter = producer, chapter
        self._delivered, self._audit, self._alerts = delivered, audit, alerts

    async def write(self, rows: Sequence[Row], facts: Sequence[Fact], now: float) -> None:
        """What receivers were told, and what happened."""
        at = rfc3339(round(now * 1e6))
        entries = [self._chapter.add(fact.what, at, fact.body) for fact in facts]
        sends: list[_Send] = [(self._audit, encode_entry(entry), None) for entry in entries]
        sends += [(self._delivered, encode_row(row), row.key) for row in rows]
        await self._send(sends)

    async def forget(self, keys: Iterable[bytes]) -> None:
        """What stands under these keys is not remembered any longer."""
        await self._send([(self._delivered, None, key) for key in keys])

    async def keep(self, position: Position) -> None:
        """From where a start goes on."""
        await self._send([(self._delivered, encode_position(position), POSITION)])

    async def say(self, alerts: Sequence[Alert]) -> None:
        """Alerts about delivery itself."""
        await self._send([(self._alerts, encode_alert(alert), alert.id.encode()) for alert in alerts])

    async def _send(self, records: Sequence[_Send]) -> None:
        try:
            # In order: entries of one chapter must not overtake each other.
            sent: list[Any] = [await self._producer.send(topic, value, key) for topic, value, key in records]
            await asyncio.gather(*sent)
        except (KafkaError, OSError) as fault:
            end("send failed", fault=type(fault).__name__)
