"""The command `floorwalker influx init`: databases, retention and the sums of hours."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from msgspec.structs import replace
from rich.table import Table

from streams.errors import ConfigError, Stop
from streams.load import load
from streams.options import ConfigFile
from streams.screen import console, plain
from streams.sinks.influx.outcomes import Later, Wrong

influx = typer.Typer(
    name="influx", no_args_is_help=True, help="The InfluxDB that dashboards read: set it up.",
)  # fmt: skip
Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="http(s)://HOST:PORT; goes before the configured influx.url."),
]


@influx.callback()
def _section() -> None:
    """So that `init` stays a command of its own beside others to come."""


@influx.command()
def init(config: ConfigFile = None, url: Url = None) -> None:
    """Make databases (buckets of version 2), their retention, and what sums hours. Safe to repeat.

    The token, or user:password of version 1, comes from influx.token_file or FLOORWALKER_INFLUX_TOKEN, and
    may make databases; workers need no more than to write.

    **floorwalker influx init --url http://localhost:8086**
    """
    configuration = load(config, os.environ)
    settings = configuration.settings.influx
    if url is not None:
        settings = replace(settings, url=url)
    if settings.url is None:
        raise ConfigError("influx.url", "missing: say where, here or with --url")
    from streams.sinks.influx.setup import init as make
    from streams.sinks.influx.sink import server

    one = server(settings, configuration.influx_token)
    try:
        made = make(one, settings)
    except (Later, Wrong) as why:
        raise Stop(f"{settings.url}: {why}") from None
    finally:
        one.close()
    table = Table("", "", box=None, show_header=False)
    for name, kept in made:
        table.add_row(plain(name), kept)
    console().print(table)
