"""What every loop of a worker needs: pauses that an order to stop cuts short, faults that end the process."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from streams.live.ending import end


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until told to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), max(0.0, seconds))


def sound(part: str, work: Callable[..., Awaitable[None]]) -> Callable[..., Coroutine[Any, Any, None]]:
    """The same work; a fault in it ends the process, since what is in memory may be half done."""

    async def sound(*arguments: Any) -> None:
        try:
            await work(*arguments)
        except Exception as fault:  # whatever it is; its text may hold what a customer wrote
            frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(fault.__traceback__)]
            end("fault", part=part, fault=type(fault).__name__, frames=frames)

    return sound
