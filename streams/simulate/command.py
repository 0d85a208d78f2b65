"""The command `floorwalker simulate`: a contact center with troubles, written as files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.errors import ConfigError
from streams.screen import console
from streams.simulate.settings import Disorder, Simulation
from streams.simulate.troubles import BY_TYPE
from streams.simulate.write import write


def _traffic(text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=text, rich_help_panel="Traffic and troubles", **more)


def _disorder(text: str) -> Any:
    return typer.Option(help=text, rich_help_panel="Disorder in the stream")


def simulate(
    seed: Annotated[int, typer.Option(help="Same seed and options, same bytes.")],
    days: Annotated[int, typer.Option(help="How many days.")],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Directory to write into; made where it is not there.")
    ],
    rate: Annotated[float, _traffic("Traffic as a multiple of the usual, about 15,000 events a day.")] = 1.0,
    start: Annotated[
        datetime,
        _traffic("First day (UTC).", formats=["%Y-%m-%d"], metavar="DATE", show_default="2026-05-04"),
    ] = datetime(2026, 5, 4),  # noqa: DTZ001 - a date
    recent: Annotated[bool, _traffic("Yesterday is the last day, instead of --start.", "--recent")] = False,
    quiet: Annotated[bool, _traffic("Nothing goes wrong: every alert is false.", "--quiet")] = False,
    trouble: Annotated[
        list[str] | None,
        _traffic(f"Only this type of trouble; once for each pair. {', '.join(sorted(BY_TYPE))}."),
    ] = None,
    mood: Annotated[float, _traffic("How much outcomes differ from day to day; 0: not at all.")] = 1.0,
    season: Annotated[float, _traffic("How much outcomes follow hour and weekday; 0: not at all.")] = 1.0,
    duplicates: Annotated[float, _disorder("Share of events delivered twice.")] = 0.0,
    swapped: Annotated[float, _disorder("Share of events out of order, but in time.")] = 0.0,
    late: Annotated[float, _disorder("Share of events that come too late.")] = 0.0,
    malformed: Annotated[float, _disorder("Share of additional records that are no events.")] = 0.0,
    unknown: Annotated[float, _disorder("Share of additional records in a version nobody knows.")] = 0.0,
    fast_source: Annotated[str, _disorder("A source whose clock is fast.")] = "",
    fast_s: Annotated[float, _disorder("How far that clock is ahead, seconds.")] = 0.0,
) -> None:
    """Write a simulated contact center: events.jsonl.gz, registry.json, truth.json.

    Tenants with queues, agents, versions, seasons and surveys; troubles of every kind, each with a twin of
    the same size in which nothing is wrong. Options can damage the stream, to see what a monitor makes of it.

    **floorwalker simulate --seed 1 --days 28 --out data**
    """
    first = datetime.now(UTC) - timedelta(days=days) if recent else start
    disorder = Disorder(
        duplicates=duplicates,
        swapped=swapped,
        late=late,
        malformed=malformed,
        unknown=unknown,
        fast_source=fast_source,
        fast_s=fast_s,
    )
    simulation = Simulation(
        seed=seed,
        days=days,
        rate=rate,
        start=first.date(),
        troubles=tuple(trouble) if trouble else not quiet,
        mood=mood,
        season=season,
        disorder=disorder,
    )
    screen = console(stderr=True)
    try:
        with screen.status(f"simulating {days} days ..."):
            written = write(simulation, out)
    except ValueError as error:
        name, _, text = str(error).partition(": ")
        option = "trouble" if name == "troubles" else name.removeprefix("disorder.").replace("_", "-")
        raise ConfigError(f"--{option}", text) from error
    except OSError as error:
        raise ConfigError(str(error.filename or out), error.strerror or str(error)) from error
    console().print(f"{out}: {written.records:,} events of {days} days, {written.windows} troubles and twins")
