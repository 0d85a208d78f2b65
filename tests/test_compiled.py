from __future__ import annotations

import ast
import os
import subprocess
import sys
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from infra import compile as compiling
from streams import compiled
from streams.compiled import SWITCH

DAYS = ["--seed", "5", "--days", "3", "--rate", "0.5", "--trouble", "unsafe_actions"]
SNAPSHOT = """
import os, sys
from streams.compiled import take
assert take(os.environ) == (os.environ["FLOORWALKER_COMPILED"] == "1")
from tests.streams.floor.made import NEXT, Run, at, eventful, warmed
until, path = at(NEXT, 18.7), sys.argv[1]
if len(sys.argv) == 2:
    run = warmed().feed([f for f in eventful() if f.time < until], until=until, instants=True)
    open(path, "wb").write(run.watch.snapshot())
else:
    run = Run()
    run.watch.restore(open(path, "rb").read())
    run.feed([f for f in eventful() if f.time >= until], until=at(NEXT + 2), instants=True)
    open(sys.argv[2], "wb").write(run.watch.snapshot() + repr(run.closings).encode())
"""


def floorwalker(*arguments: object, compiled: str) -> subprocess.CompletedProcess[str]:
    """One command."""
    return python("-m", "streams", *arguments, compiled=compiled)


def python(*arguments: object, compiled: str) -> subprocess.CompletedProcess[str]:
    """One program. compiled: "1" or "0"."""
    environment = {**os.environ, SWITCH: compiled, "NO_COLOR": "1"}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)


made = pytest.mark.skipif(not compiled.fresh(compiled.FOLDER), reason="nothing is compiled of these sources")


@made
def test_a_replay_says_the_same_compiled_and_interpreted(tmp_path: Path) -> None:
    floorwalker("simulate", *DAYS, "--out", tmp_path, compiled="1")
    replay = ["replay", tmp_path / "events.jsonl.gz", "--registry", tmp_path / "registry.json", "--instants"]
    said = {}
    for switch in "01":
        floorwalker(*replay, "--alerts", tmp_path / switch, compiled=switch)
        said[switch] = (tmp_path / switch).read_bytes()
    assert said["0"] == said["1"]
    assert said["1"].count(b"\n") > 2


@made
def test_snapshots_are_the_same_and_each_goes_on_from_the_other_s(tmp_path: Path) -> None:
    for first in "01":
        python("-c", SNAPSHOT, tmp_path / first, compiled=first)
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()
    for switch in "01":
        python("-c", SNAPSHOT, tmp_path / "0", tmp_path / f"end{switch}", compiled=switch)
    ends = [(tmp_path / f"end{switch}").read_bytes() for switch in "01"]
    assert ends[0] == ends[1]
    assert b"state='open'" in ends[0]


@made
def test_the_program_says_what_it_runs() -> None:
    assert floorwalker("--version", compiled="0").stdout.endswith("(interpreted)\n")
    assert floorwalker("--version", compiled="1").stdout.endswith("(compiled)\n")


def test_old_code_never_answers_for_an_edited_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("detectors", "streams"):
        (tmp_path / package).mkdir()
    source = tmp_path / "detectors" / "one.py"
    source.write_text("ONE = 1\n")
    monkeypatch.setattr(compiled, "ROOT", tmp_path)
    assert not compiled.fresh(tmp_path)
    (tmp_path / compiled.SOURCES).write_text(compiled.digest())
    assert compiled.fresh(tmp_path)
    source.write_text("ONE = 2\n")
    assert not compiled.fresh(tmp_path)
    source.write_text("ONE = 1\n")
    (tmp_path / "streams" / "new.py").write_text("")
    assert not compiled.fresh(tmp_path)


def test_extensions_are_found_by_the_names_of_their_modules(tmp_path: Path) -> None:
    (tmp_path / "detectors").mkdir()
    file = tmp_path / "detectors" / f"rate{EXTENSION_SUFFIXES[0]}"
    file.write_bytes(b"")
    finder = compiled.Extensions(tmp_path)
    spec = finder.find_spec("detectors.rate")
    assert spec is not None
    assert spec.origin == str(file)
    assert finder.find_spec("detectors.level") is None


def test_types_of_fields_are_quoted_and_lines_stay() -> None:
    source = f"{compiling.FIRST}\nclass A(Array):\n    x: dict[str, int | None] = {{}}\n    y: B | C\n"
    assert compiling.quoted(source).splitlines() == [
        "from __future__ import annotations; from typing import Union",
        "class A(Array):",
        '    x: "dict[str, Union[int, None]]" = {}',
        '    y: "Union[B, C]"',
    ]
    other = "class A(Watch):\n    x: int | None\n"
    assert compiling.quoted(other) == other


@cache
def trees() -> dict[str, ast.Module]:
    """Syntax of the modules to compile, by name."""
    names = [(folder, name) for folder, names in compiling.MODULES.items() for name in names.split()]
    return {
        f"{folder.replace('/', '.')}.{name}": ast.parse(Path(folder, f"{name}.py").read_text())
        for folder, name in names
    }


def test_compiled_classes_have_no_keywords() -> None:
    """They would be dropped: records name their options by a base."""
    for name, tree in trees().items():
        classes = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
        assert not [one.name for one in classes if one.keywords], name


def test_no_interpreted_class_inherits_from_a_compiled_one() -> None:
    """It could not be made."""
    lines = [(name, one) for name, tree in trees().items() for one in tree.body]
    native = {(name, one.name) for name, one in lines if isinstance(one, ast.ClassDef)}
    assert ("streams.floor.floor", "Floor") in native
    for path in [*Path("streams").rglob("*.py"), *Path("detectors").rglob("*.py")]:
        if ".".join(path.with_suffix("").parts) in trees():
            continue
        tree = ast.parse(path.read_text())
        imports = [one for one in tree.body if isinstance(one, ast.ImportFrom)]
        known = {alias.name for one in imports for alias in one.names if (one.module, alias.name) in native}
        classes = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
        assert not known & {ast.unparse(base) for one in classes for base in one.bases}, path
