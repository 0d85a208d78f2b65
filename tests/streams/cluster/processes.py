"""The processes of the cluster: thin shells around the product's Reader and Floor, as the live ones must be.

Every effect is followed by a failpoint, a named place at which the scheduler may kill the process. A shell
keeps these rules, and with each of them broken events or alerts are lost:

- a reader says where it begins, and hears the answer of every log, before it sends the first fact;
- it commits only what every log, dead letters among them, has acknowledged;
- a send that failed ends the process;
- a floor writes its snapshot after its alerts were acknowledged, and begins at a snapshot's position.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from streams.floor.floor import Floor
from streams.reading import Reader, Rejection
from streams.records.alerts import Alert, encode_alert
from streams.records.parcels import LogRecord, Origin, Parcel
from tests.streams.cluster.broker import Line, Log, Topics

POLLED = 80  # records a poll brings at most; small, so that a seed sees many cuts
TOLD_EVERY = 1_000_000  # microseconds between two reports of progress

Failpoint = Callable[[str], None]


class Ended(Exception):  # noqa: N818 - no fault: the end of a process
    """A process ends: killed at a failpoint, or by its own decision after a failed send."""


class Wires(NamedTuple):
    """What both kinds of process share. broken: names of shell rules that this cluster breaks."""

    rng: Random
    failpoint: Failpoint
    broken: frozenset[str]


class ReaderProcess:
    """One reader: polls the origins it believes to be its own, sends, hears, commits."""

    def __init__(
        self,
        make: Callable[[], Reader],
        topics: Topics,
        logs: list[Log[LogRecord]],
        dead: Log[Rejection],
        committed: dict[Origin, int],
        wires: Wires,
    ) -> None:
        self._topics, self._committed, self._wires = topics, committed, wires
        self._reader = make()
        self.lines: list[Line[LogRecord]] = [Line(log) for log in logs]
        self.dead: Line[Rejection] = Line(dead)
        self._sent: list[list[tuple[int, Parcel]]] = [[] for _ in logs]  # per log, not answered; by chain
        self._chain: dict[Origin, int] = {}  # an origin that comes back begins another chain of parcels
        self._rejected: list[Rejection] = []  # not answered
        self._acked: dict[Origin, list[int]] = {}  # per log: acknowledged up to
        self._told = 0
        self.owned: list[Origin] = []
        self.wanted: list[Origin] = []
        """What the group gives it; a zombie has not heard of it yet."""
        self.sleeps = 0
        self.tells = True

    def assign(self) -> None:
        """Hear of the group's decision: let go what was taken away, begin what came."""
        for origin in self.owned:
            if origin not in self.wanted:
                self._reader.release(origin)
                self._acked.pop(origin, None)
        came = [origin for origin in self.wanted if origin not in self.owned]
        for origin in came:
            position = self._committed.get(origin, 0)
            self._reader.seek(origin, position)
            self._acked[origin] = [-1] * len(self.lines)
            self._chain[origin] = self._chain.get(origin, 0) + 1
        self.owned = list(self.wanted)
        if came:
            self._tell()

    def step(self, now: int) -> None:
        """One thing that a reader may do."""
        what = self._wires.rng.random()
        if now - self._told >= TOLD_EVERY and self.tells:
            self._told = now
            self._tell()
        elif what < 0.45:
            self._poll()
        elif what < 0.85:
            self._hear()
        else:
            self._commit()

    def _tell(self) -> None:
        """Progress, with what is known of ends."""
        ends = [o for o in self.owned if self._reader.position(o) >= self._topics.end(o)]
        for log, parcel in self._reader.progress(at_end=ends):
            self._send(log, parcel)

    def _poll(self) -> None:
        ready = [origin for origin in self.owned if self._is_ready(origin)]
        if not ready:
            return
        origin = self._wires.rng.choice(ready)
        at = self._reader.position(origin)
        batch = self._topics.records[origin][at : at + self._wires.rng.randint(1, POLLED)]
        at_end = at + len(batch) == self._topics.end(origin)
        taken = self._reader.take(origin, batch, at_end=at_end)
        for rejection in taken.rejections:
            self._rejected.append(rejection)
            self.dead.send(rejection)
            self._wires.failpoint("dead letter sent")
        for log, parcel in taken.parcels:
            self._send(log, parcel)

    def _is_ready(self, origin: Origin) -> bool:
        """Whether every log knows where this reader begins, and there is something to read."""
        return min(self._acked[origin]) >= 0 and self._reader.position(origin) < self._topics.end(origin)

    def _send(self, log: int, parcel: Parcel) -> None:
        self._sent[log].append((self._chain[parcel.origin], parcel))
        self.lines[log].send(parcel)
        self._wires.failpoint("parcel sent")

    def _hear(self) -> None:
        """Take in what the broker has answered, in order, up to a failure."""
        for log, line in enumerate(self.lines):
            while line.answers:
                if not line.answers.popleft() and "failed send" not in self._wires.broken:
                    raise Ended("a parcel expired")
                chain, parcel = self._sent[log].pop(0)
                if parcel.origin in self._acked and chain == self._chain[parcel.origin]:
                    self._acked[parcel.origin][log] = parcel.stop
                self._wires.failpoint("parcel acknowledged")
        while self.dead.answers:
            if not self.dead.answers.popleft():
                raise Ended("a dead letter expired")
            self._rejected.pop(0)
            self._wires.failpoint("dead letter acknowledged")

    def _commit(self) -> None:
        for origin in self.owned:
            reached = min(self._acked[origin])
            if "commit" in self._wires.broken:
                reached = self._reader.position(origin)
            for rejection in self._rejected:
                if (rejection.topic, rejection.partition) == (origin.topic, origin.partition):
                    reached = min(reached, rejection.offset)
            if reached >= 0:
                self._committed[origin] = reached
                self._wires.failpoint("input committed")


