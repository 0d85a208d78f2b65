"""The command `floorwalker replay`: opens files, runs the replay, prints what it found."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Annotated, Literal, TypeAlias

import msgspec
import typer

from streams.address import SCHEME, at
from streams.build import build_floor, build_reader
from streams.errors import ConfigError, Stop
from streams.floor.kept import Parked
from streams.garbage import settle
from streams.load import Configuration, load
from streams.options import ConfigFile, RegistryFile
from streams.reading import Rejection
from streams.reading.decode import micros
from streams.records.alerts import Alert, encode_alert, rfc3339
from streams.records.events import Time
from streams.records.readings import Readings
from streams.replay.asked import Asked
from streams.replay.controls import read_controls
from streams.replay.drawing import drawing, drawn_at
from streams.replay.report import findings, scores, summary
from streams.replay.run import Outcome, Output, Progress, Replay
from streams.replay.score import score
from streams.replay.sources import Source
from streams.replay.story import Story
from streams.replay.truth import read_truth
from streams.screen import console, progress
from streams.sinks.influx.sink import Sink

STDOUT = "-"
Moved: TypeAlias = Callable[[Progress], None]
Run: TypeAlias = Callable[[Output, Moved], Outcome]

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        show_default=False,
        help="Recorded events: .jsonl, .jsonl.gz, or - for standard input. Several are merged by event time; "
        "one is read in its own order, so that a file in order of arrival shows what came late. Or "
        "kafka://HOST:PORT: the topics of events there, read without a consumer group.",
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
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="TIME", help="With topics: what happened from here on, as 2026-04-06T10:00:00Z."
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="With topics: up to here, exclusive.")]
Written = Annotated[
    bool, typer.Option("--written", help="--from and --to mean when it was written, not when it happened.")
]
Facts = Annotated[
    bool, typer.Option("--facts", help="With topics: from the facts that workers kept, where no text is.")
]
Clock = Annotated[
    Literal["wall", "events"],
    typer.Option(help="With topics: as the workers had it; events for recorded traffic."),
]
InfluxUrl = Annotated[
    str | None,
    typer.Option(
        "--influx", metavar="URL", help="Also write to an InfluxDB what live would, in a database of its own."
    ),
]
RunName = Annotated[
    str,
    typer.Option("--run", metavar="NAME", help="With --influx: under which name; the same one overwrites."),
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
    start: From = None,
    stop: To = None,
    written: Written = False,
    facts: Facts = False,
    clock: Clock = "wall",
    influx: InfluxUrl = None,
    run_name: RunName = "replay",
) -> None:
    """Run the monitor over recorded events.

    Writes every change of every alert and prints a summary. The same events give the same bytes, always.

    **floorwalker replay events.jsonl.gz --registry registry.json --alerts alerts.jsonl**
    """
    configuration = drawn_at(load(config, os.environ, registry), influx)
    labels = read_truth(truth) if truth else None
    changes = read_controls(controls) if controls else None
    if configuration.registry is None:
        console(stderr=True).print("no registry: boundary and shadow_ai are off")
    asked = Asked(
        start=moment("--from", start),
        stop=moment("--to", stop),
        written=written,
        facts=facts,
        recorded=clock == "events",
        controls=changes,
        instants=instants,
    )
    inputs = [*sources, *(str(name) for name in (registry, config, controls, truth) if name)]
    _keep_apart(inputs, [alerts, rejected])
    with ExitStack() as open_:
        size, run = open_.enter_context(_ready(sources, configuration, asked))
        told, refused = open_.enter_context(output(alerts)), open_.enter_context(output(rejected))
        step = open_.enter_context(progress("replay", size))
        files = _Files(told, refused, open_.enter_context(drawing(configuration, run_name)))
        outcome = run(files, lambda state: step(state.done, state.records, state.reached))
    tables = summary(files.story, outcome)
    if labels is not None:
        result = score(labels, files.story.openings.all())
        tables = [*findings(result), *scores(result), *tables]
    screen = console(stderr=STDOUT in (alerts, rejected))
    for table in tables:
        screen.print(table, "")
    if outcome.parked:
        raise Stop(_unwatched(outcome.parked))


def _unwatched(parked: Mapping[str, Parked]) -> str:
    """One line about tenants whose closings raised."""
    name, first = min(parked.items())
    more = f" (and {len(parked) - 1} more tenants)" if len(parked) > 1 else ""
    since = rfc3339(first.slot_start)
    return f"tenant {name} was not watched from {since} on: {first.fault}{more}; all others were: report this"


@contextmanager
def _ready(sources: Sequence[str], configuration: Configuration, asked: Asked) -> Iterator[tuple[int, Run]]:
    """How much there is to replay, and what does it."""
    on_topics = [source for source in sources if source.startswith(SCHEME)]
    if not on_topics:
        if asked.facts or asked.start is not None or asked.stop is not None:
            raise ConfigError("--from, --to, --facts", "go with kafka://HOST:PORT only")
        opened = [Source(name) for name in sources]
        yield sum(source.size for source in opened), partial(_files, opened, configuration, asked)
        return
    if len(sources) > 1:
        raise ConfigError(on_topics[0], "is a source of its own: no others beside it")
    from streams.replay.topics_run import TopicReplay

    with TopicReplay(at(on_topics[0], configuration), asked) as ready:
        yield ready.size, ready.run


def _files(
    opened: Sequence[Source], configuration: Configuration, asked: Asked, output: Output, moved: Moved
) -> Outcome:
    reader, floor = build_reader(configuration), build_floor(configuration)
    settle()
    controls = asked.controls or []
    return Replay(
        reader, floor, opened, output, controls=controls, instants=asked.instants, progress=moved
    ).run()


def moment(option: str, text: str | None) -> int | None:
    """A time of the command line, microseconds."""
    if text is None:
        return None
    try:
        return micros(msgspec.convert(text, Time))
    except msgspec.ValidationError:
        raise ConfigError(
            option, f"{text!r} is not RFC 3339 with an offset, as 2026-04-06T10:00:00Z"
        ) from None


class _Files:
    """Writes what a replay tells, line by line, and remembers the story."""

    def __init__(self, alerts: IO[bytes] | None, rejected: IO[bytes] | None, sink: Sink | None) -> None:
        self._alerts, self._rejected, self._sink = alerts, rejected, sink
        self.story = Story()

    def alert(self, change: Alert) -> None:
        self.story.add(change)
        if self._sink is not None:
            self._sink.said([change])
        if self._alerts is not None:
            self._alerts.write(encode_alert(change) + b"\n")

    def rejected(self, rejection: Rejection) -> None:
        if self._rejected is not None:
            self._rejected.write(msgspec.json.encode(rejection) + b"\n")

    def drawn(self, readings: Readings) -> None:
        if self._sink is not None:
            self._sink.slot(readings)


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


def _keep_apart(inputs: Sequence[str], outputs: Sequence[str | None]) -> None:
    """No output may go over what is read, or over another output."""
    taken = {Path(name).resolve() for name in inputs if name != STDOUT}
    for name in outputs:
        if name is None or name == STDOUT:
            continue
        path = Path(name).resolve()
        if path in taken:
            raise ConfigError(name, "is read or written already; choose another file to write to")
        taken.add(path)
