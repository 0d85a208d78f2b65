from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from streams.cli import main
from streams.floor.hold import Taken
from streams.floor.watch import Closing, Watch
from tests.interpreted import interpreted

SIMULATED = ["simulate", "--seed", "3", "--days", "2", "--rate", "0.3", "--trouble", "unsafe_actions"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulated")
    assert main([*SIMULATED, "--malformed", "0.01", "--out", str(path)]) == 0
    return path


def replay(data: Path, out: Path | str, *more: str) -> list[str]:
    events, registry = str(data / "events.jsonl.gz"), str(data / "registry.json")
    return ["replay", events, "--registry", registry, "--alerts", str(out), *more]


def start(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The real command, in a process of its own."""
    code = "import sys; from streams.cli import main; sys.exit(main())"
    given = {name: value for name, value in os.environ.items() if not name.startswith("FLOORWALKER_")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=given | environment, capture_output=True, check=False
    )


def test_a_run_writes_alerts_and_prints_what_it_found(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, rejected = tmp_path / "alerts.jsonl", tmp_path / "rejected.jsonl"
    assert main(replay(data, out, "--truth", str(data / "truth.json"), "--rejected", str(rejected))) == 0
    changes = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert {"boundary"} <= {change["kind"] for change in changes}
    refused = [json.loads(line) for line in rejected.read_bytes().splitlines()]
    assert refused
    assert {"reason", "field", "offset"} <= refused[0].keys()
    said = capsys.readouterr()
    assert said.err == ""
    parts = ("What was found: 1 of 1", "unsafe_actions", "Score", "precision", "Alerts", "rejected")
    for part in parts:
        assert part in said.out


@interpreted
def test_a_tenant_whose_closing_raises_ends_with_1_when_all_others_are_done(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    assert main(replay(data, whole)) == 0
    changes = [json.loads(line) for line in whole.read_bytes().splitlines()]
    tenant = changes[-1]["scope"]["tenant"]
    close = Watch.close

    def raises(self: Watch, slot: int, taken: Taken) -> Closing:
        closing = close(self, slot, taken)
        if closing.tenant == tenant and closing.changes:
            raise KeyError("a secret")
        return closing

    monkeypatch.setattr(Watch, "close", raises)
    capsys.readouterr()
    assert main(replay(data, part)) == 1
    others = [json.dumps(change) for change in changes if change["scope"]["tenant"] != tenant]
    assert [json.dumps(json.loads(line)) for line in part.read_bytes().splitlines()] == others
    said = capsys.readouterr().err
    assert f"tenant {tenant} was not watched from 20" in said
    assert "KeyError at test_cli.py" in said
    assert "secret" not in said


def test_alerts_on_standard_output_stand_there_alone(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "alerts.jsonl"
    done = start(replay(data, "-"))
    assert main(replay(data, out)) == done.returncode == 0
    assert done.stdout == out.read_bytes() != b""
    assert b"Alerts" in done.stderr


def test_events_from_standard_input(data: Path, tmp_path: Path) -> None:
    out, registry = tmp_path / "alerts.jsonl", str(data / "registry.json")
    events = gzip.decompress((data / "events.jsonl.gz").read_bytes())
    code = "import sys; from streams.cli import main; sys.exit(main())"
    arguments = ["replay", "-", "--registry", registry, "--alerts", "-"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], input=events, capture_output=True, check=True
    )
    assert main(replay(data, out)) == 0
    assert done.stdout == out.read_bytes()


def test_same_bytes_for_every_hash_seed_and_processor(data: Path) -> None:
    kernels = " ".join(import_module("numpy._core._multiarray_umath").__cpu_dispatch__)
    runs = [
        start(replay(data, "-"), PYTHONHASHSEED="1"),
        start(replay(data, "-"), PYTHONHASHSEED="2", NPY_DISABLE_CPU_FEATURES=kernels),
    ]
    assert [done.returncode for done in runs] == [0, 0]
    assert runs[0].stdout == runs[1].stdout != b""


def test_simulate_writes_the_same_bytes_again(data: Path, tmp_path: Path) -> None:
    arguments = [*SIMULATED, "--malformed", "0.01", "--out", str(tmp_path)]
    assert start(arguments, PYTHONHASHSEED="7").returncode == 0
    for name in ("events.jsonl.gz", "registry.json", "truth.json"):
        assert (tmp_path / name).read_bytes() == (data / name).read_bytes()


def test_check_says_what_will_run(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "no registry" in capsys.readouterr().out
    assert main(["check", "--registry", str(data / "registry.json")]) == 0
    assert "tenant harbor" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "Missing command"),
        (["dance"], "dance"),
        (["replay"], "SOURCE"),
        (["replay", "{events}"], "--alerts"),
        (["replay", "{events}", "--alerts", "{out}", "--speed"], "--speed"),
        (["replay", "{here}/gone.jsonl", "--alerts", "{out}"], "gone.jsonl"),
        (["replay", "{here}/a.csv", "--alerts", "{out}"], "a.csv"),
        (["replay", "{events}", "--alerts", "{here}/no/such/place"], "no/such/place"),
        (["replay", "{events}", "--alerts", "{events}"], "events.jsonl.gz"),
        (["replay", "{events}", "{events}", "--alerts", "{out}"], "named twice"),
        (["replay", "{events}", "--alerts", "{out}", "--registry", "{here}/gone.yaml"], "gone.yaml"),
        (["replay", "{events}", "--alerts", "{out}", "--truth", "{bad}"], "bad.json"),
        (["replay", "{events}", "--alerts", "{out}", "--controls", "{bad}"], "bad.json:1"),
        (["check", "--config", "{bad}"], "bad.json:1: slot_z"),
        (["check", "--registry", "{bad}"], "bad.json:1: slot_z"),
        (["simulate", "--seed", "x", "--days", "1", "--out", "{here}"], "--seed"),
        (["simulate", "--seed", "1", "--days", "0", "--out", "{here}"], "--days"),
        (["simulate", "--seed", "1", "--days", "1", "--out", "{here}", "--late", "2"], "--late"),
        (["simulate", "--seed", "1", "--days", "1", "--out", "{here}", "--trouble", "rain"], "--trouble"),
        (["simulate", "--seed", "1", "--days", "1", "--out", "{bad}"], "bad.json"),
    ],
)
def test_mistakes_exit_with_2_and_one_line_that_names_them(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], named: str
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"slot_z": 1}')
    places = {"here": tmp_path, "bad": bad, "out": tmp_path / "out.jsonl", "events": data / "events.jsonl.gz"}
    before = (data / "events.jsonl.gz").stat()
    assert main([argument.format_map(places) for argument in arguments]) == 2
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if not line.startswith("no registry")]
    assert len(lines) == 1
    assert lines[0].startswith("floorwalker: ")
    assert named in lines[0]
    assert said.out == ""
    assert (data / "events.jsonl.gz").stat().st_size == before.st_size


def test_the_environment_goes_before_the_configuration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOORWALKER_SLOT_S", "17")
    assert main(["check"]) == 2
    assert "FLOORWALKER_SLOT_S" in capsys.readouterr().err


def test_damaged_data_exit_with_1_and_name_file_and_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cut.jsonl.gz"
    whole = (data / "events.jsonl.gz").read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 4])
    assert main(["replay", str(path), "--alerts", str(tmp_path / "out.jsonl")]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "cut.jsonl.gz: gzip data ends too soon, after line " in last


@pytest.mark.parametrize("option", ["--registry", "--config", "--controls", "--truth"])
def test_nothing_that_is_read_is_written_over(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    read = {"--registry": "registry.json", "--truth": "truth.json"}
    file = tmp_path / "read"
    file.write_bytes((data / read[option]).read_bytes() if option in read else b"")
    before = file.read_bytes()
    assert main(["replay", str(data / "events.jsonl.gz"), option, str(file), "--alerts", str(file)]) == 2
    assert str(file) in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is simulated by /dev/full")
def test_a_full_disk_exits_with_1_and_one_line(data: Path) -> None:
    done = start(replay(data, "/dev/full"))
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert "No space left" in line


@pytest.mark.parametrize("command", ["replay", "check", "simulate"])
def test_help_of_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert "floorwalker " + command in capsys.readouterr().out


def test_a_start_imports_no_model() -> None:
    """SciPy behind River takes longer than all else, and stands in nobody's way but theirs who need it."""
    code = "import sys, streams.cli, streams.live.service; sys.exit('river' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("floorwalker ")


def test_a_reader_that_goes_away_is_no_fault_to_report(data: Path) -> None:
    code = "import sys; from streams.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", code, *replay(data, "-", "--instants")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait() == 1
        assert b"Traceback" not in process.stderr.read()
