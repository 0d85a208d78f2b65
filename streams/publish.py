"""The command `floorwalker publish`: a changed registry, in force everywhere from the same event time on."""

from __future__ import annotations

import os
import time
from typing import Annotated, Literal

import msgspec
import typer

from streams.address import at
from streams.errors import ConfigError
from streams.load import load
from streams.options import ConfigFile
from streams.reading.decode import micros
from streams.records.alerts import rfc3339
from streams.records.controls import RegistryChange
from streams.records.events import Time
from streams.records.facts import MICROS
from streams.records.registry import Registry
from streams.screen import console

AHEAD_S = 120.0  # a control reaches all logs within seconds; a slot that has closed cannot be judged anew
SLACK_S = 1.0  # between reading the clock here and asking for a time two minutes ahead
_encode = msgspec.json.Encoder(order="deterministic").encode

RegistryArgument = Annotated[str, typer.Argument(metavar="REGISTRY", help="The new registry, JSON or YAML.")]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="kafka://HOST:PORT", help="The brokers; else as configured."),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="TIME",
        help="Event time from which it is in force, two minutes ahead or more; without: two minutes ahead.",
    ),
]
Author = Annotated[str, typer.Option(help="Who changes it, for the audit log.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]
Clock = Annotated[
    Literal["wall", "events"],
    typer.Option(help="As the workers have it; events: recorded traffic, TIME may be any."),
]


def publish(
    registry: RegistryArgument,
    to: To = None,
    at_time: At = None,
    author: Author = "",
    reason: Reason = "",
    clock: Clock = "wall",
    config: ConfigFile = None,
) -> None:
    """Publish a changed registry to all workers and every later replay.

    Instructions and canaries are not published: workers read them from their own file when they start.

    **floorwalker publish registry.json --config config/floorwalker.yaml --reason "2.1 goes live"**
    """
    # Other commands start sooner without the client.
    from streams.live.topics import ensure
    from streams.writer import writing

    configuration = load(config, os.environ, registry)
    if to is not None:
        configuration = at(to, configuration)
    assert configuration.registry is not None  # noqa: S101 - it was named, so it was read
    slot = configuration.settings.slot_s * MICROS
    now = None if clock == "events" else time.time_ns() // 1000
    change = changed(configuration.registry, effective(at_time, now, slot), author, reason)
    topic = configuration.settings.kafka.named("controls")
    ensure(configuration, ("controls",))
    with writing(configuration) as writer:
        if not writer.send(topic, change.id.encode(), _encode(change), partition=0):
            raise ConfigError(registry, "is larger than brokers take")
    console(stderr=True).print(f"{change.id}: in force from {rfc3339(change.effective)} on")


def effective(text: str | None, now: int | None, slot: int) -> int:
    """From when on, microseconds: the first slot that begins at the time asked for, or later.

    now: of the wall clock, microseconds; None: event time is another. ConfigError where it is too soon.

    >>> effective(None, 1_000_000_000, 15_000_000)
    1125000000
    """
    if text is None:
        if now is None:
            raise ConfigError("--at", "missing: with --clock events only you know where event time is")
        moment = now + round(AHEAD_S * MICROS)
    else:
        try:
            moment = micros(msgspec.convert(text, Time))
        except msgspec.ValidationError:
            raise ConfigError("--at", f"{text!r} is not RFC 3339 with an offset") from None
        if now is not None and moment < now + round((AHEAD_S - SLACK_S) * MICROS):
            raise ConfigError("--at", f"{text} is less than {AHEAD_S:g} s ahead: some slots may have closed")
    return -(-moment // slot) * slot


def changed(registry: Registry, moment: int, author: str, reason: str) -> RegistryChange:
    """The control. The same registry from the same time on has the same id: said twice it counts once."""
    return RegistryChange(
        id=f"registry-{registry.digest}-{moment // MICROS}",
        effective=moment,
        registry=registry.public(),
        author=author,
        reason=reason,
    )
