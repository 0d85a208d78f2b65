"""The commands `floorwalker verdict` and `floorwalker verdicts`."""

from __future__ import annotations

import json
import os
import time
from os.path import dirname, join
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer
from rich.table import Table

from streams.address import at
from streams.errors import ConfigError
from streams.load import Configuration, load
from streams.options import ConfigFile, RegistryFile
from streams.publish import effective
from streams.reading.decode import micros
from streams.records.alerts import rfc3339
from streams.records.controls import Word
from streams.records.document import Document
from streams.records.events import Time
from streams.records.facts import MICROS
from streams.records.registry import Registry
from streams.screen import console, plain
from streams.verdicts.book import Book, Files, OnTopics
from streams.verdicts.given import does, verdict_on
from streams.verdicts.proposal import difference, proposed
from streams.verdicts.tally import Period, Row, tally

AlertId = Annotated[str, typer.Argument(metavar="ID", help="The alert's id, or its beginning.")]
Word_ = Annotated[
    Literal["real", "expected", "false", "normal"],
    typer.Argument(
        metavar="VERDICT",
        help="real: trouble. expected: planned. false: nothing was wrong. normal: so it is from now on.",
    ),
]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]
By = Annotated[str, typer.Option(help="Who says so, for the audit log.")]
Since = Annotated[
    str | None, typer.Option(metavar="TIME", help="From when on; without: since the trouble began.")
]
Until = Annotated[
    str | None, typer.Option(metavar="TIME", help="With expected: until when; without: for a day.")
]
At = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="In force from here on, two minutes ahead or more.")
]
Clock = Annotated[
    Literal["wall", "events"], typer.Option(help="As the workers have it; events: recorded traffic.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="kafka://HOST:PORT", help="The brokers; else as configured.")
]
AlertsFile = Annotated[
    Path | None, typer.Option("--alerts", metavar="FILE", help="Alerts of a replay, instead of the topic.")
]
ControlsFile = Annotated[
    Path | None,
    typer.Option("--controls", metavar="FILE", help="With --alerts: verdicts for replay --controls."),
]
Propose = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Where the proposed registry goes, to be reviewed and published."),
]


def verdict(
    alert: AlertId,
    word: Word_,
    reason: Reason = "",
    by: By = "",
    since: Since = None,
    until: Until = None,
    at_time: At = None,
    clock: Clock = "wall",
    alerts: AlertsFile = None,
    controls: ControlsFile = None,
    propose: Propose = None,
    registry: RegistryFile = None,
    config: ConfigFile = None,
    to: To = None,
) -> None:
    """Say what an alert was. In force from the same event time on in all workers and every later replay.

    **floorwalker verdict 8834c420 false --reason "survey was mailed twice" --by jo**
    """
    configuration = _configuration(config, registry, to)
    book = _book(configuration, alerts, controls)
    found = _one(book.alerts(), alert)
    now = None if clock == "events" or alerts else time.time_ns() // 1000
    if now is None and at_time is None:
        at_time = found["at"]  # of a recorded alert: as if it was judged when it was last heard of
    given = verdict_on(
        found, word, effective(at_time, now, configuration.settings.slot_s * MICROS),
        since=_time("--since", since), until=_time("--until", until), author=by, reason=reason,
    )  # fmt: skip
    book.give(given)
    screen = console(stderr=True)
    screen.print(plain(f"{found['kind']}: {found['summary']}"))
    screen.print(f"{given.verdict}, in force from {rfc3339(given.effective)} on: {does(word, given.about)}")
    beside = configuration.settings.registry and join(dirname(config or ""), configuration.settings.registry)
    _propose(found, word, registry or beside, propose)


def verdicts(
    by: Annotated[Period, typer.Option(help="The periods in which alerts opened.")] = "month",
    alerts: AlertsFile = None,
    controls: ControlsFile = None,
    config: ConfigFile = None,
    to: To = None,
) -> None:
    """How many alerts were trouble, by kind and detector over time, as people judged them.

    **floorwalker verdicts --by week**
    """
    configuration = _configuration(config, None, to)
    book = _book(configuration, alerts, controls)
    console().print(table(tally(book.alerts(), book.verdicts(), by)))


def table(rows: list[Row]) -> Table:
    """Rows as people read them."""
    shown = Table(title="Verdicts", title_justify="left", title_style="bold")
    for name in ("period", "kind", "detector"):
        shown.add_column(name)
    for name in ("alerts", "real", "expected", "false", "normal", "precision", "95 %"):
        shown.add_column(name, justify="right")
    for row in rows:
        numbers = (row.alerts, row.real, row.expected, row.false, row.normal)
        precision = "·" if row.precision is None else f"{row.precision:.2f}"
        interval = "·" if row.interval is None else f"{row.interval[0]:.2f} to {row.interval[1]:.2f}"
        named = (plain(row.period), plain(row.kind), plain(row.detector))
        shown.add_row(*named, *(str(n or "·") for n in numbers), precision, interval)
    return shown


def _configuration(config: str | None, registry: str | None, to: str | None) -> Configuration:
    configuration = load(config, os.environ, registry)
    return configuration if to is None else at(to, configuration)


def _book(configuration: Configuration, alerts: Path | None, controls: Path | None) -> Book:
    if (alerts is None) != (controls is None):
        raise ConfigError("--alerts, --controls", "go together")
    return OnTopics(configuration) if alerts is None or controls is None else Files(alerts, controls)


def _one(alerts: dict[str, dict[str, Any]], start: str) -> dict[str, Any]:
    """The alert whose id begins so."""
    found = [name for name in alerts if name.startswith(start)] if start else []
    if len(found) != 1:
        why = "is the beginning of several ids" if found else "no alert of this id is kept"
        raise ConfigError(start or "ID", why)
    return alerts[found[0]]


def _time(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return micros(msgspec.convert(text, Time))
    except msgspec.ValidationError:
        raise ConfigError(option, f"{text!r} is not RFC 3339 with an offset") from None


def _propose(alert: dict[str, Any], word: Word, path: str | None, into: Path | None) -> None:
    """Show what a registry would have to say, and write it where it was asked for."""
    if path is None:
        return
    tree = Document(Path(path).read_bytes(), path).tree
    new = proposed(tree, alert, word)
    shown = difference(tree, new, path)
    if not shown:
        return
    msgspec.convert(new, Registry)  # what is proposed can be published
    typer.echo(shown, nl=False)
    if into is not None:
        into.write_text(json.dumps(new, indent=2, default=str) + "\n")
    where = into or "FILE (--propose FILE)"
    console(stderr=True).print(f"proposed, not in force: review it, then floorwalker publish {where}")
