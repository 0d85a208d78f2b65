"""The command `floorwalker worker`: the live monitor."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import Annotated

import structlog
import typer

from streams.live.app import connection
from streams.live.controls import publish, published_origins, read_controls
from streams.live.failpoints import VARIABLE, Failpoints
from streams.live.names import Names
from streams.live.topics import ensure, origins
from streams.live.worker import Worker
from streams.load import Configuration, load
from streams.options import ConfigFile

ClockOption = Annotated[
    str, typer.Option("--clock", metavar="wall|events", help="Where time comes from when nothing arrives: the wall clock, or the records alone (for recorded traffic).")
]  # fmt: skip
Accept = Annotated[
    bool, typer.Option("--accept", help="Start although something was lost; the log says what.")
]


def worker(config: ConfigFile = None, clock: ClockOption = "wall", accept: Accept = False) -> None:
    """Run the live monitor on Kafka.

    Any number of workers share the work. A worker ends by itself, with a reason and exit code 70, where only
    a fresh start is sound: let a supervisor start it again.

    **floorwalker worker --config config/floorwalker.yaml**
    """
    if clock not in ("wall", "events"):
        raise typer.BadParameter("wall or events", param_hint="--clock")
    set_up_logs()
    failpoints = Failpoints(os.environ.get(VARIABLE, ""))
    asyncio.run(_run(load(config, os.environ), wall=clock == "wall", accept=accept, failpoints=failpoints))


async def _run(configuration: Configuration, *, wall: bool, accept: bool, failpoints: Failpoints) -> None:
    topics = await asyncio.to_thread(ensure, configuration)
    names, reach = Names.of(configuration.settings.kafka), connection(configuration)
    controls = await read_controls(reach, names.controls)
    now = origins(topics, configuration.settings.kafka)
    if published_origins(controls) != now:
        await publish(reach, names.controls, now)
        controls.append(now)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Worker(configuration, topics, controls, wall=wall, failpoints=failpoints).run(stop)


def set_up_logs() -> None:
    """One JSON object a line on standard error: places, numbers and reasons, no text of events."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
