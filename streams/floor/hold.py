"""Hold: facts wait here, by slot, until their slot closes.

Only then is it decided whether a fact was late: by the lateness in force in its own slot, which a control
may still change while it waits. Late facts move to the slot that time had come to; they are folded first
there and enter no rate. Duplicates by `(source, id)` meet when a slot is taken out; the first in canonical
order stays.
"""

from __future__ import annotations

from heapq import heappop, heappush

import msgspec
from msgspec import Struct

from detectors.structs import Leaf
from streams.records.facts import Fact
from streams.records.order import distinct

Behind = tuple[int, Fact]
HeldRow = tuple[int, list[Fact], list[Behind], list[Fact]]
_encode = msgspec.msgpack.Encoder().encode
_decode: msgspec.msgpack.Decoder[list[HeldRow]] = msgspec.msgpack.Decoder(list[HeldRow])


class Taken(Struct):
    """A slot's facts in canonical order: late ones, those in time, and how many copies were dropped."""

    late: list[Fact]
    in_time: list[Fact]
    copies: int


class Row(Leaf):
    """What one slot holds: facts in time, those that may turn out late, and late ones that it takes in."""

    in_time: list[Fact] = []
    behind: list[Behind] = []
    late: list[Fact] = []


class Hold:
    """The held facts of one tenant, by slot number."""

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._order: list[int] = []  # heap of slots; those that are gone from the rows mean nothing
        self._last: int | None = None
        self.facts = 0

    def _row(self, slot: int) -> Row:
        row = self._rows.get(slot)
        if row is None:
            row = self._rows[slot] = Row()
            heappush(self._order, slot)
            if self._last is None or slot > self._last:
                self._last = slot
        return row

    def put(self, slot: int, fact: Fact, lag: int = 0) -> None:
        """Keep a fact for the slot of its time. lag: microseconds behind its origin's highest time."""
        row = self._row(slot)
        if lag > 0:
            row.behind.append((lag, fact))
        else:
            row.in_time.append(fact)
        self.facts += 1

    def put_late(self, slot: int, fact: Fact) -> None:
        """Keep a late fact for the slot that takes it in."""
        self._row(slot).late.append(fact)
        self.facts += 1

    def doubts(self, slot: int) -> bool:
        """Whether a slot holds facts that may turn out late."""
        row = self._rows.get(slot)
        return row is not None and bool(row.behind)

    def judge(self, slot: int, lateness: int, slot_us: int) -> int:
        """Tell the late facts of a slot from those in time, before it closes; returns how many were late.

        lateness: in force in this slot, slot_us: length of a slot, both in microseconds.
        """
        row = self._rows.get(slot)
        if row is None or not row.behind:
            return 0
        late, behind = 0, row.behind
        row.behind = []
        for lag, fact in behind:
            if lag > lateness:
                late += 1
                self._row((fact.time + lag) // slot_us).late.append(fact)
            else:
                row.in_time.append(fact)
        if not (row.in_time or row.late):
            del self._rows[slot]
        return late

    def first(self) -> int | None:
        """The lowest slot that holds a fact."""
        order = self._order
        while order and order[0] not in self._rows:
            heappop(order)
        return order[0] if order else None

    def last(self) -> int | None:
        """The highest slot that holds a fact."""
        if self._last not in self._rows:
            self._last = max(self._rows, default=None)
        return self._last

    def take(self, slot: int) -> Taken:
        """Take a judged slot's facts out."""
        row = self._rows.pop(slot, None)
        if row is None:
            return Taken([], [], 0)
        self.facts -= len(row.late) + len(row.in_time)
        kept_late, late_copies = distinct(row.late)
        kept, copies = distinct(row.in_time)
        return Taken(kept_late, kept, copies + late_copies)

    def snapshot(self) -> bytes:
        """Everything held, encoded."""
        rows = sorted(self._rows.items())
        return _encode([(slot, row.in_time, row.behind, row.late) for slot, row in rows])

    @classmethod
    def restore(cls, data: bytes) -> Hold:
        """Inverse of `snapshot`."""
        hold = cls()
        for slot, in_time, behind, late in _decode.decode(data):
            for fact in in_time:
                hold.put(slot, fact)
            for lag, fact in behind:
                hold.put(slot, fact, lag)
            for fact in late:
                hold.put_late(slot, fact)
        return hold
