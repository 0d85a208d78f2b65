"""Weights: a classifier's table as a small file, half precision, checked when read; no pickle.

Layout: magic and version, the length of a JSON head, the head (names and numbers), tables of little-endian
half floats in the order of their names, then CRC-32 of all before it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from zlib import crc32

from msgspec import Struct

MAGIC = b"FWW1"


class Weights(Struct, frozen=True):
    """numbers: named scalars. tables: named rows of weights. version: of the training, for evidence."""

    version: str
    numbers: dict[str, float]
    tables: dict[str, list[float]]


def dump(version: str, numbers: Mapping[str, float], tables: Mapping[str, Sequence[float]]) -> bytes:
    """The file of these weights; equal weights give equal bytes."""
    sizes = {name: len(row) for name, row in tables.items()}
    head = json.dumps(
        {"version": version, "numbers": dict(numbers), "tables": sizes}, sort_keys=True
    ).encode()
    rows = b"".join(struct.pack(f"<{len(tables[name])}e", *tables[name]) for name in sorted(tables))
    body = MAGIC + struct.pack("<I", len(head)) + head + rows
    return body + struct.pack("<I", crc32(body))


def load(data: bytes) -> Weights:
    """Inverse of `dump`; ValueError where the file is not whole or of another version.

    >>> load(dump("t", {"bias": 0.5}, {"words": [1.0, -2.0]})).tables["words"]
    [1.0, -2.0]
    """
    if data[:4] != MAGIC or len(data) < 12 or struct.unpack("<I", data[-4:])[0] != crc32(data[:-4]):
        raise ValueError("not a weights file, or a damaged one")
    size = struct.unpack("<I", data[4:8])[0]
    head = json.loads(data[8 : 8 + size])
    tables, start = {}, 8 + size
    for name in sorted(head["tables"]):
        count = head["tables"][name]
        tables[name] = list(struct.unpack(f"<{count}e", data[start : start + 2 * count]))
        start += 2 * count
    return Weights(head["version"], head["numbers"], tables)
