"""How fast a worker goes through a real broker, and how soon it says what one event proves.

The same simulated events three times in one run: by a plain loop over the file (reader and floor, no topic),
by a bare aiokafka loop that only decodes them, and by a worker. Then turns at `--rate` a second, some of them
by agents that no registry knows: from just before the send until the instant is read from the topic of
alerts. Linux only: CPU time of the worker is read from /proc. Ratios travel, seconds do not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from kafka import KafkaConsumer
from kafka import TopicPartition as Partition
from msgspec.structs import replace
from rich.table import Table

from streams.build import build_floor, build_reader
from streams.live.topics import ensure, inputs
from streams.load import Configuration, load
from streams.reading import Rejection
from streams.records.alerts import Alert, encode_alert
from streams.records.events import Event
from streams.records.readings import Readings
from streams.replay.run import Replay
from streams.replay.sources import Source
from streams.screen import console
from streams.settings import Kafka
from streams.simulate.settings import Simulation
from streams.simulate.write import write
from tests.integration.live import Player, WorkerProcess, lines_of, workers_file

KAFKA = Path(__file__).parents[2] / "infra" / "kafka" / "kafka.sh"
PATIENCE_S = 300.0
EVERY = 50  # of so many turns one is by an unknown agent
TICKS_S = os.sysconf("SC_CLK_TCK")
WAITING = ("floorwalker_lag_records{", "floorwalker_log_lag_records{", "floorwalker_log_held_facts{")


class Silent:
    """Encodes alert changes, as a run does that writes them."""

    def alert(self, change: Alert) -> None:
        encode_alert(change)

    def rejected(self, rejection: Rejection) -> None:
        pass

    def drawn(self, _: Readings) -> None:
        raise AssertionError("nobody asked for it")


class Bench:
    """One worker's configuration, with topics of its own."""

    def __init__(self, folder: Path, bootstrap: str, name: str, registry: Path) -> None:
        plain = load(None, {}, str(registry))
        kafka = Kafka(bootstrap=bootstrap, app=name, prefix=f"{name}.", input_partitions=4, logs=4)
        self.configuration: Configuration = replace(plain, settings=replace(plain.settings, kafka=kafka))
        ensure(self.configuration)
        self._port = free_port()
        own = folder / name
        own.mkdir()
        self.config = workers_file(own, self.configuration, registry, port=self._port)
        self._log = own / "worker.log"

    @contextmanager
    def worker(self, clock: str) -> Iterator[WorkerProcess]:
        """A worker that has its partitions."""
        worker = WorkerProcess(self.config, self._log, "", clock)
        try:
            wait(lambda: self.get("readyz") is not None, worker)
            yield worker
        finally:
            if worker.code is None:
                worker.stop()

    def get(self, page: str) -> str | None:
        """A page of the worker; None while it does not answer with 200."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/{page}", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            return None

    def through(self, facts: int) -> bool:
        """Whether so many facts were taken and nothing waits."""
        lines = (self.get("metrics") or "").splitlines()

        def total(*names: str) -> float:
            return sum(float(line.split()[-1]) for line in lines if line.startswith(names))

        return total("floorwalker_log_facts{") >= facts and total(*WAITING) == 0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait(condition: Callable[[], bool], worker: WorkerProcess) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if worker.code is not None or time.monotonic() > deadline:
            raise SystemExit(f"the worker did not get there:\n{worker.tail()}")
        time.sleep(0.1)


def cpu_s(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_S


def plain_loop(data: Path, configuration: Configuration) -> tuple[float, float]:
    """CPU and wall of reader and floor over the file."""
    begun, cpu = time.monotonic(), time.process_time()
    source = Source(str(data / "events.jsonl.gz"))
    Replay(build_reader(configuration), build_floor(configuration), [source], Silent()).run()
    return time.process_time() - cpu, time.monotonic() - begun


async def bare_loop(configuration: Configuration, number: int) -> tuple[float, float]:
    """CPU and wall of a getmany loop that decodes every event and does nothing with it."""
    kafka = configuration.settings.kafka
    decode = msgspec.json.Decoder(Event).decode
    client = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)
    await client.start()
    tps = [TopicPartition(name, n) for name in inputs(kafka) for n in range(kafka.input_partitions)]
    client.assign(tps)
    await client.seek_to_beginning(*tps)
    begun, cpu, seen = time.monotonic(), time.process_time(), 0
    while seen < number:
        for records in (await client.getmany(timeout_ms=500, max_records=5000)).values():
            for record in records:
                decode(record.value)
            seen += len(records)
    spent = time.process_time() - cpu, time.monotonic() - begun
    await client.stop()
    return spent


def whole_worker(bench: Bench, lines: list[bytes]) -> tuple[float, float]:
    """CPU and wall of a worker that catches up with all events. Its start is measured alone and taken off."""
    with bench.worker("events") as worker:
        idle_cpu = cpu_s(worker.pid)
    player = Player(bench.configuration)
    player.play(lines)
    player.finish()
    with bench.worker("events") as worker:
        begun = time.monotonic()
        wait(lambda: bench.through(len(lines)), worker)
        return cpu_s(worker.pid) - idle_cpu, time.monotonic() - begun


def instants(bench: Bench, rate: int, seconds: int) -> list[float]:
    """Milliseconds from the send of an unknown agent's turn until its instant is read."""
    sent: dict[str, float] = {}
    heard: dict[str, float] = {}
    kafka = bench.configuration.settings.kafka
    with bench.worker("wall"):
        tail = KafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=None, fetch_max_wait_ms=10)
        tp = Partition(kafka.named("alerts"), 0)
        tail.assign([tp])
        tail.seek_to_end(tp)
        tail.position(tp)
        playing = threading.Thread(target=talk, args=(bench, rate, seconds, sent))
        playing.start()
        last = time.monotonic() + seconds + 10
        while time.monotonic() < last and (playing.is_alive() or len(heard) < len(sent)):
            for records in tail.poll(timeout_ms=50).values():
                for record in records:
                    change = json.loads(record.value)
                    if not change["confirmed"] and change["state"] == "open":
                        heard.setdefault(str(change["scope"].get("agent")), time.monotonic())
        playing.join()
        tail.close()
    console().print(f"instants: {len(heard)} of {len(sent)} heard")
    return sorted(1000 * (heard[agent] - at) for agent, at in sent.items() if agent in heard)


