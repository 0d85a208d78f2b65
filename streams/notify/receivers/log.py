"""Receiver `log`: one line of JSON on standard output each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import msgspec

from streams.notify.notices import Answer, Notice, Summary, Told

_encode = msgspec.json.Encoder(order="deterministic").encode


def _print(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


class LogSender:
    """write: takes one line."""

    together = 100
    at_once = 1

    def __init__(self, write: Callable[[bytes], None] = _print) -> None:
        self._write = write

    async def tell(self, notices: Sequence[Notice]) -> list[Answer]:
        """A line for each."""
        for notice in notices:
            self._write(_encode(notice))
        return [Told() for _ in notices]

    async def sum_up(self, summary: Summary) -> Answer:
        """A line for all."""
        self._write(_encode(summary))
        return Told()
