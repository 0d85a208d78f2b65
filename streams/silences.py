"""The commands `floorwalker silence` and `ack`: what people say about alerts, for delivery alone."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from streams.alerts import changes
from streams.errors import ConfigError, Stop
from streams.load import Configuration, load
from streams.options import ConfigFile
from streams.records.alerts import rfc3339
from streams.records.matchers import parse_matchers
from streams.records.mutes import Ack, Lift, Mute, Silence
from streams.records.windows import zoned
from streams.screen import console, plain
from streams.spans import end, moment
from streams.windows import configured

REASON_LENGTH = 500
ACK_FOR = "24h"  # an alert that nobody has looked at for a day is nobody's any more
_decoder: msgspec.json.Decoder[Mute] = msgspec.json.Decoder(Mute)
_encode = msgspec.json.Encoder(order="deterministic").encode

Matchers = Annotated[
    list[str], typer.Argument(metavar="MATCHER...", help="Such as tenant=acme 'queue=~bill.*' kind=volume.")
]
By = Annotated[str, typer.Option(help="Who says so, for the audit log.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit log.")]
For = Annotated[str | None, typer.Option("--for", metavar="SPAN", help="How long: 30m, 2h, 1.5d.")]
From = Annotated[str | None, typer.Option("--from", metavar="TIME", help="When it begins; without: now.")]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="When it ends, instead of --for.")]
Weekly = Annotated[
    str | None,
    typer.Option(metavar="HOURS", help="Only 'Sun 02:00-04:00' by the tenant's clock, or with a zone."),
]
Planned = Annotated[bool, typer.Option("--planned", help="A maintenance window.")]

silence = typer.Typer(
    name="silence", no_args_is_help=True, help="Hold alerts back for a while: they are recorded, not told."
)


@silence.command()
def add(
    matchers: Matchers,
    by: By,
    reason: Reason,
    span: For = None,
    begins: From = None,
    until: Until = None,
    weekly: Weekly = None,
    planned: Planned = False,
    config: ConfigFile = None,
) -> None:
    """Silence what all matchers mean; an alert that also lies elsewhere is told.

    **floorwalker silence add tenant=acme kind=volume --for 2h --by jo --reason "sale begins"**

    **floorwalker silence add tenant=acme --weekly "Sun 02:00-04:00" --for 180d --by jo --reason deploys**
    """
    configuration = load(config, os.environ)
    now = time.time_ns() // 1000
    begun = now if begins is None else moment("--from", begins)
    try:
        parse_matchers(matchers)
    except ValueError as error:
        raise ConfigError("MATCHER", str(error)) from None
    try:
        hours = zoned(weekly, matchers, configuration.registry) if weekly else ""
    except ValueError as error:
        raise ConfigError("--weekly", str(error)) from None
    found = Silence(
        id=f"silence-{secrets.token_hex(5)}", matchers=tuple(matchers), since=begun,
        until=end(span, until, begun, now), author=by, reason=reason[:REASON_LENGTH],
        planned=planned or bool(hours), weekly=hours,
    )  # fmt: skip
    _publish(configuration, found)
    console(stderr=True).print(f"{found.id}: from {rfc3339(found.since)} until {rfc3339(found.until)}")


@silence.command()
def lift(
    name: Annotated[str, typer.Argument(metavar="ID")], by: By, reason: Reason = "", config: ConfigFile = None
) -> None:
    """End a silence now, or the acknowledgement of an alert.

    **floorwalker silence lift silence-5f21a09c3e --by jo**
    """
    configuration = load(config, os.environ)
    if name not in _standing(configuration):
        raise ConfigError("ID", f"no silence or acknowledged alert {name!r} holds")
    said = Lift(id=f"lift-{secrets.token_hex(5)}", of=name, author=by, reason=reason[:REASON_LENGTH])
    _publish(configuration, said)
    console(stderr=True).print(f"{plain(name)} is lifted")


@silence.command("list")
def show(config: ConfigFile = None) -> None:
    """Silences and acknowledgements that hold, or will."""
    table = Table("id", "means", "from", "until", "by", "reason", box=None, header_style="bold")
    configuration = load(config, os.environ)
    now = time.time_ns() // 1000
    windows = {window.id: window for window in configured(configuration) if window.until > now}
    for name, found in {**windows, **_standing(configuration)}.items():
        means = " ".join((*found.matchers, found.weekly)) if isinstance(found, Silence) else "acknowledged"
        begins = rfc3339(found.since) if isinstance(found, Silence) and found.since else ""
        row = (name, means, begins, rfc3339(found.until), found.author, found.reason)
        table.add_row(*map(plain, row))
    console().print(table)


def ack(
    alert: Annotated[str, typer.Argument(metavar="ID", help="Of the alert, or how it begins.")],
    by: By,
    reason: Reason = "",
    span: For = ACK_FOR,
    config: ConfigFile = None,
) -> None:
    """Take an alert on: updates of it are held back, unless it becomes more severe.

    **floorwalker ack 8834c420 --by jo**
    """
    configuration = load(config, os.environ)
    known = {}
    for record in changes(configuration):
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
            change = msgspec.json.decode(record)
            known[change["id"]] = change["state"]
    found = [name for name in known if alert and name.startswith(alert)]
    if len(found) != 1:
        why = "is the beginning of several ids" if found else "no alert of this id is kept"
        raise ConfigError(alert or "ID", why)
    if known[found[0]] == "resolved":
        raise ConfigError(found[0], "this alert is over")
    now = time.time_ns() // 1000
    until = end(span, None, now, now)
    said = Ack(
        id=f"ack-{secrets.token_hex(5)}", of=found[0], until=until, author=by, reason=reason[:REASON_LENGTH]
    )  # fmt: skip
    _publish(configuration, said)
    console(stderr=True).print(f"{found[0]} is with {plain(by)} until {rfc3339(until)}")


def standing(records: Iterable[bytes], now: int) -> dict[str, Silence | Ack]:
    """What holds or will hold, in order: silences by their ids, acknowledgements by their alerts."""
    found: dict[str, Silence | Ack] = {}
    for record in records:
        try:
            said = _decoder.decode(record)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue  # another kind of control
        if isinstance(said, Lift):
            found.pop(said.of, None)
        else:
            found[said.id if isinstance(said, Silence) else said.of] = said
    return {name: one for name, one in found.items() if one.until > now}


def _standing(configuration: Configuration) -> dict[str, Silence | Ack]:
    return standing(changes(configuration, field="controls"), time.time_ns() // 1000)


def _publish(configuration: Configuration, said: Mute) -> None:
    # Other commands start sooner without the client.
    from streams.live.topics import ensure
    from streams.writer import writing

    ensure(configuration, ("controls",))
    with writing(configuration) as writer:
        topic = configuration.settings.kafka.named("controls")
        if not writer.send(topic, said.id.encode(), _encode(said), partition=0):
            raise Stop("it is larger than brokers take")