def talk(bench: Bench, rate: int, seconds: int, sent: dict[str, float]) -> None:
    """Turns now, evenly; unknown agents go to `sent` with the time of their send."""
    player = Player(bench.configuration)
    begun = time.monotonic()
    for number in range(rate * seconds):
        left = begun + number / rate - time.monotonic()
        if left > 0:
            time.sleep(left)
        agent = f"stranger{number}" if number % EVERY == EVERY - 1 else "helper"
        event = {
            "id": f"e{number}", "type": "turn", "time": datetime.now(UTC).isoformat(), "source": "web",
            "tenant": "A", "conversation": f"c{number // 5}", "turn": number % 5, "role": "ai",
            "text": "Good day, what can I do for you?", "agent": {"kind": "ai", "id": agent},
        }  # fmt: skip
        if agent != "helper":
            sent[agent] = time.monotonic()
        player.send(json.dumps(event).encode())
    player.producer.flush()


def measure(folder: Path, bootstrap: str, days: int, rate: int, seconds: int) -> None:
    write(Simulation(seed=1, days=days), folder)
    lines = lines_of(folder / "events.jsonl.gz")
    bench = Bench(folder, bootstrap, "catchup", folder / "registry.json")
    worker = whole_worker(bench, lines)
    rows = {
        "plain loop over the file: reader and floor": plain_loop(folder, bench.configuration),
        "bare aiokafka loop: decodes only": asyncio.run(bare_loop(bench.configuration, len(lines))),
        "worker: topics, reader, facts, floor, alerts": worker,
    }
    table = Table("", "events a CPU-second", "events a second", "µs CPU an event", box=None)
    for name, (cpu, wall) in rows.items():
        table.add_row(
            name, f"{len(lines) / cpu:,.0f}", f"{len(lines) / wall:,.0f}", f"{1e6 * cpu / len(lines):.1f}"
        )
    console().print(f"{len(lines):,} events", table, sep="\n")
    registry = folder / "known.json"
    registry.write_text(
        json.dumps({"tenants": {"A": {"agents": [{"id": "helper", "kind": "ai"}], "sources": ["web"]}}})
    )
    took = instants(Bench(folder, bootstrap, "instants", registry), rate, seconds)
    if took:
        p50, p95, p99 = (took[min(len(took) - 1, int(share * len(took)))] for share in (0.5, 0.95, 0.99))
        console().print(
            f"send to instant at {rate} events a second: p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=5, help="simulated days to catch up with")
    parser.add_argument("--rate", type=int, default=500, help="turns a second for instants")
    parser.add_argument("--seconds", type=int, default=15, help="how long")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        broker = os.environ | {
            "KAFKA_DATA": f"{scratch}/kafka",
            "KAFKA_PORT": os.environ.get("KAFKA_PORT", "19192"),
        }
        try:
            started = subprocess.run(
                [KAFKA, "start"], env=broker, stdout=subprocess.PIPE, text=True, check=True
            )
            bootstrap = started.stdout.strip().splitlines()[-1]
            measure(Path(scratch), bootstrap, given.days, given.rate, given.seconds)
        finally:
            subprocess.run([KAFKA, "stop"], env=broker, check=False)


if __name__ == "__main__":
    main()
