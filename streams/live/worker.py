"""A worker: reader, floor and forwarder in one Faust app, and what must happen every second.

Order is everything here. After a rebalance: positions first, then records. Before one, and at the end: finish
what is in hand, have it acknowledged, snapshot, commit, let go.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from socket import gethostname
from typing import Any

import faust
import msgspec
import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from streams.broker import Topic
from streams.build import build_aside, build_floor, build_reader
from streams.floor.aside import Aside
from streams.floor.floor import Floor
from streams.garbage import settle
from streams.live.app import add_agent, build_app, connection
from streams.live.batches import Committed, commit, hold
from streams.live.blind import blind
from streams.live.clock import TICK_S, Clock, Told, encode_told
from streams.live.compacted import read_on
from streams.live.controls import ControlsAgent, encode_control, standing
from streams.live.ending import end
from streams.live.failpoints import Failpoints
from streams.live.floor_agent import FloorAgent
from streams.live.growth import Growth
from streams.live.health import EVERY_S, figures
from streams.live.loops import pause, sound
from streams.live.metrics import Metrics
from streams.live.names import Names
from streams.live.outbox import Outbox
from streams.live.pages import Pages
from streams.live.parking import Parking
from streams.live.reader_agent import ReaderAgent
from streams.live.selftest import Selftest
from streams.live.snapshot_store import SnapshotStore
from streams.live.troubles import Watch, lost_records
from streams.live.watchdog import Watchdog
from streams.load import Configuration
from streams.records.controls import Control
from streams.records.facts import MICROS
from streams.records.pages import Matter, told
from streams.settings import shape
from streams.sinks.influx.sink import live_sink

_log = structlog.get_logger()
BLIND_S = 60.0  # between looks at what cannot see
UNWELL_S = 10.0  # without a turn of the loop, or an answer of the brokers
SOON_S = 0.1  # between looks whether partitions have come: what they bring is committed at once
CROWD = 10  # origins wait for slower ones once a floor holds a tenth of what it may hold


class Worker:
    """One process's share of the work.

    topics: as the brokers have them. controls: all that were published. wall: whether time goes on by the
    clock where nothing comes; False: by the records alone. accept: go on although something was lost.
    """

    def __init__(
        self, configuration: Configuration, topics: Mapping[str, Topic], controls: list[Control],
        *, wall: bool, accept: bool, failpoints: Failpoints,
    ) -> None:  # fmt: skip
        settings = configuration.settings
        self.names = names = Names.of(settings.kafka)
        self.metrics, self.clock = Metrics(), Clock()
        self._live, self._wall = settings.live, wall
        self._connection = connection(configuration)
        self._known = standing(controls)
        self._configuration = configuration
        self._outboxes = {part: Outbox() for part in ("reader", "floor", "controls", "clock")}
        self._generation: object = None
        self._answered = time.monotonic()
        self._held: frozenset[TP] = frozenset()
        self._resuming = asyncio.Lock()
        self._failpoints = failpoints
        self._most_held = settings.limits.held_facts // CROWD
        self.reader = ReaderAgent(
            build_reader(configuration, settings.kafka.logs), self._outboxes["reader"], names,
            {name: topic.id for name, topic in topics.items()}, self._seek, failpoints, self.metrics,
            timestamps=wall,
        )  # fmt: skip
        self._sink = live_sink(settings.influx, configuration.influx_token)
        self._health_due, self._name = 0.0, f"{gethostname()}:{settings.live.port}"
        store = SnapshotStore(
            self._connection, names.snapshots, self._outboxes["floor"], failpoints,
            topic_id=topics[names.facts].id, shape=shape(settings), key=configuration.key,
        )  # fmt: skip
        self.floor = FloorAgent(
            self._new_floor, store, self._outboxes["floor"], names, self._commit, self._seek, failpoints,
            self.metrics, every_s=settings.live.snapshot_s, accept=accept, sink=self._sink,
        )  # fmt: skip
        self._parking = Parking(
            self._connection, names.facts, self._new_aside, self.floor.step, self.floor.holds
        )
        self.controls = ControlsAgent(self._outboxes["controls"], names, settings.kafka.logs)
        self.app = self._app()
        self.watchdog = Watchdog(settings.live.stalled_s)
        self._watch, self._pages = Watch(settings.live), Pages(settings, names)
        self._alerts_read = asyncio.Event()
        every_s = settings.live.selftest_s if wall else 0.0  # of recorded traffic no answer is due
        patience_s = settings.lateness_s + settings.live.stuck_s
        self._selftest = Selftest(settings.kafka.logs, every_s, patience_s) if every_s else None
        self._blind, self._blind_due = b"[]", 0.0
        self._growth = Growth(topics, settings.kafka)

    def _app(self) -> faust.App:
        app = build_app(self._configuration, self.resume)
        add_agent(app, "reader", self.names.inputs, sound("reader", self.reader.take))
        add_agent(app, "floor", (self.names.facts,), sound("floor", self.floor.take))
        add_agent(app, "controls", (self.names.controls,), sound("controls", self.controls.take))
        app.on_partitions_revoked.connect(self._on_revoked)
        return app

    def _new_floor(self) -> Floor:
        floor = build_floor(self._configuration, idle_rule=self._wall)
        for control in self._known:
            floor.take(control)
        return floor

    def _new_aside(self, floor: Floor, tenant: str) -> Aside:
        return build_aside(self._configuration, floor, tenant, idle_rule=self._wall)

    # -- the run -------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop, then leave in good order."""
        self.watchdog.start()
        beating = asyncio.create_task(self._beat())
        await self.app.start()
        listening = asyncio.create_task(sound("clock", self._listen)())
        alerts = asyncio.create_task(sound("alerts", self._hear)())
        loops = [sound("ticks", self._ticks), sound("snapshots", self._snapshots)]
        working = [asyncio.create_task(loop(stop)) for loop in loops]
        _log.info("worker started")
        await self._stopped(stop)
        _log.info("worker stops")
        listening.cancel()
        alerts.cancel()
        await asyncio.wait([*working, listening, alerts])  # never in the middle of an effect
        await sound("release", self._release)()
        await self.app.stop()
        if self._sink is not None:
            await asyncio.to_thread(self._sink.close)
        beating.cancel()
        _log.info("worker stopped")

    async def _stopped(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self.app.crashed:
                end("faust crashed", fault=type(self.app.crash_reason).__name__)
            await pause(stop, TICK_S)

    async def _beat(self) -> None:
        while True:
            self.watchdog.beat()
            await asyncio.sleep(TICK_S)

    def unwell(self) -> str:
        """What is wrong with this process; empty: nothing."""
        return "the event loop stands still" if self.watchdog.age_s() > UNWELL_S else ""

    def unready(self) -> str:
        """Why it does not work yet, or not at present; empty: it works."""
        if not self._works():
            return "partitions are being assigned"
        return "the brokers do not answer" if time.monotonic() - self._answered > UNWELL_S else ""

    def _works(self) -> bool:
        """Whether it has its partitions, and they stay."""
        return self._generation is not None and not self.app.rebalancing

    async def _ticks(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            begun = time.monotonic()
            await self._tick()
            every_s = TICK_S if self._works() else SOON_S
            await pause(stop, every_s - (time.monotonic() - begun))

    async def _snapshots(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.floor.keep()
            await pause(stop, min(TICK_S, self._live.snapshot_s / 2))

    async def _tick(self) -> None:
        if not self._works():
            return
        generation = self._generation
        ends = await self._ends()
        if ends is None or generation != self._generation:
            return
        self.reader.guard(ends)
        await self._commit_input(await self.reader.tell(ends))
        self._align()
        await self._tell_time()
        await self._commit_controls()
        self._look_for_growth()
        await self._look(ends)

    async def _ends(self) -> Mapping[TP, int] | None:
        """Where the partitions of this worker end; None while the brokers do not answer."""
        tps = list(self.positions())
        try:
            found = await self.app.consumer.highwaters(*tps) if tps else {}
        except (KafkaError, OSError) as fault:
            _log.warning("the brokers do not answer", fault=type(fault).__name__)
            return None
        self._answered = time.monotonic()
        return {TP(tp.topic, tp.partition): offset for tp, offset in found.items()}

    async def _look(self, ends: Mapping[TP, int]) -> None:
        """Whether everything moves; says what does not, and ends where nothing here can mend it."""
        positions, now = self.positions(), time.monotonic()
        if stalled := self._watch.stalled(positions, ends, now, self._held):
            end("consumer stalled", partitions=[f"{tp.topic}/{tp.partition}" for tp in stalled])
        self.metrics.stand(positions, ends, self.reader.highest(), self._held, self.floor.logs)
        self.metrics.wait({part: outbox.waiting for part, outbox in self._outboxes.items()})
        self._show(now)
        missed = await self._probe(now)
        troubles = self._watch.look(self.floor.logs, self.metrics.totals(), now) | missed
        if self._alerts_read.is_set():  # it knows what is open already
            at = time.time_ns() // 1000
            await self.floor.page(self._pages.look(troubles, positions, ends, now, at))

    async def _probe(self, now: float) -> dict[Matter, str]:
        """Send the self-test's probes that are due; returns what was not answered."""
        test = self._selftest
        if test is None:
            return {}
        test.hold(self.floor.logs, now)
        tides = {number: log.floor.tide for number, log in self.floor.logs.items()}
        low = {number: tide.low() or tide.newest() for number, tide in tides.items()}
        topic = self._configuration.settings.kafka.named("actions")
        for event in test.due(low, now, time.time_ns() // 1000):
            await self._outboxes["clock"].send(topic, event)
        return test.look(now)

    def blind(self) -> bytes:
        """Which detectors cannot see, as JSON; as of the last minute."""
        return self._blind

    def _show(self, now: float) -> None:
        """This worker's health, where it is drawn."""
        if now >= self._blind_due:
            self._blind_due = now + BLIND_S
            rows = blind({number: log.floor for number, log in self.floor.logs.items()})
            self._blind = msgspec.json.encode(rows)
            self.metrics.unseeing(rows)
        if self._sink is not None:
            self.metrics.drawn(self._sink.counts())
            if now >= self._health_due:
                self._health_due = now + EVERY_S
                self._sink.health(self._name, figures(self.metrics.registry), time.time_ns() // 1000)

    def positions(self) -> dict[TP, int]:
        """The next offset of every partition of this worker."""
        found = self.reader.positions()
        found |= {TP(self.names.facts, log): at for log, at in self.floor.positions().items()}
        if self.controls.position >= 0:
            found[TP(self.names.controls, 0)] = self.controls.position
        return found

    async def _commit_input(self, positions: Mapping[TP, int]) -> None:
        if positions and await self._commit(positions):
            self._failpoints.passed("input_committed")

    async def _commit_controls(self) -> None:
        position = self.controls.position
        if position > 0:
            await self._outboxes["controls"].settled()
            await self._commit({TP(self.names.controls, 0): position})

    def _align(self) -> None:
        """Hold origins that are too far ahead in event time while the floors hold much; let others go on."""
        low = self.clock.low(time.monotonic())
        crowded = self.clock.held() > self._most_held
        ahead = self.reader.ahead(low, int(self._live.ahead_s * MICROS)) if crowded else ()
        self._held = frozenset(ahead)
        hold(self.app, self._held)

    async def _tell_time(self) -> None:
        for number, log in self.floor.logs.items():
            tide = log.floor.tide
            told = Told(number, tide.low(), tide.newest(), log.floor.held())
            await self._outboxes["clock"].send(self.names.clock, encode_told(told))

    async def _hear(self) -> None:
        await read_on(self._connection, self.names.alerts, self._take_alert, self._alerts_read)

    def _take_alert(self, record: bytes | None) -> None:
        self._pages.hear(record)
        if self._selftest is not None:
            self._selftest.hear(record)

    async def _listen(self) -> None:
        await self.clock.listen(self._connection, self.names.clock)

    def _look_for_growth(self) -> None:
        """One worker speaks for all: the one that forwards controls."""
        grown = self._growth.look(self.app.consumer.topic_partitions) if self.controls.position >= 0 else None
        if grown is not None:
            _log.info("partitions were added", control=grown.id)
            self.publish(grown)

    def publish(self, control: Control) -> None:
        """Append a control for everybody, without waiting."""
        self._publishing = asyncio.ensure_future(self._publish(control))

    async def _publish(self, control: Control) -> None:
        await self._outboxes["controls"].send(
            self.names.controls, encode_control(control), control.id.encode(), 0
        )

    # -- what is ours --------------------------------------------------------------------------------------

    async def resume(self, assigned: frozenset[TP], committed: Committed) -> Mapping[TP, int]:
        """Positions to read from: those of a new generation, or within one where everything stands."""
        async with self._resuming:
            generation = self.app.consumer_generation_id
            if generation != self._generation:
                for outbox in self._outboxes.values():
                    outbox.connect(self.app.producer)
                await sound("assignment", self._assign)(assigned, committed)
                self._generation = generation
            return {tp: position for tp, position in self.positions().items() if tp in assigned}

    async def _assign(self, assigned: frozenset[TP], committed: Committed) -> None:
        starts: Mapping[TP, int] = await self.app.consumer.earliest_offsets(*assigned) if assigned else {}
        starts = {TP(tp.topic, tp.partition): offset for tp, offset in starts.items()}
        begin = {tp: found if (found := committed.get(tp)) is not None else starts[tp] for tp in assigned}
        controls = TP(self.names.controls, 0)
        self.controls.position = begin.get(controls, -1)
        facts = [tp for tp in assigned if tp.topic == self.names.facts]
        stops = await self.app.consumer.highwaters(*facts) if facts else {}
        logs = {tp.partition: (starts[tp], stops[tp]) for tp in facts}
        await self.floor.assign(logs)
        await self._parking.begin(self.floor.logs)
        inputs = {tp: at for tp, at in begin.items() if tp.topic in self.names.inputs}
        await self.reader.assign(inputs)
        lost = await self.reader.lose({tp: starts[tp] for tp in inputs})
        now = time.time_ns() // 1000
        await self.floor.page(
            [told(about, "open", said, now, now) for about, said in lost_records(lost).items()]
        )
        settle()
        _log.info("assigned", origins=len(inputs), logs=sorted(logs), forwards=controls in assigned)

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        await sound("release", self._release)()

    async def _release(self) -> None:
        if self._generation is None:
            return
        await self._commit_input(await self.reader.release())
        await self._commit_controls()
        await self.floor.release()
        await self._parking.end()

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        return await commit(self.app, offsets)

    async def _seek(self, positions: Mapping[TP, int]) -> None:
        _log.warning("a batch was missed; reading it again", partitions=len(positions))
        await self.app.consumer.seek_wait(positions)
