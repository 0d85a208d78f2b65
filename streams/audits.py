"""The command `floorwalker audit`: the audit log as it stands, and whether its chain joins."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from streams.alerts import changes
from streams.errors import ConfigError, Stop
from streams.load import load
from streams.options import ConfigFile
from streams.screen import console
from streams.sinks.audit import Head
from streams.sinks.audit import verify as join

FAULTS_SHOWN = 10

audit = typer.Typer(
    name="audit", no_args_is_help=True, help="What was told, muted, taken on and changed: a chain of hashes."
)
KnownHead = Annotated[
    str | None,
    typer.Option("--head", metavar="NUMBER:HASH", help="As an earlier run printed it and you kept it."),
]


@audit.command()
def show(config: ConfigFile = None) -> None:
    """Print all entries, one JSON object a line."""
    for entry in changes(load(config, os.environ), field="audit"):
        sys.stdout.buffer.write(entry + b"\n")
    sys.stdout.buffer.flush()


@audit.command()
def verify(head: KnownHead = None, config: ConfigFile = None) -> None:
    """Say whether every entry joins the one before it, and print the head of the chain.

    A chain cannot show that its end was cut off: keep the head somewhere else, and give it here.

    **floorwalker audit verify --head 1205:9c0f...**
    """
    configuration = load(config, os.environ)
    known = None if head is None else head_of(head)
    found, faults = join(changes(configuration, field="audit"), configuration.key, known)
    screen = console(stderr=True)
    for fault in faults[:FAULTS_SHOWN]:
        screen.print(f"entry {fault.place} {fault.why}")
    if faults:
        raise Stop(f"the audit log does not join at {len(faults)} of {found.entries} entries")
    screen.print(f"{found.entries} entries, all of them join" + ("" if configuration.key else " (no key)"))
    console().print(f"{found.entries}:{found.hash}")


def head_of(text: str) -> Head:
    """A head as `verify` prints it; ConfigError where it is none.

    >>> head_of("7:ab")
    Head(entries=7, hash='ab')
    """
    number, _, digest = text.partition(":")
    if not number.isdecimal() or not digest or int(number) < 1:
        raise ConfigError("--head", f"{text!r} is not NUMBER:HASH")
    return Head(int(number), digest)
