"""Commands as forks of one process that has imported everything: a start takes a tenth of a second.

For tests that start and kill many. Each is a process of its own with its own memory, exit code and signals;
only the seed of `hash()` is the same in all of them.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_PRELOADED = (__name__, "streams.cli", "streams.live.service", "river.linear_model", "pytest")
_CONTEXT.set_forkserver_preload(list(_PRELOADED))


def fork(log: Path, arguments: Sequence[str], before: str, environ: Mapping[str, str]) -> ForkServerProcess:
    """Start a command. log: takes what it writes; before: Python that runs first in the process."""
    found = _CONTEXT.Process(target=_run, args=(log, arguments, before, dict(environ)), daemon=True)
    found.start()
    return found


def _run(log: Path, arguments: Sequence[str], before: str, environ: Mapping[str, str]) -> None:
    with log.open("ab") as out:
        for stream in (1, 2):
            os.dup2(out.fileno(), stream)
    os.environ.clear()
    os.environ.update(environ)
    exec(before, {})  # noqa: S102 - a test's own words

    from streams.cli import main

    raise SystemExit(main(arguments))
