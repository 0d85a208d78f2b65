"""Hold: facts wait here, by slot, until their slot closes.

Only then is it decided whether a fact was late: by the lateness in force in its own slot, which a control
may still change while it waits. Late facts move to the slot that time had come to; they are folded first
there and enter no rate. Duplicates by `(source, id)` meet when a slot is taken out; the first in canonical
order stays.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

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


class Hold:
    """The held facts of one tenant, by slot number."""

    def __init__(self) -> None:
        self._in_time: dict[int, list[Fact]] = {}
        self._behind: dict[int, list[Behind]] = {}
        self._late: dict[int, list[Fact]] = {}
        self.facts = 0

    def put(self, slot: int, fact: Fact, lag: int = 0) -> None:
        """Keep a fact for the slot of its time. lag: microseconds behind its origin's highest time."""
        if lag > 0:
            self._behind.setdefault(slot, []).append((lag, fact))
        else:
            self._in_time.setdefault(slot, []).append(fact)
        self.facts += 1

    def put_late(self, slot: int, fact: Fact) -> None:
        """Keep a late fact for the slot that takes it in."""
        self._late.setdefault(slot, []).append(fact)
        self.facts += 1

    def judge(self, slot: int, lateness: int, slot_us: int) -> int:
        """Tell the late facts of a slot from those in time, before it closes; returns how many were late.

        lateness: in force in this slot, slot_us: length of a slot, both in microseconds.
        """
        late = 0
        for lag, fact in self._behind.pop(slot, ()):
            if lag > lateness:
                late += 1
                self._late.setdefault((fact.time + lag) // slot_us, []).append(fact)
            else:
                self._in_time.setdefault(slot, []).append(fact)
        return late

    def first(self) -> int | None:
        """The lowest slot that holds a fact."""
        lows = [min(part) for part in (self._in_time, self._behind, self._late) if part]
        return min(lows, default=None)

    def last(self) -> int | None:
        """The highest slot that holds a fact."""
        return max([*self._in_time, *self._behind, *self._late], default=None)

    def take(self, slot: int) -> Taken:
        """Take a judged slot's facts out."""
        late, in_time = self._late.pop(slot, []), self._in_time.pop(slot, [])
        self.facts -= len(late) + len(in_time)
        kept_late, late_copies = distinct(late)
        kept, copies = distinct(in_time)
        return Taken(kept_late, kept, copies + late_copies)

    def snapshot(self) -> bytes:
        """Everything held, encoded."""
        parts = (self._in_time, self._behind, self._late)
        slots = sorted(self._in_time.keys() | self._behind.keys() | self._late.keys())
        return _encode([(slot, *(part.get(slot, []) for part in parts)) for slot in slots])

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
