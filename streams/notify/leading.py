"""One delivery at a time: of all `floorwalker notify` processes one leads, the others stand by.

Who is assigned the only partition of the topic of controls leads. It reads what was delivered and where to go
on, then controls and alerts to their ends, and only then tells anybody anything: what opened and ended while
nobody was there is told from how it stands now.
"""

from __future__ import annotations

import asyncio
import secrets as chance_of_system
import time
import traceback
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener

from streams.live.app import HEARTBEATS, REQUEST_BYTES, connection
from streams.live.compacted import FETCH_BYTES, read_to_end
from streams.live.ending import end
from streams.live.failpoints import Failpoints
from streams.load import Configuration
from streams.notify.agent import Agent
from streams.notify.delivered import decode_row
from streams.notify.desk import Desk
from streams.notify.jobs import Fact
from streams.notify.journal import POSITION, KafkaJournal, Position, decode_position
from streams.notify.metrics import Metrics
from streams.notify.receivers.base import Sender
from streams.records.alerts import Alert, without_examples
from streams.records.canary import is_canary
from streams.records.digest import digest
from streams.records.mutes import Mute
from streams.sinks.audit import BEGIN, NO_HASH, Chapter, decode_entry
from streams.windows import configured

GROUP = ".notify"  # behind the name of the app
POLL_MS = 500
FINISH_S = 10.0  # for what is under way when told to stop: a slow receiver's one request
LINGER_MS = 2  # rows are few, and what follows waits for them
WATCH_S = 0.2
REPORT = (
    "id", "kind", "author", "reason", "effective", "until", "since", "of", "matchers", "planned", "weekly",
    "alert", "verdict",
)  # fmt: skip
"""Fields of a control that go to the audit log; bodies are large, and stand in their topic."""
UNREPORTED = ("mark", "origins")  # what machines say, many times a day

_log = structlog.get_logger()
_decode_alert = msgspec.json.Decoder(Alert).decode
_decode_mute: msgspec.json.Decoder[Mute] = msgspec.json.Decoder(Mute)
_decode_any = msgspec.json.Decoder(dict[str, Any]).decode


