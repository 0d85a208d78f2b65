"""TLS with certificates of both sides, and SASL, on a broker that asks for them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.cli import main
from streams.errors import ConfigError, Stop
from streams.live.topics import ensure
from streams.load import Configuration, load
from tests.integration.live import Player, WorkerProcess, committed, free_ports, until

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "infra" / "kafka" / "kafka.sh"
PASSWORD = "correct horse"
LISTENERS = """
listeners=PLAINTEXT://127.0.0.1:{plain},TLS://127.0.0.1:{tls},SECRET://127.0.0.1:{sasl},CONTROLLER://127.0.0.1:{next}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},TLS://127.0.0.1:{tls},SECRET://127.0.0.1:{sasl}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,SECRET:SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.crt
listener.name.tls.ssl.client.auth=required
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512,SCRAM-SHA-256
listener.name.secret.plain.sasl.jaas.config={module} required user_walker="{password}";
listener.name.secret.scram-sha-512.sasl.jaas.config={scram} required;
listener.name.secret.scram-sha-256.sasl.jaas.config={scram} required;
"""
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
SALTED = "salted-and-hashed"  # the broker keeps no password, but what proves that somebody has it
MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule"


class Secured:
    """A broker's ports, and the folder with certificates."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.plain, self.tls, self.sasl = folder, port, port + 2, port + 3

    def load(self, **kafka: str) -> Configuration:
        """A configuration file beside the certificates."""
        lines = "".join(f"  {name}: {value}\n" for name, value in kafka.items())
        path = self.folder / "floorwalker.yaml"
        path.write_text(f"kafka:\n{lines}")
        return load(str(path), {})


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, bootstrap: str) -> Iterator[Secured]:  # noqa: ARG001
    """A broker of its own. Where the other (`bootstrap`) could be had, so can this one."""
    folder = tmp_path_factory.mktemp("secured")
    certificates(folder)
    found = Secured(folder, free_ports(4))
    ports = {"plain": found.plain, "next": found.plain + 1, "tls": found.tls, "sasl": found.sasl}
    (folder / "extra.properties").write_text(
        LISTENERS.format(**ports, folder=folder, password=PASSWORD, module=MODULE, scram=SCRAM)
    )
    environment = os.environ | {
        "KAFKA_PORT": str(found.plain),
        "KAFKA_DATA": str(folder / "data"),
        "KAFKA_EXTRA": str(folder / "extra.properties"),
        "KAFKA_FORMAT": " ".join(
            f"--add-scram {mechanism}=[name=salted,password={SALTED}]"
            for mechanism in ("SCRAM-SHA-512", "SCRAM-SHA-256")
        ),
    }
    try:
        subprocess.run([SCRIPT, "start"], env=environment, check=True, timeout=300, capture_output=True)
        yield found
    finally:
        subprocess.run([SCRIPT, "stop"], env=environment, check=False, timeout=60)


def certificates(folder: Path) -> None:
    """An authority, and a certificate of each side signed by it."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    openssl(*new, "-x509", "-days", "2", "-keyout", "ca.key", "-out", "ca.crt")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    for side in ("server", "client"):
        openssl(*new, "-keyout", f"{side}.key", "-out", f"{side}.csr")
        signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"]
        openssl("x509", "-req", "-in", f"{side}.csr", "-out", f"{side}.crt", *signed)
    pem = (folder / "server.key").read_text() + (folder / "server.crt").read_text()
    (folder / "server.pem").write_text(pem)
    (folder / "password").write_text(f"{PASSWORD}\n")
    (folder / "salted").write_text(f"{SALTED}\n")


def test_tls_with_a_certificate_of_this_client(secured: Secured) -> None:
    files = {"ca_file": "ca.crt", "cert_file": "client.crt", "key_file": "client.key"}
    configuration = secured.load(bootstrap=f"127.0.0.1:{secured.tls}", security="tls", prefix="a.", **files)
    assert len(ensure(configuration)) == 13


def test_sasl_over_tls_with_the_password_in_a_file(secured: Secured, tmp_path: Path) -> None:
    asked = {"sasl": "plain", "username": "walker", "password_file": "password", "ca_file": "ca.crt"}
    configuration = secured.load(bootstrap=f"127.0.0.1:{secured.sasl}", security="tls", prefix="b.", **asked)
    assert configuration.kafka_password == PASSWORD
    assert PASSWORD not in repr(configuration)
    assert len(ensure(configuration)) == 13
    events = tmp_path / "events.jsonl"
    events.write_text("{}\n" * 5)
    options = [
        "--to",
        f"kafka://127.0.0.1:{secured.sasl}",
        "--config",
        str(secured.folder / "floorwalker.yaml"),
    ]
    assert main(["produce", str(events), *options]) == 0
    assert main(["replay", options[1], *options[2:], "--alerts", str(tmp_path / "alerts")]) == 0


@pytest.mark.parametrize("mechanism", ["scram-sha-512"])
def test_a_worker_over_scram(secured: Secured, tmp_path: Path, mechanism: str) -> None:
    """Every client of a worker: of Faust, beside it, and the one that makes topics."""
    asked = {"sasl": mechanism, "username": "salted", "password_file": "salted", "ca_file": "ca.crt"}
    name = mechanism.removeprefix("scram-")
    configuration = secured.load(
        bootstrap=f"127.0.0.1:{secured.sasl}", security="tls", prefix=f"{name}.", app=name, **asked
    )
    ensure(configuration)
    player = Player(configuration)
    player.play([b"{}"] * 9)
    config = secured.folder / "floorwalker.yaml"
    config.write_text(config.read_text() + "live: {port: 0, session_s: 6}\n")
    worker = WorkerProcess(config, tmp_path / "worker.log", clock="wall")
    try:
        until(lambda: sum(committed(configuration).get(tp, 0) for tp in player.sent()) == 9, 60, [worker])
        assert worker.stop() == 0
    finally:
        if worker.code is None:
            worker.kill()
    assert SALTED not in (tmp_path / "worker.log").read_text()


def test_a_wrong_password_is_refused_and_not_shown(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.broker.CONNECT_MS", 1500)
    (secured.folder / "wrong").write_text("hunter2hunter2")
    asked = {"sasl": "plain", "username": "walker", "password_file": "wrong", "ca_file": "ca.crt"}
    configuration = secured.load(bootstrap=f"127.0.0.1:{secured.sasl}", security="tls", **asked)
    with pytest.raises(Stop) as caught:
        ensure(configuration)
    assert "kafka.sasl, username and password" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_broker_that_nobody_vouches_for_is_not_talked_to(
    secured: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.broker.CONNECT_MS", 1500)
    configuration = secured.load(bootstrap=f"127.0.0.1:{secured.tls}", security="tls")
    with pytest.raises(Stop, match=r"kafka\.security"):
        ensure(configuration)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"ca_file": "gone.crt"}, r"kafka\.ca_file: .*gone\.crt: No such file"),
        ({"ca_file": "password"}, r"kafka\.ca_file: .*password: "),
        (
            {"cert_file": "client.crt", "key_file": "ca.key"},
            r"kafka\.cert_file: .*client\.crt, key_file: .*ca\.key",
        ),
    ],
)
def test_a_file_that_does_not_serve_is_named(secured: Secured, files: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        ensure(secured.load(bootstrap=f"127.0.0.1:{secured.tls}", security="tls", **files))
