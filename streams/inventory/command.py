"""The command `floorwalker inventory`: reads recorded events or topics, and sets them beside the registry."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Annotated

import msgspec
import typer

from streams.address import SCHEME, at
from streams.broker import admin, describe
from streams.build import build_read
from streams.errors import ConfigError
from streams.inventory.entries import entries
from streams.inventory.show import document, tables
from streams.inventory.tally import tally
from streams.load import Configuration, load
from streams.options import ConfigFile, RegistryFile
from streams.reading import Record, Rejection
from streams.records.facts import Fact
from streams.replay.command import From, To, moment
from streams.replay.kafka_source import opened
from streams.replay.sources import Source, Window
from streams.screen import console, progress

STEP = 512  # records between two movements of the bar

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...",
        show_default=False,
        help="Recorded events: .jsonl, .jsonl.gz, - for standard input, or kafka://HOST:PORT. None: what the "
        "registry says, alone.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, for programs.")]


def inventory(
    sources: Sources = None,
    registry: RegistryFile = None,
    config: ConfigFile = None,
    start: From = None,
    stop: To = None,
    json: Json = False,
) -> None:
    """What is connected, what it may do, what it did do, what nobody uses, and when it was last reviewed.

    Sources, agents, versions, models, queues, tool calls and classes of data in the events, beside the
    registry's permissions. No text is read.

    **floorwalker inventory events.jsonl.gz --registry registry.json**
    """
    configuration = load(config, os.environ, registry)
    if configuration.registry is None:
        console(stderr=True).print("no registry: what is allowed is not known")
    window = Window(moment("--from", start), moment("--to", stop))
    with _opened(sources or [], configuration, window) as (records, size):
        seen = tally(_facts(records, size, configuration, window))
    found = entries(seen, configuration.registry)
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(document(found))))
        return
    screen = console()
    for table in tables(found):
        screen.print(table, "")


def _facts(
    records: Iterable[Record], size: int, configuration: Configuration, window: Window
) -> Iterator[Fact]:
    read = build_read(configuration, content=False)
    rejected = number = 0
    with progress("inventory", size) as step:
        for number, record in enumerate(records, start=1):
            found = read(record)
            if isinstance(found, Rejection):
                rejected += 1
            elif window.holds(found.time):
                yield found
            if number % STEP == 0:
                step(number if size else 0, number, 0)
    if rejected:
        console(stderr=True).print(f"{rejected:,} of {number:,} records are no events")


@contextmanager
def _opened(
    sources: Sequence[str], configuration: Configuration, window: Window
) -> Iterator[tuple[Iterable[Record], int]]:
    """All records, and how many there are; 0: not known."""
    if not any(source.startswith(SCHEME) for source in sources):
        yield chain.from_iterable([Source(name) for name in sources]), 0
        return
    if len(sources) > 1:
        raise ConfigError(sources[0], "topics are a source of their own: no others beside them")
    there = at(sources[0], configuration)
    with admin(there) as client:
        topics = describe(client, there.settings.kafka.inputs())
    with opened(there, list(topics.values()), window) as partitions:
        yield chain.from_iterable(partitions), sum(partition.size for partition in partitions)
