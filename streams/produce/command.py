"""The command `floorwalker produce`: recorded or simulated events onto the topics."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta
from typing import Annotated

import typer

from streams.address import at
from streams.errors import ConfigError
from streams.load import Configuration, load
from streams.options import ConfigFile, RegistryFile
from streams.produce.pace import Pace
from streams.produce.run import Played, play
from streams.reading.decode import micros
from streams.replay.sources import Source, numbered
from streams.screen import console, progress
from streams.settings import INPUTS

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        show_default=False,
        help="Recorded events: .jsonl, .jsonl.gz, or - for standard input. Several are merged by event time.",
    ),
]
To = Annotated[str, typer.Option("--to", metavar="kafka://HOST:PORT", help="The brokers.")]
Rate = Annotated[float | None, typer.Option(metavar="N", min=0.001, max=1e7, help="N events a second.")]
Speed = Annotated[float | None, typer.Option(metavar="X", min=0.001, max=1e9, help="X times real time.")]
Finish = Annotated[
    bool,
    typer.Option("--finish", help="Afterwards say that nothing follows, so that all that is open closes."),
]


def produce(
    sources: Sources,
    to: To,
    rate: Rate = None,
    speed: Speed = None,
    finish: Finish = False,
    config: ConfigFile = None,
    registry: RegistryFile = None,
) -> None:
    """Play recorded or simulated events onto the topics of a live monitor.

    In time order, keyed by conversation; as fast as it goes, or at a rate or speed. What is no event is sent
    too. Topics are made where they are missing.

    **floorwalker produce events.jsonl.gz --to kafka://localhost:9092 --speed 100 --finish**
    """
    # Other commands start sooner without the client.
    from streams.live.topics import ensure
    from streams.produce.topics import Topics
    from streams.writer import writing

    if rate and speed:
        raise ConfigError("--rate, --speed", "one of them, not both")
    opened = [Source(name) for name in sources]
    configuration = at(to, load(config, os.environ, registry))
    kafka = configuration.settings.kafka
    ensure(configuration, (*INPUTS, "controls"))
    with writing(configuration) as writer, progress("produce", sum(s.size for s in opened)) as step:
        out = Topics(configuration, writer)
        try:
            played = play(
                (record.value.rstrip(b"\r\n") for _, record in numbered(opened)),
                out,
                Pace(rate, speed),
                f"produce-{uuid.uuid4().hex[:12]}",
                longest_lateness(configuration),
                finish=finish,
                progress=lambda p: step(sum(s.done for s in opened), p.events, _reached(p)),
            )
        finally:
            out.close()
    screen = console(stderr=True)
    names = ", ".join(f"{count:,} {kafka.named(topic)}" for topic, count in sorted(played.topics.items()))
    screen.print(f"sent {played.events:,} events ({names}), {played.marks:,} marks")
    if played.too_large:
        screen.print(f"not sent: {played.too_large:,} that are larger than brokers take")


def longest_lateness(configuration: Configuration) -> timedelta:
    """Of any tenant: so far behind others an event may still count."""
    tenants = configuration.registry.tenants.values() if configuration.registry else ()
    own = [tenant.lateness_s for tenant in tenants if tenant.lateness_s is not None]
    return timedelta(seconds=max([configuration.settings.lateness_s, *own]))


def _reached(played: Played) -> int:
    return micros(played.highest) if played.events > played.unread else 0
