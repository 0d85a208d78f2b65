"""What is kept of a floor: its state as bytes, and of tenants that are parked what the last snapshot knew.

A tenant is parked when a closing of its own raised. The same closing would raise again, and what it has
touched is worth nothing; so there remain what the last snapshot knew of the tenant and the position in the
log that belongs to that. From there a mended program reads it again (`aside.py`).
"""

from __future__ import annotations

from pathlib import PurePath

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.floor.counts import Counts
from streams.floor.origins import Tide

VERSION = 1
DeskRow = tuple[bytes, bytes, int | None]
"""Of one tenant: what it holds, what its watch knows, the first slot that has not closed."""


class Parked(Struct, array_like=True, frozen=True):
    """How a parked tenant stands.

    slot_start: of the slot whose closing raised, microseconds. fault: class of the error, and where it rose.
    position: in the log, of the first record that is not in `state`; -1: no snapshot was ever taken, and it
    cannot be read again. state: a floor with this tenant alone.
    """

    slot_start: int
    fault: str
    position: int = -1
    state: bytes = b""


class Kept(Struct, array_like=True):
    """Everything that the rest of a log's results depend on."""

    version: int
    tide: Tide
    controls: list[str]
    changes: bytes
    counts: Counts
    desks: dict[str, DeskRow]
    parked: dict[str, Parked] = {}


encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode


def decode(data: bytes) -> Kept:
    """Inverse of `encode`. ValueError where another version wrote it."""
    kept = _decode(data)
    if kept.version != VERSION:
        raise ValueError(f"snapshot has version {kept.version}, this program reads {VERSION}")
    return kept


class Saved:
    """What the last snapshot knew, tenant by tenant. It shares its bytes with that snapshot: some 0.6 KB an
    open conversation stay in memory. position: of the log, where it was taken."""

    def __init__(self, kept: Kept, position: int) -> None:
        self._position, self._desks = position, kept.desks
        self._rest = encode(replace(kept, desks={}, parked={}))

    def parked(self, tenant: str, slot_start: int, fault: str) -> Parked:
        """A tenant as it stood then; one that was not yet known begins there."""
        kept = _decode(self._rest)
        if tenant in self._desks:
            kept.desks[tenant] = self._desks[tenant]
        return Parked(slot_start, fault, self._position, encode(kept))


def described(fault: Exception) -> str:
    """Class and place of an error; its text may hold what a customer said.

    >>> try: {}["secret"]
    ... except KeyError as fault: described(fault)
    'KeyError at <doctest streams.floor.kept.described[0]>:1'
    """
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(fault).__name__}{where}"
