"""Compile the modules on every event's way to C extensions: the same results in less time.

    python infra/compile.py

mypyc translates, a C compiler builds, in about a minute on two cores, and `streams.compiled` takes the
result. Where a compiler or Python's headers are missing it says so, and all is interpreted.
"""

from __future__ import annotations

import ast
import io
import shutil
import sysconfig
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import Any

from msgspec import StructMeta
from mypyc.build import mypycify
from setuptools import Distribution
from setuptools.command.build_ext import build_ext

from detectors import structs
from streams.compiled import FOLDER, ROOT, SOURCES, digest, fresh

# Those that a profile of replayed weeks shows. What runs rarely would gain nothing; and a module that reads
# documents may pass on values of other types than it declares, which interpreted code does not mind.
MODULES = {
    "detectors": """baseline calendar counts disuse groups harm integrity level mix norms profile quiet rate
        season shares shift totals usage volume""",
    "detectors/content": """checks ciphers disguise encodings families figures grounding injection leakage
        memory ngrams overlap ownership recital rules style supplied""",
    "detectors/text": """checksums copies engine found gate keyed languages minhash normalise numbers packed
        pii remembered runs sentences swap tokens""",
    "streams/floor": """aftermath aside attacks conduct contents conversations course customers cuts floor
        habits hold incidents lately lessons matters observations per_day pool replication rules scope series
        sides signals speakers surveys suspicion talks tools violations vocabulary watch""",
    "streams/reading": "cut decode features reader record",
    "streams/records": "order",
}
RECORDS = {name for name, kind in vars(structs).items() if isinstance(kind, StructMeta)}
WAY = "way"  # beside the sources' digest: how they were compiled
FIRST = "from __future__ import annotations"
FLAGS = ("--config-file=", "--ignore-missing-imports", "--explicit-package-bases")
EXACT = "-ffp-contract=off"  # no fused multiply-add: it would round differently from the interpreter


def main() -> None:
    """Compile, unless it was done in this way for these sources."""
    lacks = missing()
    if lacks is not None:
        print(f"not compiled, for want of {lacks}: all works, but takes a third more time")  # noqa: T201
        return
    sources, way = digest(), f"{Path(__file__).read_text()}\nmypy {version('mypy')}"
    if fresh(FOLDER) and (FOLDER / WAY).exists() and (FOLDER / WAY).read_text() == way:
        return
    with tempfile.TemporaryDirectory() as work:
        made = build(Path(work))
        (made / WAY).write_text(way)
        (made / SOURCES).write_text(sources)  # as they were before: what was saved meanwhile is not in it
        FOLDER.parent.mkdir(exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=FOLDER.parent)) / FOLDER.name
        shutil.copytree(made, beside)
    shutil.rmtree(FOLDER, ignore_errors=True)
    beside.rename(FOLDER)  # whole or not at all
    beside.parent.rmdir()


def missing() -> str | None:
    """What a compilation needs and is not there."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"the C compiler {compiler}"
    header = Path(sysconfig.get_path("include"), "Python.h")
    return None if header.exists() else f"Python's headers ({header})"


def build(work: Path) -> Path:
    """The extensions, in folders like those of their modules; returns where."""
    beside = shutil.ignore_patterns("_compiled", "__pycache__")
    for package in ("detectors", "streams"):
        shutil.copytree(ROOT / package, work / package, ignore=beside)
    files = [f"{folder}/{name}.py" for folder, names in MODULES.items() for name in names.split()]
    for file in files:
        (work / file).write_text(quoted((work / file).read_text()))
    with chdir(work):
        command = _SideBySide(Distribution({"ext_modules": translated(files)}))
        command.build_lib, command.build_temp = str(work / "made"), str(work)
        command.ensure_finalized()
        command.run()
    return work / "made"


def quoted(source: str) -> str:
    """The source with the types of records' fields in quotes, and unions by their name: what is written in
    another way reaches a compiled class without its parts, and msgspec decodes by them. Lines stay where they
    are.

    >>> print(quoted("from __future__ import annotations\\nclass A(Array):\\n    x: list[int] | None = None"))
    from __future__ import annotations; from typing import Union
    class A(Array):
        x: "Union[list[int], None]" = None
    """
    lines = source.splitlines(keepends=True)
    for field in fields(ast.parse(source)):
        at = field.annotation
        line = lines[at.lineno - 1]
        text = ast.unparse(_Unions().visit(at))
        lines[at.lineno - 1] = f'{line[: at.col_offset]}"{text}"{line[at.end_col_offset :]}'
    return "".join(lines).replace(FIRST, f"{FIRST}; from typing import Union", 1)


def fields(module: ast.Module) -> Iterator[ast.AnnAssign]:
    """Of all its records."""
    for record in module.body:
        if isinstance(record, ast.ClassDef) and {getattr(base, "id", "") for base in record.bases} & RECORDS:
            yield from (line for line in record.body if isinstance(line, ast.AnnAssign))


class _Unions(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        assert isinstance(node.op, ast.BitOr)  # noqa: S101 - types know no other
        parts = ast.Tuple([self.visit(node.left), self.visit(node.right)])
        return ast.Subscript(ast.Name("Union"), parts)


def translated(files: list[str]) -> list[Any]:
    """What there is to build. Separate: the world is not closed, as where mypyc knows all of a class it takes
    records to be equal only to themselves."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            extensions = mypycify(
                [*FLAGS, *files], opt_level="3", debug_level="0", multi_file=True, target_dir="c",
                separate=[(files, "floorwalker")],
            )  # fmt: skip
    except SystemExit:
        print(said.getvalue())  # noqa: T201 - what cannot be translated, and where
        raise
    for extension in extensions:
        extension.extra_compile_args.append(EXACT)
    return extensions


class _SideBySide(build_ext):
    """Compiles the files of one extension on all cores."""

    def build_extensions(self) -> None:
        one_by_one = self.compiler.compile

        def all_at_once(sources: list[str], **options: Any) -> list[str]:
            with ThreadPoolExecutor() as pool:
                made = pool.map(lambda source: one_by_one([source], **options), sources)
                return [name for names in made for name in names]

        self.compiler.compile = all_at_once
        super().build_extensions()


if __name__ == "__main__":
    main()
