"""Recorded events from files: JSON lines, plain or gzipped, or standard input; each a topic of one partition.

An event's offset is its line, counted from 0; errors speak of lines from 1, as editors do. One source keeps
its own order, so that a file in order of arrival shows what came late. Several are merged by event time.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from streams.errors import ConfigError, Stop
from streams.records.events import Time

STDIN = "-"
SUFFIXES = (".jsonl", ".jsonl.gz")
BUFFER_BYTES = 1 << 16  # unpacked at once: quick, and damage is found close behind the last line
MAX_LINE_BYTES = 4 << 20  # four times a broker's usual record limit; of a longer line only this much is read


class Line(Struct, frozen=True, gc=False):
    """One event as recorded. source: index of its source; offset: its line there, from 0."""

    source: int
    offset: int
    value: bytes


class Source:
    """One file of events, or standard input. Iterating it yields (offset, line), without empty lines.

    `lines`: how many were read so far. `size_bytes`: of the file; 0 for standard input. Raises ConfigError
    where there is no such file, and Stop where its data end too soon or are damaged, naming file and line.
    """

    def __init__(self, name: str) -> None:
        if name != STDIN and not name.endswith(SUFFIXES):
            raise ConfigError(name, "a source is a .jsonl or .jsonl.gz file, or - for standard input")
        self.name = name
        self.lines = 0
        self.size_bytes = 0
        self._read_from: IO[bytes] | None = None
        if name != STDIN:
            with self._named(), Path(name).open("rb") as file:  # before any work begins
                self.size_bytes = file.seek(0, io.SEEK_END)

    @property
    def read_bytes(self) -> int:
        """How much of the file was read."""
        if self._read_from is None:
            return 0
        return self.size_bytes if self._read_from.closed else self._read_from.tell()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        with self._named(), self._open() as stream:
            whole = True
            while line := stream.readline(MAX_LINE_BYTES):
                head = whole
                whole = line.endswith(b"\n")
                if head:
                    self.lines += 1
                    if not line.isspace():
                        yield self.lines - 1, line

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        if self.name == STDIN:
            yield sys.stdin.buffer
            return
        with Path(self.name).open("rb") as raw:
            self._read_from = raw
            if not self.name.endswith(".gz"):
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as unpacked:
                # GzipFile.readline is Python code; a reader in front of it makes lines a quarter cheaper
                yield io.BufferedReader(unpacked, BUFFER_BYTES)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turns errors of the file system and of compression into one line with file and place."""
        try:
            yield
        except EOFError as error:
            raise Stop(f"{self.name}: gzip data ends too soon, after line {self.lines}") from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise Stop(f"{self.name}: gzip data is damaged after line {self.lines}") from error
        except OSError as error:
            raise ConfigError(self.name, error.strerror or str(error)) from error


def lines(sources: Sequence[Source]) -> Iterator[Line]:
    """All lines in order of arrival: one source in its own order, several merged by event time.

    A line without a readable time comes right behind the one before it in its source.
    """
    if len(sources) == 1:
        return (Line(0, offset, value) for offset, value in sources[0])
    timed = [_timed(index, source) for index, source in enumerate(sources)]
    return (line for _, line in merge(*timed, key=itemgetter(0)))


def batches(sources: Sequence[Source], size: int) -> Iterator[list[Line]]:
    """`lines`, up to `size` of them at a time."""
    stream = lines(sources)
    while batch := list(islice(stream, size)):
        yield batch


class _Timed(Struct):
    time: Time


_time = msgspec.json.Decoder(_Timed)


def _timed(index: int, source: Source) -> Iterator[tuple[datetime, Line]]:
    moment = datetime.min.replace(tzinfo=UTC)
    for offset, value in source:
        with suppress(msgspec.DecodeError, UnicodeDecodeError):  # the reader will say what is wrong with it
            moment = _time.decode(value).time
        yield moment, Line(index, offset, value)
