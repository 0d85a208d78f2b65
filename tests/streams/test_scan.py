"""Checks before launch: one line for each event, in order, with scores and reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.build import build_scanner
from streams.cli import main
from streams.load import Configuration
from streams.reading import Record
from streams.records.registry import Registry
from streams.scan import KINDS, Line, Scanner, encode_line
from streams.settings import Settings

AGENT = {"kind": "ai", "id": "pine", "version": "1.0"}
REGISTRY = {
    "tenants": {
        "shop": {
            "agents": [
                {"id": "pine", "versions": ["1.0"], "actions": ["Look"], "canaries": ["zx-4471-plum"]}
            ],
            "sources": ["web/prod"],
        }
    }
}
_BASE = {"time": "2026-05-18T09:00:00Z", "source": "web/prod", "tenant": "shop", "conversation": "c1"}


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"id": f"e{fields.get('turn', 0)}", "type": kind, **_BASE, "agent": AGENT, **fields}


def said(turn: int, role: str, text: str, **fields: Any) -> dict[str, Any]:
    return event("turn", turn=turn, role=role, text=text, **fields)


def scanner(*, registry: bool = True, redacted: bool = False) -> Scanner:
    known = msgspec.convert(REGISTRY, Registry) if registry else None
    return build_scanner(Configuration(settings=Settings(), registry=known, key=b"0" * 32), redacted=redacted)


def lines(scan: Scanner, *events: dict[str, Any]) -> list[Line]:
    return [scan.line(Record("in", 0, at, json.dumps(one).encode())) for at, one in enumerate(events)]


def test_a_leak_is_scored_with_its_reason() -> None:
    _, line = lines(scanner(), said(0, "customer", "Hi"), said(1, "ai", "It is ada@example.org."))
    assert line.scores["leakage"] == 0.95
    assert [(one.kind, one.reason) for one in line.findings] == [
        ("leakage", "email not supplied by this customer")
    ]


def test_a_read_back_is_not() -> None:
    first, line = lines(
        scanner(), said(0, "customer", "I am ada@example.org"), said(1, "ai", "So ada@example.org.")
    )
    assert first.scores["leakage"] is None
    assert line.scores["leakage"] == 0.0
    assert line.findings == []


def test_conversations_and_tenants_do_not_know_each_other() -> None:
    scan = scanner(registry=False)
    for differs in ({"conversation": "c2"}, {"tenant": "bank"}):
        _, line = lines(
            scan, said(0, "customer", "I am ada@example.org"), said(1, "ai", "So ada@example.org.", **differs)
        )
        assert line.scores["leakage"] == 0.95


def test_a_canary_is_certain() -> None:
    [line] = lines(scanner(), said(7, "ai", "My notes say zx-4471-plum."))
    assert (line.scores["leakage"], line.findings[0].reason) == (1.0, "canary")


def test_the_registry_is_asked() -> None:
    done = event("action", call="k1", name="Transfer", status="ok")
    looked = event("action", call="k2", name="Look", status="ok")
    strange = said(0, "ai", "Hi", agent={**AGENT, "id": "cove"})
    results = lines(scanner(), done, looked, strange)
    assert [line.scores["boundary"] for line in results] == [1.0, 0.0, None]
    assert [line.scores["shadow_ai"] for line in results] == [0.0, 0.0, 1.0]
    assert results[0].findings[0].reason == "action not allowed"


def test_without_a_registry_its_checks_do_not_apply() -> None:
    [line] = lines(scanner(registry=False), event("action", call="k1", name="Transfer", status="ok"))
    assert line.scores["boundary"] is None
    assert line.scores["shadow_ai"] is None


def test_a_line_that_is_no_event_says_why() -> None:
    line = scanner().line(Record("in", 0, 0, b'{"id":"e1"}'))
    told = json.loads(encode_line(line))
    assert (told["id"], told["source"], told["findings"]) == (None, None, [])
    assert told["scores"] == dict.fromkeys(KINDS)
    assert told["error"]["reason"] in ("missing_field", "wrong_type")


def test_text_comes_redacted_and_only_when_asked_for() -> None:
    turn = said(0, "customer", "I am Ada Quackenbush, ada@example.org")
    [plain] = lines(scanner(), turn)
    [redacted] = lines(scanner(redacted=True), turn)
    assert "text" not in json.loads(encode_line(plain))
    assert redacted.text == "I am [NAME], [EMAIL]"


def test_partial_speech_is_not_analysed() -> None:
    [line] = lines(scanner(), said(0, "ai", "It is ada@example.org", final=False))
    assert line.scores["leakage"] is None


def test_the_command_writes_one_line_for_each_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out, registry = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "registry.json"
    registry.write_text(json.dumps(REGISTRY))
    rows = [json.dumps(said(turn, "customer", "Hello")) for turn in range(3)]
    source.write_text("\n".join([rows[0], "", "{nothing", *rows[1:]]) + "\n")
    arguments = ["scan", str(source), "--registry", str(registry), "--out", str(out), "--text", "redacted"]
    assert main(arguments) == 0
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["id"] for line in told] == ["e0", None, "e1", "e2"]
    assert "4 lines" in capsys.readouterr().out


def test_a_missing_file_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "out.jsonl")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