class Snapshot(NamedTuple):
    """A floor's state and the position in its log that it belongs to: written both or not at all."""

    state: bytes
    position: int


class FloorProcess:
    """One floor: takes the records of its log, tells alerts, writes snapshots."""

    def __init__(
        self,
        make: Callable[[], Floor],
        log: Log[LogRecord],
        alerts: Log[tuple[Alert, bytes]],
        store: list[Snapshot],
        wires: Wires,
    ) -> None:
        self._log, self._store, self._wires = log, store, wires
        self.floor = make()
        self.position = 0
        if store:
            self.floor.restore(store[-1].state)
            self.position = store[-1].position
            if "seek" in wires.broken:
                self.position = len(log.rows)
        self.line: Line[tuple[Alert, bytes]] = Line(alerts)
        self._asked = 0  # alerts sent so far
        self._heard = 0
        self._pending: tuple[Snapshot, int] | None = None
        self._closed: dict[str, int] = {}

    def step(self) -> None:
        """One thing that a floor may do."""
        what = self._wires.rng.random()
        if what < 0.75:
            for _ in range(self._wires.rng.randint(1, 12)):
                if self.position < len(self._log.rows):
                    self._take()
        elif what < 0.9:
            self._hear()
        elif self._pending is not None or what < 0.94:
            self._write()

    def _take(self) -> None:
        appended, record = self._log.rows[self.position]
        before = self._reached(record)
        for alert in self.floor.take(record, appended):
            self._tell(alert, "instant sent")
        while (closing := self.floor.close()) is not None:
            assert closing.end > self._closed.get(closing.tenant, 0), "slots close once, in order"
            assert not closing.failed, closing.failed
            self._closed[closing.tenant] = closing.end
            for alert in closing.changes:
                self._tell(alert, "alert sent")
        self.position += 1
        after = self._reached(record)
        assert after >= before, "positions and highest times never fall"

    def _reached(self, record: LogRecord) -> tuple[int, int]:
        if not isinstance(record, Parcel) or record.origin not in self.floor.tide.progress:
            return (-1, -1)
        known = self.floor.tide.progress[record.origin]
        return (known.next, known.highest)

    def _tell(self, alert: Alert, point: str) -> None:
        self._asked += 1
        self.line.send((alert, encode_alert(alert)))
        self._wires.failpoint(point)

    def _hear(self) -> None:
        while self.line.answers:
            if not self.line.answers.popleft():
                raise Ended("an alert expired")
            self._heard += 1
            self._wires.failpoint("alert acknowledged")

    def _write(self) -> None:
        """Copy the state at once; write it when every alert up to it was acknowledged."""
        if self._pending is None:
            self._pending = (Snapshot(self.floor.snapshot(), self.position), self._asked)
        snapshot, asked = self._pending
        if self._heard >= asked or "alerts first" in self._wires.broken:
            self._store.append(snapshot)
            self._pending = None
            self._wires.failpoint("snapshot written")
            self._wires.failpoint("log committed")  # nobody ever reads this commit: a snapshot decides
