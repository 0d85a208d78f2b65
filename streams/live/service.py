"""One worker process from its start to its end: topics, checks, announcements, then the work."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from detectors.codec import model_class
from detectors.season import MODEL as SEASON
from streams.live import start
from streams.live.announce import announce, reload
from streams.live.app import connection
from streams.live.controls import read_controls
from streams.live.failpoints import Failpoints
from streams.live.names import Names
from streams.live.topics import ensure
from streams.live.web import serve
from streams.live.worker import Worker
from streams.load import Configuration


async def run(
    configured: Callable[[], Configuration], *, wall: bool, accept: bool, failpoints: Failpoints
) -> None:
    """Work until SIGTERM. configured: reads the configuration, again on SIGHUP; the rest: see `Worker`."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.run_in_executor(None, model_class, SEASON)  # imports River while brokers are asked and others let go
    configuration = configured()
    topics = await asyncio.to_thread(ensure, configuration)
    names, reach = Names.of(configuration.settings.kafka), connection(configuration)
    controls = await read_controls(reach, names.controls)
    await asyncio.to_thread(start.check, configuration, topics, controls, accept=accept)
    controls += await announce(configuration, topics, controls)
    found = Worker(configuration, topics, controls, wall=wall, accept=accept, failpoints=failpoints)
    live = configuration.settings.live
    if live.port:
        serve(live.host, live.port, found.metrics.registry, found.unwell, found.unready, found.blind)
    loop.add_signal_handler(signal.SIGHUP, lambda: reload(found, configured, wall=wall))
    await found.run(stop)
