"""Writer: points on their way to a database, in order, by a thread of its own. Whoever puts them never waits.

What waits is bounded; beyond, the oldest are dropped and counted. A batch that the server cannot take now is
tried again until it can; one that is wrong is halved until what is wrong stands alone, is dropped and
counted.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

import structlog
from msgspec import Struct

from streams.sinks.influx.lines import Point, line
from streams.sinks.influx.outcomes import Later, Wrong

_log = structlog.get_logger()
BATCH = 5_000  # points of one write: what InfluxDB's makers advise
FIRST_S, LAST_S = 0.5, 30.0  # between attempts: doubles from the one to the other
LINGER_S = 0.5  # small batches cost the server more than a moment costs a dashboard
CLOSING_S = 5.0  # for what waits when a worker ends


class Destination(Protocol):
    """Where lines go."""

    def write(self, lines: str) -> None:
        """Raises `Later` or `Wrong`."""

    def close(self) -> None:
        """Nothing more comes."""


class Counts(Struct):
    """Points so far. dropped: at the bound, or when there was no time left; wrong: refused by the server.
    failing: seconds since the last write that worked, 0 where the last one did; why: what was said then."""

    written: int = 0
    dropped: int = 0
    wrong: int = 0
    waiting: int = 0
    failing_s: float = 0.0
    why: str = ""


class Writer:
    """Writes what is `put` to a destination.

    most: points that may wait. patient: `put` waits at the bound instead of dropping, for replays. linger_s:
    how long a batch waits for more.
    """

    def __init__(
        self, destination: Destination, most: int, *, patient: bool = False, linger_s: float = LINGER_S
    ) -> None:
        self._destination, self._most = destination, most
        self._patient, self._linger_s = patient, linger_s
        self._queue: deque[tuple[int, Callable[[], Iterable[Point]]]] = deque()
        self._changed = threading.Condition()
        self._deadline: float | None = None  # set when it is to end
        self._failing: float | None = None
        self._counts = Counts()
        self._thread = threading.Thread(target=self._run, name="influx", daemon=True)
        self._thread.start()

    def put(self, number: int, points: Callable[[], Iterable[Point]]) -> None:
        """So many points, made when their turn comes, on the writer's thread."""
        with self._changed:
            while self._patient and self._counts.waiting + number > self._most and self._queue:
                self._changed.wait()
            self._queue.append((number, points))
            self._counts.waiting += number
            while self._counts.waiting > self._most and self._queue:
                lost, _ = self._queue.popleft()
                self._counts.waiting -= lost
                self._counts.dropped += lost
            self._changed.notify_all()

    def counts(self) -> Counts:
        """A copy, as of now."""
        with self._changed:
            failing_s = 0.0 if self._failing is None else time.monotonic() - self._failing
            c = self._counts
            return Counts(c.written, c.dropped, c.wrong, c.waiting, failing_s, c.why)

    def close(self, within_s: float = CLOSING_S) -> Counts:
        """Write what waits, within so many seconds; what is left then counts as dropped."""
        with self._changed:
            self._deadline = time.monotonic() + within_s
            self._changed.notify_all()
        self._thread.join(within_s + 1.0)
        with self._changed:
            self._counts.dropped += self._counts.waiting
            self._counts.waiting = 0
            self._queue.clear()
        return self.counts()

    # -- on the thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            batch = self._next()
            if batch is None:
                break
            lines, number = batch
            self._deliver(lines)
            with self._changed:
                self._counts.waiting = max(0, self._counts.waiting - number)
                self._changed.notify_all()
        self._destination.close()

    def _next(self) -> tuple[list[str], int] | None:
        """Lines of the next batch, and how many points they were; None at the end."""
        with self._changed:
            while not self._queue and self._deadline is None:
                self._changed.wait()
            if not self._queue or (self._deadline is not None and time.monotonic() > self._deadline):
                return None
            if self._counts.waiting < BATCH and self._deadline is None:
                self._changed.wait_for(lambda: self._deadline is not None, self._linger_s)
            taken = []
            number = 0
            while self._queue and number < BATCH:
                taken.append(self._queue.popleft())
                number += taken[-1][0]
        lines = [text for _, points in taken for point in points() if (text := line(point))]
        return lines, number

    def _deliver(self, lines: list[str]) -> None:
        """All of a batch, part by part where a part is wrong."""
        parts = [lines] if lines else []
        while parts:
            part = parts.pop()
            try:
                self._write(part)
            except Wrong as wrong:
                if wrong.dropped is None and len(part) > 1:
                    half = len(part) // 2
                    parts += [part[half:], part[:half]]
                    continue
                dropped = min(len(part), 1 if wrong.dropped is None else wrong.dropped)
                _log.warning("points refused", number=dropped, why=str(wrong))
                self._count(len(part) - dropped, wrong=dropped)
            except TimeoutError:
                self._count(0, dropped=len(part))

    def _write(self, lines: list[str]) -> None:
        """One part, again and again until it is taken. TimeoutError where the writer has to end before."""
        body, pause_s = "\n".join(lines), FIRST_S
        while True:
            try:
                self._destination.write(body)
            except Later as later:
                self._fails(later)
                wait_s = max(later.after_s, random.uniform(pause_s / 2, pause_s))
                pause_s = min(2 * pause_s, LAST_S)
                if not self._may_wait(wait_s):
                    raise TimeoutError from None
            else:
                self._count(len(lines))
                return

    def _may_wait(self, seconds: float) -> bool:
        """Waits; False where the end comes first."""
        with self._changed:
            if self._deadline is None:
                self._changed.wait_for(lambda: self._deadline is not None, seconds)
                return True
            left = self._deadline - time.monotonic()
            if left <= 0:
                return False
        time.sleep(min(seconds, left))
        return True

    def _fails(self, later: Later) -> None:
        with self._changed:
            first = self._failing is None
            if self._failing is None:
                self._failing = time.monotonic()
            changed, self._counts.why = self._counts.why != str(later), str(later)
        if first or changed:
            _log.warning("influxdb takes nothing", why=str(later), refused=later.refused)

    def _count(self, written: int, *, wrong: int = 0, dropped: int = 0) -> None:
        with self._changed:
            self._counts.written += written
            self._counts.wrong += wrong
            self._counts.dropped += dropped
            if written and self._failing is not None:
                self._failing, self._counts.why = None, ""
                _log.info("influxdb takes points again")
