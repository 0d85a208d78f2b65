"""Parcels: what a reader sends down one log, and the other records of that log.

A parcel covers the positions `[start, stop)` of one origin. The log's records are parcels and controls,
told apart by `kind`.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from msgspec import Struct

from streams.records.controls import Control
from streams.records.facts import Fact

MAX_FACTS = 512  # bounds how long one parcel holds the event loop: 512 x 15 µs = 8 ms
MAX_BYTES = 512 * 1024  # half of a broker's usual record limit


class Origin(Struct, frozen=True, array_like=True, order=True, gc=False):
    """One partition of one incarnation of a topic; a file is a topic of one partition."""

    topic: str
    topic_id: str = ""
    partition: int = 0


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """A fact, its offset in the origin, and its lag.

    lag: microseconds by which its time is behind the highest time that the reader had read before it in this
    origin; 0 where it is the highest itself. It stays outside the fact: two deliveries of one event differ.
    """

    offset: int
    lag: int
    fact: Fact


class Parcel(Struct, frozen=True, tag="parcel", tag_field="kind"):
    """What one reader read of one origin for one log.

    start, stop: positions covered. highest: the origin's highest event time so far, microseconds (0: none).
    at_end: a broker answer showed `stop` to be the origin's end. lost: the positions no longer exist in the
    origin. Without entries it only tells how far the reader is.
    """

    origin: Origin
    start: int
    stop: int
    highest: int
    at_end: bool = False
    lost: bool = False
    entries: tuple[Entry, ...] = ()


LogRecord: TypeAlias = Parcel | Control

encode_record = msgspec.msgpack.Encoder(order="deterministic").encode
_decoder: msgspec.msgpack.Decoder[LogRecord] = msgspec.msgpack.Decoder(LogRecord)


def decode_record(data: bytes) -> LogRecord:
    """Inverse of `encode_record`; raises msgspec.ValidationError or DecodeError on anything else."""
    return _decoder.decode(data)
