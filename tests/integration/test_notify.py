"""From evidence to receivers, on a real broker with a real Alertmanager: nothing lost, nothing rung twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from msgspec.structs import replace

from streams.broker import client_options
from streams.live.failpoints import DELIVERY_PLACES
from streams.live.topics import ensure
from streams.load import Configuration
from streams.records.alerts import Alert, encode_alert, rfc3339
from tests.integration.alertmanager import Alertmanager, Listener
from tests.integration.live import COMMAND, CommandProcess, until
from tests.integration.wall import Live
from tests.streams.notify.fakes import SECRET
from tests.streams.notify.made import alert

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)
ROUNDS = int(os.environ.get("ROUNDS", "1"))
LATENESS_S = 1.0  # of the tenant of these tests
AWAY_S = 600.0 if os.environ.get("SOAK") == "1" else 4.0  # Alertmanager, in the long version


class Delivery:
    """Processes that deliver, with receivers of a test."""

    def __init__(
        self, configuration: Configuration, folder: Path, receivers: dict[str, Any], **notify: Any
    ) -> None:
        kafka = configuration.settings.kafka
        reach = {name: getattr(kafka, name) for name in ("bootstrap", "app", "prefix", "logs")}
        self._settings = {
            "kafka": reach,
            "notify": {"receivers": receivers, "port": 0} | notify,
            "live": {"session_s": 2.0},
        }
        self.config = folder / "notify.yaml"
        self.config.write_text(json.dumps(self._settings))
        self.log = folder / "notify.log"
        self.processes: list[CommandProcess] = []
        ensure(configuration)
        self._producer = KafkaProducer(**client_options(configuration), acks="all")
        self._topic = kafka.named("alerts")

    def start(self, failpoint: str = "") -> CommandProcess:
        environ = {"FAILPOINT": failpoint} if failpoint else {}
        secrets = {f"FLOORWALKER_SECRET_{name}": SECRET for name in ("HOOK",)}
        found = CommandProcess(self.log, "notify", "--config", self.config, environ=environ | secrets)
        self.processes.append(found)
        return found

    def say(self, *changes: Alert) -> None:
        for change in changes:
            self._producer.send(self._topic, encode_alert(change), key=change.id.encode(), partition=0)
        self._producer.flush()

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments, "--config", self.config],
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def close(self) -> None:
        for process in self.processes:
            if process.code is None:
                process.kill()
        self._producer.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


def now(key: str, state: Any = "open", **more: Any) -> Alert:
    """A change of an alert, at this moment."""
    found = alert(key, state, kind=more.pop("kind", "volume"), **more)
    moment = rfc3339(time.time_ns() // 1000)
    begun = {} if state != "open" else {"opened_at": moment, "since": moment}
    return replace(found, at=moment, **begun)


def opened(listener: Listener) -> Counter[str]:
    return Counter(one["data"]["key"] for one in listener.heard if one["type"] == "alert.opened")


def ended(listener: Listener) -> Counter[str]:
    return Counter(one["data"]["key"] for one in listener.heard if one["type"] == "alert.resolved")


def slot_end(time: str, slot_s: int) -> float:
    """When the slot of a time was over, seconds."""
    return (datetime.fromisoformat(time).timestamp() // slot_s + 1) * slot_s


def test_evidence_reaches_alertmanager_through_worker_and_notify(
    live: Live, alertmanager: Alertmanager, tmp_path: Path
) -> None:
    settings = {"type": "alertmanager", "url": alertmanager.url, "repost_s": 1.0}
    delivery = Delivery(live.configuration, tmp_path, {"am": settings})
    worker, process = live.worker(), delivery.start()
    both = [worker, process]
    try:
        until(live.ready, 180, both)
        begun = time.time()
        live.say("rogue")
        until(lambda: alertmanager.told("firing"), 30, both)
        print(f"evidence to Alertmanager's receiver: {time.time() - begun:.2f} s")
        (found,) = alertmanager.alerts()
        assert found["labels"]["kind"] == "shadow_ai"
        assert found["labels"]["tenant"] == "A"
        # What it forgets at a restart it is told again.
        alertmanager.halt()
        assert alertmanager.start() == ""
        until(lambda: alertmanager.ids() == [found["labels"]["id"]], 20, both)
        assert process.stop() == 0, process.tail()
    finally:
        delivery.close()


@pytest.mark.skipif(os.environ.get("SOAK") != "1", reason="a measurement: SOAK=1 makes it")
def test_how_long_an_instant_takes_to_its_receiver(live: Live, listener: Listener, tmp_path: Path) -> None:
    hook = {"type": "webhook", "url": listener.url}
    delivery = Delivery(live.configuration, tmp_path, {"hook": hook})
    both = [live.worker(), delivery.start()]
    try:
        until(live.ready, 180, both)
        live.say("rogue")
        until(lambda: opened(listener), 180, both)
        waits = []
        for number in range(100):
            begun, before = time.monotonic(), len(opened(listener))
            live.say(f"rogue{number}")
            until(lambda before=before: len(opened(listener)) > before, 20, both)
            waits.append(time.monotonic() - begun)
        waits.sort()
        print(f"evidence to receiver: median {waits[50]:.3f} s, p99 {waits[99]:.3f} s")
        until(lambda: len(live.said(state="open", confirmed=True)) > 100, 180, both)
        lags = sorted(
            record.timestamp / 1000 - slot_end(change["at"], live.configuration.settings.slot_s) - LATENESS_S
            for record in live.alerts.more()
            if (change := json.loads(record.value))["confirmed"] and change["state"] == "open"
        )
        print(f"slot end and lateness to what its closing says: at most {lags[-1]:.3f} s")
    finally:
        delivery.close()


def test_alertmanager_hears_every_alert_once_after_an_outage(
    configuration: Configuration, alertmanager: Alertmanager, tmp_path: Path
) -> None:
    settings = {"type": "alertmanager", "url": alertmanager.url, "repost_s": 1.0}
    delivery = Delivery(configuration, tmp_path, {"am": settings})
    process = delivery.start()
    try:
        delivery.say(now("before"))
        until(lambda: alertmanager.told("firing") == ["before"], 180, [process])
        alertmanager.halt()
        names = [f"a{number}" for number in range(50)]
        for name in names:
            delivery.say(now(name, kind="leakage"))
        time.sleep(AWAY_S)
        delivery.say(*(now(name, "resolved", kind="leakage") for name in names[:10]))
        assert alertmanager.start() == ""
        until(lambda: alertmanager.ids() == sorted(["before", *names[10:]]), 180, [process])
        until(lambda: set(names[10:]) <= set(alertmanager.told("firing")), 20, [process])
    finally:
        delivery.close()


def test_kills_lose_no_alert_and_ring_no_other_twice(
    configuration: Configuration, listener: Listener, tmp_path: Path
) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    hook = {"type": "webhook", "url": listener.url}
    delivery = Delivery(configuration, tmp_path, {"hook": hook}, group_slots=0)
    names = [f"a{number}" for number in range(40 * ROUNDS)]
    plan = [f"{place}:{chance.randint(1, 3)}" for place in DELIVERY_PLACES for _ in range(ROUNDS)]
    plan += [""] * ROUNDS
    chance.shuffle(plan)
    try:
        delivery.say(now("first"))
        for number, place in enumerate(plan):
            process = delivery.start(place)
            share = names[number :: len(plan)]
            half = len(share) // 2
            delivery.say(*map(now, share[:half]))
            wanted = len(opened(listener)) + 1
            for _ in range(1500):
                if len(opened(listener)) >= wanted or process.code is not None:
                    break
                time.sleep(0.02)
            delivery.say(*map(now, share[half:]))
            deadline = time.monotonic() + (10 if place else chance.uniform(0.0, 0.5))
            while process.code is None and time.monotonic() < deadline:
                time.sleep(0.02)
            process.kill()
        process = delivery.start()
        until(lambda: len(opened(listener)) == len(names) + 1, 180, [process])
        delivery.say(*(now(name, "resolved") for name in [*names, "first"]))
        until(lambda: len(ended(listener)) == len(names) + 1, 180, [process])
        assert process.stop() == 0, process.tail()
        # At most what was under way at each kill was told twice, with the id it had.
        extra = sum(opened(listener).values()) - len(names) - 1
        messages = Counter(found["webhook-id"] for found in listener.headers)
        assert extra <= 8 * len(plan)
        assert len(messages) == 2 * (len(names) + 1)
        assert set(ended(listener).values()) == {1}
        assert delivery.command("audit", "verify").strip().rpartition(":")[2]
        print(f"{len(plan)} kills, {len(names) + 1} alerts, {extra} repeated")
    finally:
        delivery.close()


def test_people_hold_alerts_back_and_take_them_on(
    configuration: Configuration, listener: Listener, tmp_path: Path
) -> None:
    delivery = Delivery(configuration, tmp_path, {"hook": {"type": "webhook", "url": listener.url}})
    why = ("--by", "jo", "--reason", "sale")
    try:
        process = delivery.start()
        delivery.command("silence", "add", "tenant=acme", "kind=silence", "--for", "2h", *why)
        delivery.say(now("muted", kind="silence"), now("told"))
        until(lambda: opened(listener) == {"told": 1}, 180, [process])
        delivery.command("ack", "told", "--by", "jo")
        until(lambda: listener.heard[-1]["data"]["acked_by"] == "jo", 20, [process])
        time.sleep(1)
        assert opened(listener) == {"told": 1}
        listed = delivery.command("silence", "list")
        name = next(word for word in listed.split() if word.startswith("silence-"))
        delivery.command("silence", "lift", name, "--by", "jo")
        until(lambda: opened(listener) == {"told": 1, "muted": 1}, 20, [process])
        said = [json.loads(line) for line in delivery.command("audit", "show").splitlines()]
        assert {"begin", "control", "muted", "told"} <= {entry["what"] for entry in said}
        kinds = [entry["body"]["kind"] for entry in said if entry["what"] == "control"]
        assert kinds == ["silence", "ack", "lift"]
    finally:
        delivery.close()


def test_one_delivers_and_another_takes_over(
    configuration: Configuration, listener: Listener, tmp_path: Path
) -> None:
    delivery = Delivery(configuration, tmp_path, {"hook": {"type": "webhook", "url": listener.url}})
    try:
        first = delivery.start()
        delivery.say(now("a"))
        until(lambda: opened(listener) == {"a": 1}, 180, [first])
        second = delivery.start()
        time.sleep(3)
        delivery.say(now("b", kind="silence"))
        until(lambda: opened(listener) == {"a": 1, "b": 1}, 180, [first, second])
        time.sleep(2)  # killed before it has noted that, the next would tell it again
        first.kill()
        delivery.say(now("c", kind="leakage"), now("a", "resolved"))
        until(lambda: opened(listener)["c"] == 1 and ended(listener) == {"a": 1}, 180, [second])
        assert set(opened(listener).values()) == {1}
        assert second.stop() == 0, second.tail()
    finally:
        delivery.close()
