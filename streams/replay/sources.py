"""Recorded events: files of JSON lines, plain or gzipped, or standard input; each a topic of one partition.

An event's offset is its line, counted from 0; errors speak of lines from 1, as editors do. One source keeps
its own order, so that a file in order of arrival shows what came late. Several are merged by event time.
Partitions of real topics are sources too: `streams.replay.kafka_source`.
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
from typing import IO, Protocol, TypeAlias

import msgspec
from msgspec import Struct

from streams.errors import ConfigError, Stop
from streams.reading import Record
from streams.reading.decode import micros
from streams.records.events import Time
from streams.records.parcels import Origin

STDIN = "-"
SUFFIXES = (".jsonl", ".jsonl.gz")
BUFFER_BYTES = 1 << 16  # unpacked at once: quick, and damage is found close behind the last line
MAX_LINE_BYTES = 4 << 20  # four times a broker's usual record limit; of a longer line only this much is read


Numbered: TypeAlias = tuple[int, Record]
"""A record, and the index of the source that it comes from."""


class Recorded(Protocol):
    """What can be replayed: the records of one origin, in its own order."""

    @property
    def origin(self) -> Origin:
        """Whose records they are."""

    @property
    def start(self) -> int:
        """The first offset; what lies before it is not asked for."""

    @property
    def size(self) -> int:
        """How much there is, in bytes or records; 0: not known."""

    @property
    def done(self) -> int:
        """How much of it was read."""

    def __iter__(self) -> Iterator[Record]:
        """The records."""


class Source:
    """One file of events, or standard input. Iterating it yields a record for every line that is not empty.

    `lines`: how many were read so far. `size`: bytes of the file; 0 for standard input. Raises ConfigError
    where there is no such file, and Stop where its data end too soon or are damaged, naming file and line.
    """

    start = 0

    def __init__(self, name: str) -> None:
        if name != STDIN and not name.endswith(SUFFIXES):
            raise ConfigError(name, "a source is a .jsonl or .jsonl.gz file, or - for standard input")
        self.name = name
        self.lines = 0
        self.size = 0
        self.origin = Origin(name)
        self._read_from: IO[bytes] | None = None
        if name != STDIN:
            with self._named(), Path(name).open("rb") as file:  # before any work begins
                self.size = file.seek(0, io.SEEK_END)

    @property
    def done(self) -> int:
        """Bytes of the file that were read."""
        if self._read_from is None:
            return 0
        return self.size if self._read_from.closed else self._read_from.tell()

    def __iter__(self) -> Iterator[Record]:
        with self._named(), self._open() as stream:
            whole = True
            while line := stream.readline(MAX_LINE_BYTES):
                head = whole
                whole = line.endswith(b"\n")
                if head:
                    self.lines += 1
                    if not line.isspace():
                        yield Record(self.name, 0, self.lines - 1, line)

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


def numbered(sources: Sequence[Recorded]) -> Iterator[Numbered]:
    """All records in order of arrival: one source in its own order, several merged by event time.

    A record without a readable time comes right behind the one before it in its source.
    """
    if len(sources) == 1:
        return ((0, record) for record in sources[0])
    timed = [_timed(index, source) for index, source in enumerate(sources)]
    return (found for _, found in merge(*timed, key=itemgetter(0)))


def batches(sources: Sequence[Recorded], size: int) -> Iterator[list[Numbered]]:
    """`numbered`, up to `size` of them at a time."""
    stream = numbered(sources)
    while batch := list(islice(stream, size)):
        yield batch


def event_time(record: Record) -> datetime | None:
    """When it happened, as the record says; None where it does not say it readably."""
    text = next((value for name, value in record.headers if name == "ce_time"), None)
    with suppress(
        msgspec.MsgspecError, UnicodeDecodeError, RecursionError
    ):  # the reader will say what is wrong with it
        if text is not None:
            return msgspec.convert(text.decode(), Time)
        return _time.decode(record.value).time
    return None


class Window(Struct, frozen=True):
    """What happened in `[start, stop)`, microseconds; None: no bound.

    written: what was written in it, whenever it happened. early: how far ahead of its record an event may be.
    """

    start: int | None = None
    stop: int | None = None
    written: bool = False
    early: int = 0

    def holds(self, moment: int) -> bool:
        """Whether a time lies in it."""
        return (self.start is None or self.start <= moment) and (self.stop is None or moment < self.stop)

    def takes(self, record: Record) -> bool:
        """Whether a record is asked for. One whose time cannot be read counts by when it was written."""
        if self.start is None and self.stop is None:
            return True
        happened = None if self.written else event_time(record)
        moment = record.timestamp if happened is None else micros(happened)
        return moment is not None and self.holds(moment)


class _Timed(Struct):
    time: Time


_time = msgspec.json.Decoder(_Timed)


def _timed(index: int, source: Recorded) -> Iterator[tuple[datetime, Numbered]]:
    moment = datetime.min.replace(tzinfo=UTC)
    for record in source:
        moment = event_time(record) or moment
        yield moment, (index, record)
