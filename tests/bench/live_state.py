"""What state costs: memory and snapshots by size, and how long after a kill a new worker commits again.

Six tenants, warmed by a day and a half; as many segments as asked for (an agent gives two: its own, and that
of its version); then open conversations. The worker is killed while turns go on, and another one started at
once: it waits for the dead one's session (6 s, the least that brokers allow), restores, and commits.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient
from msgspec import Struct
from rich.table import Table

from streams.screen import console
from tests.bench.live_stage import Bench, Running, load_now, wait
from tests.integration.live import Player

TENANTS = 6  # below the limit of 2,000 segments each
WARM_H = 36
BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
SESSION_S = 6.0
TRICKLE_S = 0.02


class Cost(Struct):
    """Of one size."""

    memory_mb: float
    snapshot_mb: float
    recovery_s: float
    committed_s: float


def event(number: int, at: datetime, agent: int, **more: Any) -> bytes:
    """One event of one conversation of its own, or more of one."""
    tenant = agent % TENANTS
    whole = {
        "id": f"e{number}", "time": at.isoformat(), "source": "web", "tenant": f"S{tenant}",
        "channel": "chat", "queue": "main", "conversation": f"c{number}", "customer": f"u{number}",
        "agent": {"kind": "ai", "id": f"a{agent}", "version": "1"}, **more,
    }  # fmt: skip
    return json.dumps(whole).encode()


def events(segments: int, conversations: int) -> Iterator[bytes]:
    """Ended conversations through a day and a half, then open ones within five minutes."""
    agents, number = max(TENANTS, segments // 2), itertools.count()
    step = timedelta(hours=WARM_H) / agents
    for agent in range(agents):
        at, n = BEGIN + agent * step, next(number)
        yield event(n, at, agent, type="turn", turn=0, role="ai", text="Good day, what can I do for you?")
        ended = {"type": "session", "phase": "ended", "resolution": "resolved", "conversation": f"c{n}"}
        yield event(next(number), at + timedelta(seconds=30), agent, **ended)
    begin, gap = BEGIN + timedelta(hours=WARM_H), timedelta(minutes=5) / conversations
    for n in range(conversations):
        turn = {"type": "turn", "turn": 0, "role": "ai", "text": "Good day, what can I do for you?"}
        yield event(next(number), begin + n * gap, n % agents, **turn)


class Trickle(threading.Thread):
    """Turns that go on while a worker dies."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(daemon=True)
        self._player, self.over = Player(bench.configuration), False

    def run(self) -> None:
        at = BEGIN + timedelta(hours=WARM_H, minutes=5)
        for n in itertools.count():
            if self.over:
                return
            turn = {"type": "turn", "turn": 1, "role": "ai", "text": "Anything else?", "id": f"t{n}"}
            self._player.send(event(n, at + timedelta(milliseconds=n), n % TENANTS, **turn))
            time.sleep(TRICKLE_S)


def committed(client: KafkaAdminClient, group: str, topics: tuple[str, ...]) -> int:
    """The sum of what a group has committed in some topics."""
    found = client.list_group_offsets(group)[group]
    return sum(at.offset for tp, at in found.items() if tp.topic in topics and at.offset > 0)


def cost(folder: Path, bootstrap: str, segments: int, conversations: int) -> Cost:
    """Fill, look, kill, wait."""
    registry = folder / "open.json"
    registry.write_text('{"tenants": {}}')
    name = f"state{conversations}"
    bench = Bench(folder, bootstrap, name, registry, TENANTS, session_s=SESSION_S, snapshot_s=5.0)
    kafka = bench.configuration.settings.kafka
    filling = list(events(segments, conversations))
    bench.play(filling, last=False)
    trickle = Trickle(bench)
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    with bench.workers() as (one,):
        wait(lambda: settled(one, len(filling)), [one])
        memory_mb, snapshot_mb = one.memory_mb(), one.total("floorwalker_snapshot_bytes{") / 1e6
        trickle.start()
        before = committed(client, kafka.app, kafka.inputs())
        wait(lambda: committed(client, kafka.app, kafka.inputs()) > before, [one])
        one.process.kill()
        killed, before = time.monotonic(), committed(client, kafka.app, kafka.inputs())
        with bench.workers() as (another,):
            wait(lambda: committed(client, kafka.app, kafka.inputs()) > before, [another], 0.05)
            committed_s = time.monotonic() - killed
            recovery_s = another.total("floorwalker_recovery_seconds")
    trickle.over = True
    return Cost(memory_mb, snapshot_mb, recovery_s, committed_s)


def settled(one: Running, facts: int) -> bool:
    """Whether all facts were taken, and a snapshot of every log was written since."""
    if one.total("floorwalker_log_facts{") < facts or one.total("floorwalker_log_lag_records{"):
        return False
    now = time.time()
    wait(lambda: one.total("floorwalker_snapshot_time_seconds{") >= TENANTS * now, [one])
    return True


def measure(folder: Path, bootstrap: str, sizes: list[tuple[int, int]]) -> None:
    """One row a size: segments, open conversations."""
    table = Table(
        "segments", "open conversations", "memory MB", "snapshots MB", "restoring s", "kill to commit s", "",
        box=None,
    )  # fmt: skip
    for segments, conversations in sizes:
        found = cost(folder, bootstrap, segments, conversations)
        table.add_row(
            f"{segments:,}", f"{conversations:,}", f"{found.memory_mb:,.0f}", f"{found.snapshot_mb:.1f}",
            f"{found.recovery_s:.2f}", f"{found.committed_s:.1f}", load_now(),
        )  # fmt: skip
    console().print(f"State, with a session of {SESSION_S:g} s", table, "", sep="\n")
