"""A real broker for the whole run, and topics of its own for every test.

infra/kafka/kafka.sh starts the broker on a free port with data of its own; `KAFKA_TEST=HOST:PORT` takes one
that is running already. Where none can be had the tests skip and say why; with CI=true they fail.
"""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from streams.broker import admin
from streams.load import Configuration, load
from streams.settings import Kafka
from tests.integration.alertmanager import Alertmanager
from tests.integration.live import cannot_be_had, free_ports
from tests.integration.oracle import Traffic, make
from tests.integration.wall import Live

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "infra" / "kafka" / "kafka.sh"
ALERTMANAGER = ROOT / "infra" / "alertmanager" / "alertmanager.sh"
BUILT = Path("~/.cache/floorwalker/alertmanager/v0.34.2/alertmanager").expanduser()
START_S = 300  # the first start ever fetches the broker


@pytest.fixture(scope="session")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HOST:PORT of a broker."""
    if running := os.environ.get("KAFKA_TEST"):
        yield running
        return
    data = tmp_path_factory.mktemp("kafka")
    environment = os.environ | {"KAFKA_DATA": str(data), "KAFKA_PORT": str(free_ports(2))}
    try:
        started = subprocess.run(
            [SCRIPT, "start"], env=environment, capture_output=True, text=True, timeout=START_S, check=False
        )
        if started.returncode:
            cannot_be_had(started.stderr.strip())
        yield started.stdout.strip().splitlines()[-1]
    finally:
        subprocess.run([SCRIPT, "stop"], env=environment, check=False, timeout=60)


@pytest.fixture
def configuration(bootstrap: str) -> Iterator[Configuration]:
    """A configuration whose topics and app are this test's alone. The topics are not made yet."""
    name = f"t{uuid.uuid4().hex[:10]}"
    plain = load(None, {})
    kafka = Kafka(bootstrap=bootstrap, app=name, prefix=f"{name}.", input_partitions=3, logs=2)
    yield replace(plain, settings=replace(plain.settings, kafka=kafka))
    with admin(replace(plain, settings=replace(plain.settings, kafka=kafka))) as client:
        own = [topic for topic in client.list_topics() if topic.startswith(kafka.prefix)]
        if own:
            client.delete_topics(own)


@pytest.fixture
def live(configuration: Configuration, tmp_path: Path) -> Iterator[Live]:
    """For workers by the wall clock; those that are left over are killed."""
    found = Live(configuration, tmp_path)
    yield found
    for worker in found.workers:
        if worker.code is None:
            worker.kill()
    found.alerts.close()
    found.controls.close()


@pytest.fixture(scope="session")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    """Two simulated days, and what an uninterrupted replay makes of them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return make(tmp_path_factory.mktemp("traffic"), seed=5)
    folder = tmp_path_factory.getbasetemp().parent / "traffic"  # of all processes of this run
    folder.mkdir(exist_ok=True)
    kept = folder / "traffic"
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)  # until it is closed: one makes it, the others wait
        if not kept.exists():
            kept.write_bytes(msgspec.msgpack.encode(make(folder, seed=5), enc_hook=str))
    return msgspec.msgpack.decode(kept.read_bytes(), type=Traffic, dec_hook=lambda kind, value: kind(value))


BINARIES = ["debian", *([str(BUILT)] if BUILT.exists() else [])]


@pytest.fixture(params=BINARIES, ids=lambda path: Path(path).parent.name or path)
def alertmanager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Alertmanager]:
    """A real one: that of Debian always, a current one where it was built."""
    found = Alertmanager(ALERTMANAGER, str(request.param), tmp_path / "alertmanager")
    try:
        why = found.start()
        if why:
            cannot_be_had(why, "Alertmanager")
        yield found
    finally:
        found.stop()
