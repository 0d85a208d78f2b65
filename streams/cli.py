"""The command line: `floorwalker replay | worker | produce | ...`. Only here do errors become exit codes.

0: done. 2: usage or configuration is wrong, one line on standard error says where. 1: it failed.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from itertools import groupby
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from typer.exceptions import Abort, TyperException

from streams.alerts import alerts
from streams.audits import audit
from streams.check import check as look
from streams.check_around import around
from streams.compiled import taken
from streams.deadletters.command import deadletters
from streams.errors import Stop
from streams.influx_command import influx
from streams.inventory.command import inventory
from streams.live.command import reread, worker
from streams.load import load
from streams.notify.command import notify
from streams.options import ConfigFile, RegistryFile
from streams.produce.command import produce
from streams.publish import publish
from streams.replay.command import replay
from streams.scan_command import scan
from streams.screen import console, plain
from streams.silences import ack, silence
from streams.simulate.command import simulate
from streams.verdicts.command import verdict, verdicts
from streams.web.command import web

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
STYLES = {"on": "green", "off": "yellow", "note": "", "warning": "bold red"}

app = typer.Typer(
    name="floorwalker",
    add_completion=False,
    rich_markup_mode="markdown",
    help="Watches contact centers run by AI agents, and says what went wrong, where, since when, how much, "
    "and what to check first. The same code replays history, for tuning.",
    epilog="Exit codes: 0 done; 2 usage or configuration is wrong, and one line says where; 1 failed. The "
    "environment goes before the configuration: FLOORWALKER_BUDGET__TICKET_DAYS=500 sets budget.ticket_days.",
)
app.command()(replay)
app.command()(scan)
app.command()(inventory)
app.command()(simulate)
app.command()(worker)
app.command()(reread)
app.command()(produce)
app.command()(notify)
app.command()(alerts)
app.command()(publish)
app.command()(deadletters)
app.command()(verdict)
app.command()(verdicts)
app.command()(ack)
app.add_typer(silence)
app.add_typer(audit)
app.command()(web)
app.add_typer(influx)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    try:
        return int(typer.main.get_command(app).main(arguments, "floorwalker", standalone_mode=False) or 0)
    except TyperException as error:
        return _fail(error.format_message(), 2)
    except Stop as stop:
        return _fail(str(stop), stop.code)
    except Abort:
        return _fail("interrupted", 1)
    except BrokenPipeError:  # whoever read our output has gone; nothing is left to say, not even at exit
        _drop_output()
        return 1
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        _drop_output()
        return _fail(f"{error.strerror}: the output is not complete", 1)


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int) -> int:
    line = plain(" ".join(message.split())).plain
    print(f"floorwalker: {line}", file=sys.stderr)  # noqa: T201 - what the caller reads
    return code


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"floorwalker {version('floorwalker')} ({'compiled' if taken() else 'interpreted'})")
        raise typer.Exit


@app.callback()
def program(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def check(config: ConfigFile = None, registry: RegistryFile = None) -> None:
    """Read configuration and registry, and say what is wrong or what will run.

    **floorwalker check --config config/floorwalker.yaml --registry registry.json**
    """
    configuration = load(config, os.environ, registry)
    rows = look(configuration.settings, configuration.registry, keyed=bool(configuration.key))
    rows += around(configuration, os.environ)
    table = Table("", "", "", box=None, show_header=False)
    for section, members in groupby(rows, key=lambda row: row.section):
        table.add_row(Text(plain(section).plain, style="bold"))
        for row in members:
            table.add_row(f"  {plain(row.name)}", Text(row.state, style=STYLES[row.state]), plain(row.text))
    console().print(table)
