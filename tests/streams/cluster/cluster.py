"""The cluster: one seeded scheduler decides who goes next, what arrives, what is lost, and who dies where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import TypeAlias
from zlib import crc32

from msgspec import Struct

from streams.floor.floor import Floor
from streams.reading import Reader, Rejection
from streams.records.alerts import Alert
from streams.records.controls import Control, Mark, Origins
from streams.records.parcels import LogRecord, Origin
from tests.streams.cluster.broker import Line, Log, Topics
from tests.streams.cluster.processes import Ended, FloorProcess, ReaderProcess, Snapshot, Wires

STEPS = 60_000  # a run needs about two thousand; more is a cluster that stands still
STEP = 60_000  # microseconds of wall clock that one step of the scheduler takes at most
REAL_STEP = 200_000  # the same where records come by the clock: then there is less to do
AFTER = 150_000_000  # microseconds that the clock goes on behind the last record: longer than any lateness

CHANCES = {
    "parcel sent": 0.005,
    "parcel acknowledged": 0.005,
    "dead letter sent": 0.03,
    "dead letter acknowledged": 0.03,
    "input committed": 0.01,
    "instant sent": 0.1,
    "alert sent": 0.1,
    "alert acknowledged": 0.1,
    "snapshot written": 0.05,
    "log committed": 0.05,
}
"""Every failpoint, and how likely a process dies there: those passed often are survived more often."""


AnyLine: TypeAlias = Line[LogRecord] | Line[Rejection] | Line[tuple[Alert, bytes]]


class Arrival(Struct, frozen=True):
    """One record as it arrives at the broker. at: when (microseconds); it is the record's timestamp too."""

    at: int
    topic: str
    key: str
    value: bytes
    time: int


class Plan(Struct, frozen=True, kw_only=True):
    """What a run goes through.

    readers, logs: how many. partitions: of each topic. any_partitioner: instead of the key's. kill: chance at
    each failpoint, None: as in CHANCES; kills: how often at most. points: only these failpoints; empty: all.
    expire: chance that a message is given up. rebalance, zombie, ghost: chance per step that origins change
    hands, that a reader sleeps and wakes as a zombie, that a floor goes on beside the one that replaced it.
    log_fails: the last log takes nothing for a while. marks: how many before the last. backlog: all records
    were there before the first reader. real_time: records come by the clock, not as fast as they are read.
    controls: in force from their own times; not with a backlog. broken: names of rules that the shells break.
    """

    partitions: dict[str, int]
    readers: int = 2
    logs: int = 1
    any_partitioner: bool = False
    kill: float | None = None
    kills: int = 10
    points: frozenset[str] = frozenset()
    expire: float = 0.004
    rebalance: float = 0.01
    zombie: float = 0.003
    ghost: float = 0.001
    log_fails: bool = False
    marks: int = 2
    backlog: bool = False
    real_time: bool = False
    controls: tuple[Control, ...] = ()
    broken: frozenset[str] = frozenset()


