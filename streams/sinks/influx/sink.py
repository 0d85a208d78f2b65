"""Sink: what a shell has to tell an InfluxDB, and the one place that puts its parts together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from streams.records.alerts import Alert
from streams.records.canary import is_canary
from streams.records.readings import Readings
from streams.settings import Influx
from streams.sinks.influx.incidents import incident
from streams.sinks.influx.lines import Point
from streams.sinks.influx.points import number, points
from streams.sinks.influx.writer import Counts, Writer

if TYPE_CHECKING:
    from streams.sinks.influx.server import Server

LIVE = "live"
"""The run of what is written as it happens."""


class Sink:
    """Takes what closings show and say; returns at once. run: `live`, or the name of a replay."""

    def __init__(self, writer: Writer, run: str = LIVE) -> None:
        self._writer, self._run = writer, run

    def slot(self, readings: Readings | None) -> None:
        """What a closed slot looked like."""
        if readings is not None and not is_canary(readings.tenant):
            self._writer.put(number(readings), partial(points, readings, self._run))

    def said(self, changes: Sequence[Alert]) -> None:
        """Changes of alerts; the self-test's are nobody's."""
        shown = [change for change in changes if not is_canary(change.scope.get("tenant"))]
        if shown:
            self._writer.put(len(shown), lambda: [incident(change, self._run) for change in shown])

    def health(self, worker: str, fields: Mapping[str, float], now: int) -> None:
        """How a worker is at `now`, microseconds. fields: numbers by name."""
        counts = self.counts()
        own = {"points_waiting": counts.waiting, "points_lost": counts.dropped + counts.wrong}
        tags = [("worker", worker), ("run", self._run)]
        self._writer.put(1, lambda: [Point("fw_worker", tags, {**fields, **own}, now)])

    def counts(self) -> Counts:
        """What was written, what not, what waits."""
        return self._writer.counts()

    def close(self, within_s: float | None = None) -> Counts:
        """Write what waits. within_s: no longer than so; None: the writer's usual patience."""
        return self._writer.close() if within_s is None else self._writer.close(within_s)


def server(influx: Influx, token: str, database: str | None = None) -> Server:
    """Where to write. database: another than the configured one."""
    from streams.sinks.influx.server import Address, Server  # half a second, for those who write there

    return Server(
        Address(
            url=(influx.url or "").rstrip("/"), database=database or influx.database, org=influx.org,
            token=token, ca_file=influx.ca_file,
        )
    )  # fmt: skip


def replays(database: str) -> str:
    """The database of replays beside that of live."""
    return f"{database}_replay"


def live_sink(influx: Influx, token: str) -> Sink | None:
    """Of a worker; None where nothing is to be written."""
    if influx.url is None:
        return None
    return Sink(Writer(server(influx, token), influx.waiting_points))


def replay_sink(influx: Influx, token: str, run: str) -> Sink:
    """Of a replay: a database of its own, and a replay waits rather than lose anything."""
    place = server(influx, token, replays(influx.database))
    return Sink(Writer(place, influx.waiting_points, patient=True), run)
