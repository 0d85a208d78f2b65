"""One notify process from its start to its end."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Mapping

import aiohttp

from streams.live.failpoints import Failpoints
from streams.live.topics import ensure
from streams.live.web import serve
from streams.load import Configuration
from streams.notify.leading import Leading
from streams.notify.metrics import Metrics
from streams.notify.notices import Answer
from streams.notify.receivers import build
from streams.notify.trial import trial

TOPICS = ("alerts", "controls", "delivered", "audit")


async def run(configuration: Configuration, secrets: Mapping[str, str], failpoints: Failpoints) -> None:
    """Deliver until SIGTERM. secrets: of receivers, by name."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    settings = configuration.settings
    async with session() as client:
        senders = build(settings.notify, secrets, client)
        await asyncio.to_thread(ensure, configuration, TOPICS)
        metrics = Metrics()
        leading = Leading(configuration, senders, metrics, failpoints)
        if settings.notify.port:
            serve(
                settings.live.host, settings.notify.port, metrics.registry, lambda: "", lambda: leading.ready
            )
        await leading.run(stop)


async def ask(configuration: Configuration, secrets: Mapping[str, str]) -> dict[str, Answer]:
    """Send a test to each receiver."""
    async with session() as client:
        return await trial(build(configuration.settings.notify, secrets, client), time.time())


def session() -> aiohttp.ClientSession:
    """For all receivers; through the proxy that the environment names, where it does."""
    return aiohttp.ClientSession(trust_env=True)
