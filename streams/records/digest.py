"""Digests of records: short names for what exactly was in force."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec

DIGEST_BYTES = 6  # 48 bits: a million different configurations collide with probability 0.002

_encode = msgspec.json.Encoder(order="deterministic").encode


def digest(value: Any) -> str:
    """12 hex digits over the canonical encoding: keys and sets sorted, so that only meaning counts.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return blake2b(_encode(value), digest_size=DIGEST_BYTES).hexdigest()


def in_force(settings: str, registry: str | None) -> str:
    """What alerts carry as `config`: the settings' digest and the registry's: one sees which changed.

    >>> in_force("a3f1", None)
    'a3f1-none'
    """
    return f"{settings}-{registry or 'none'}"