class Cluster:
    """One run. make_reader(logs), make_floor(): the product's own parts. arrivals: in order of arrival."""

    def __init__(
        self,
        seed: int,
        plan: Plan,
        arrivals: list[Arrival],
        make_reader: Callable[[int], Reader],
        make_floor: Callable[[], Floor],
    ) -> None:
        self.plan, self._rng = plan, Random(seed)
        self._arrivals, self._make_reader, self._make_floor = arrivals, make_reader, make_floor
        self.topics = Topics(plan.partitions)
        self.logs: list[Log[LogRecord]] = [Log() for _ in range(plan.logs)]
        self.dead: Log[Rejection] = Log()
        self.alerts: Log[tuple[Alert, bytes]] = Log()
        self.committed: dict[Origin, int] = {}
        self.stores: list[list[Snapshot]] = [[] for _ in range(plan.logs)]
        self.killed: Counter[str] = Counter()
        self.now = arrivals[0].at
        self._produced = 0
        self._finished = False
        self._wires = Wires(self._rng, self._failpoint, plan.broken)
        self._orphans: list[AnyLine] = []
        origins = {topic: ("", n) for topic, n in sorted(plan.partitions.items())}
        self._controls: list[Control] = [Origins(id="origins", topics=origins)]
        self._waiting = sorted((c for c in plan.controls), key=lambda c: getattr(c, "effective", 0))
        self._forwarded = [0] * plan.logs
        self._marks_at = sorted(self._rng.randrange(len(arrivals)) for _ in range(plan.marks))
        self.readers = [self._reader() for _ in range(plan.readers)]
        self.floors = [self._floor(log) for log in range(plan.logs)]
        self._ghosts: list[FloorProcess] = []
        self._group()
        while plan.backlog and not self._finished:
            self._produce()

    # -- processes ---------------------------------------------------------------------------------------

    def _reader(self) -> ReaderProcess:
        def make() -> Reader:
            return self._make_reader(self.plan.logs)

        return ReaderProcess(make, self.topics, self.logs, self.dead, self.committed, self._wires)

    def _floor(self, log: int) -> FloorProcess:
        return FloorProcess(self._make_floor, self.logs[log], self.alerts, self.stores[log], self._wires)

    def _failpoint(self, name: str) -> None:
        plan = self.plan
        wanted = name in plan.points if plan.points else True
        chance = CHANCES[name] if plan.kill is None else plan.kill
        if wanted and self.killed.total() < plan.kills and self._rng.random() < chance:
            self.killed[name] += 1
            raise Ended(name)

    def _step_reader(self, index: int) -> None:
        reader = self.readers[index]
        if reader.sleeps > 0:
            reader.sleeps -= 1
            return
        try:
            if reader.owned != reader.wanted and self._rng.random() < 0.2:
                reader.assign()
            else:
                reader.step(self.now)
        except Ended:
            self._orphans += [*reader.lines, reader.dead]
            self.readers[index] = self._reader()
            self._group()

    def _step_floor(self, log: int) -> None:
        floor = self.floors[log]
        try:
            floor.step()
        except Ended:
            self._orphans.append(floor.line)
            self.floors[log] = self._floor(log)

    def _haunt(self) -> None:
        """A floor that another has replaced, and that does not know it, goes on for a while."""
        ghost = self._rng.choice(self._ghosts)
        try:
            ghost.step()
            over = self._rng.random() < 0.03
        except Ended:
            over = True
        if over:
            self._ghosts.remove(ghost)
            self._orphans.append(ghost.line)

    def _group(self) -> None:
        """Who gets which origin; everybody hears of it in its own time."""
        for reader in self.readers:
            reader.wanted = []
        for origin in self.topics.origins:
            self._rng.choice(self.readers).wanted.append(origin)

    # -- the world ---------------------------------------------------------------------------------------

    def _produce(self) -> None:
        """Records arrive, and with them controls that are to be in force soon."""
        for _ in range(self._rng.randint(1, 40)):
            if self._produced >= len(self._arrivals):
                self._finish()
                return
            arrival = self._arrivals[self._produced]
            if self._held_up(arrival):
                return
            self.topics.append(self._partition(arrival), arrival.value, arrival.at)
            self._produced += 1
            if self._marks_at and self._marks_at[0] < self._produced:
                self._marks_at.pop(0)
                self._mark(f"mark-{self._produced}")

    def _held_up(self, arrival: Arrival) -> bool:
        """A control is published, and is in every log, before its time comes."""
        if self.plan.real_time and arrival.at > self.now:
            return True
        if self._waiting and getattr(self._waiting[0], "effective", 0) <= arrival.at + 120_000_000:
            self._controls.append(self._waiting.pop(0))
        return bool(self.plan.controls) and min(self._forwarded) < len(self._controls)

    def _partition(self, arrival: Arrival) -> Origin:
        n = self.plan.partitions[arrival.topic]
        at = self._rng.randrange(n) if self.plan.any_partitioner else crc32(arrival.key.encode()) % n
        return Origin(arrival.topic, "", at)

    def _mark(self, name: str) -> None:
        """Everything before the earliest time that is still to come lies before the present ends."""
        until = min((a.time for a in self._arrivals[self._produced :]), default=0)
        self._controls.append(Mark(id=name, until=until, positions=self.topics.ends()))

    def _finish(self) -> None:
        if self._finished or self._waiting:
            return
        self._finished = True
        if not self.plan.real_time:
            self._controls.append(Mark(id="last", until=0, positions=self.topics.ends(), last=True))

    def _forward(self) -> None:
        """One worker forwards controls into every log; it may repeat itself."""
        log = self._rng.randrange(self.plan.logs)
        if self._rng.random() < 0.1:
            self._forwarded[log] = max(0, self._forwarded[log] - 2)
        if self._forwarded[log] < len(self._controls) and self.logs[log].up:
            self.logs[log].rows.append((self.now, self._controls[self._forwarded[log]]))
            self._forwarded[log] += 1

    def _answer(self) -> None:
        """The broker takes what is on its way: most of it, some twice, some not at all."""
        lines: list[AnyLine] = [*self._orphans]
        lines += [floor.line for floor in (*self.floors, *self._ghosts)]
        for reader in self.readers:
            if reader.sleeps <= 0:
                lines += [*reader.lines, reader.dead]
        for _ in range(len(lines) if self.plan.real_time else 3):
            self._move(self._rng.choice(lines))
        self._orphans = [line for line in self._orphans if line.waiting]

    def _move(self, line: AnyLine) -> None:
        fate = self._rng.random()
        gone = line in self._orphans
        if fate < self.plan.expire or (not line.log.up and fate < 0.2) or (gone and fate < 0.2):
            for _ in range(self._rng.randint(1, 6)):
                line.expire()
        elif fate < 0.03:
            line.arrive(self.now, answered=False)
        else:
            for _ in range(self._rng.randint(1, 20)):
                line.arrive(self.now)

    def _trouble(self) -> None:
        """Rebalances, sleepers that become zombies, a log that fails."""
        what = self._rng.random()
        if what < self.plan.rebalance:
            self._group()
        elif what < self.plan.rebalance + self.plan.zombie:
            sleeper = self._rng.choice(self.readers)
            sleeper.sleeps = self._rng.randint(5, 200)
            for origin in sleeper.owned:  # the others get all of it; it does not hear of that
                other = self._rng.choice(self.readers)
                if origin in sleeper.wanted and other is not sleeper:
                    sleeper.wanted.remove(origin)
                    other.wanted.append(origin)
        if self._rng.random() < self.plan.ghost:
            log = self._rng.randrange(self.plan.logs)
            self._ghosts.append(self.floors[log])
            self.floors[log] = self._floor(log)
        if self.plan.log_fails and self._rng.random() < 0.01:
            self.logs[-1].up = not self.logs[-1].up

    # -- running -----------------------------------------------------------------------------------------

    def run(self) -> Cluster:
        """Until everything was produced, read, taken, told and committed."""
        for step in range(STEPS):
            self.now += self._rng.randrange(REAL_STEP if self.plan.real_time else STEP)
            self._trouble()
            self._answer()
            self._act()
            if step % 16 == 0 and self._finished and self._is_over() and self._is_done():
                return self
        raise AssertionError(f"the cluster stands still: {self._where()}")

    def _act(self) -> None:
        what = self._rng.random()
        if what < 0.1:
            self._produce()
        elif what < 0.15:
            self._forward()
        elif what < 0.2 and self._ghosts:
            self._haunt()
        elif what < 0.6:
            self._step_reader(self._rng.randrange(len(self.readers)))
        else:
            self._step_floor(self._rng.randrange(len(self.floors)))

    def _is_over(self) -> bool:
        """By the clock. From then on nobody reports progress any more, so that all can be taken."""
        held = sum(desk.hold.facts for process in self.floors for desk in process.floor.desks.values())
        over = not self.plan.real_time or (self.now > self._arrivals[-1].at + AFTER and not held)
        for reader in self.readers:
            reader.tells = not (self.plan.real_time and over)
        return over

    def _is_done(self) -> bool:
        for log in self.logs:
            log.up = True
        return (
            min(self._forwarded) == len(self._controls)
            and all(self.committed.get(o, 0) >= self.topics.end(o) for o in self.topics.origins)
            and not any(self._unread())
            and not any(floor.line.waiting or False in floor.line.answers for floor in self.floors)
        )

    def _where(self) -> str:
        behind = {o: self.topics.end(o) - self.committed.get(o, 0) for o in self.topics.origins}
        return f"produced {self._produced}, uncommitted {behind}, unread {self._unread()}"

    def _unread(self) -> list[int]:
        """Records of each log that its floor has not taken."""
        return [len(log.rows) - floor.position for floor, log in zip(self.floors, self.logs, strict=True)]
