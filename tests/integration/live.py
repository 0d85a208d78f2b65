"""What tests of the live monitor share: playing events onto topics, worker processes, what they said."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from streams.broker import client_options, of_group
from streams.compiled import SWITCH
from streams.live.controls import encode_control
from streams.live.names import Names
from streams.load import Configuration
from streams.records.controls import Control, Mark
from tests.integration.forked import fork

TOPIC_OF = {"turn": 0, "escalation": 1, "score": 2, "action": 3, "session": 4}
PATIENCE = 3.0  # a busy machine is slower; only what does not come is waited for so long
LEAST_S = 180.0  # waited for anything: starts alone have taken half a minute
POLL_S = 0.1
COMMAND = "from streams.__main__ import main; raise SystemExit(main())"
MARK_EVERY_US = 600_000_000


def lines_of(path: Path) -> list[bytes]:
    """All events of a recorded file."""
    with gzip.open(path) as file:
        return file.read().splitlines()


class Player:
    """Plays recorded lines onto the topics, keyed by conversation."""

    def __init__(
        self, configuration: Configuration, patience_s: float = 120.0, into: int | None = None
    ) -> None:
        """patience_s: how long a record may wait for brokers. into: one partition for all, of each topic."""
        self._into, self.every_s = into, 0.0
        self.names = Names.of(configuration.settings.kafka)
        self._options = client_options(configuration)
        patience_ms = int(patience_s * 1000)
        self.producer = KafkaProducer(
            **self._options, acks="all", linger_ms=5,
            delivery_timeout_ms=patience_ms, max_block_ms=patience_ms,
        )  # fmt: skip
        self._partitions = {name: len(self.producer.partitions_for(name)) for name in self.names.inputs}
        self.ends: dict[str, list[int]] = {name: [0] * n for name, n in self._partitions.items()}

    def play(self, lines: Sequence[bytes], every_s: float = 0.0) -> None:
        """Send lines in order; every_s: a pause after every 100, which may be changed meanwhile."""
        self.every_s = every_s
        for number, line in enumerate(lines):
            self.send(line)
            if self.every_s and number % 100 == 99:
                time.sleep(self.every_s)
        self.producer.flush()

    def send(self, line: bytes) -> None:
        """Queue one line."""
        topic, key = self._place(line)
        partition = zlib.crc32(key) % self._partitions[topic] if self._into is None else self._into
        self.producer.send(topic, line, key=key, partition=partition)
        self.ends[topic][partition] += 1

    def sent(self) -> dict[TopicPartition, int]:
        """How many records went where."""
        return {
            TopicPartition(topic, number): sent
            for topic, ends in self.ends.items()
            for number, sent in enumerate(ends)
        }

    def hot(self) -> TopicPartition:
        """Where most went."""
        sent = self.sent()
        return max(sent, key=sent.__getitem__)

    def finish(self) -> None:
        """The last mark: no more events follow."""
        self.control(Mark(id="the-end", until=0, positions=self.ends, last=True))

    def control(self, control: Control) -> None:
        """Publish a control."""
        self.producer.send(self.names.controls, encode_control(control), partition=0)
        self.producer.flush()

    def _place(self, line: bytes) -> tuple[str, bytes]:
        try:
            event = json.loads(line)
            key = event.get("conversation") or event.get("respondent") or event["id"]
            return self.names.inputs[TOPIC_OF[event["type"]]], key.encode()
        except (ValueError, KeyError, TypeError, AttributeError):
            return self.names.inputs[zlib.crc32(line) % 5], line[:40]


class Tail:
    """Reads a topic from its beginning, as it grows."""

    def __init__(self, configuration: Configuration, topic: str) -> None:
        self._client = KafkaConsumer(
            **client_options(configuration), group_id=None, auto_offset_reset="earliest"
        )
        tps = [TopicPartition(topic, number) for number in sorted(self._client.partitions_for_topic(topic))]
        self._client.assign(tps)
        self._client.seek_to_beginning(*tps)
        self._partitions = tps
        self.records: list[Any] = []

    def more(self) -> list[Any]:
        """Everything so far."""
        while found := self._client.poll(timeout_ms=300, max_records=5000):
            for records in found.values():
                self.records += records
        return self.records

    def ends(self) -> dict[TopicPartition, int]:
        """Where its partitions end now."""
        found: dict[TopicPartition, int] = self._client.end_offsets(self._partitions)
        return found

    def close(self) -> None:
        self._client.close()


def workers_file(folder: Path, configuration: Configuration, registry: Path, **live: Any) -> Path:
    """A configuration file for worker processes."""
    kafka = msgspec.to_builtins(configuration.settings.kafka)
    path = folder / "worker.yaml"
    budget = msgspec.to_builtins(configuration.settings.budget)
    settings = {
        "budget": budget,
        "slot_s": configuration.settings.slot_s,
        "lateness_s": configuration.settings.lateness_s,
        "future_s": configuration.settings.future_s,
        "limits": msgspec.to_builtins(configuration.settings.limits),
        "registry": str(registry),
        "kafka": {k: v for k, v in kafka.items() if v is not None},
        "live": live,
    }
    path.write_bytes(msgspec.json.encode(settings))
    return path


class CommandProcess:
    """One of the product's commands as a process of its own."""

    def __init__(
        self, log: Path, *arguments: str | Path, before: str = "", forked: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """before: Python that runs first in the process, to break something there. forked: see `fork`."""
        self.log = log
        self._code: Callable[[], int | None]
        words, environment = [str(word) for word in arguments], dict(os.environ) | dict(environ or {})
        if forked:
            child = fork(log, words, before, environment)
            self.pid, self._code = child.pid or 0, lambda: child.exitcode
            return
        if before:
            environment[SWITCH] = "0"  # compiled code does not see what is broken
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", before + COMMAND, *words], env=environment, stdout=out, stderr=out
            )
        self.pid, self._code = process.pid, process.poll

    @property
    def code(self) -> int | None:
        return self._code()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self.wait(20)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self, within_s: float = 60.0) -> int:
        """SIGTERM, and the exit code."""
        self._signal(signal.SIGTERM)
        return self.wait(within_s)

    def wait(self, within_s: float) -> int:
        """The exit code; AssertionError, and no process any more, where none comes in time."""
        deadline = time.monotonic() + max(LEAST_S, PATIENCE * within_s)
        while (code := self.code) is None:
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError(f"a process did not stop:\n{self.tail()}")
            time.sleep(POLL_S / 2)
        return code

    def _signal(self, number: int) -> None:
        if self.code is None:  # else its id may be another's by now
            os.kill(self.pid, number)

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text().splitlines()[-lines:])


