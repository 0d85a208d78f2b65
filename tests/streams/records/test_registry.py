"""Registries: what can be said, what cannot, and where the error points."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from detectors.calendar import WEEK
from detectors.wallclock import SECOND
from streams.errors import ConfigError
from streams.records.registry import Agent, Registry, Source, Tenant, parse_registry

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "config" / "registry.example.yaml"
MISTAKES = sorted((ROOT / "tests" / "data" / "registry").glob("*.yaml"))
CONTRACT = b"""
{"tenants": {"A": {
    "agents": [{"id": "helper", "kind": "ai", "queues": ["account"], "versions": ["2.0", "2.1"],
                "models": ["lm-small-1"], "actions": ["CheckBalance", "TransferMoney"],
                "data": ["account.balance", "order.details"], "limits": {"TransferMoney": 2000},
                "subject": "own", "instructions": "You are helper. ...", "canaries": ["zx-4471"]}],
    "sources": ["webchat/prod", "surveys/prod"],
    "hours": "Mon-Fri 07:00-21:05 UTC", "holidays": ["2026-08-31"], "lateness_s": 120}}}
"""
MONDAY = 1_775_433_600 * SECOND  # 2026-04-06


def tenant(**keys: object) -> Tenant:
    found = parse_registry(json.dumps({"tenants": {"A": keys}}).encode(), "r.json").tenant("A")
    assert found is not None
    return found


def test_everything_that_the_contract_shows() -> None:
    registry = parse_registry(CONTRACT, "r.json")
    found = registry.tenant("A")
    assert found is not None
    helper = found.agent("helper")
    assert helper is not None
    assert helper.versions == frozenset({"2.0", "2.1"})
    assert helper.limits == {"TransferMoney": 2000.0}
    assert (helper.subject, helper.canaries, helper.instructions) == (
        "own",
        ("zx-4471",),
        "You are helper. ...",
    )
    assert found.source("surveys/prod") == Source(id="surveys/prod")
    assert (found.holidays, found.lateness_s) == ((date(2026, 8, 31),), 120.0)
    assert registry.tenant("B") is None
    assert found.agent("nobody") is None
    assert found.source("mail") is None


def test_yaml_and_json_say_the_same() -> None:
    text = """
tenants:
  A:
    agents:
      - {id: helper, kind: ai, queues: [account], versions: ["2.0", "2.1"], models: [lm-small-1],
         actions: [CheckBalance, TransferMoney], data: [account.balance, order.details],
         limits: {TransferMoney: 2000}, subject: own, instructions: You are helper. ..., canaries: [zx-4471]}
    sources: [webchat/prod, surveys/prod]
    hours: Mon-Fri 07:00-21:05 UTC
    holidays: [2026-08-31]
    lateness_s: 120
"""
    assert parse_registry(text.encode(), "r.yaml") == parse_registry(CONTRACT, "r.json")


def test_what_is_not_stated_is_none_and_what_is_empty_allows_nothing() -> None:
    agent = tenant(agents=[{"id": "helper", "actions": []}]).agent("helper")
    assert agent is not None
    assert agent.actions == frozenset()
    assert agent.versions is agent.data is agent.queues is agent.models is None
    assert (agent.kind, agent.subject) == ("ai", "any")


def test_hours_in_all_their_forms() -> None:
    def week(t: Tenant, source: str | None = None) -> float:
        return t.calendar(source).open_seconds(MONDAY, MONDAY + WEEK) / 3600

    assert week(tenant()) == 168
    assert week(tenant(hours="Mon 08:00-10:00 UTC"), "any") == 2
    assert week(tenant(hours=["Mon 08:00-10:00 UTC", "Sat 08:00-09:00 UTC"])) == 3
    mixed = tenant(
        hours={"web": "Mon 08:00-10:00 UTC", "tel": ["Mon 09:00-12:00 UTC", "Tue 09:00-12:00 UTC"]}
    )
    assert [week(mixed, source) for source in ("web", "tel", None, "mail")] == [2, 6, 7, 7]
    assert week(tenant(hours="Mon,Tue 08:00-10:00 UTC", holidays=["2026-04-06"])) == 2


def test_idle_times() -> None:
    assert tenant().idle("chat") is None
    assert tenant(idle_s=60).idle("email") == 60.0
    assert tenant(idle_s={"chat": 60}).idle("chat") == 60.0
    assert tenant(idle_s={"chat": 60}).idle("email") is None


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_mistakes_are_told_where_they_are(path: Path) -> None:
    data = path.read_bytes()
    expected = data.decode().splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(ConfigError) as caught:
        parse_registry(data, path.name)
    assert expected in str(caught.value)
    assert str(caught.value).startswith(path.name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            b'{"tenants": {"A": {\n"lateness_s": "x"}}}',
            "r.json:2: tenants.A.lateness_s: expected `float | null`",
        ),
        (b'{"tenants": {"A": {}, "A": {}}}', "'A' is there twice"),
        (b'{"tenants": {"A": {"lateness_s": NaN}}}', "tenants.A.lateness_s: expected"),
        (b'{"tenants": ', "not readable"),
        (b"\xff\xfe\x00", "not readable"),
        (b"[" * 100_000, "r.json"),
        (b'{"a":' * 100_000, "r.json"),
        (b"a: " * 20_000_000, "larger than"),
    ],
    ids=["type", "twice", "nan", "cut", "binary", "deep", "deep json", "large"],
)
def test_mistakes_in_json_and_worse(data: bytes, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_registry(data, "r.json")
    assert expected in str(caught.value)


def test_numbers_as_json_writes_them() -> None:
    found = parse_registry(
        b'{"tenants": {"A": {"lateness_s": 1e2, "sources": ["\\ud83d\\ude00"]}}}', "r.json"
    )
    assert found.tenants["A"].lateness_s == 100.0


def test_an_impossible_registry_is_refused_wherever_it_is_decoded() -> None:
    with pytest.raises(msgspec.ValidationError, match="not a time zone"):
        msgspec.json.decode(b'{"tenants": {"A": {"hours": "Mon 07:00-08:00 Nowhere"}}}', type=Registry)


def test_survives_a_round_trip() -> None:
    registry = parse_registry(EXAMPLE.read_bytes(), "example")
    data = msgspec.msgpack.Encoder(order="deterministic").encode(registry)
    again = msgspec.msgpack.decode(data, type=Registry)
    assert again == registry
    assert again.digest == registry.digest


def test_secrets_are_not_shown() -> None:
    registry = parse_registry(CONTRACT, "r.json")
    for text in (repr(registry), str(registry.tenants["A"].agents[0])):
        assert "You are helper" not in text
        assert "zx-4471" not in text


def test_digest_follows_what_is_allowed_and_knows_no_secret() -> None:
    def of(**keys: object) -> str:
        return Registry(tenants={"A": Tenant(agents=(Agent(id="a", **keys),))}).digest  # type: ignore[arg-type]

    assert of(versions=frozenset("ab")) == of(versions=frozenset("ba"))
    assert of(versions=frozenset("ab")) != of(versions=frozenset("abc"))
    assert of() != of(actions=frozenset())
    assert of(canaries=("zx-4471",), instructions="You are helper") == of()


def test_digest_is_the_same_for_every_hash_seed() -> None:
    program = (
        "import sys; from streams.records.registry import parse_registry as p;"
        "print(p(open(sys.argv[1], 'rb').read(), 'r').digest)"
    )
    command = [sys.executable, "-c", program, str(EXAMPLE)]
    runs = [
        subprocess.run(
            command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""
