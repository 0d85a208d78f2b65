"""Keyed hashes: equal texts of one tenant meet, and nobody without the key can test a guess.

BLAKE2b in keyed mode, 8 bytes (RFC 7693). The tenant's name is part of the input, after its own length: no
tenant and text can be cut differently to give another pair the same input.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

TENANTS = 1024  # whose hashers are kept ready
WORDS = 1 << 16  # words whose hashes are at hand, of all tenants: speech repeats itself


class Hasher:
    """The hashes of one tenant; the key and the name are taken in once."""

    __slots__ = ("_begun",)

    def __init__(self, key: bytes, tenant: str) -> None:
        name = tenant.encode("utf-8", "surrogatepass")
        self._begun = blake2b(b"%d:%b" % (len(name), name), digest_size=8, key=key)

    def __call__(self, text: str) -> int:
        """1 .. 2**64 - 1, so that 0 can say "nothing"."""
        hashing = self._begun.copy()
        hashing.update(text.encode() if text.isascii() else text.encode("utf-8", "surrogatepass"))
        return int.from_bytes(hashing.digest(), "big") or 1


@lru_cache(maxsize=WORDS)
def word_hash(word: str, hashed: Hasher) -> int:
    """The hash of a word that others say too; what is said once costs less without."""
    return hashed(word)


@lru_cache(maxsize=TENANTS)
def hasher(key: bytes, tenant: str) -> Hasher:
    """The hasher of a tenant."""
    return Hasher(key, tenant)


def keyed_hash(key: bytes, tenant: str, text: str) -> int:
    """1 .. 2**64 - 1, so that 0 can say "nothing".

    >>> keyed_hash(b"k", "shop", "thanks") == keyed_hash(b"k", "shop", "thanks")
    True
    >>> keyed_hash(b"k", "shop", "thanks") == keyed_hash(b"other", "shop", "thanks")
    False
    """
    return hasher(key, tenant)(text)