class WorkerProcess(CommandProcess):
    """One worker. forked: see `fork`; False starts the command as an operator does."""

    def __init__(
        self,
        config: Path,
        log: Path,
        failpoint: str = "",
        clock: str = "events",
        *more: str,
        before: str = "",
        forked: bool = True,
    ) -> None:
        environ = {"FAILPOINT": failpoint} if failpoint else {}
        super().__init__(
            log, "worker", "--config", config, "--clock", clock, *more,
            before=before, forked=forked, environ=environ,
        )  # fmt: skip


def committed(configuration: Configuration) -> dict[TopicPartition, int]:
    """What the workers have committed."""
    group = configuration.settings.kafka.app
    client = KafkaAdminClient(**client_options(configuration))
    found = of_group(lambda: client.list_group_offsets(group)[group])
    client.close()
    return {tp: entry.offset for tp, entry in found.items()}


def confirmed(records: Sequence[Any]) -> list[bytes]:
    """Confirmed changes that are no pipeline alerts, each once, in order of first appearance."""
    found: dict[bytes, None] = {}
    for record in records:
        change = json.loads(record.value)
        if change["confirmed"] and change["kind"] != "pipeline":
            found[record.value] = None
    return list(found)


def by_tenant(changes: Sequence[bytes]) -> dict[str, list[bytes]]:
    """Changes of each tenant, in order."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for change in changes:
        found[json.loads(change)["scope"]["tenant"]].append(change)
    return dict(found)


def free_ports(number: int) -> int:
    """The first of so many free ports in a row, below those that systems give to outgoing connections: the
    clients of one broker must not sit on a port that the next one is about to take."""
    while True:
        first = random.SystemRandom().randrange(15_000, 30_000)
        try:
            with ExitStack() as held:
                for port in range(first, first + number):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


def cannot_be_had(why: str, what: str = "broker") -> None:
    """Skip, as something real is missing here; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"no {what}, and in CI these tests may not be left out: {why}", pytrace=False)
    pytest.skip(f"no {what}: {why}")


def until(condition: Any, within_s: float, workers: Sequence[CommandProcess] = ()) -> None:
    """Wait for something; AssertionError with the workers' last words where it does not come."""
    deadline = time.monotonic() + max(LEAST_S, PATIENCE * within_s)
    while not condition():
        for worker in workers:
            if worker.code is not None:
                raise AssertionError(f"a process ended with {worker.code}:\n{worker.tail()}")
        if time.monotonic() > deadline:
            raise AssertionError("it did not come in time\n" + "\n\n".join(w.tail() for w in workers))
        time.sleep(POLL_S)
