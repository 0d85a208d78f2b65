"""Personal data planted in every field of every event leave in no output, as things are by default."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from detectors.content.base import Heard
from detectors.content.checks import check
from streams.build import build_floor, build_reader, build_scanner
from streams.cli import main
from streams.load import Configuration
from streams.reading import ReadLimits, Record, Rejection, Secrets, read
from streams.records.events import Action, Escalation, Score, Session, Turn
from streams.records.facts import Said
from streams.records.parcels import Origin
from streams.records.registry import Registry
from streams.scan import encode_line
from streams.settings import Examples, Settings, Signals
from tests.interpreted import interpreted

MAIL, CARD, PHONE = "zadie.quillfeather@post.example.org", "4539 1488 0343 6467", "+44 7700 900 982"
SSN, IBAN, NAME = "536-90-4399", "GB29 NWBK 6016 1331 9268 19", "Zadie Quillfeather"
PLANTED = (MAIL, CARD, PHONE, SSN, IBAN, NAME)
# As they would show: as planted, in small letters, and their digits alone.
TRACES = sorted(
    {form for value in PLANTED for form in (value, value.casefold(), value.replace(" ", ""))}
    | {"quillfeather", "4539148803436467", "447700900982", "536904399"}
)

BASE = {"time": "2026-05-18T09:00:00Z"}
EVENTS: dict[str, dict[str, Any]] = {
    "turn": {"turn": 1, "role": "ai", "latency_ms": 5, "confidence": 0.5, "final": True},
    "escalation": {"stage": "requested", "trigger": "customer", "direction": "ai_to_human"},
    "score": {"value": 0.5, "scope": "survey", "rater": "customer", "answered_after_s": 3},
    "action": {"status": "ok", "effect": "read", "amount": 5, "latency_ms": 3},
    "session": {"phase": "started", "resolution": "resolved", "duration_ms": 4},
}
WORDS = {
    "id": "e1", "source": "web/prod", "tenant": "shop", "conversation": "c1", "queue": "orders",
    "language": "en", "customer": "u1",
}  # fmt: skip
MORE = {
    "turn": {"text": "Hello"},
    "escalation": {"reason": "asked", "target": "desk"},
    "score": {"metric": "csat", "comment": "fine", "respondent": "r1", "via": "mail"},
    "action": {"call": "k1", "name": "Look", "subject": "u1"},
    "session": {},
}
RECORDS = {"turn": Turn, "escalation": Escalation, "score": Score, "action": Action, "session": Session}
EVERYTHING = Settings(signals=Signals(**dict.fromkeys(Signals.__struct_fields__, True)))
REGISTRY = {"tenants": {"shop": {"agents": [{"id": "pine", "actions": []}], "sources": ["web/prod"]}}}


def planted(kind: str, value: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(field, event) with the value in one field after the other, then in all of them."""
    texts = {**WORDS, **MORE[kind]}
    agent = {"kind": "ai", "id": "pine", "version": "1.0", "model": "lm"}
    plain = {"type": kind, **BASE, **EVENTS[kind], **texts, "agent": agent, "attributes": {"intent": "ask"}}
    for field in texts:
        yield field, {**plain, field: f"{value}"}
        yield field, {**plain, field: f"it is {value} here"}
    for part in ("id", "version", "model"):
        yield f"agent.{part}", {**plain, "agent": {**agent, part: value}}
    yield "attributes", {**plain, "attributes": {value: value}}
    if kind == "turn":
        yield "grounding", {**plain, "grounding": [f'{{"of": "{value}"}}']}
        yield "customer's text", {**plain, "role": "customer", "text": f"I am {value}"}
    if kind == "action":
        yield "data", {**plain, "data": [value]}
    yield "everything", {**plain, **dict.fromkeys(texts, value), "agent": {**agent, "id": value}}
    # Mistakes: dead letters name the place and the rule, never what stood there.
    yield "unknown key", {**plain, value: value}
    for field, wrong in (
        ("time", value),
        ("channel", value),
        ("type", value),
        ("agent", value),
        ("id", [value]),
    ):
        yield f"wrong {field}", {**plain, field: wrong}
    yield "wrong attributes", {**plain, "attributes": {value: 5}}


def every() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (kind, field, event) for kind in EVENTS for value in PLANTED for field, event in planted(kind, value)
    ]


def assert_clean(output: bytes | str, where: str) -> None:
    text = output.decode("utf-8", "replace") if isinstance(output, bytes) else output
    for trace in TRACES:
        assert trace not in text, f"{where} holds what was planted"
        assert trace not in text.casefold(), f"{where} holds what was planted, in small letters"


def test_every_field_of_every_event_was_planted() -> None:
    record: Any
    for kind, record in RECORDS.items():
        fields = {field.encode_name for field in msgspec.structs.fields(record)}
        texts = {
            *WORDS,
            *MORE[kind],
            *EVENTS[kind],
            *BASE,
            "agent",
            "attributes",
            "channel",
            "grounding",
            "data",
            "turn",
        }
        assert fields <= texts


