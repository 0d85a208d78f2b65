"""The command `floorwalker replay`: opens files, runs the replay, prints what it found."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import msgspec
import typer

from streams.build import build_floor, build_reader
from streams.errors import ConfigError
from streams.load import load
from streams.options import ConfigFile, RegistryFile
from streams.reading import Rejection
from streams.records.alerts import Alert, encode_alert
from streams.replay.controls import read_controls
from streams.replay.report import findings, scores, summary
from streams.replay.run import Progress, Replay
from streams.replay.score import score
from streams.replay.sources import Source
from streams.replay.story import Story
from streams.replay.truth import read_truth
from streams.screen import console, progress

STDOUT = "-"

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        show_default=False,
        help="Recorded events: .jsonl, .jsonl.gz, or - for standard input. Several are merged by event time; "
        "one is read in its own order, so that a file in order of arrival shows what came late.",
    ),
]
AlertsFile = Annotated[
    str,
    typer.Option(metavar="OUT", help="Where alert changes go, one JSON object a line; - is standard output."),
]
ControlsFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Registry changes, one JSON object a line, each from its time on."),
]
TruthFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Labels of what happened: prints what was found, and the score."),
]
RejectedFile = Annotated[
    str | None,
    typer.Option(metavar="OUT", help="Where lines that are no events are listed, with reason and place."),
]
Instants = Annotated[
    bool,
    typer.Option(
        "--instants", help="Also write what a rule said at once, before its slot closed (confirmed: false)."
    ),
]


def replay(
    sources: Sources,
    alerts: AlertsFile,
    registry: RegistryFile = None,
    config: ConfigFile = None,
    controls: ControlsFile = None,
    truth: TruthFile = None,
    rejected: RejectedFile = None,
    instants: Instants = False,
) -> None:
    """Run the monitor over recorded events.

    Writes every change of every alert and prints a summary. The same events give the same bytes, always.

    **floorwalker replay events.jsonl.gz --registry registry.json --alerts alerts.jsonl**
    """
    configuration = load(config, os.environ, registry)
    labels = read_truth(truth) if truth else None
    changes = read_controls(controls) if controls else []
    opened = [Source(name) for name in sources]
    _keep_apart(sources, [alerts, rejected])
    if configuration.registry is None:
        console(stderr=True).print("no registry: boundary and shadow_ai are off")
    total = sum(source.size_bytes for source in opened)
    with output(alerts) as told, output(rejected) as refused, progress("replay", total) as step:

        def moved(state: Progress) -> None:
            step(state.read_bytes, state.records, state.reached)

        files = _Files(told, refused)
        reader, floor = build_reader(configuration), build_floor(configuration)
        run = Replay(reader, floor, opened, files, controls=changes, instants=instants, progress=moved)
        outcome = run.run()
    tables = summary(files.story, outcome)
    if labels is not None:
        result = score(labels, files.story.openings.all())
        tables = [*findings(result), *scores(result), *tables]
    screen = console(stderr=STDOUT in (alerts, rejected))
    for table in tables:
        screen.print(table, "")


class _Files:
    """Writes what a replay tells, line by line, and remembers the story."""

    def __init__(self, alerts: IO[bytes] | None, rejected: IO[bytes] | None) -> None:
        self._alerts, self._rejected = alerts, rejected
        self.story = Story()

    def alert(self, change: Alert) -> None:
        self.story.add(change)
        if self._alerts is not None:
            self._alerts.write(encode_alert(change) + b"\n")

    def rejected(self, rejection: Rejection) -> None:
        if self._rejected is not None:
            self._rejected.write(msgspec.json.encode(rejection) + b"\n")


@contextmanager
def output(name: str | None) -> Iterator[IO[bytes] | None]:
    """A file to write to, standard output for `-`, None for None."""
    if name is None:
        yield None
    elif name == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        try:
            file = open(name, "wb")  # noqa: SIM115 - closed below; only opening it is the caller's mistake
        except OSError as error:
            raise ConfigError(name, error.strerror or str(error)) from error
        with file:
            yield file


def _keep_apart(sources: Sequence[str], outputs: Sequence[str | None]) -> None:
    """No output may go over a source, or over another output."""
    taken = {Path(name).resolve() for name in sources if name != STDOUT}
    for name in outputs:
        if name is None or name == STDOUT:
            continue
        path = Path(name).resolve()
        if path in taken:
            raise ConfigError(name, "is read or written already; choose another file to write to")
        taken.add(path)
