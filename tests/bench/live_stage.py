"""What the parts of the live benchmark share: a broker, workers with topics of their own, looks at /proc.

Linux only: CPU time and memory of other processes are read from /proc.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from streams.live.topics import ensure
from streams.load import Configuration, load
from streams.settings import Kafka, Live
from tests.integration.live import Player, WorkerProcess, free_ports, lines_of, workers_file

KAFKA = Path(__file__).parents[2] / "infra" / "kafka" / "kafka.sh"
PATIENCE_S = 600.0
LOOK_S = 0.5  # a page of metrics costs the worker some milliseconds: looking more often would show
TICKS_S = os.sysconf("SC_CLK_TCK")
WAITING = ("floorwalker_lag_records{", "floorwalker_log_lag_records{", "floorwalker_log_held_facts{")


@contextmanager
def broker() -> Iterator[tuple[Path, str]]:
    """A scratch folder, and the address of a broker that lives as long as it."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {
            "KAFKA_DATA": f"{scratch}/kafka",
            "KAFKA_PORT": str(free_ports(2)),
        }
        try:
            started = subprocess.run(
                [KAFKA, "start"], env=environment, stdout=subprocess.PIPE, text=True, check=True
            )
            yield Path(scratch), started.stdout.strip().splitlines()[-1]
        finally:
            subprocess.run([KAFKA, "stop"], env=environment, check=False)


class Bench:
    """Topics of their own, and workers on them. settings: of `live`."""

    def __init__(
        self, folder: Path, bootstrap: str, name: str, registry: Path, logs: int = 4, **settings: Any
    ) -> None:
        plain = load(None, {}, str(registry))
        kafka = Kafka(bootstrap=bootstrap, app=name, prefix=f"{name}.", input_partitions=4, logs=logs)
        live = msgspec.convert(settings, Live)
        self.configuration: Configuration = replace(
            plain, settings=replace(plain.settings, kafka=kafka, live=live)
        )
        ensure(self.configuration)
        self._folder, self._registry, self._settings = folder / name, registry, settings
        self._folder.mkdir()
        self.config = workers_file(self._folder, self.configuration, registry)
        """Of peers, which serve no pages."""

    def play(self, lines: Sequence[bytes], *, last: bool = True) -> None:
        """Lines onto the topics; last: that nothing follows."""
        player = Player(self.configuration)
        player.play(lines)
        if last:
            player.finish()
        player.producer.close()

    @contextmanager
    def workers(self, number: int = 1, clock: str = "events") -> Iterator[list[Running]]:
        """Workers that have their partitions."""
        with ExitStack() as stack:
            started = [stack.enter_context(self._worker(clock)) for _ in range(number)]
            wait(lambda: all(one.get("readyz") is not None for one in started), started)
            yield started

    @contextmanager
    def _worker(self, clock: str) -> Iterator[Running]:
        port = free_port()
        own = self._folder / str(port)
        own.mkdir()
        config = workers_file(own, self.configuration, self._registry, **self._settings, port=port)
        one = Running(WorkerProcess(config, own / "worker.log", "", clock, forked=False), port)
        try:
            yield one
        finally:
            if one.process.code is None:
                one.process.stop()


class Running:
    """One worker process and its pages."""

    def __init__(self, process: WorkerProcess, port: int) -> None:
        self.process, self._port = process, port

    def get(self, page: str) -> str | None:
        """A page; None while it does not answer with 200."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/{page}", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            return None

    def total(self, *names: str) -> float:
        """The sum of all metrics whose lines begin so."""
        lines = (self.get("metrics") or "").splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(names))

    def cpu_s(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_S

    def memory_mb(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def through(workers: Sequence[Running], facts: int) -> bool:
    """Whether so many facts were taken and nothing waits."""
    taken = sum(one.total("floorwalker_log_facts{") for one in workers)
    return taken >= facts and not sum(one.total(*WAITING) for one in workers)


def wait(condition: Callable[[], bool], workers: Sequence[Running], every_s: float = LOOK_S) -> None:
    """Until something holds; ends the run where it does not come, or a worker ends."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        for one in workers:
            if one.process.code is not None or time.monotonic() > deadline:
                raise SystemExit(f"a worker did not get there:\n{one.process.tail()}")
        time.sleep(every_s)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def run_module(module: str, *arguments: object) -> Any:
    """What another process of this benchmark prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], stdout=subprocess.PIPE, check=True
    )
    return msgspec.json.decode(done.stdout.splitlines()[-1])


def load_now() -> str:
    """How many processes want to run on how many cores, beside what is measured: for every table."""
    return f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"


def recorded(folder: Path) -> list[bytes]:
    """The events of a simulated floor."""
    return lines_of(folder / "events.jsonl.gz")
