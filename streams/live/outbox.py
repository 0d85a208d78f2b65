"""The outbox: records on their way to the broker, in order, until it has acknowledged them.

A send that fails ends the process. A client that dropped an expired batch and then sent the next one would
lose the events of the first; a fresh start sends them again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol, cast

from streams.live.ending import end

MAX_WAITING = (
    1024  # sends not acknowledged: at 40 KB a parcel 40 MB; more only fills memory while a broker is slow
)


class Producer(Protocol):
    """What an outbox needs of Faust's producer."""

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Any,
    ) -> Awaitable[Any]:
        """Queue a record; what is returned waits for its acknowledgement."""


class Outbox:
    """Sends records; `settled` waits until all that were sent through it are acknowledged."""

    def __init__(self) -> None:
        self._producer: Producer | None = None
        self._waiting: dict[asyncio.Future[Any], None] = {}

    def connect(self, producer: Producer) -> None:
        """Use a started producer."""
        self._producer = producer

    @property
    def waiting(self) -> int:
        """How many sends are not acknowledged."""
        return len(self._waiting)

    async def send(
        self, topic: str, value: bytes | None, key: bytes | None = None, partition: int | None = None
    ) -> asyncio.Future[Any]:
        """Queue a record; waits while too many are on their way. The future is done when acknowledged."""
        while len(self._waiting) >= MAX_WAITING:
            await asyncio.wait(self._waiting, return_when=asyncio.FIRST_COMPLETED)
        if self._producer is None:
            raise RuntimeError("the outbox is not connected")
        try:
            sent = await self._producer.send(topic, key, value, partition, None, None)
        except Exception as fault:  # whatever it was, the record is not on its way
            end("send failed", topic=topic, fault=type(fault).__name__)
        future = cast("asyncio.Future[Any]", asyncio.ensure_future(sent))
        self._waiting[future] = None
        future.add_done_callback(self._done)
        return future

    async def sent(
        self, topic: str, value: bytes | None, key: bytes | None = None, partition: int | None = None
    ) -> int:
        """Send a record and wait for its acknowledgement; returns its offset."""
        acknowledged = await asyncio.shield(await self.send(topic, value, key, partition))
        return int(acknowledged.offset)

    async def settled(self) -> None:
        """Wait until everything sent so far is acknowledged."""
        if self._waiting:
            await asyncio.wait(list(self._waiting))

    def _done(self, future: asyncio.Future[Any]) -> None:
        self._waiting.pop(future, None)
        if future.cancelled():
            end("send cancelled")
        fault = future.exception()
        if fault is not None:
            end("send failed", fault=type(fault).__name__)
