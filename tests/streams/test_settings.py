"""The configuration: defaults, mistakes, the environment, and the digest."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import yaml
from msgspec.structs import replace

from streams.errors import ConfigError
from streams.load import load, parse_settings
from streams.records.alerts import Kind
from streams.records.registry import Registry, Tenant
from streams.settings import Budget, Kafka, Settings, Severities, digest

ROOT = Path(__file__).parents[2]
DEFAULTS = ROOT / "config" / "floorwalker.yaml"
MISTAKES = sorted((ROOT / "tests" / "data" / "config").glob("*.yaml"))


def settings(text: str = "", **environ: str) -> Settings:
    return parse_settings(text.encode(), "f.yaml", environ)


def test_the_documented_defaults_are_the_defaults() -> None:
    assert parse_settings(DEFAULTS.read_bytes(), "floorwalker.yaml", {}) == Settings() == settings()


def test_the_documented_defaults_are_complete() -> None:
    def names(value: object) -> object:
        return {key: names(below) for key, below in value.items()} if isinstance(value, dict) else None

    assert names(yaml.safe_load(DEFAULTS.read_text())) == names(msgspec.to_builtins(Settings()))


def test_every_kind_of_alert_has_a_severity() -> None:
    assert sorted(Severities.__struct_fields__) == sorted(Kind.__args__)  # type: ignore[attr-defined]


def test_keys_that_scripts_rely_on() -> None:
    found = settings('kafka: {bootstrap: "HOST:9092"}\nregistry: who.yaml\n')
    assert (found.kafka.bootstrap, found.registry) == ("HOST:9092", "who.yaml")


def test_a_section_may_be_empty() -> None:
    assert settings("kafka:\nbudget:\n") == Settings()


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_mistakes_are_told_where_they_are(path: Path) -> None:
    data = path.read_bytes()
    expected = data.decode().splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(ConfigError) as caught:
        parse_settings(data, path.name, {})
    assert expected in str(caught.value)
    assert str(caught.value).startswith(path.name)
    assert "\n" not in str(caught.value)
    assert caught.value.code == 2


def test_the_environment_goes_before_the_file() -> None:
    found = settings(
        "kafka: {bootstrap: a:1}\nslot_s: 20\nbudget: {ticket_days: 500, head_start: 5}\n",
        FLOORWALKER_KAFKA__BOOTSTRAP="b:2",
        FLOORWALKER_BUDGET__TICKET_DAYS="1e3",
        FLOORWALKER_SIGNALS__CSAT="false",
        FLOORWALKER_CUTS="[[], [queue, channel]]",
        FLOORWALKER_LIMITS="{customers: 10}",
        HOME="/root",
    )
    assert found.kafka.bootstrap == "b:2"
    assert found.budget == Budget(ticket_days=1000.0, head_start=5.0)
    assert not found.signals.csat
    assert found.cuts == ((), ("queue", "channel"))
    assert (found.limits.customers, found.slot_s) == (10, 20)


@pytest.mark.parametrize("text", ["no", "12", "2026-01-01", "~", "[x]"])
def test_text_in_the_environment_stays_text(text: str) -> None:
    assert settings(FLOORWALKER_REGISTRY=text).registry == text


def test_an_empty_variable_takes_a_file_away() -> None:
    assert settings("registry: x.yaml", FLOORWALKER_REGISTRY="").registry is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FLOORWALKER_SLOTS", "3", "FLOORWALKER_SLOTS: no such setting: slots; did you mean slot_s?"),
        ("FLOORWALKER_BUDGET__DAYS", "3", "FLOORWALKER_BUDGET__DAYS: no such setting: budget.days"),
        ("FLOORWALKER_SLOT_S__X", "3", "no such setting: slot_s.x"),
        ("FLOORWALKER_SLOT_S", "x", "FLOORWALKER_SLOT_S: expected `int`, got `str`"),
        ("FLOORWALKER_SLOT_S", "7", "FLOORWALKER_SLOT_S: 7 does not divide an hour"),
        ("FLOORWALKER_CUTS", "[[a]]", "FLOORWALKER_CUTS: [0][0]: expected one of agent"),
        ("FLOORWALKER_CUTS", "[[", "FLOORWALKER_CUTS:2: not readable"),
        (
            "FLOORWALKER_SEVERITIES__BOUNDARY",
            "loud",
            "FLOORWALKER_SEVERITIES__BOUNDARY: expected one of info",
        ),
        ("FLOORWALKER_BUDGET__PAGE_DAYS", "10", "FLOORWALKER_BUDGET__PAGE_DAYS: less than ticket_days"),
        ("FLOORWALKER_KAFKA__BOOTSTRAP", "x", "FLOORWALKER_KAFKA__BOOTSTRAP: 'x' is not HOST:PORT"),
        ("FLOORWALKER_KAFKA__TOPICS__FACT", "x", "no such setting: kafka.topics.fact; did you mean facts?"),
        ("FLOORWALKER_KEY", "short", "FLOORWALKER_KEY: a key of less than 16 bytes"),
        ("FLOORWALKER_REGISTRY", "/nowhere/r.yaml", "/nowhere/r.yaml: No such file"),
    ],
)
def test_mistakes_in_the_environment_name_the_variable(name: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {name: value})
    assert expected in str(caught.value)


def test_files_are_found_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "who.yaml").write_text("tenants: {A: {}}")
    (tmp_path / "secret").write_text("0123456789abcdef\n")
    (tmp_path / "f.yaml").write_text("registry: who.yaml\nkey_file: secret\n")
    found = load(str(tmp_path / "f.yaml"), {})
    assert found.registry == Registry(tenants={"A": Tenant()})
    assert len(found.key) == 32
    assert found.key == load(None, {"FLOORWALKER_KEY": "0123456789abcdef"}).key
    assert repr(found.key) not in repr(found)
    (tmp_path / "other.yaml").write_text("tenants: {B: {}}")
    other = load(str(tmp_path / "f.yaml"), {}, registry=str(tmp_path / "other.yaml")).registry
    assert other == Registry(tenants={"B": Tenant()})


def test_the_password_comes_from_a_file_or_the_environment_and_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("kafka: {sasl: scram-sha-256, username: me, password_file: secret}\n")
    (tmp_path / "secret").write_text("open sesame\n")
    found = load(str(path), {})
    assert found.kafka_password == "open sesame"
    assert "sesame" not in repr(found)
    assert load(str(path), {"FLOORWALKER_KAFKA_PASSWORD": "other words"}).kafka_password == "other words"
    assert load(None, {"FLOORWALKER_KAFKA_PASSWORD": "other words"}).kafka_password is None
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(ConfigError, match=r"^kafka\.password_file: missing: .* FLOORWALKER_KAFKA_PASSWORD"):
        load(str(path), {})


def test_certificates_are_found_beside_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("kafka: {security: tls, ca_file: ca.crt, cert_file: /etc/me.crt, key_file: me.key}\n")
    kafka = load(str(path), {"FLOORWALKER_KAFKA__KEY_FILE": "other.key"}).settings.kafka
    assert (kafka.ca_file, kafka.cert_file, kafka.key_file) == (
        f"{tmp_path}/ca.crt",
        "/etc/me.crt",
        "other.key",
    )


def test_topics_have_their_prefix() -> None:
    kafka = settings("kafka: {prefix: test., topics: {actions: calls}}").kafka
    assert kafka.named("facts") == "test.fw.facts"
    assert kafka.inputs() == (
        "test.cc.transcripts",
        "test.cc.escalations",
        "test.cc.sentiment",
        "test.calls",
        "test.cc.sessions",
    )


def test_a_stranger_needs_no_configuration() -> None:
    found = load(None, {})
    assert (found.settings, found.registry, found.key) == (Settings(), None, b"")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^/nowhere/f\.yaml: No such file"):
        load("/nowhere/f.yaml", {})


def test_digest_follows_what_bears_on_detection_only() -> None:
    plain = Settings()
    same = replace(plain, registry="r.yaml", key_file="k", kafka=Kafka(bootstrap="b:1"))
    assert digest(plain, None) == digest(same, None)
    assert digest(plain, None).endswith("-none")
    others = [
        replace(plain, slot_s=20),
        replace(plain, cuts=((),)),
        replace(plain, budget=Budget(head_start=0.0)),
    ]
    digests = [digest(each, None) for each in (plain, *others)] + [digest(plain, Registry())]
    assert len(set(digests)) == len(digests)
