"""The self-test: a hidden event down each log, whose confirmed alert must come back from the topic of alerts.

The worker that watches a log sends its probe and waits; one that is not answered is a page. A probe carries
the event time of the slowest origin, so that it makes nobody else's events late.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count

import msgspec
from msgspec import Struct

from streams.reading import log_of
from streams.records.alerts import rfc3339
from streams.records.canary import PREFIX, is_canary, probe
from streams.records.pages import Matter, matter

_MARK = PREFIX.encode()
FIRST_S = 30.0  # after a log was assigned: its backlog comes first


class Waiting(Struct):
    """One log's probe. sent_s, next_s: of a steady clock; name: of the probe on its way, empty for none."""

    next_s: float
    name: str = ""
    sent_s: float = 0.0
    missed: bool = False


class Selftest:
    """Probes of the logs that this worker watches. every_s: between them; patience_s: until one is missed."""

    def __init__(self, logs: int, every_s: float, patience_s: float) -> None:
        self._every_s, self._patience_s = every_s, patience_s
        self.tenants = reserved(logs)
        self._waiting: dict[int, Waiting] = {}

    def hold(self, logs: Collection[int], now: float) -> None:
        """These logs are watched here; others no longer."""
        self._waiting = {log: self._waiting.get(log) or Waiting(now + FIRST_S) for log in sorted(logs)}

    def due(self, low: Mapping[int, int], now: float, at: int) -> list[bytes]:
        """Probes to be sent now. low: event time of each log's slowest origin, microseconds, 0 where that is
        not known; at: microseconds since 1970."""
        events: list[bytes] = []
        for log, waiting in self._waiting.items():
            if now >= waiting.next_s and not waiting.name:
                waiting.name, waiting.sent_s = f"probe-{at // 1_000_000}", now
                waiting.next_s = now + self._every_s
                time = min(low.get(log) or at, at)
                events.append(msgspec.json.encode(probe(self.tenants[log], waiting.name, rfc3339(time))))
        return events

    def hear(self, record: bytes | None) -> None:
        """A record of the topic of alerts."""
        if record is None or _MARK not in record:  # nearly all
            return
        try:
            alert = msgspec.json.decode(record)
            tenant, action = alert["scope"]["tenant"], alert["scope"]["action"]
            answered = alert["state"] == "open" and alert.get("confirmed", True)
        except (msgspec.DecodeError, KeyError, TypeError):
            return
        if not (answered and is_canary(tenant)):
            return
        for log, waiting in self._waiting.items():
            if self.tenants[log] == tenant and waiting.name == action:
                waiting.name, waiting.missed = "", False

    def look(self, now: float) -> dict[Matter, str]:
        """Logs whose probe was not answered in time; until a later one is."""
        found: dict[Matter, str] = {}
        for log, waiting in self._waiting.items():
            if waiting.name and now - waiting.sent_s > self._patience_s:
                waiting.missed, waiting.name = True, ""
                waiting.next_s = now  # asked again at once, until it is answered
            if waiting.missed:
                minutes = round(self._patience_s / 60)
                found[matter("canary", log=log)] = (
                    f"the self-test of log {log} raised no alert in {minutes} minutes: others may be missing"
                )
        return found


def reserved(logs: int) -> dict[int, str]:
    """One reserved tenant a log.

    >>> sorted(reserved(3)) == [0, 1, 2]
    True
    """
    found: dict[int, str] = {}
    for number in count():
        name = f"{PREFIX}{number}"
        found.setdefault(log_of(name, logs), name)
        if len(found) == logs:
            return found
    raise AssertionError
