"""A broker in memory: topics that are only read, logs that are appended to, and the lines that lead there.

A line is what one process has sent to one log and the broker has not yet answered. Its order is kept, but a
message may expire while the next one goes through, an answer may take its time, and what a dead process sent
may arrive after its successor has begun.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from streams.reading import Record
from streams.records.parcels import Origin

Message = TypeVar("Message")


class Topics:
    """The input: partitions of records, known up to what was produced so far."""

    def __init__(self, partitions: dict[str, int]) -> None:
        self.origins = [Origin(topic, "", p) for topic, n in sorted(partitions.items()) for p in range(n)]
        self.records: dict[Origin, list[Record]] = {origin: [] for origin in self.origins}

    def append(self, origin: Origin, value: bytes, timestamp: int) -> None:
        """One more record at the end of a partition."""
        rows = self.records[origin]
        rows.append(Record(origin.topic, origin.partition, len(rows), value, (), timestamp))

    def end(self, origin: Origin) -> int:
        """The position behind the last record."""
        return len(self.records[origin])

    def ends(self) -> dict[str, list[int]]:
        """The same for all, as a mark tells it."""
        found: dict[str, list[int]] = {}
        for origin in self.origins:
            found.setdefault(origin.topic, []).append(self.end(origin))
        return found


class Log(Generic[Message]):
    """What was appended, in order, with append times. up: whether it takes anything at the moment."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Message]] = []
        self.up = True


class Line(Generic[Message]):
    """Messages of one process on their way to one log, in order."""

    def __init__(self, log: Log[Message]) -> None:
        self.log = log
        self.waiting: deque[Message] = deque()
        self.answers: deque[bool] = deque()
        """Not yet heard by the process, in order: True for an appended message, False for an expired one."""

    def send(self, message: Message) -> None:
        """Into the buffer of the client."""
        self.waiting.append(message)

    def arrive(self, now: int, *, answered: bool = True) -> None:
        """The next message is appended. Without an answer the client sends it again."""
        if not (self.waiting and self.log.up):
            return
        self.log.rows.append((now, self.waiting[0]))
        if answered:
            self.waiting.popleft()
            self.answers.append(True)

    def expire(self) -> None:
        """The next message is given up, those behind it are not."""
        if self.waiting:
            self.waiting.popleft()
            self.answers.append(False)
