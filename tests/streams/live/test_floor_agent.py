"""The floor's shell with a floor, a store and a producer of the test's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any, cast

import pytest

from streams.floor.floor import Floor
from streams.floor.watch import Closing, Failed
from streams.live.batches import cut
from streams.live.failpoints import Failpoints
from streams.live.floor_agent import FloorAgent
from streams.live.log import Log
from streams.live.metrics import Metrics
from streams.live.names import Names
from streams.live.outbox import Outbox
from streams.live.snapshots import Found
from streams.records.alerts import Alert
from streams.records.pages import matter, told
from streams.records.parcels import Origin, Parcel, encode_record
from streams.settings import Kafka, Settings
from streams.sinks.deadletters import decode_letter, internal_letters
from tests.streams.live.test_batches import Plain

FAILED = [Failed("web", "a secret id", "KeyError"), Failed("web", "e2", "KeyError")]


class Closes:
    """A floor that closes one slot after each record."""

    def __init__(self) -> None:
        self._closings: list[Closing] = []

    def take(self, _record: Any, _appended: int) -> list[Any]:
        self._closings.append(Closing("acme", 0, 60_000_000, [], [], FAILED))
        return []

    def close(self) -> Closing | None:
        return self._closings.pop() if self._closings else None


class Swift:
    """A producer that acknowledges at once."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes | None, bytes | None]] = []

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, _partition: int | None,
        _timestamp: float | None, _headers: Any,
    ) -> Awaitable[Any]:  # fmt: skip
        self.sent.append((topic, key, value))
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


async def never(_: Any) -> Any:
    raise AssertionError("neither commits nor seeks are due")


def test_what_could_not_be_folded_is_a_dead_letter_and_is_counted() -> None:
    async def run() -> None:
        producer, outbox, metrics, names = Swift(), Outbox(), Metrics(), Names.of(Kafka())
        outbox.connect(producer)
        agent = FloorAgent(
            cast(Any, None), cast(Any, None), outbox, names, never, never, Failpoints(), metrics, every_s=1.0
        )
        agent.logs[0] = log = Log(cast(Any, Closes()))
        record = Plain(names.facts, 0, 0, encode_record(Parcel(Origin("t"), 0, 1, 5)))
        (batch,) = cut([record])
        await agent.take(batch)
        ((topic, key, value),) = producer.sent
        assert (topic, key, log.next) == (names.deadletters, b"acme", 1)
        assert [decode_letter(value or b"")] == internal_letters("acme", 0, FAILED)
        assert b"secret" not in (value or b"")
        assert metrics.registry.get_sample_value("floorwalker_failed_facts_total") == 2

    asyncio.run(run())


class Slow(Swift):
    """A producer whose brokers acknowledge when they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[asyncio.Future[Any]] = []

    async def send(self, topic: str, key: bytes | None, value: bytes | None, *_: Any) -> Awaitable[Any]:
        self.sent.append((topic, key, value))
        self.waiting.append(asyncio.get_running_loop().create_future())
        return self.waiting[-1]


def test_a_log_goes_on_before_alerts_are_acknowledged_but_its_snapshot_waits() -> None:
    async def run() -> None:
        producer, outbox, names = Slow(), Outbox(), Names.of(Kafka())
        outbox.connect(producer)
        store = Shelves(Found(None, [], []))
        agent = FloorAgent(
            cast(Any, None), cast(Any, store), outbox, names, committed, never, Failpoints(), Metrics(),
            every_s=0.0,
        )  # fmt: skip
        agent.logs[0] = log = Log(cast(Any, Says()))
        parcels = [encode_record(Parcel(Origin("t"), at, at + 1, 5)) for at in range(3)]
        (batch,) = cut([Plain(names.facts, 0, at, parcel) for at, parcel in enumerate(parcels)])
        await agent.take(batch)
        assert (len(producer.sent), log.next) == (3, 3)
        keeping = asyncio.create_task(agent.keep())
        await asyncio.sleep(0.01)
        assert store.written == []
        for future in producer.waiting:
            future.set_result(None)
        await keeping
        assert store.written == [(0, 3)]

    asyncio.run(run())


class Says:
    """A floor that says something of every record at once."""

    def take(self, _record: Any, appended: int) -> list[Alert]:
        return [told(matter("gap", log=0), "open", "said", appended, appended)]

    def close(self) -> None:
        """Nothing may close."""

    def snapshot(self, _position: int) -> bytes:
        return b"all"


class Shelves:
    """A store in memory. found: what it answers for each log."""

    def __init__(self, found: Found) -> None:
        self._found, self.written = found, list[tuple[int, int]]()

    async def foreign(self, _logs: Any) -> set[int]:
        return set()

    async def read(self, logs: Any) -> dict[int, Found]:
        return dict.fromkeys(logs, self._found)

    async def write(self, log: int, position: int, _state: bytes) -> int:
        self.written.append((log, position))
        return 1


async def committed(_: Any) -> bool:
    return True


@pytest.mark.parametrize(
    ("start", "faults", "pages"),
    [
        (0, [], []),  # the first start of all
        (5, [], ["cold_start"]),
        (0, ["shard 1 is missing"], ["damaged_snapshot", "cold_start"]),
    ],
)
def test_a_log_without_its_state_is_counted_and_paged(
    start: int, faults: list[str], pages: list[str]
) -> None:
    async def run() -> None:
        producer, outbox, metrics, names = Swift(), Outbox(), Metrics(), Names.of(Kafka())
        outbox.connect(producer)
        store = Shelves(Found(None, faults, []))
        agent = FloorAgent(
            lambda: Floor(Settings()), cast(Any, store), outbox, names, committed, never, Failpoints(),
            metrics, every_s=1.0,
        )  # fmt: skip
        await agent.assign({3: (start, 9)})
        assert [json.loads(value or b"")["signal"] for _, _, value in producer.sent] == pages
        assert metrics.registry.get_sample_value("floorwalker_cold_starts_total") == 1
        assert agent.positions() == {3: start}
        assert store.written == [(3, start)]  # before anything is committed

    asyncio.run(run())
