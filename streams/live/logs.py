"""Logs of a worker: one JSON object a line on standard error; places, numbers, reasons, no texts."""

from __future__ import annotations

import logging
import sys

import structlog


class _Named(logging.Formatter):
    """What libraries say, without arguments that could hold a record: their own words and the place alone."""

    def format(self, record: logging.LogRecord) -> str:
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        said = {"event": record.msg, "part": record.name, "level": record.levelname.lower(), "fault": fault}
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
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
