"""Ending the process: what cannot be mended here is left to a fresh start, which resumes at the snapshots."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import structlog

UNSOUND = 70  # what an effect or a fault left half done; a supervisor starts the worker again
_log = structlog.get_logger()


def end(reason: str, code: int = UNSOUND, **facts: object) -> NoReturn:
    """Say why and end at once, without cleaning up: what is in memory may be half a step ahead of its input.

    reason: a few fixed words, for whoever counts restarts. facts: numbers and places, no texts of events.
    code: of the exit.
    """
    _log.critical("the process ends", reason=reason, **facts)
    sys.stderr.flush()
    os._exit(code)
