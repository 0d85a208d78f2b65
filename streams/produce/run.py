"""Playing events onto the topics, and saying now and then how far event time is.

A mark says: everything before its time lies before these positions. It lets event time pass partitions in
which nothing happens, where no wall clock may. So it is only written when all before it is acknowledged, and
it stays behind the newest event by the longest lateness, in which events may still be out of order.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from msgspec import Struct

from streams.produce.pace import Pace
from streams.produce.route import Route, route
from streams.reading.decode import micros
from streams.records.controls import Mark

MARK_EVERY = timedelta(minutes=10)  # event time
NAP_S = 0.005  # shorter waits are not worth going to sleep for
TELL_EVERY = 500  # events
_NEVER = datetime.min.replace(tzinfo=UTC)


class Out(Protocol):
    """Where events go."""

    def event(self, route: Route, value: bytes) -> bool:
        """Queue one event. False: it is too large for the brokers."""

    def settle(self) -> None:
        """Wait until all of them are acknowledged."""

    def ends(self) -> Mapping[str, list[int]]:
        """End of every partition, by topic."""

    def mark(self, mark: Mark) -> None:
        """Publish a mark."""


class Played(Struct):
    """What was sent. topics: events by field of `kafka.topics`; unread: without a readable time."""

    events: int = 0
    unread: int = 0
    too_large: int = 0
    marks: int = 0
    highest: datetime = _NEVER
    topics: Counter[str] = Counter()


def play(
    lines: Iterable[bytes],
    out: Out,
    pace: Pace,
    name: str,
    behind: timedelta,
    *,
    finish: bool = False,
    progress: Callable[[Played], None] = lambda _: None,
) -> Played:
    """Send all lines at their pace.

    name: of this run, unique: it goes into the ids of its marks. behind: how far an event may come after
    later ones. finish: write a last mark: nothing follows, all may close.
    """
    played = Played(topics=Counter())
    marked = _NEVER
    begun = time.monotonic()
    for value in lines:
        to = route(value)
        _wait(begun + pace.due(to.time))
        _send(out, to, value, played)
        if marked is _NEVER:
            marked = played.highest
        elif played.highest >= marked + MARK_EVERY:
            _mark(out, played, f"{name}-{played.marks}", micros(played.highest - behind))
            marked = played.highest
        if played.events % TELL_EVERY == 0:
            progress(played)
    if finish and played.highest is not _NEVER:
        _mark(out, played, f"{name}-end", micros(played.highest), last=True)
    out.settle()
    progress(played)
    return played


def _send(out: Out, to: Route, value: bytes, played: Played) -> None:
    if not out.event(to, value):
        played.too_large += 1
        return
    played.events += 1
    played.topics[to.topic] += 1
    if to.time is None:
        played.unread += 1
    elif to.time > played.highest:
        played.highest = to.time


def _mark(out: Out, played: Played, name: str, until: int, last: bool = False) -> None:
    out.settle()
    out.mark(Mark(id=name, until=until, positions=dict(out.ends()), last=last))
    played.marks += 1


def _wait(due: float) -> None:
    left = due - time.monotonic()
    if left > NAP_S:
        time.sleep(left)