@pytest.mark.parametrize("excerpt", [0, 160])
def test_no_fact_and_no_dead_letter_holds_it(excerpt: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where excerpts are allowed, of every turn: what is planted is redacted in them."""
    monkeypatch.setattr("streams.reading.features.TURNS_AN_EXCERPT", 1)
    secrets, kept, excerpts = Secrets(b"0" * 32, excerpt=excerpt), 0, 0
    for kind, field, event in every():
        found = read(Record("t", 0, 0, json.dumps(event).encode()), secrets, ReadLimits())
        kept += not isinstance(found, Rejection)
        assert_clean(msgspec.msgpack.encode(found), f"{kind}.{field}: the fact")
        assert_clean(repr(found), f"{kind}.{field}: its repr")
        excerpts += isinstance(found, Said) and bool(found.excerpt)
    assert (excerpts > 0) == bool(excerpt)
    assert kept > len(every()) // 2


@pytest.mark.parametrize("excerpts", [False, True])
def test_no_alert_no_closing_and_no_snapshot_holds_it(
    excerpts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.reading.features.TURNS_AN_EXCERPT", 1)
    settings = replace(EVERYTHING, examples=Examples(excerpts=excerpts))
    registry = msgspec.convert(REGISTRY, Registry)
    for given in (registry, None):
        configuration = Configuration(settings=settings, registry=given, key=b"0" * 32)
        reader, floor = build_reader(configuration), build_floor(configuration)
        records = [Record("t", 0, at, json.dumps(event).encode()) for at, (_, _, event) in enumerate(every())]
        taken = reader.take(Origin("t"), records)
        alerts = 0
        for _, parcel in taken.parcels:
            for alert in floor.take(parcel):
                alerts += 1
                assert_clean(msgspec.json.encode(alert), f"the alert on {alert.kind}")
        while (closing := floor.close()) is not None:
            assert_clean(msgspec.json.encode(closing), "a closing")
        snapshot = floor.snapshot()
        assert_clean(snapshot, "the snapshot")
        assert (b"it is [EMAIL] here" in snapshot or b"I am [EMAIL]" in snapshot) == excerpts
        assert (alerts > 0) == (given is not None)


@pytest.mark.parametrize("redacted", [False, True])
def test_no_line_of_a_scan_holds_it(redacted: bool) -> None:
    registry = msgspec.convert(REGISTRY, Registry)
    scanner = build_scanner(
        Configuration(settings=Settings(), registry=registry, key=b"0" * 32), redacted=redacted
    )
    for kind, field, event in every():
        line = scanner.line(Record("t", 0, 0, json.dumps(event).encode()))
        assert_clean(encode_line(line), f"{kind}.{field}: the line")


def test_neither_the_screen_nor_the_log_nor_any_file_of_a_replay_holds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    source, registry = tmp_path / "in.jsonl", tmp_path / "registry.json"
    source.write_text("".join(json.dumps(event) + "\n" for _, _, event in every()))
    registry.write_text(json.dumps(REGISTRY))
    alerts, rejected = tmp_path / "alerts.jsonl", tmp_path / "rejected.jsonl"
    everything = tmp_path / "everything.yaml"
    everything.write_text("signals:\n" + "".join(f"  {name}: true\n" for name in Signals.__struct_fields__))
    with caplog.at_level(logging.DEBUG):
        arguments = ["replay", str(source), "--registry", str(registry), "--alerts", str(alerts)]
        arguments += ["--config", str(everything)]
        assert main([*arguments, "--rejected", str(rejected), "--instants"]) == 0
    assert alerts.read_bytes()
    assert rejected.read_bytes()
    shown = capsys.readouterr()
    for output in (alerts.read_text(), rejected.read_text(), shown.out, shown.err, caplog.text):
        assert_clean(output, "the replay")


@interpreted
def test_a_fault_of_a_check_rejects_that_event_and_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: Any) -> None:
        raise RuntimeError(f"could not read {MAIL}")

    event = {"type": "turn", **BASE, **EVENTS["turn"], **WORDS, "text": f"It is {MAIL}"}
    record = Record("t", 0, 0, json.dumps(event).encode())
    with monkeypatch.context() as patch:
        patch.setattr("streams.reading.features.check", faulty)
        found = read(record, Secrets.public(), ReadLimits())
    assert isinstance(found, Rejection)
    assert found.reason == "internal"
    assert_clean(repr(found), "the rejection")
    assert not isinstance(read(record, Secrets.public(), ReadLimits()), Rejection)


@interpreted
def test_a_fault_of_a_check_is_one_dead_letter_and_changes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "registry.json"
    registry.write_text(json.dumps(REGISTRY))
    said = {"type": "turn", **EVENTS["turn"], **WORDS, "agent": {"kind": "ai", "id": "pine"}}
    texts = [("customer", "Hello"), ("ai", "Hi"), ("customer", f"POISON {MAIL}"), ("ai", f"It is {CARD}.")]
    events = [
        {**said, "id": f"e{turn}", "turn": turn, "role": role, "text": text}
        | {"time": f"2026-05-18T09:{turn}0:00Z"}
        for turn, (role, text) in enumerate(texts)
    ]

    def run(rows: list[dict[str, Any]]) -> tuple[list[str], str]:
        source, alerts, rejected = (
            tmp_path / name for name in ("in.jsonl", "alerts.jsonl", "rejected.jsonl")
        )
        source.write_text("".join(json.dumps(row) + "\n" for row in rows))
        arguments = ["replay", str(source), "--registry", str(registry), "--alerts", str(alerts)]
        assert main([*arguments, "--rejected", str(rejected)]) == 0
        return rejected.read_text().splitlines(), alerts.read_text()

    def faulty(heard: Heard, *more: Any) -> Any:
        if "POISON" in heard.text:
            raise RuntimeError(heard.text)
        return check(heard, *more)

    _, without = run([{**row, "type": "nothing"} if "POISON" in row["text"] else row for row in events])
    monkeypatch.setattr("streams.reading.features.check", faulty)
    [letter], alerts = run(events)
    assert '"internal"' in letter
    assert_clean(letter, "the dead letter")
    assert '"leakage"' in alerts
    assert alerts == without
