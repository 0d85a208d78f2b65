"""What the containers promise: pinned, healthy before others lean on them, allowed only what they need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer
import yaml

from streams.cli import app
from streams.load import load

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {"simulate", "produce", "databases"}  # they end when they have done their work
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+\.\d+(-[\w.-]+)?")
each = pytest.mark.parametrize("name", sorted(SERVICES))


def valid(path: Path) -> subprocess.CompletedProcess[str]:
    """Against the schema of the compose specification, which check-jsonschema brings along."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_it_is_what_the_compose_specification_says(tmp_path: Path) -> None:
    found = valid(ROOT / "docker-compose.yml")
    assert found.returncode == 0, found.stdout
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(yaml.safe_dump({**COMPOSE, "services": {**SERVICES, "web": {"imagine": "x"}}}))
    assert "imagine" in valid(wrong).stdout


def accepts(words: list[str]) -> dict[str, Any]:
    """Parse a command line as the product does, without running it; raises where it would be refused."""
    command: Any = typer.main.get_command(app)
    name, parent = "floorwalker", None
    while True:
        parent = command.make_context(name, words, parent=parent)
        if not hasattr(command, "commands"):
            return dict(parent.params)
        name, command, words = command.resolve_command(parent, [*parent._protected_args, *parent.args])


@pytest.mark.parametrize("name", [n for n in SERVICES if SERVICES[n]["image"].startswith("floorwalker:")])
def test_the_product_takes_its_command(name: str) -> None:
    accepts(SERVICES[name]["command"])
    with pytest.raises(Exception, match="No such option"):
        accepts([*SERVICES[name]["command"], "--imagine"])


@each
def test_secrets_are_the_operators_to_set(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"PASSWORD|TOKEN|SECRET|_KEY$", variable):
            assert re.fullmatch(r"\$\{[A-Z_]+:-.+\}", value), variable
    assert not SERVICES[name].get("secrets"), "an operator's own file would be bound"


def test_these_are_the_parts() -> None:
    assert set(SERVICES) == {
        "kafka", "simulate", "produce", "worker", "notify", "web", "alertmanager", "databases", "influxdb",
        "grafana",
    }  # fmt: skip
    assert SERVICES["kafka"]["image"] == "apache/kafka:4.3.1"


def test_the_broker_is_the_version_that_tests_run_on() -> None:
    version = SERVICES["kafka"]["image"].partition(":")[2]
    pom = (ROOT / "infra/kafka/pom.xml").read_text()
    assert f"<artifactId>kafka_2.13</artifactId>\n      <version>{version}</version>" in pom


def test_the_database_is_the_version_that_tests_run_on() -> None:
    script = (ROOT / "infra/influxdb/build.sh").read_text()
    (version,) = re.findall(r"^version=v([\d.]+)", script, re.MULTILINE)
    assert SERVICES["influxdb"]["image"] == f"influxdb:{version}-alpine"


def test_all_dashboards_are_handed_in() -> None:
    for config in COMPOSE["configs"].values():
        assert (ROOT / config["file"]).is_file()
    handed = {
        Path(one["target"]).name for one in SERVICES["grafana"]["configs"] if one["target"].endswith(".json")
    }
    assert handed == {path.name for path in (ROOT / "infra/grafana/boards").iterdir()}
    for service in SERVICES.values():
        assert {one["source"] for one in service.get("configs", [])} <= COMPOSE["configs"].keys()


@each
def test_versions_are_pinned(name: str) -> None:
    assert PINNED.fullmatch(SERVICES[name]["image"])


@each
def test_nobody_is_allowed_more_than_needed(name: str) -> None:
    service = SERVICES[name]
    assert not service.keys() & {"privileged", "cap_add", "devices", "pid", "ipc", "userns_mode"}
    assert service.get("network_mode", "none") == "none"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["user"].split(":")[0]) > 0


@each
def test_everybody_has_limits(name: str) -> None:
    assert {"mem_limit", "cpus", "pids_limit"} <= SERVICES[name].keys()


@each
def test_nothing_of_the_host_is_mounted(name: str) -> None:
    mounts = [volume.split(":")[0] for volume in SERVICES[name].get("volumes", [])]
    assert set(mounts) <= COMPOSE["volumes"].keys()


@each
def test_ports_are_published_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@each
def test_what_stays_up_is_asked_how_it_is(name: str) -> None:
    assert ("healthcheck" in SERVICES[name]) == (name not in ONCE)
    assert SERVICES[name]["restart"] == ("no" if name in ONCE else "unless-stopped")


@each
def test_everybody_waits_for_what_it_leans_on(name: str) -> None:
    for other, wanted in SERVICES[name].get("depends_on", {}).items():
        ends = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert wanted == {"condition": ends}


@each
def test_the_product_takes_its_environment(name: str) -> None:
    environment = {
        k: os.path.expandvars(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", v))
        for k, v in SERVICES[name].get("environment", {}).items()
        if k.startswith("FLOORWALKER_") and k != "FLOORWALKER_BOARDS"  # that one is for Grafana
    }
    environment.pop("FLOORWALKER_REGISTRY", None)  # the file is in the container's volume
    if SERVICES[name]["image"].startswith("floorwalker:"):
        found = load(None, environment)
        address = found.settings.kafka.bootstrap
        assert f"INSIDE://{address}" in SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
        assert urlsplit(found.settings.influx.url or "").hostname == "influxdb"
        assert found.influx_token == "only-for-trying-out"
        (receiver,) = found.settings.notify.receivers.values()
        assert "alertmanager:9093" in str(receiver)


def test_the_image_is_built_from_the_lock_and_not_run_as_root() -> None:
    lines = (ROOT / "infra/Dockerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert bases
    assert all(PINNED.fullmatch(base) for base in bases)
    assert any("--require-hashes" in line and "-r requirements.lock" in line for line in lines)
    user = [line for line in lines if line.startswith("USER ")][-1].split()[1]
    assert user == SERVICES["worker"]["user"]


def test_only_what_is_copied_goes_to_the_builder() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    copied: set[str] = set()
    for line in (ROOT / "infra/Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            copied |= set(line.split()[1:-1])
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
