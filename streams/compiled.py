"""The compiled core: modules as C extensions (infra/compile.py makes them), in place of the same in Python.

They are taken only where every source is the one they were made of, so an edited file is never answered by
old code: all is interpreted then, with the same results. FLOORWALKER_COMPILED=0 asks for that.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from hashlib import blake2b
from importlib.abc import MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path

SWITCH = "FLOORWALKER_COMPILED"
ROOT = Path(__file__).parents[1]
SUFFIX = EXTENSION_SUFFIXES[0]  # of this version of Python on this kind of machine
FOLDER = Path(__file__).parent / "_compiled" / SUFFIX.strip(".")
SOURCES = "sources"  # in the folder: the digest of what was compiled


class Extensions(MetaPathFinder):
    """Finds the compiled modules in a folder, before the sources are looked for."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            ".".join(file.relative_to(folder).parts).removesuffix(SUFFIX): file
            for file in folder.rglob(f"*{SUFFIX}")
        }

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Where a compiled module is loaded from; None leaves it to others."""
        file = self._files.get(fullname)
        return spec_from_file_location(fullname, file) if file else None


def take(environ: Mapping[str, str]) -> bool:
    """Have later imports find the compiled modules, where there are any; to be called before them."""
    if environ.get(SWITCH) == "0" or not fresh(FOLDER):
        return False
    if not taken():
        sys.meta_path.insert(0, Extensions(FOLDER))
    return True


def taken() -> bool:
    """Whether this process runs the compiled modules."""
    return any(isinstance(finder, Extensions) for finder in sys.meta_path)


def fresh(folder: Path) -> bool:
    """Whether the folder holds what was made of the sources as they are."""
    try:
        return (folder / SOURCES).read_text() == digest()
    except (OSError, ValueError):  # none, or damaged
        return False


def digest() -> str:
    """Of all sources: a compiled module holds constants of others, too."""
    total = blake2b(digest_size=16)
    for package in ("detectors", "streams"):
        for path in sorted((ROOT / package).rglob("*.py")):
            total.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()
