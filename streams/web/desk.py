"""What the pages show and do: the alerts there are, verdicts on them, silences; kept fresh by a thread."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from streams.errors import ConfigError
from streams.load import Configuration
from streams.publish import effective
from streams.records.canary import is_canary
from streams.records.controls import VerdictGiven, Word
from streams.records.facts import MICROS
from streams.records.matchers import parse_matchers
from streams.records.mutes import Silence
from streams.verdicts.book import Book, last
from streams.verdicts.given import moment, verdict_on

FRESH_S = 5.0  # between readings of the topics: what is shown is at most so old
HOUR_US = 3600 * MICROS
MUTED = ("tenant", "kind", "queue", "agent", "version", "source", "channel", "action", "customer", "id")
_encode = msgspec.json.Encoder(order="deterministic").encode


def meaning(alert: Mapping[str, Any]) -> tuple[str, ...]:
    """Matchers of this kind in this place; of what has no place, as the monitor's own troubles, of it alone.

    >>> meaning({"id": "7", "kind": "volume", "scope": {"tenant": "A", "queue": ["b.1", "c"]}})
    ('tenant="A"', 'kind="volume"', 'queue=~"b\\\\.1|c"')
    >>> meaning({"id": "7", "kind": "pipeline", "scope": {}})
    ('kind="pipeline"', 'id="7"')
    """
    named = {"kind": alert["kind"], **alert["scope"]} | ({} if alert["scope"] else {"id": alert["id"]})
    return tuple(
        f'{key}="{named[key]}"' if isinstance(named[key], str)
        else f'{key}=~"{"|".join(map(re.escape, named[key]))}"'
        for key in MUTED if key in named
    )  # fmt: skip


class Desk:
    """book: alerts and verdicts. replays: a folder of theirs, or none. live: whether silences act."""

    def __init__(
        self, configuration: Configuration, book: Book, replays: Path | None, *, live: bool
    ) -> None:
        self._configuration, self._book, self._replays = configuration, book, replays
        self.live = live
        self._lock, self._read_at = Lock(), 0.0
        self._alerts: dict[str, dict[str, Any]] = {}
        self._verdicts: list[VerdictGiven] = []

    def alerts(self) -> dict[str, dict[str, Any]]:
        """The last record of each, hidden ones left out."""
        self._refresh()
        return self._alerts

    def verdicts(self) -> list[VerdictGiven]:
        """All that were given."""
        self._refresh()
        return self._verdicts

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() - self._read_at < FRESH_S and self._read_at:
                return
            found = self._book.alerts()
            self._alerts = {
                name: alert for name, alert in found.items() if not is_canary(alert["scope"].get("tenant"))
            }
            self._verdicts = self._book.verdicts()
            self._read_at = time.monotonic()

    def judge(self, name: str, word: Word, by: str, reason: str, until: str) -> VerdictGiven:
        """Put a verdict in force. ConfigError says what cannot be meant."""
        alert = self.alerts()[name]
        now = time.time_ns() // 1000 if self.live else None
        slot = self._configuration.settings.slot_s * MICROS
        at = effective(None if self.live else alert["at"], now, slot)
        try:
            end = moment(until) if until else None
        except ValueError:
            raise ConfigError("until", f"{until!r} is no time") from None
        given = verdict_on(alert, word, at, until=end, author=by, reason=reason)
        self._book.give(given)
        self._read_at = 0.0
        return given

    def silence(self, name: str, hours: int, by: str, reason: str) -> Silence:
        """Tell nobody of this kind in this place for so long."""
        alert = self.alerts()[name]
        now = time.time_ns() // 1000
        mute = Silence(
            id=f"silence-{name}-{now // MICROS}",
            matchers=meaning(alert),
            since=now, until=now + hours * HOUR_US, author=by, reason=reason,
        )  # fmt: skip
        try:
            parse_matchers(mute.matchers)
        except ValueError as fault:
            raise ConfigError("silence", f"a name here that no silence can hold: {fault}") from fault
        self._publish(mute)
        return mute

    def _publish(self, mute: Silence) -> None:
        from streams.writer import writing

        topic = self._configuration.settings.kafka.named("controls")
        with writing(self._configuration) as writer:
            writer.send(topic, mute.id.encode(), _encode(mute), partition=0)

    def replays(self) -> list[str]:
        """Names of the replays there are, the newest first."""
        if self._replays is None:
            return []
        files = sorted(self._replays.glob("*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
        return [path.stem for path in files]

    def replay(self, name: str) -> dict[str, dict[str, Any]] | None:
        """The alerts of one replay; None where there is none of this name."""
        if self._replays is None or name not in self.replays():
            return None
        return last((self._replays / f"{name}.jsonl").read_bytes().splitlines())
