"""Keyed hashes: equal texts of one tenant meet, and nobody without the key can test a guess.

BLAKE2b in keyed mode, 8 bytes (RFC 7693). The tenant's name is part of the input, after its own length: no
tenant and text can be cut differently to give another pair the same input.
"""

from __future__ import annotations

from hashlib import blake2b


def keyed_hash(key: bytes, tenant: str, text: str) -> int:
    """1 .. 2**64 - 1, so that 0 can say "nothing".

    >>> keyed_hash(b"k", "shop", "thanks") == keyed_hash(b"k", "shop", "thanks")
    True
    >>> keyed_hash(b"k", "shop", "thanks") == keyed_hash(b"other", "shop", "thanks")
    False
    """
    name = tenant.encode("utf-8", "surrogatepass")
    body = b"%d:%b%b" % (len(name), name, text.encode("utf-8", "surrogatepass"))
    return int.from_bytes(blake2b(body, digest_size=8, key=key).digest(), "big") or 1
