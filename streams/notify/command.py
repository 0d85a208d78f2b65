"""The command `floorwalker notify`: delivers alerts to people and their tools."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from streams.errors import Stop
from streams.live.failpoints import VARIABLE, Failpoints
from streams.live.logs import set_up_logs
from streams.load import load, secrets
from streams.options import ConfigFile
from streams.screen import console, plain

Test = Annotated[
    bool, typer.Option("--test", help="Send a test to every receiver, say what they answer, end.")
]


def notify(config: ConfigFile = None, test: Test = False) -> None:
    """Tell receivers what the live monitor finds: Alertmanager, PagerDuty, Slack, webhooks, a log.

    Any number may run; one delivers, the others stand by. It ends itself with exit code 70 where only a fresh
    start is sound: let a supervisor start it again. SIGTERM ends it in good order.

    **floorwalker notify --config config/floorwalker.yaml --test**
    """
    configuration = load(config, os.environ)
    secret = secrets(configuration.settings.notify, os.environ)
    # Takes a second, which only this command should cost.
    from streams.notify.notices import Told
    from streams.notify.service import ask, run

    if not test:
        set_up_logs()
        asyncio.run(run(configuration, secret, Failpoints(os.environ.get(VARIABLE, ""))))
        return
    answers = asyncio.run(ask(configuration, secret))
    table = Table("", "", "", box=None, show_header=False)
    for name, answer in answers.items():
        well = isinstance(answer, Told)
        said = "" if isinstance(answer, Told) else answer.why
        table.add_row(
            name, Text("ok" if well else "failed", style="green" if well else "bold red"), plain(said)
        )
    console().print(table)
    failed = [name for name, answer in answers.items() if not isinstance(answer, Told)]
    if failed:
        raise Stop(f"not delivered: {', '.join(failed)}")
