"""Packed: small sets of keyed hashes as bytes, four for each: a fifth of what a tuple of numbers takes.

32 bits are enough for "was this said in this conversation?": among 256 of them a stranger is found by chance
once in sixteen million questions. What is looked up among a whole tenant's values keeps 64.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from functools import cache
from struct import Struct
from struct import unpack as _unpack

_LOW = 0xFFFFFFFF


def pack(hashes: Iterable[int], most: int) -> bytes:
    """The low halves of the first `most` different hashes, in their order."""
    low = dict.fromkeys([value & _LOW for value in hashes])
    kept = low if len(low) <= most else list(low)[:most]
    return _packing(len(kept))(*kept)


@cache  # as many as limits of a set allow: some hundreds
def _packing(count: int) -> Callable[..., bytes]:
    return Struct(f">{count}I").pack


def members(packed: bytes) -> frozenset[int]:
    """The low halves that are in there.

    >>> holds(members(pack([7 << 40 | 5], 8)), 5)
    True
    """
    return frozenset(_unpack(f">{len(packed) // 4}I", packed))


def holds(low: frozenset[int], value: int) -> bool:
    """Whether a hash's low half is among them."""
    return value & _LOW in low


def joined(old: bytes, new: bytes, most: int) -> bytes:
    """Both, each once; beyond `most` the oldest go first."""
    if not new or old.endswith(new):
        return old
    if not old and len(new) <= 4 * most:
        return new
    values = array("I", old + new)  # as the machine reads them: they go back the same way
    kept = list(dict.fromkeys(reversed(values)))[:most]
    kept.reverse()
    return array("I", kept).tobytes()
