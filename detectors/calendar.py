"""When a place is open, and what its clock says: opening hours, holidays, daylight saving.

Wall-clock hours are turned into instants one UTC day at a time and kept, so that a question costs a look-up.
Times are microseconds since 1970, UTC. What happens when clocks change: `detectors.wallclock`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from detectors.hours import ALWAYS, Hours, parse_hours
from detectors.wallclock import DAY, EPOCH_ORDINAL, HOUR, SECOND, instant, shift

WEEK = 7 * DAY
NEVER = 1 << 62
"""Later than any instant: no change is ahead."""

DAYS_KEPT = 4096  # 11 years at about 300 B a day; more only costs computing them again
# Python's dates end with the years 1 and 9999; three days of margin keep zones and neighbours inside.
_FIRST = (date.min - date(1970, 1, 1)).days + 3
_LAST = (date.max - date(1970, 1, 1)).days - 3

Span = tuple[int, int]


class _Day(NamedTuple):
    """One UTC day: its open spans, their sum, and the zone's offset (None: it changes during the day)."""

    spans: tuple[Span, ...]
    open: int
    offset: int | None


class Calendar:
    """Opening hours with holidays.

    hours: entries as `detectors.hours` reads them; None: always open, in UTC. It is open when any of them
    says so; the first one's zone is the place's clock. holidays: local dates on which it is closed; a span
    that would begin on one does not take place.

    >>> berlin = Calendar(["Mon-Fri 07:00-21:05 Europe/Berlin"])
    >>> monday = 1_775_459_138_000_000  # 2026-04-06 07:05:38 UTC, 09:05:38 in Berlin
    >>> berlin.is_open(monday), round(berlin.hour_of_week(monday), 2)
    (True, 9.09)
    >>> (berlin.next_change(monday) - monday) // SECOND  # until 21:05
    43162
    """

    def __init__(self, hours: Sequence[str] | None = None, holidays: Iterable[date] = ()) -> None:
        self._hours = (ALWAYS,) if hours is None else tuple(map(parse_hours, hours))
        if not self._hours:
            raise ValueError("no opening hours; leave them out where a place is always open")
        self._holidays = frozenset(holidays)
        self._zone = self._hours[0].zone
        self._exceptions = sorted(day.toordinal() - EPOCH_ORDINAL for day in self._holidays)
        self._days: dict[int, _Day] = {}
        self._still: Span = (0, 0)  # during it the next change is its end

    @property
    def zone(self) -> str:
        """IANA name of the place's clock."""
        return self._zone.key

    def is_open(self, t: int) -> bool:
        """Whether it is open at `t`: an opening instant is inside, a closing one outside."""
        for start, stop in self._day(t // DAY).spans:  # noqa: SIM110 - any() takes three times as long
            if start <= t < stop:
                return True
        return False

    def next_change(self, t: int) -> int:
        """The next opening or closing instant after `t`; NEVER where there is none."""
        start, stop = self._still
        if not start <= t < stop:
            stop = self._search(t)
            self._still = (t, stop)
        return stop

    def open_seconds(self, a: int, b: int) -> float:
        """How long it is open from `a` to `b`, seconds; 0 where `b` is not after `a`.

        Of more than eleven years (a time sent by mistake) only the last eleven are counted.
        """
        if b <= a:
            return 0.0
        last = b // DAY
        first, a = max((a // DAY, a), (last - DAYS_KEPT + 2, (last - DAYS_KEPT + 2) * DAY))
        if first == last:
            for start, stop in self._day(first).spans:
                if start <= a and b <= stop:
                    return (b - a) / SECOND
            return _overlap(self._day(first).spans, a, b) / SECOND
        total = _overlap(self._day(first).spans, a, b) + _overlap(self._day(last).spans, a, b)
        for day in range(first + 1, last):
            total += self._day(day).open
        return total / SECOND

    def hour_of_week(self, t: int) -> float:
        """Hours since Monday 00:00 on the place's clock, 0 <= h < 168."""
        # 1970 began on a Thursday.
        return ((t + self._offset(t) + 3 * DAY) % WEEK) / HOUR

    def local_day(self, t: int) -> int:
        """The date on the place's clock, as days since 1970-01-01."""
        return (t + self._offset(t)) // DAY

    def _day(self, day: int) -> _Day:
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            found = self._days[day] = self._compute(day)
        return found

    def _compute(self, day: int) -> _Day:
        if not _FIRST <= day <= _LAST:  # no such date: closed, and UTC
            return _Day((), 0, 0)
        spans = _merged([span for entry in self._hours for span in self._spans(entry, day)])
        spans = [span for span in (_clip(span, day * DAY, (day + 1) * DAY) for span in spans) if span]
        begins, ends = shift(self._zone, day * DAY), shift(self._zone, (day + 1) * DAY - 1)
        return _Day(tuple(spans), sum(b - a for a, b in spans), begins if begins == ends else None)

    def _spans(self, entry: Hours, day: int) -> list[Span]:
        """Spans of one entry that can touch a UTC day: they begin on a local date at most two days away."""
        found: list[Span] = []
        for local in range(day - 2, day + 2):
            at = date.fromordinal(local + EPOCH_ORDINAL)
            if at.weekday() not in entry.days or at in self._holidays:
                continue
            after = at + timedelta(days=1)
            for start, stop in entry.spans:
                if after in self._holidays:
                    stop = min(stop, 24 * 60)
                found.append((instant(entry.zone, at, start, 0), instant(entry.zone, at, stop, 1)))
        return found

    def _offset(self, t: int) -> int:
        offset = self._day(t // DAY).offset
        return shift(self._zone, t) if offset is None else offset

    def _search(self, t: int) -> int:
        now = self.is_open(t)
        for day in self._where_it_may_change(t // DAY):
            for span in self._day(day).spans:
                for edge in span:
                    if edge > t and self.is_open(edge) != now:
                        return edge
        return NEVER

    def _where_it_may_change(self, first: int) -> Iterator[int]:
        """Days in order. Hours repeat by the week: what stays for ten days changes at a holiday only."""
        following = max(first, _FIRST)
        for start in (following, *self._exceptions):
            stop = start + 10
            yield from range(max(start - 2, following), stop)
            following = max(following, stop)


def _merged(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for start, stop in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        elif start < stop:
            found.append((start, stop))
    return found


def _clip(span: Span, a: int, b: int) -> Span | None:
    start, stop = max(span[0], a), min(span[1], b)
    return (start, stop) if start < stop else None


def _overlap(spans: Sequence[Span], a: int, b: int) -> int:
    return sum(max(0, min(stop, b) - max(start, a)) for start, stop in spans)
