"""Hold: facts wait here, by slot, until their slot closes.

Late facts wait apart: they are folded first in their slot and enter no rate. Duplicates by `(source, id)`
meet when the slot is taken out; the first in canonical order stays.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from streams.records.facts import Fact
from streams.records.order import distinct

HeldRows = list[tuple[int, list[Fact], list[Fact]]]
_encode = msgspec.msgpack.Encoder().encode
_decode: msgspec.msgpack.Decoder[HeldRows] = msgspec.msgpack.Decoder(HeldRows)


class Taken(Struct):
    """A slot's facts in canonical order: late ones, those in time, and how many copies were dropped."""

    late: list[Fact]
    in_time: list[Fact]
    copies: int


class Hold:
    """The held facts of one tenant, by slot number."""

    def __init__(self) -> None:
        self._in_time: dict[int, list[Fact]] = {}
        self._late: dict[int, list[Fact]] = {}
        self.facts = 0

    def put(self, slot: int, fact: Fact, late: bool) -> None:
        """Keep a fact for its slot."""
        (self._late if late else self._in_time).setdefault(slot, []).append(fact)
        self.facts += 1

    def first(self) -> int | None:
        """The lowest slot that holds a fact."""
        low = min(self._in_time, default=None)
        low_late = min(self._late, default=None)
        if low is None or low_late is None:
            return low if low_late is None else low_late
        return min(low, low_late)

    def last(self) -> int | None:
        """The highest slot that holds a fact."""
        return max([*self._in_time, *self._late], default=None)

    def take(self, slot: int) -> Taken:
        """Take a slot's facts out."""
        late, in_time = self._late.pop(slot, []), self._in_time.pop(slot, [])
        self.facts -= len(late) + len(in_time)
        kept_late, late_copies = distinct(late)
        kept, copies = distinct(in_time)
        return Taken(kept_late, kept, copies + late_copies)

    def snapshot(self) -> bytes:
        """Everything held, encoded."""
        slots = sorted(self._in_time.keys() | self._late.keys())
        return _encode([(slot, self._late.get(slot, []), self._in_time.get(slot, [])) for slot in slots])

    @classmethod
    def restore(cls, data: bytes) -> Hold:
        """Inverse of `snapshot`."""
        hold = cls()
        for slot, late, in_time in _decode.decode(data):
            for fact in late:
                hold.put(slot, fact, late=True)
            for fact in in_time:
                hold.put(slot, fact, late=False)
        return hold