class Leading:
    """Whether this process leads, and delivery while it does."""

    def __init__(
        self,
        configuration: Configuration,
        senders: Mapping[str, Sender],
        metrics: Metrics,
        failpoints: Failpoints,
    ) -> None:
        self._configuration, self._senders = configuration, senders
        self._metrics, self._failpoints = metrics, failpoints
        self._kafka, self._windows = configuration.settings.kafka, configured(configuration)
        self._connection = connection(configuration)
        self._told = asyncio.Event()
        self.ready = ""
        """Why nothing is delivered at present; empty: it is, or another process does it."""

    async def run(self, stop: asyncio.Event) -> None:
        """Lead whenever it is this process's turn, until told to stop."""
        async with self._membership() as membership:
            while not stop.is_set():
                self.ready = ""
                if membership.leads:
                    await self._lead(stop, membership)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), WATCH_S)

    @asynccontextmanager
    async def _membership(self) -> AsyncIterator[_Membership]:
        session_ms = round(self._configuration.settings.live.session_s * 1000)
        consumer = AIOKafkaConsumer(
            **self._connection,
            group_id=self._kafka.app + GROUP,
            enable_auto_commit=False,
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=round(session_ms / HEARTBEATS),
        )
        membership = _Membership()
        await consumer.start()
        consumer.subscribe([self._kafka.named("controls")], listener=membership)
        polling = asyncio.create_task(_hold(consumer))
        try:
            yield membership
        finally:
            polling.cancel()
            await consumer.stop()

    async def _lead(self, stop: asyncio.Event, membership: _Membership) -> None:
        """Deliver until told to stop, or until another process leads."""
        self.ready = "it reads what was delivered"
        settings = self._configuration.settings
        desk = Desk(settings.notify, settings.slot_s, Random().random)
        for window in self._windows:
            desk.control(window, time.time())
        position = await self._remember(desk)
        producer = AIOKafkaProducer(
            **self._connection, acks="all", enable_idempotence=True, linger_ms=LINGER_MS,
            max_request_size=REQUEST_BYTES,
        )  # fmt: skip
        await producer.start()
        try:
            journal = KafkaJournal(
                producer, await self._chapter(), *map(self._kafka.named, ("delivered", "audit", "alerts"))
            )
            agent = Agent(
                settings.notify, desk, self._senders, journal, self._metrics, self._failpoints
            )  # fmt: skip
            body = {
                "configuration": digest(settings), "receivers": sorted(self._senders),
                "windows": [window.id for window in self._windows],
            }  # fmt: skip
            await journal.write((), [Fact(BEGIN, body)], time.time())
            await self._deliver(agent, desk, position, stop, membership)
        finally:
            await producer.stop()

    async def _deliver(
        self,
        agent: Agent,
        desk: Desk,
        position: Position | None,
        stop: asyncio.Event,
        membership: _Membership,
    ) -> None:
        async with self._reading(position) as consumer:
            desk.fresh = position is None
            await self._catch_up(agent, consumer, position)
            desk.fresh = False
            for name in self._senders:
                if position is None or name not in position.receivers:
                    desk.newcomer(name)
            _log.info("delivery begins", receivers=sorted(self._senders), alerts=len(desk.book))
            self.ready = ""
            self._metrics.leads.set(1)
            loops = [*agent.loops(), self._follow(agent, consumer, position)]
            tasks = [asyncio.create_task(_sound(loop)) for loop in loops]
            while membership.leads and not stop.is_set():
                await asyncio.sleep(WATCH_S)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            if membership.leads:
                await agent.finish(FINISH_S)
            else:
                await agent.abandon()
            self._metrics.leads.set(0)
            _log.info("delivery ends", leads=membership.leads)

    # -- what was there ------------------------------------------------------------------------------------

    async def _remember(self, desk: Desk) -> Position | None:
        """Put back what was delivered. Returns where to go on; None: nobody ever delivered anything."""
        position: Position | None = None
        async for record in read_to_end(self._connection, self._kafka.named("delivered"), [0]):
            if record.key == POSITION:
                position = decode_position(record.value)
            elif record.value is None:
                desk.delivered.drop(record.key)
            elif (row := decode_row(record.value)) is not None:
                desk.remember(row)
        desk.remembered()
        return position

    async def _chapter(self) -> Chapter:
        """A new chapter of the audit log, at its end."""
        tp = TopicPartition(self._kafka.named("audit"), 0)
        last = NO_HASH
        async with _reader(self._connection) as consumer:
            consumer.assign([tp])
            stop = (await consumer.end_offsets([tp]))[tp]
            if stop:
                consumer.seek(tp, stop - 1)
                record = await consumer.getone()
                last = decode_entry(record.value).hash
        return Chapter(chance_of_system.token_hex(8), last, self._configuration.key)

    @asynccontextmanager
    async def _reading(self, position: Position | None) -> AsyncIterator[AIOKafkaConsumer]:
        """A consumer at the place where to go on: controls from their beginning, since old ones may hold."""
        alerts, controls = self._kafka.named("alerts"), self._kafka.named("controls")
        async with _reader(self._connection) as consumer:
            parts = sorted(await _partitions(consumer, alerts))
            tps = [TopicPartition(controls, 0), *(TopicPartition(alerts, part) for part in parts)]
            consumer.assign(tps)
            begins = await consumer.beginning_offsets(tps)
            for tp in tps:
                kept = position.alerts.get(tp.partition, 0) if position and tp.topic == alerts else 0
                consumer.seek(tp, max(begins[tp], kept))
            yield consumer

    async def _catch_up(self, agent: Agent, consumer: AIOKafkaConsumer, position: Position | None) -> None:
        tps = list(consumer.assignment())
        ends = await consumer.end_offsets(tps)
        while any([await consumer.position(tp) < ends[tp] for tp in tps]):
            await self._read(agent, consumer, position)

    # -- what comes ----------------------------------------------------------------------------------------

    async def _follow(self, agent: Agent, consumer: AIOKafkaConsumer, position: Position | None) -> None:
        while True:
            await self._read(agent, consumer, position)

    async def _read(self, agent: Agent, consumer: AIOKafkaConsumer, position: Position | None) -> None:
        for tp, records in (await consumer.getmany(timeout_ms=POLL_MS)).items():
            for record in records:
                if tp.topic == self._kafka.named("controls"):
                    audited = position is not None and record.offset < position.controls
                    await self._control(agent, record, audited=audited)
                else:
                    self._alert(agent, record)

    def _alert(self, agent: Agent, record: Any) -> None:
        place = (record.partition, record.offset)
        try:
            change = _decode_alert(record.value or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            if record.value is not None:
                _log.error("not an alert", partition=record.partition, offset=record.offset)
            agent.passed_over(place)
            return
        if is_canary(change.scope.get("tenant")):
            agent.passed_over(place)  # the self-test's: nobody is told, least of all that it works
            return
        agent.take(without_examples(change), place, record.timestamp / 1000)

    async def _control(self, agent: Agent, record: Any, *, audited: bool) -> None:
        try:
            said = _decode_any(record.value or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            said = {}
        facts: list[Fact] = []
        if not audited and said.get("kind") not in (None, *UNREPORTED):
            body = {name: said[name] for name in REPORT if name in said}
            facts.append(Fact("control", body | {"offset": record.offset}))
        mute: Mute | None = None
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            mute = _decode_mute.decode(record.value or b"")
        await agent.control(mute, record.offset, facts)


class _Membership(ConsumerRebalanceListener):  # type: ignore[misc]
    """leads: whether this process was assigned what leads."""

    def __init__(self) -> None:
        self.leads = False

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Called by the client."""
        self.leads = bool(assigned)

    async def on_partitions_revoked(self, _: Sequence[TopicPartition]) -> None:
        """Called by the client, before anybody else is assigned them."""
        self.leads = False


async def _hold(consumer: AIOKafkaConsumer) -> None:
    """Stay in the group. What is fetched on the way is of no interest: controls are read apart."""
    while True:
        await consumer.getmany(timeout_ms=POLL_MS)


@asynccontextmanager
async def _reader(reach: Mapping[str, Any]) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        **reach, group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=FETCH_BYTES
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    found: set[int] | None = consumer.partitions_for_topic(topic)
    if found is None:
        await consumer._client.force_metadata_update()
        found = consumer.partitions_for_topic(topic)
    return found or {0}


async def _sound(loop: Any) -> None:
    """The same work; a fault in it ends the process, since what is in memory may be half done."""
    try:
        await loop
    except Exception as fault:  # whatever it is; its text may hold a name
        frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(fault.__traceback__)]
        end("fault", part="notify", fault=type(fault).__name__, frames=frames)
