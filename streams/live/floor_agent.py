"""The floor's shell: batches of the logs go through their floors, alert changes go out, snapshots follow.

What was said is acknowledged before the snapshot that forgets it, and the snapshot before the commit; a start
resumes at the snapshot whatever was committed. A floor is a function of its log alone, so state that this
worker still holds after a rebalance is as good as any snapshot, and better than an older one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from faust.types import TP

from streams.floor.floor import Floor
from streams.floor.watch import Closing
from streams.live.batches import Batch, Fetched
from streams.live.ending import end
from streams.live.failpoints import Failpoints, Place
from streams.live.log import Log
from streams.live.metrics import Metrics
from streams.live.names import Names
from streams.live.outbox import Outbox
from streams.live.snapshot_store import SnapshotStore
from streams.live.snapshots import Found
from streams.records.alerts import Alert, encode_alert
from streams.records.pages import Trouble, matter, told
from streams.records.parcels import decode_record
from streams.sinks.deadletters import encode_letter, internal_letters
from streams.sinks.influx.sink import Sink

_log = structlog.get_logger()
YIELD_S = 0.02  # closings let others run this often: what one event proves is said within 100 ms


class FloorAgent:
    """Runs the floors of the logs that are assigned to this worker.

    build: a fresh floor, with the controls read at the start. commit: of positions in the logs' topic.
    every_s: between snapshots of a log. accept: go on where records of a log, or what was learned, are lost.
    sink: where closings and alerts are drawn, if anywhere.
    """

    def __init__(
        self, build: Callable[[], Floor], store: SnapshotStore, outbox: Outbox, names: Names,
        commit: Callable[[Mapping[TP, int]], Awaitable[bool]],
        seek: Callable[[Mapping[TP, int]], Awaitable[None]],
        failpoints: Failpoints, metrics: Metrics, *, every_s: float, accept: bool = False,
        sink: Sink | None = None,
    ) -> None:  # fmt: skip
        self._build, self._store, self._outbox, self._names = build, store, outbox, names
        self._commit, self._seek, self._every_s = commit, seek, every_s
        self._failpoints, self._metrics, self._accept, self._sink = failpoints, metrics, accept, sink
        self.logs: dict[int, Log] = {}
        self._released: dict[int, Log] = {}

    # -- what is ours --------------------------------------------------------------------------------------

    async def assign(self, held: Mapping[int, tuple[int, int]]) -> None:
        """Hold these logs: as kept from before, from their snapshots, or cold.

        held: offsets `[start, end)` that each log still has.
        """
        begun = time.monotonic()
        known, self.logs, self._released = {**self._released, **self.logs}, {}, {}
        mine = {log: known[log] for log in held if log in known}
        foreign = await self._store.foreign(mine.keys())
        found = await self._store.read([log for log in held if log not in mine or log in foreign])
        logs: dict[int, Log] = {}
        for number, (start, end_) in sorted(held.items()):
            log = mine.get(number)
            if log is None or not log.reaches(found.get(number)):
                log = await self._restored(number, found[number], start, end_)
            logs[number] = log
        for number, log in logs.items():
            if log.kept < 0:  # so that nothing is ever committed that no snapshot stands for
                await self._write(number, log, log.next, log.floor.snapshot(log.next))
        self.logs = logs  # only when complete: batches are taken from now on
        self._metrics.recovered(time.monotonic() - begun, len(found))

    async def _restored(self, number: int, found: Found, start: int, end_: int) -> Log:
        for fault in found.faults:
            _log.error("snapshot damaged", log=number, fault=fault)
        if found.faults:
            await self._page("damaged_snapshot", number, f"log {number}: {found.faults[0]}")
        log = Log(self._build(), written_s=time.monotonic())
        manifest = found.snapshot.manifest if found.snapshot else None
        lost = manifest and self._store.lost(manifest, start, end_)
        if lost and not self._accept:
            end("lost", 1, log=number, said=f"{lost}; --accept goes on without")
        if found.snapshot is None or manifest is None or not self._store.fits(manifest):
            return await self._cold(number, log, start, known=manifest is not None or bool(found.faults))
        if not self._take_in(number, log, found.snapshot.state, manifest.position):
            return await self._cold(number, Log(self._build(), written_s=time.monotonic()), start, known=True)
        log.next = log.kept = manifest.position
        log.parked = list(log.floor.parked)
        if lost:
            log.floor.tide.allow_jumps()
            log.next = start
            await self._page("lost", number, f"log {number}: {lost}")
        _log.info("log restored", log=number, position=log.next, bytes=manifest.size)
        return log

    def _take_in(self, number: int, log: Log, state: bytes, position: int) -> bool:
        """Restore a floor; False where its state cannot be read and that is accepted."""
        try:
            log.floor.restore(state, position)
        except Exception as fault:  # of another version of the program; nothing was taken from the log yet
            said = (
                f"the state of log {number} cannot be read ({type(fault).__name__}): another version wrote it"
            )
            if not self._accept:
                end("unreadable state", 1, log=number, said=f"{said}; --accept begins anew")
            return False
        return True

    async def _cold(self, number: int, log: Log, start: int, known: bool) -> Log:
        log.next = start
        self._metrics.cold_starts.inc()
        _log.warning("log starts cold", log=number, position=start)
        if start > 0 or known:
            await self._page("cold_start", number, f"log {number} starts without its state at {start}")
        return log

    def holds(self, number: int, log: Log) -> bool:
        """Whether this log is still this worker's."""
        return self.logs.get(number) is log

    def positions(self) -> dict[int, int]:
        """The next offset of each log."""
        return {number: log.next for number, log in self.logs.items()}

    async def release(self) -> None:
        """Before a rebalance or the end: finish what is in hand, snapshot, commit; take no more."""
        logs, self.logs = self.logs, {}
        for number, log in logs.items():
            async with log.lock:
                await self._outbox.settled()
                await self._write(number, log, log.next, log.floor.snapshot(log.next))
        self._released = logs

    # -- taking --------------------------------------------------------------------------------------------

    async def take(self, batch: Batch) -> None:
        """All records of a batch, each with the closings that it makes possible."""
        log = self.logs.get(batch.partition)
        if log is None:  # revoked while it waited in the queue
            return
        async with log.lock:
            if batch.start > log.next:
                await self._again(batch.partition, log)
                return
            log.sought = False
            begun = time.monotonic()
            for record in batch:
                if self.logs.get(batch.partition) is not log:
                    return
                if record.offset >= log.next:
                    await self.step(log.floor, record)
                    log.next = record.offset + 1
                    if time.monotonic() - begun > YIELD_S:
                        await asyncio.sleep(0)
                        begun = time.monotonic()

    async def _again(self, number: int, log: Log) -> None:
        if not log.sought:
            log.sought = True
            await self._seek({TP(self._names.facts, number): log.next})

    async def step(self, floor: Floor, record: Fetched) -> None:
        """Take one record, close what may close, and send what that says."""
        said = floor.take(decode_record(record.value or b""), record.timestamp * 1000)
        if said:
            await self._say(said, "instant_sent")
        begun = time.monotonic()
        changes: list[Alert] = []
        while (closing := floor.close()) is not None:
            await self._note(closing)
            changes += closing.changes
            if time.monotonic() - begun > YIELD_S:
                await self._say(changes, "alert_sent")
                changes = []
                await asyncio.sleep(0)
                begun = time.monotonic()
        await self._say(changes, "alert_sent")

    async def _say(self, changes: list[Alert], place: Place) -> None:
        """Send in order. Returns before they are acknowledged: what waits for that is the next snapshot."""
        sent = [
            await self._outbox.send(self._names.alerts, encode_alert(change), change.id.encode())
            for change in changes
        ]
        self._noted(changes)
        if sent:
            sent[-1].add_done_callback(lambda _: self._failpoints.passed(place))
            await asyncio.sleep(0)  # the producer's turn

    def _noted(self, changes: Sequence[Alert]) -> None:
        for change in changes:
            self._metrics.said(change)
        if self._sink is not None:
            self._sink.said(changes)

    async def _note(self, closing: Closing) -> None:
        self._metrics.closed(closing)
        if self._sink is not None:
            self._sink.slot(closing.readings)
        if closing.fault:
            _log.error("a tenant is parked", tenant=closing.tenant, slot=closing.start, fault=closing.fault)
        for letter in internal_letters(closing.tenant, closing.start, closing.failed):
            _log.error(
                "facts could not be folded", tenant=letter.tenant, number=letter.count, fault=letter.detail
            )
            await self._outbox.send(self._names.deadletters, encode_letter(letter), letter.key())

    async def page(self, changes: Sequence[Alert]) -> None:
        """Send pipeline alerts; they change nothing that must wait for them."""
        self._noted(changes)
        for change in changes:
            _log.error("page", signal=change.signal, state=change.state, summary=change.summary)
            await self._outbox.send(self._names.alerts, encode_alert(change), change.id.encode())

    async def _page(self, trouble: Trouble, log: int, summary: str) -> None:
        now = time.time_ns() // 1000
        await self.page([told(matter(trouble, log=log), "open", summary, now, now)])

    # -- keeping -------------------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Snapshot the logs of which that is due."""
        for number, log in list(self.logs.items()):
            if log.next == log.kept or time.monotonic() - log.written_s < self._every_s:
                continue
            await self._outbox.settled()  # nearly all of it while the log goes on
            async with log.lock:
                if self.logs.get(number) is not log:
                    continue
                await self._outbox.settled()
                position, state = log.next, log.floor.snapshot(log.next)
            await self._write(number, log, position, state)

    async def _write(self, number: int, log: Log, position: int, state: bytes) -> None:
        async with log.writing:
            if position <= log.kept:
                return
            log.size = await self._store.write(number, position, state)
            log.kept, log.written_s = position, time.monotonic()
        self._metrics.kept(number, log.size, time.time())
        if await self._commit({TP(self._names.facts, number): position}):
            self._failpoints.passed("commit")
