"""The command `floorwalker worker`: the live monitor."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated, Literal

import typer

from streams.live.failpoints import VARIABLE, Failpoints
from streams.live.logs import set_up_logs
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

    from streams.live.service import run  # takes a second, which only this command should cost

    asyncio.run(run(configured, wall=clock == "wall", accept=accept, failpoints=failpoints))


def reread(config: ConfigFile = None) -> None:
    """Set the readers back to where the snapshots of the floors stand, after facts were lost in the logs.

    Stop all workers first. Events that were learned already are not learned again.

    **floorwalker reread --config config/floorwalker.yaml**
    """
    from streams.live.reread import run  # takes a second, which only this command should cost

    run(config)
