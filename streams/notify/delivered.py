"""What each receiver was told last of each alert: our own memory, because receivers forget.

PagerDuty opens a new incident for a repeat of a resolved one. So every delivery is written to a compacted
topic before the next one about the same alert, and a repeat after the end is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    """Rows by receiver and id. most: how many; beyond, the oldest that are over go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[tuple[str, str], Row] = {}
        self._over: dict[tuple[str, str], Row] = {}

    def __len__(self) -> int:
        return len(self._open) + len(self._over)

    def find(self, receiver: str, key: str) -> Row | None:
        """None: this receiver never heard of it, or it was long ago."""
        at = (receiver, key)
        return self._open.get(at) or self._over.get(at)

    def holds(self, receiver: str, key: str) -> bool:
        """Whether this receiver takes it to be open."""
        return (receiver, key) in self._open

    def put(self, row: Row) -> None:
        """Remember a telling."""
        at = (row.receiver, row.id)
        self._open.pop(at, None)
        self._over.pop(at, None)
        (self._over if row.over else self._open)[at] = row

    def spill(self) -> Iterator[Row]:
        """Forget what is beyond the bound, and say what it was."""
        while len(self) > self._most:
            kept = self._over or self._open
            yield kept.pop(next(iter(kept)))

    def standing(self, receiver: str) -> Iterator[Row]:
        """What a receiver holds to be open."""
        return (row for (name, _), row in self._open.items() if name == receiver)
