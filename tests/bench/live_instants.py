"""How soon is said what one event proves: from just before the send until the alert is read from its topic.

Turns of eight tenants, now, evenly at a rate; some fifty a second are by agents that no registry knows. An
instant waits for no lateness: that is only for what rates decide. Senders are processes of their own:

    python -m tests.bench.live_instants CONFIG FIRST STEP RATE SECONDS
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from kafka import KafkaConsumer, TopicPartition
from rich.table import Table

from streams.load import load
from streams.screen import console
from tests.bench.live_stage import Bench, load_now
from tests.integration.live import Player

STRANGERS = 50  # a second; below 200 a tenant in all, which is the limit of open incidents
TENANTS = 8
SENDER = 5000  # turns a second that one sender can do
WARM_S = 5  # not counted: a broker that has just started is slow
AFTER_S = 15.0  # for the last to be heard, where the worker keeps up


def talk(config: str, first: int, step: int, rate: int, seconds: int) -> dict[str, float]:
    """Every `step`th turn from `first` on; returns by unknown agent when its turn was sent."""
    player, sent, every = Player(load(config, {})), {}, rate // STRANGERS
    begun = time.monotonic()
    for number in range(first, rate * (WARM_S + seconds), step):
        left = begun + number / rate - time.monotonic()
        if left > 0:
            time.sleep(left)
        strange = number % every == 0
        tenant = (number + number // every) % TENANTS  # unknown agents take their turns, too
        agent = f"stranger{number}" if strange else "helper"
        event = {
            "id": f"e{number}", "type": "turn", "time": datetime.now(UTC).isoformat(), "source": "web",
            "tenant": f"T{tenant}", "conversation": f"c{number // 40}-{tenant}",
            "turn": number // TENANTS % 5, "role": "ai", "text": "Good day, what can I do for you?",
            "agent": {"kind": "ai", "id": agent},
        }  # fmt: skip
        if strange and number >= rate * WARM_S:
            sent[agent] = time.monotonic()
        player.send(json.dumps(event).encode())
    player.producer.flush()
    return sent


def registered(folder: Path) -> Path:
    """A registry of the eight tenants, each with one agent."""
    path = folder / "known.json"
    entry = {"agents": [{"id": "helper", "kind": "ai"}], "sources": ["web"]}
    path.write_text(json.dumps({"tenants": {f"T{n}": entry for n in range(TENANTS)}}))
    return path


class Ear(threading.Thread):
    """Hears unconfirmed opens, from now on."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(daemon=True)
        kafka = bench.configuration.settings.kafka
        self._client = KafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=None, fetch_max_wait_ms=10)
        topic = kafka.named("alerts")
        tps = [TopicPartition(topic, n) for n in sorted(self._client.partitions_for_topic(topic))]
        self._client.assign(tps)
        self._client.seek_to_end(*tps)
        for tp in tps:
            self._client.position(tp)
        self.heard: dict[str, float] = {}
        self.over = False

    def run(self) -> None:
        while not self.over:
            for records in self._client.poll(timeout_ms=50).values():
                now = time.monotonic()
                for record in records:
                    change = json.loads(record.value)
                    if not change["confirmed"] and change["state"] == "open":
                        self.heard.setdefault(str(change["scope"].get("agent")), now)
        self._client.close()


def listen(bench: Bench, rate: int, seconds: int) -> tuple[list[float], int, float]:
    """Milliseconds of all that were heard; how many were sent; the worker's CPU seconds a second."""
    with bench.workers(clock="wall") as (one,):
        ear = Ear(bench)
        ear.start()
        senders = max(1, rate // SENDER)
        begun_cpu, begun = one.cpu_s(), time.monotonic()
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.live_instants", bench.config, *map(str, numbers)],
                stdout=subprocess.PIPE,
            )
            for numbers in ((first, senders, rate, seconds) for first in range(senders))
        ]
        sent: dict[str, float] = {}
        for sender in running:
            said, _ = sender.communicate()
            sent |= msgspec.json.decode(said.splitlines()[-1])
        share = (one.cpu_s() - begun_cpu) / (time.monotonic() - begun)
        last = time.monotonic() + AFTER_S
        while time.monotonic() < last and len(ear.heard) < len(sent):
            time.sleep(0.1)
        ear.over = True
        ear.join()
    took = sorted(1000 * (ear.heard[agent] - at) for agent, at in sent.items() if agent in ear.heard)
    return took, len(sent), share


def measure(folder: Path, bootstrap: str, rates: list[int], seconds: int) -> None:
    """One row a rate."""
    table = Table("turns a second", "p50 ms", "p95", "p99", "heard", "CPU of the worker", "", box=None)
    registry = registered(folder)
    for rate in rates:
        bench = Bench(folder, bootstrap, f"instants{rate}", registry, logs=TENANTS)
        took, sent, share = listen(bench, rate, seconds)
        shown = [f"{took[min(len(took) - 1, int(at * len(took)))]:.0f}" for at in (0.5, 0.95, 0.99) if took]
        table.add_row(f"{rate:,}", *shown, f"{len(took)} of {sent}", f"{share:.0%}", load_now())
    console().print("From the send to the instant (waits for no lateness)", table, "", sep="\n")


if __name__ == "__main__":
    print(json.dumps(talk(sys.argv[1], *map(int, sys.argv[2:]))))
