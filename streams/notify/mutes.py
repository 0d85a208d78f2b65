"""Mutes in force: silences, maintenance windows and acknowledgements, by the wall clock.

They hold messages back, never records: what is muted lies in the topic of alerts and in the audit log.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from detectors.calendar import Calendar
from streams.records.alerts import Alert
from streams.records.matchers import Matcher, meets_all, parse_matchers
from streams.records.mutes import Ack, Lift, Mute, Silence

MOST = 10_000  # silences, and acknowledgements: a person writes each; the oldest go
MICROS = 1_000_000


class Held(Struct, frozen=True):
    """A silence, read. hours: of the week in which it holds; None: all."""

    silence: Silence
    matchers: tuple[Matcher, ...]
    hours: Calendar | None

    def is_on(self, at: float) -> bool:
        """Whether it holds at a time, microseconds."""
        within = self.silence.since <= at < self.silence.until
        return within and (self.hours is None or self.hours.is_open(int(at)))


class Mutes:
    """What was said, and what of it holds. Silences whose end has passed are forgotten."""

    def __init__(self) -> None:
        self._silences: dict[str, Held] = {}
        self._acks: dict[str, Ack] = {}
        self._active: frozenset[tuple[str, ...]] = frozenset()

    def take(self, mute: Mute, now: float) -> str:
        """Put it in force. now: seconds since 1970. Returns why it cannot be; empty: it is."""
        match mute:
            case Silence():
                try:
                    matchers = parse_matchers(mute.matchers)
                    hours = Calendar([mute.weekly]) if mute.weekly else None
                except ValueError as error:
                    return str(error)
                if not matchers:
                    return "a silence without matchers would mute everything"
                self._silences.pop(mute.id, None)
                if mute.until > now * MICROS:
                    self._silences[mute.id] = Held(mute, matchers, hours)
            case Ack():
                if mute.until > now * MICROS:
                    self._acks[mute.of] = mute
            case Lift():
                self._silences.pop(mute.of, None)
                self._acks.pop(mute.of, None)
        for kept in (self._silences, self._acks):
            if len(kept) > MOST:
                del kept[next(iter(kept))]
        return ""

    def silence(self, alert: Alert, now: float) -> Silence | None:
        """The silence that mutes an alert at a time; the one with the latest end where they are several.

        It must mean all of the alert: trouble that also lies elsewhere is told.
        """
        at = now * MICROS
        held = [one for one in self._silences.values() if one.is_on(at)]
        found = [one.silence for one in held if meets_all(alert, one.matchers)]
        return max(found, key=lambda s: (s.until, s.id), default=None)

    def ack(self, alert: Alert, now: float) -> Ack | None:
        """Who has taken on an alert."""
        found = self._acks.get(alert.id)
        return found if found is not None and now * MICROS < found.until else None

    def changed(self, now: float) -> bool:
        """Whether other silences and acknowledgements hold than when this was last asked."""
        at = now * MICROS
        self._silences = {key: found for key, found in self._silences.items() if at < found.silence.until}
        self._acks = {key: ack for key, ack in self._acks.items() if at < ack.until}
        held = [one.silence for one in self._silences.values() if one.is_on(at)]
        silences = {(silence.id, *silence.matchers) for silence in held}
        active = frozenset(silences | {(ack.id,) for ack in self._acks.values()})
        same, self._active = active == self._active, active
        return not same

    def ending(self, now: float, within_s: float) -> Iterator[Silence]:
        """Silences that end soon for good, in order of their ids."""
        at = now * MICROS
        for silence in self.silences():
            if silence.since <= at and silence.until <= at + within_s * MICROS:
                yield silence

    def silences(self) -> list[Silence]:
        """Those that hold or will hold."""
        return [held.silence for _, held in sorted(self._silences.items())]
