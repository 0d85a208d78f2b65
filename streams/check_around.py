"""What stands around the monitor, looked at without connecting: the database, the receivers, the web page."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from streams.check import Row
from streams.delivery import Notify, Route
from streams.errors import ConfigError
from streams.load import Configuration, secrets
from streams.records.alerts import rfc3339
from streams.web.command import LOOPBACK, token_of
from streams.windows import configured


def around(configuration: Configuration, environ: Mapping[str, str]) -> list[Row]:
    """The report, in reading order; ConfigError names the key of what cannot work."""
    return [*_influx(configuration), *_notify(configuration, environ), *_web(environ)]


def _influx(configuration: Configuration) -> Iterator[Row]:
    influx, token = configuration.settings.influx, configuration.influx_token
    if influx.url is None:
        yield Row("influx", "url", "off", "none: nothing is drawn")
        return
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise ConfigError("influx.token_file", "holds no token: spaces, several lines or strange characters")
    yield Row("influx", "url", "on", f"{influx.url}, {influx.database}")
    yield from _unencrypted("influx", "url", influx.url)
    if influx.ca_file is not None:
        _certificates("influx.ca_file", influx.ca_file)
    if not token:
        yield Row("influx", "token_file", "note", "none: enough for a version 1 that asks for none")


def _certificates(key: str, path: str) -> None:
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as fault:
        why = "holds no certificates (PEM)" if isinstance(fault, ssl.SSLError) else fault.strerror
        raise ConfigError(key, f"{path}: {why}") from None


def _notify(configuration: Configuration, environ: Mapping[str, str]) -> Iterator[Row]:
    notify = configuration.settings.notify
    if not notify.receivers:
        yield Row("notify", "receivers", "off", "none: nobody is told")
        return
    asyncio.run(_made(notify, secrets(notify, environ)))
    named = {name for route in notify.routes for name in route.to}
    for name, receiver in notify.receivers.items():
        unheard = bool(notify.routes) and name not in named
        kind = str(receiver.__struct_config__.tag)
        text = f"{kind}: no route leads there" if unheard else kind
        yield Row("notify", f"receivers.{name}", "warning" if unheard else "on", text)
        yield from _unencrypted("notify", f"receivers.{name}.url", getattr(receiver, "url", ""))
    yield from _unreached(notify.routes)
    for window in configured(configuration):
        when = window.weekly or "all the time"
        over = window.until <= time.time_ns() // 1000
        text = f"{' '.join(window.matchers)}: {when}, until {rfc3339(window.until)}{', which is over' * over}"
        yield Row("notify", f"windows.{window.id.removeprefix('window-')}", "warning" if over else "on", text)


async def _made(notify: Notify, given: Mapping[str, str]) -> None:
    """Make all receivers, and let them go."""
    # Takes a second, which only who has receivers should wait.
    from streams.notify.receivers import build
    from streams.notify.service import session

    async with session() as client:
        build(notify, given, client)


def _unreached(routes: tuple[Route, ...]) -> Iterator[Row]:
    all_taken = next((i for i, route in enumerate(routes) if not route.match and not route.more), None)
    for index in range(len(routes) if all_taken is None else all_taken + 1, len(routes)):
        yield Row("notify", f"routes[{index}]", "warning", f"never reached: routes[{all_taken}] takes all")


def _unencrypted(section: str, key: str, url: str) -> Iterator[Row]:
    """Secrets and alerts on their way elsewhere should be encrypted."""
    found = urlsplit(url)
    if found.scheme == "http" and found.hostname not in LOOPBACK:
        yield Row(section, key, "warning", f"not encrypted on its way to {found.hostname}")


def _web(environ: Mapping[str, str]) -> Iterator[Row]:
    if token_of(environ, None) is None:
        yield Row("web", "token", "note", "none: the web page answers on this machine only")
    else:
        yield Row("web", "token", "on", "")
