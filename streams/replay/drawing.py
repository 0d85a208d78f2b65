"""Drawing: where a replay shows what its slots looked like: in a database, and under a name, of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from streams.errors import ConfigError
from streams.load import Configuration
from streams.settings import Influx
from streams.sinks.influx.outcomes import Later, Wrong
from streams.sinks.influx.sink import Sink, replay_sink, replays, server

OPTION = "--influx"
LAST_S = 60.0  # for what waits at the end


def drawn_at(configuration: Configuration, url: str | None) -> Configuration:
    """The same configuration for a replay: it is drawn there, or nowhere, never where live is."""
    settings = configuration.settings
    influx = replace(settings.influx, url=url) if url else Influx()
    return replace(configuration, settings=replace(settings, influx=influx))


@contextmanager
def drawing(configuration: Configuration, run: str) -> Iterator[Sink | None]:
    """A sink for one replay, under the name `run`; None where it is not to be drawn."""
    influx = configuration.settings.influx
    if influx.url is None:
        yield None
        return
    _must_be_there(configuration)
    sink = replay_sink(influx, configuration.influx_token, run)
    try:
        yield sink
    finally:
        counts = sink.close(LAST_S)
        if counts.dropped or counts.wrong:
            lost = counts.dropped + counts.wrong
            raise ConfigError(OPTION, f"{lost} points were not written, {counts.written} were: {counts.why}")


def _must_be_there(configuration: Configuration) -> None:
    """A replay does not begin to wait for what nobody has made."""
    influx = configuration.settings.influx
    one = server(influx, configuration.influx_token, replays(influx.database))
    try:
        one.query("SHOW MEASUREMENTS LIMIT 1")
    except (Later, Wrong) as why:
        raise ConfigError(OPTION, f"{why}; floorwalker influx init makes the databases") from None
    finally:
        one.close()
