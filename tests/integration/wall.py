"""One worker by the wall clock, and what a test asks of it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import TopicPartition
from msgspec.structs import replace

from streams.live.topics import ensure
from streams.load import Configuration
from tests.integration.live import Player, Tail, WorkerProcess, committed, free_ports, workers_file

REGISTRY = {
    "tenants": {"A": {"agents": [{"id": "helper", "kind": "ai"}], "sources": ["web"], "lateness_s": 1}}
}


SLOT_S = 5  # what is confirmed comes the sooner


class Live:
    """One worker by the wall clock, and one partition of each topic."""

    def __init__(self, configuration: Configuration, folder: Path) -> None:
        kafka = replace(configuration.settings.kafka, input_partitions=1)
        settings = replace(configuration.settings, kafka=kafka, slot_s=SLOT_S)
        self.configuration = replace(configuration, settings=settings)
        ensure(self.configuration)
        self.port = free_ports(1)
        self.registry, self.log = folder / "registry.json", folder / "worker.log"
        self.registry.write_text(json.dumps(REGISTRY))
        self._folder = folder
        self.set()
        self.player = Player(self.configuration)
        self.alerts = Tail(self.configuration, self.player.names.alerts)
        self.controls = Tail(self.configuration, self.player.names.controls)
        self.workers: list[WorkerProcess] = []
        self._sent = 0

    def set(self, **live: float) -> None:
        """Other settings for workers that start from now on."""
        settings = {"port": self.port, "snapshot_s": 0.5, "session_s": 6.0, **live}
        self.config = workers_file(self._folder, self.configuration, self.registry, **settings)

    def worker(self, *more: str, before: str = "", forked: bool = True) -> WorkerProcess:
        """See `WorkerProcess`. before: Python that runs first in its process."""
        found = WorkerProcess(self.config, self.log, "", "wall", *more, before=before, forked=forked)
        self.workers.append(found)
        return found

    def say(self, agent: str, number: int = 1) -> None:
        """Turns of an agent, now."""
        for _ in range(number):
            self._sent += 1
            event = {
                "id": f"e{self._sent}", "type": "turn", "time": datetime.now(UTC).isoformat(),
                "source": "web", "tenant": "A", "conversation": f"c{self._sent}", "turn": 0,
                "role": "ai", "text": "Good day.", "agent": {"kind": "ai", "id": agent},
            }  # fmt: skip
            self.player.play([json.dumps(event).encode()])

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def said(self, **wanted: Any) -> list[dict[str, Any]]:
        changes = [json.loads(record.value) for record in self.alerts.more()]
        return [change for change in changes if all(change[key] == value for key, value in wanted.items())]

    def committed(self) -> dict[TopicPartition, int]:
        return committed(self.configuration)
