"""The command `floorwalker scan`: opens files and writes one line for each event."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from streams.build import build_scanner
from streams.errors import ConfigError
from streams.load import load
from streams.options import ConfigFile, RegistryFile
from streams.replay.command import output
from streams.replay.sources import Source
from streams.scan import encode_line
from streams.screen import console, progress

STEP = 512  # lines between two movements of the bar


class Text(StrEnum):
    """What of the text is written."""

    NONE = "none"
    REDACTED = "redacted"


Input = Annotated[
    str,
    typer.Argument(
        metavar="IN", show_default=False, help="Events: .jsonl, .jsonl.gz, or - for standard input."
    ),
]
OutFile = Annotated[
    str, typer.Option(metavar="OUT", help="Where the lines go; - is standard output.", show_default=False)
]
TextOption = Annotated[
    Text,
    typer.Option(help="redacted: write the text too, personal data and secrets replaced by their kinds."),
]


def scan(
    source: Input,
    out: OutFile,
    registry: RegistryFile = None,
    config: ConfigFile = None,
    text: TextOption = Text.NONE,
) -> None:
    """Run the content checks alone over events, in input order: the code of the live monitor, before launch.

    One line for each line of the input that is not empty, in the same order:
    `{"id", "source", "scores", "findings"}`. A score says how suspicious the event is, from 0 to 1, given its
    conversation so far; null where the check does not apply. A line that is no event has null for id, source
    and scores, and `error` with reason, field and detail. Ids that look like personal data are replaced.

    **floorwalker scan events.jsonl --registry registry.json --out scores.jsonl --text redacted**
    """
    if out == source != "-":
        raise ConfigError(out, "is read and written at the same time")
    configuration = load(config, os.environ, registry)
    opened = Source(source)
    if configuration.registry is None:
        console(stderr=True).print("no registry: boundary and shadow_ai are off")
    scanner = build_scanner(configuration, redacted=text is Text.REDACTED)
    lines = errors = findings = 0
    with output(out) as file, progress("scan", opened.size) as step:
        for record in opened:
            line = scanner.line(record)
            lines += 1
            errors += line.id is None
            findings += bool(line.findings)
            if file is not None:
                file.write(encode_line(line) + b"\n")
            if lines % STEP == 0:
                step(opened.done, lines, 0)
    told = f"{lines} lines, {findings} with findings, {errors} no events"
    console(stderr=out == "-").print(told)
