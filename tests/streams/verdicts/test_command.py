"""Verdicts on the alerts of a replay, from the command line, and what the same replay says with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from streams.cli import main
from streams.floor.instants import DETECTOR
from streams.records.alerts import encode_alert
from streams.records.controls import VerdictGiven
from streams.replay.controls import read_controls
from streams.verdicts.book import last
from tests.streams.floor.made import SHOP, acted, at, warmed

AI = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}


@pytest.fixture(scope="module")
def lines() -> bytes:
    """What was said of one violation."""
    run = warmed().feed([acted(at(14, 9), name="Wipe", **AI)], until=at(14, 9.1))  # type: ignore[arg-type]
    return b"".join(encode_alert(change) + b"\n" for change in run.changes if change.kind == "boundary")


@pytest.fixture
def files(lines: bytes, tmp_path: Path) -> list[str]:
    (tmp_path / "alerts.jsonl").write_bytes(lines)
    (tmp_path / "registry.json").write_text(json.dumps({"tenants": {"shop": SHOP}}))
    return ["--alerts", str(tmp_path / "alerts.jsonl"), "--controls", str(tmp_path / "controls.jsonl")]


def test_a_verdict_is_a_control_and_a_proposal(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (name,) = last((tmp_path / "alerts.jsonl").read_bytes().splitlines())
    proposal = tmp_path / "new.json"
    rest = ["--registry", str(tmp_path / "registry.json"), "--propose", str(proposal), "--by", "jo"]
    assert main(["verdict", name[:8], "false", "--reason", "was agreed", *files, *rest]) == 0
    (given,) = read_controls(tmp_path / "controls.jsonl")
    assert isinstance(given, VerdictGiven)
    assert (given.alert, given.verdict, given.author, given.reason) == (name, "false", "jo", "was agreed")
    shown = capsys.readouterr()
    assert '+            "Wipe"' in shown.out
    assert "proposed, not in force" in shown.err
    assert "Wipe" in proposal.read_text()
    assert "Wipe" not in (tmp_path / "registry.json").read_text()
    assert main(["verdicts", "--by", "all", *files]) == 0
    assert DETECTOR in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["zzz", "false"], "no alert of this id"),
        (["", "real"], "ID"),
        (["ID", "real", "--until", "2026-05-20T00:00:00Z"], "goes with expected"),
        (["ID", "expected", "--until", "tomorrow"], "not RFC 3339"),
    ],
)
def test_mistakes(
    files: list[str], tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (name,) = last((tmp_path / "alerts.jsonl").read_bytes().splitlines())
    arguments = [name if one == "ID" else one for one in arguments]
    assert main(["verdict", *arguments, *files]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "controls.jsonl").exists()


def test_files_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdicts", "--alerts", "a"]) == 2
    assert "go together" in capsys.readouterr().err
