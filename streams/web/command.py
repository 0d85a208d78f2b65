"""The command `floorwalker web`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from streams.address import at
from streams.errors import ConfigError
from streams.load import WEB_TOKEN, load
from streams.options import ConfigFile
from streams.screen import console
from streams.verdicts.book import Book, Files, OnTopics

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LEAST_TOKEN = 16  # characters; a shorter one can be guessed

Host = Annotated[str, typer.Option(help="Where to answer; elsewhere than on this machine a token is needed.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")]
AlertsFile = Annotated[
    Path | None, typer.Option("--alerts", metavar="FILE", help="Alerts of a replay, instead of the topics.")
]
ControlsFile = Annotated[
    Path | None, typer.Option("--controls", metavar="FILE", help="With --alerts: where verdicts go.")
]
Replays = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder of .jsonl files that replays wrote as --alerts.")
]
Runbooks = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder of runbooks to show beside incidents, KIND.md.")
]
TokenFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help=f"A file with the token; or the variable {WEB_TOKEN}.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="kafka://HOST:PORT", help="The brokers; else as configured.")
]


def web(
    host: Host = "127.0.0.1",
    port: Port = 9466,
    alerts: AlertsFile = None,
    controls: ControlsFile = None,
    replays: Replays = None,
    runbooks: Runbooks = None,
    token_file: TokenFile = None,
    config: ConfigFile = None,
    to: To = None,
) -> None:
    """A small web page: open incidents, their evidence, verdicts, silences, replays.

    **floorwalker web --config config/floorwalker.yaml --runbooks infra/runbooks**
    """
    token = token_of(os.environ, token_file)
    if token is None and host not in LOOPBACK:
        raise ConfigError("--host", f"{host} can be reached from elsewhere: set {WEB_TOKEN} or --token-file")
    if (alerts is None) != (controls is None):
        raise ConfigError("--alerts, --controls", "go together")
    configuration = load(config, os.environ)
    if to is not None:
        configuration = at(to, configuration)
    live = alerts is None or controls is None
    book: Book = OnTopics(configuration) if alerts is None or controls is None else Files(alerts, controls)
    # Takes a second, which only this command should cost.
    from aiohttp.web import run_app

    from streams.web.app import Site
    from streams.web.desk import Desk

    site = Site(Desk(configuration, book, replays, live=live), token, runbooks)
    console(stderr=True).print(f"http://{host}:{port}/")
    run_app(site.app(), host=host, port=port, print=None, access_log=None)


def token_of(environ: Mapping[str, str], path: Path | None) -> str | None:
    """The token of the web page; None: none. ConfigError where it cannot be read, or could be guessed."""
    text = environ.get(WEB_TOKEN)
    if text is None and path is not None:
        try:
            text = path.read_text()
        except OSError as error:
            raise ConfigError(str(path), error.strerror or str(error)) from error
    text = (text or "").strip() or None
    if text is not None and len(text) < LEAST_TOKEN:
        raise ConfigError(WEB_TOKEN, f"a token of less than {LEAST_TOKEN} characters can be guessed")
    return text
