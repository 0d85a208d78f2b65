"""A worker between rebalances and within a generation, without brokers."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from faust.types import TP

from streams.broker import Topic
from streams.floor.floor import Floor
from streams.live.failpoints import Failpoints
from streams.live.log import Log
from streams.live.reader_agent import Place
from streams.live.worker import Worker
from streams.load import load
from streams.records.parcels import Origin
from streams.settings import Settings


def test_asked_again_within_a_generation_it_answers_where_everything_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Faust asks after every rebalance, at times twice, and sometimes without one."""

    async def run() -> None:
        configuration = load(None, {})
        kafka = configuration.settings.kafka
        names = [kafka.named(field) for field in kafka.topics.__struct_fields__]
        topics = {name: Topic(name, "id", 1) for name in names}
        worker = Worker(configuration, topics, [], wall=True, accept=False, failpoints=Failpoints())
        assigned: list[Any] = []

        async def assign(assigned_now: frozenset[TP], _: Any) -> None:
            assigned.append(assigned_now)
            worker.reader.places = {TP("cc.actions", 0): Place(Origin("cc.actions", "id", 0))}
            worker.reader._reader.seek(Origin("cc.actions", "id", 0), 5)
            worker.floor.logs = {0: Log(Floor(Settings()), next=70)}

        monkeypatch.setattr(worker, "_assign", assign)
        worker.app = cast(Any, SimpleNamespace(consumer_generation_id=4, producer=None))
        tps = frozenset([TP("cc.actions", 0), TP("fw.facts", 0), TP("fw.facts", 1)])
        assert await worker.resume(tps, {}) == {TP("cc.actions", 0): 5, TP("fw.facts", 0): 70}
        worker.floor.logs[0].next = 90
        assert await worker.resume(tps, {}) == {TP("cc.actions", 0): 5, TP("fw.facts", 0): 90}
        assert assigned == [tps]
        worker.app = cast(Any, SimpleNamespace(consumer_generation_id=5, producer=None))
        await worker.resume(tps, {})
        assert assigned == [tps, tps]

    asyncio.run(run())
