"""The agent: does what the desk decides. One pump for each receiver, so that none waits for another.

Receivers answer first, then that is written, then what follows from it is told: a process that is killed
repeats one message at the most for each that was under way, with the same id.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog

from streams.delivery import Notify
from streams.live.failpoints import Failpoints
from streams.notify.book import Place
from streams.notify.desk import Desk
from streams.notify.jobs import Fact, Job
from streams.notify.journal import Journal, Position
from streams.notify.metrics import Metrics
from streams.notify.notices import Answer, Notice, Summary
from streams.notify.receivers.alertmanager import AlertmanagerSender
from streams.notify.receivers.base import Sender
from streams.notify.troubles import OWN, Troubles
from streams.records.alerts import Alert
from streams.records.mutes import Mute
from streams.records.pages import Pager

TICK_S = 1.0
KEEP_S = 5.0  # between notes of the position: what a restart reads again
KEEP_CHANGES = 1000
FACT_ALERTS = 200  # named in one entry of the audit log
_log = structlog.get_logger()


class Agent:
    """One delivery from its start to its end. begun: the position as it was kept; where is written next."""

    def __init__(
        self, notify: Notify, desk: Desk, senders: Mapping[str, Sender], journal: Journal, metrics: Metrics,
        failpoints: Failpoints, clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._notify, self._desk, self._senders, self._journal = notify, desk, senders, journal
        self._metrics, self._failpoints, self._clock = metrics, failpoints, clock
        self._wake = {name: asyncio.Event() for name in senders}
        self._slots = {name: asyncio.Semaphore(sender.at_once) for name, sender in senders.items()}
        self._under_way: dict[asyncio.Task[None], None] = {}
        self._faults: list[asyncio.Task[None]] = []
        self._pager, self._troubles = Pager(OWN), Troubles(notify)
        self._written: dict[str, float] = {}
        self._ends: dict[int, int] = {}
        self._controls = 0
        self._changes, self._kept_at = 0, 0.0

    # -- what comes ----------------------------------------------------------------------------------------

    def take(self, change: Alert, place: Place, written: float) -> None:
        """A change of an alert. written: when its record was, seconds since 1970."""
        self._metrics.changes.inc()
        self._changes += 1
        self._ends[place[0]] = place[1] + 1
        self._pager.adopt(change)
        if self._desk.take(change, place, self._clock()):
            self._written[change.id] = written
        self._rouse()

    def passed_over(self, place: Place) -> None:
        """A record that is no change."""
        self._ends[place[0]] = place[1] + 1
        self._metrics.unread.inc()

    async def control(self, mute: Mute | None, offset: int, facts: Sequence[Fact]) -> None:
        """A control was said. facts: for the audit log; mute: where it is for delivery."""
        if mute is not None:
            why = self._desk.control(mute, self._clock())
            if why:
                _log.error("not a mute", id=mute.id, offset=offset, why=why)
                facts = [*facts, Fact("refused control", {"id": mute.id, "why": why})]
        await self._journal.write((), facts, self._clock())
        self._controls = offset + 1
        self._rouse()

    def _rouse(self) -> None:
        for event in self._wake.values():
            event.set()

    # -- the run -------------------------------------------------------------------------------------------

    def loops(self) -> list[Coroutine[Any, Any, None]]:
        """What must run: until cancelled."""
        pumps = [self._pump(name, sender) for name, sender in self._senders.items()]
        again = [
            self._repeat(name, sender)
            for name, sender in self._senders.items()
            if isinstance(sender, AlertmanagerSender)
        ]
        return [self._ticks(), *pumps, *again]

    async def finish(self, within_s: float) -> None:
        """Let what is under way come to its end, leave the rest, and note the position."""
        if self._under_way:
            await asyncio.wait(list(self._under_way), timeout=within_s)
        await self.abandon()
        await self._keep()

    async def abandon(self) -> None:
        """Leave what is under way, unwritten, as if the process were gone: whoever leads next tells it, with
        the same id."""
        under_way = list(self._under_way)
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way)

    async def _pump(self, name: str, sender: Sender) -> None:
        wake, slots = self._wake[name], self._slots[name]
        while True:
            await slots.acquire()
            wake.clear()
            jobs = self._jobs(name, sender)
            if jobs:
                self._start(self._do(name, sender, jobs), slots)
                continue
            slots.release()
            pause = self._desk.posts[name].line.due(self._clock())
            # Not wait_for: before Python 3.12 it may swallow being cancelled, and this would go on for ever.
            with suppress(TimeoutError):
                async with asyncio.timeout(max(pause, 0.001)):
                    await wake.wait()

    def _jobs(self, name: str, sender: Sender) -> list[Job]:
        found: list[Job] = []
        while len(found) < sender.together:
            job = self._desk.next(name, self._clock())
            if job is None:
                break
            found.append(job)
        return found

    def _start(self, work: Coroutine[Any, Any, None], slots: asyncio.Semaphore) -> None:
        task = asyncio.create_task(work)
        self._under_way[task] = None

        def done(task: asyncio.Task[None]) -> None:
            self._under_way.pop(task, None)
            slots.release()
            if not task.cancelled() and task.exception() is not None:
                self._faults.append(task)

        task.add_done_callback(done)

    async def _do(self, name: str, sender: Sender, jobs: Sequence[Job]) -> None:
        telling = [job for job in jobs if isinstance(job.notice, Notice)]
        quiet = [job for job in jobs if job.notice is None]
        answers: list[tuple[Job, Answer]] = []
        if telling:
            notices = [job.notice for job in telling if isinstance(job.notice, Notice)]
            answers += zip(telling, await sender.tell(notices), strict=True)
        for job in jobs:
            if isinstance(job.notice, Summary):
                answers.append((job, await sender.sum_up(job.notice)))
        self._failpoints.passed("receiver_told")
        await self._settle(name, quiet, answers)
        self._failpoints.passed("delivery_written")
        self._rouse()

    async def _settle(self, name: str, quiet: Sequence[Job], answers: Sequence[tuple[Job, Answer]]) -> None:
        now = self._clock()
        rows = [row for job in quiet for row in job.rows]
        facts = [fact for job in quiet for fact in job.facts]
        for row in rows:
            self._desk.delivered.put(row)
        settled: list[Job] = []
        for job, answer in answers:
            self._note(name, job, answer, now)
            found = self._desk.answered(job, answer, now)
            if found is not None:
                rows += found[0]
                facts += found[1]
                settled.append(job)
        if rows or facts:
            await self._journal.write(rows, facts, now)
        for job in quiet:
            self._desk.settled(job, reached=False)
        for job in settled:
            self._desk.settled(job)

    def _note(self, name: str, job: Job, answer: Answer, now: float) -> None:
        what = type(answer).__name__.lower()
        self._metrics.answers.labels(name, what).inc()
        if what != "told":
            _log.warning("a receiver did not take an alert", receiver=name, answer=what, why=answer.why)  # type: ignore[union-attr]
        elif (written := self._written.get(job.key)) is not None:
            self._metrics.delay.labels(name).observe(max(0.0, now - written))

    async def _repeat(self, name: str, sender: AlertmanagerSender) -> None:
        settings = self._notify.receivers[name]
        while True:
            await asyncio.sleep(getattr(settings, "repost_s", TICK_S))
            async with self._slots[name]:
                answer = await sender.repeat(list(self._desk.standing(name, self._clock())))
            self._desk.heard(name, answer, self._clock())
            self._wake[name].set()

    async def _ticks(self) -> None:
        while True:
            await self._tick()
            for task in self._faults:
                task.result()
            await asyncio.sleep(TICK_S)

    async def _tick(self) -> None:
        now = self._clock()
        self._desk.look(now)
        said = self._pager.look(self._troubles.look(self._desk, now), round(now * 1e6))
        if said:
            await self._journal.say(said)
        await self._own_up(now)
        forgotten = self._desk.delivered.spill()
        if forgotten:
            await self._journal.forget(forgotten)
        if self._changes >= KEEP_CHANGES or now - self._kept_at >= KEEP_S:
            await self._keep()
        self._written = {key: at for key, at in self._written.items() if self._desk.book.find(key)}
        self._metrics.stand(self._desk)
        self._rouse()

    async def _own_up(self, now: float) -> None:
        """For the record: whom the book gave up."""
        ids = self._desk.book.given_up()
        why = "more are in hand than are kept"
        facts = [
            Fact("given up", {"alerts": ids[start : start + FACT_ALERTS], "why": why})
            for start in range(0, len(ids), FACT_ALERTS)
        ]
        if facts:
            await self._journal.write((), facts, now)

    async def _keep(self) -> None:
        self._changes, self._kept_at = 0, self._clock()
        alerts = {part: self._desk.position(part, end) for part, end in self._ends.items()}
        names = sorted(self._senders)
        await self._journal.keep(Position(alerts=alerts, controls=self._controls, receivers=names))
