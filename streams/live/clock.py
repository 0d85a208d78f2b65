"""The clock: how far event time is in every log, told once a second, so that no reader runs far ahead.

The low time of a log is the highest event time of its slowest origin with something left to read. One
that finds floors full lets origins wait that are too far ahead of the lowest: a catch-up holds little.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from streams.live.compacted import consumer

TICK_S = 1.0
STALE_S = 10.0  # what nobody has confirmed for so long holds nobody back: its worker may be gone


class Told(Struct, frozen=True):
    """What a floor says of its log. low, high: event time in microseconds; low 0: nothing holds back.
    held: facts that wait for their slot to close."""

    log: int
    low: int
    high: int
    held: int = 0


encode_told = msgspec.json.encode
_decode = msgspec.json.Decoder(Told).decode


async def follow(
    connection: Mapping[str, Any], topic: str, take: Callable[[bytes | None], None]
) -> None:
    """Hand on every record of a topic, from now on, until cancelled."""
    async with consumer(connection) as client:
        client.subscribe([topic])
        while True:
            for records in (await client.getmany(timeout_ms=int(TICK_S * 1000))).values():
                for record in records:
                    take(record.value)
            await asyncio.sleep(TICK_S / 4)


class Clock:
    """The last that was heard of each log."""

    def __init__(self) -> None:
        self._heard: dict[int, tuple[float, Told]] = {}

    def hear(self, told: Told, now_s: float) -> None:
        """Take what a floor says. now_s: any steady clock, the same as in `low`."""
        self._heard[told.log] = (now_s, told)

    def low(self, now_s: float) -> int:
        """Lowest low time of all logs that were heard lately; 0 where nothing holds back.

        >>> clock = Clock()
        >>> clock.hear(Told(0, 500, 900), 1.0)
        >>> clock.hear(Told(1, 0, 800), 1.0)
        >>> clock.low(2.0), clock.low(20.0)
        (500, 0)
        """
        lows = [told.low for at, told in self._heard.values() if now_s - at <= STALE_S and told.low]
        return min(lows, default=0)

    def held(self) -> int:
        """Facts that the fullest log holds."""
        return max((told.held for _, told in self._heard.values()), default=0)

    def high(self) -> int:
        """Highest event time of all logs; 0 before any."""
        return max((told.high for _, told in self._heard.values()), default=0)

    async def listen(self, connection: Mapping[str, Any], topic: str) -> None:
        """Hear everybody, from now on, until cancelled."""
        await follow(connection, topic, self._take)

    def _take(self, value: bytes | None) -> None:
        try:
            self.hear(_decode(value or b""), time.monotonic())
        except msgspec.DecodeError:
            return
