"""The agent with real HTTP between it and its receivers: outages, secrets in logs, its own alerts, memory."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from streams.live.failpoints import Failpoints
from streams.notify.agent import Agent
from streams.notify.delivered import Row
from streams.notify.desk import Desk
from streams.notify.jobs import Fact
from streams.notify.journal import Position
from streams.notify.metrics import Metrics
from streams.notify.receivers import build
from streams.notify.service import session
from streams.records.alerts import Alert
from streams.records.pages import matter, told
from tests.streams.notify.fakes import SECRET, Fake, FakePagerDuty, FakeWebhook, serving
from tests.streams.notify.made import BEGIN, alert, notify


class Memory:
    """A journal that keeps everything at once."""

    def __init__(self) -> None:
        self.rows: dict[bytes, Row] = {}
        self.facts: list[Fact] = []
        self.said: list[Alert] = []
        self.position: Position | None = None

    async def write(self, rows: Sequence[Row], facts: Sequence[Fact], _: float) -> None:
        self.rows |= {row.key: row for row in rows}
        self.facts += facts

    async def forget(self, keys: Iterable[bytes]) -> None:
        for key in keys:
            self.rows.pop(key, None)

    async def keep(self, position: Position) -> None:
        self.position = position

    async def say(self, alerts: Sequence[Alert]) -> None:
        self.said += alerts


class Clock:
    """Wall time that a test may push on."""

    def __init__(self) -> None:
        self.ahead = float(BEGIN)

    def __call__(self) -> float:
        return self.ahead + asyncio.get_running_loop().time() % 1e6


@asynccontextmanager
async def running(fakes: dict[str, Fake], **more: Any) -> AsyncIterator[tuple[Agent, Memory, Clock]]:
    kinds = {FakePagerDuty: "pagerduty", FakeWebhook: "webhook"}
    given = {name: {"type": kinds[type(fake)], "url": fake.url} for name, fake in fakes.items()}
    settings, clock, journal = notify(given, **more), Clock(), Memory()
    async with session() as client:
        senders = build(settings, dict.fromkeys(given, SECRET), client)
        desk = Desk(settings, 15.0, lambda: 0.0)
        agent = Agent(settings, desk, senders, journal, Metrics(), Failpoints(), clock)
        tasks = [asyncio.create_task(loop) for loop in agent.loops()]
        try:
            yield agent, journal, clock
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def eventually(condition: Any, within_s: float = 20.0) -> None:
    for _ in range(int(within_s * 50)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come in time")


def test_ten_minutes_without_a_receiver_lose_nothing_and_ring_nothing_twice() -> None:
    async def test() -> None:
        given = {"group_slots": 0}
        async with serving(FakePagerDuty()) as fake, running({"pager": fake}, **given) as (agent, _, clock):
            fake.plan = [503] * 10_000
            for number in range(60):
                change = alert(f"a{number}", kind="volume")
                agent.take(change, (0, number), clock())
                clock.ahead += 10
                await asyncio.sleep(0.005)
            asked = fake.asked
            fake.plan = []
            for _ in range(10):
                clock.ahead += 60
                agent._rouse()
                await asyncio.sleep(0.05)
            await eventually(lambda: len(fake.rings) == 60)
            assert sorted(fake.rings) == sorted(f"a{number}" for number in range(60))
            assert asked < 60, "it is left alone while it is away"

    asyncio.run(test())


def test_a_receiver_that_is_away_is_told_through_the_others_and_takes_nobodys_time() -> None:
    async def test() -> None:
        async with serving(FakePagerDuty()) as dead, serving(FakeWebhook()) as well:
            dead.plan = [503] * 10_000
            async with running({"pager": dead, "desk": well}, dead_s=1.0) as (agent, journal, clock):
                agent.take(alert(), (0, 0), clock())
                await eventually(lambda: well.rings == ["a"])
                clock.ahead += 5
                await eventually(lambda: journal.said)
                (said,) = journal.said
                assert (said.kind, said.signal, said.state) == ("pipeline", "receiver_away", "open")
                agent.take(said, (0, 1), clock())
                await eventually(lambda: well.rings == ["a", said.id])
                dead.plan = []
                clock.ahead += 300
                agent._rouse()
                await eventually(lambda: dead.rings == ["a"])
                await eventually(lambda: journal.said[-1].state == "resolved")

    asyncio.run(test())


def test_a_page_of_a_worker_is_the_workers_to_resolve() -> None:
    async def test() -> None:
        async with serving(FakePagerDuty()) as fake, running({"pager": fake}) as (agent, journal, clock):
            page = told(matter("cold_start", log=3), "open", "log 3 began without its state", 7, 7)
            agent.take(page, (0, 0), clock())
            await eventually(lambda: fake.rings == [page.id])
            await agent._tick()
            assert journal.said == []
            ending = told(matter("silence_ends", silence="s"), "open", "it ends", 7, 7)
            agent.take(ending, (0, 1), clock())
            await agent._tick()
            assert [(one.id, one.state) for one in journal.said] == [(ending.id, "resolved")]

    asyncio.run(test())


def test_who_no_longer_leads_writes_nothing_of_what_is_under_way() -> None:
    """The producer is gone by then: writing would end the process, though nothing is wrong with it."""

    async def test() -> None:
        async with serving(FakePagerDuty()) as fake, running({"pager": fake}) as (agent, journal, clock):
            fake.slow_s = 0.2
            agent.take(alert(), (0, 0), clock())
            await eventually(lambda: fake.asked == 1)
            await agent.abandon()
            written = len(journal.rows), len(journal.facts)
            await asyncio.sleep(0.4)
            assert (len(journal.rows), len(journal.facts)) == written == (0, 0)
            await agent._tick()  # and that is no fault

    asyncio.run(test())


def test_what_is_not_done_in_time_is_left_at_the_end() -> None:
    async def test() -> None:
        async with serving(FakePagerDuty()) as fake, running({"pager": fake}) as (agent, journal, clock):
            fake.slow_s = 5.0
            agent.take(alert(), (0, 0), clock())
            await eventually(lambda: fake.asked == 1)
            await agent.finish(0.05)
            assert journal.position is not None
            assert not agent._under_way
            assert not journal.rows

    asyncio.run(test())


def test_whom_the_book_gives_up_is_on_record() -> None:
    async def test() -> None:
        async with serving(FakePagerDuty()) as fake, running({"pager": fake}, incidents=100) as (
            agent, journal, clock
        ):  # fmt: skip
            fake.plan = [503] * 10_000
            for number in range(103):
                agent.take(alert(f"a{number}", kind="volume", opened=100.0 * number), (0, number), clock())
            await eventually(lambda: any(one.signal == "given_up" for one in journal.said))
            lost = [fact.body["alerts"] for fact in journal.facts if fact.what == "given up"]
            assert lost == [["a0", "a1", "a2"]]

    asyncio.run(test())


def test_no_secret_is_written_anywhere(capsys: Any) -> None:
    async def test() -> None:
        async with serving(FakePagerDuty()) as fake, running({"pager": fake}) as (agent, journal, clock):
            fake.plan = [401, 500, 400]
            agent.take(alert(), (0, 0), clock())
            await eventually(lambda: fake.asked >= 1)
            for _ in range(5):
                clock.ahead += 100
                agent._rouse()
                await asyncio.sleep(0.05)
            await eventually(lambda: journal.facts)
            said = json.dumps([str(fact) for fact in journal.facts]) + str(journal.rows)
            assert SECRET not in said

    asyncio.run(test())
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err


def test_the_position_is_that_of_the_oldest_alert_in_hand() -> None:
    async def test() -> None:
        async with serving(FakePagerDuty()) as fake, running({"pager": fake}) as (agent, journal, clock):
            for offset, key in enumerate("abc"):
                agent.take(alert(key, kind="volume"), (0, offset), clock())
            agent.take(alert("a", "resolved", 60, kind="volume"), (0, 3), clock())
            await eventually(lambda: fake.ended == ["a"])
            await eventually(lambda: len(fake.rings) == 3)
            await agent.finish(1.0)
            assert journal.position == Position(alerts={0: 1}, controls=0, receivers=["pager"])
            with contextlib.suppress(KeyError):
                assert journal.rows[b"pager/a"].over

    asyncio.run(test())
