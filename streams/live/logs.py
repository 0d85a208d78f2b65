"""Logs of a worker: one JSON object a line on standard error; places, numbers, reasons, no texts."""

from __future__ import annotations

import logging
import sys

import structlog

SELDOM_S = 30.0  # libraries say the same hundreds of times a second while brokers are away
MOST_SAYINGS = 1000  # remembered; some put numbers into theirs


class Seldom(logging.Filter):
    """Lets each saying of a library pass once in a while, with how often it was meant to be said since."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is told. Sets `times` on those that are."""
        key = (record.name, str(record.msg))
        told, times = self._said.get(key, (record.created - SELDOM_S, 0))
        passes = record.created - told >= SELDOM_S
        if len(self._said) >= MOST_SAYINGS:
            self._said.clear()
        self._said[key] = (record.created, 0) if passes else (told, times + 1)
        record.times = times + 1
        return passes


class _Named(logging.Formatter):
    """What libraries say, without arguments that could hold a record: their own words and the place alone."""

    def format(self, record: logging.LogRecord) -> str:
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        times = getattr(record, "times", 1)
        said = {
            "event": record.msg, "part": record.name, "level": record.levelname.lower(), "fault": fault,
            "times": times if times > 1 else None,
        }  # fmt: skip
        return str(structlog.processors.JSONRenderer()(None, "", {k: v for k, v in said.items() if v}))


def set_up_logs() -> None:
    """Once, at the start of a process that works until it is stopped."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Named())
    handler.addFilter(Seldom())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
