"""What each receiver was told last of each alert: our own memory, because receivers forget.

PagerDuty opens a new incident for a repeat of a resolved one. So every delivery is written to a compacted
topic before the next one about the same alert, and a repeat after the end is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec
from msgspec import Struct

from streams.notify.book import Order


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last telling to one receiver.

    order: of the change that was told. over: it was told to be over. severity: rank that was told. digest:
    of all that was told. group: id of the alert under which this one was told; empty: its own. thread: what
    the receiver called it. acked: id of the acknowledgement that was told. at: seconds since 1970.
    """

    receiver: str
    id: str
    order: Order
    over: bool
    severity: int
    at: float
    digest: str = ""
    group: str = ""
    thread: str = ""
    acked: str = ""

    @property
    def key(self) -> bytes:
        """Key of its record."""
        return row_key(self.receiver, self.id)


def row_key(receiver: str, key: str) -> bytes:
    """Names of receivers hold no slash."""
    return f"{receiver}/{key}".encode()


encode_row = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Row).decode


def decode_row(data: bytes) -> Row | None:
    """None: it is none, and is passed over."""
    try:
        return _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


class Delivered:
    """Rows by receiver and id. most: how many; beyond, the oldest that are over go first.

    Of what was told to be over nothing but its order decides anything any more: only that is kept, in 0.2 KB.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[tuple[str, str], Row] = {}
        self._over: dict[bytes, bytes] = {}

    def __len__(self) -> int:
        return len(self._open) + len(self._over)

    def find(self, receiver: str, key: str) -> Row | None:
        """None: this receiver never heard of it, or it was long ago. Of one that is over, what is kept."""
        known = self._open.get((receiver, key))
        if known is not None:
            return known
        packed = self._over.get(row_key(receiver, key))
        if packed is None:
            return None
        return Row(receiver=receiver, id=key, order=_unpacked(packed), over=True, severity=0, at=0.0)

    def holds(self, receiver: str, key: str) -> bool:
        """Whether this receiver takes it to be open."""
        return (receiver, key) in self._open

    def put(self, row: Row) -> None:
        """Remember a telling."""
        self.drop(row.key)
        if row.over:
            self._over[row.key] = _packed(row.order)
        else:
            self._open[row.receiver, row.id] = row

    def drop(self, key: bytes) -> None:
        """Forget what stands under a record's key, if anything does."""
        self._over.pop(key, None)
        receiver, _, name = key.decode().partition("/")
        self._open.pop((receiver, name), None)

    def spill(self) -> list[bytes]:
        """Forget what is beyond the bound. Returns the keys of its records."""
        excess = max(0, len(self) - self._most)
        over = list(islice(self._over, excess))
        opened = [row.key for row in islice(self._open.values(), excess - len(over))]
        for key in (*over, *opened):
            self.drop(key)
        return [*over, *opened]

    def standing(self, receiver: str) -> Iterator[Row]:
        """What a receiver holds to be open."""
        return (row for row in self.open() if row.receiver == receiver)

    def open(self) -> Iterator[Row]:
        """What any receiver holds to be open."""
        return iter(self._open.values())


def _packed(order: Order) -> bytes:
    provisional, at, state = order
    return b"%d%d%b" % (provisional, state, at.encode())


def _unpacked(data: bytes) -> Order:
    return (int(data[:1]), data[2:].decode(), int(data[1:2]))
