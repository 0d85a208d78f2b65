"""The command `floorwalker worker`: the live monitor."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Annotated, Literal

import typer

from streams.live import start
from streams.live.announce import announce, reload
from streams.live.app import connection
from streams.live.controls import read_controls
from streams.live.failpoints import VARIABLE, Failpoints
from streams.live.logs import set_up_logs
from streams.live.names import Names
from streams.live.topics import ensure
from streams.live.web import serve
from streams.live.worker import Worker
from streams.load import Configuration, load
from streams.options import ConfigFile

ClockOption = Annotated[
    Literal["wall", "events"],
    typer.Option(
        "--clock",
        help="Where time comes from while nothing arrives: the wall clock, or the records alone (for "
        "recorded traffic).",
    ),
]
Accept = Annotated[
    bool, typer.Option("--accept", help="Start although something was lost. Without it the start says what.")
]


def worker(config: ConfigFile = None, clock: ClockOption = "wall", accept: Accept = False) -> None:
    """Run the live monitor on Kafka.

    Any number of workers share the work. A worker ends itself with exit code 70 where only a fresh start is
    sound, and says why: let a supervisor start it again. SIGTERM ends it in good order; SIGHUP publishes the
    registry as it now stands in its file.

    **floorwalker worker --config config/floorwalker.yaml**
    """
    set_up_logs()
    failpoints = Failpoints(os.environ.get(VARIABLE, ""))

    def configured() -> Configuration:
        return load(config, os.environ)

    asyncio.run(_run(configured, wall=clock == "wall", accept=accept, failpoints=failpoints))


async def _run(
    configured: Callable[[], Configuration], *, wall: bool, accept: bool, failpoints: Failpoints
) -> None:
    configuration = configured()
    topics = await asyncio.to_thread(ensure, configuration)
    names, reach = Names.of(configuration.settings.kafka), connection(configuration)
    controls = await read_controls(reach, names.controls)
    await asyncio.to_thread(start.check, configuration, topics, controls, accept=accept)
    controls += await announce(configuration, topics, controls)
    found = Worker(configuration, topics, controls, wall=wall, accept=accept, failpoints=failpoints)
    live = configuration.settings.live
    if live.port:
        serve(live.host, live.port, found.metrics.registry, found.unwell, found.unready)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: reload(found, configured, wall=wall))
    await found.run(stop)
