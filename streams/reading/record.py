"""What the reader is given: one record as the broker or a file holds it, its limits, its key."""

from __future__ import annotations

from collections.abc import Mapping

from detectors.content.recital import Known
from detectors.structs import Frozen, FrozenLeaf
from detectors.text.keyed import Hasher, hasher

KEY_BYTES = 64  # the longest key that BLAKE2b takes
# Without a configured key hashes still tell answers apart, but anybody could compute them from a guess.
_PUBLIC_KEY = b"floorwalker: no key configured"


class Record(FrozenLeaf):
    """One record of an origin.

    timestamp: microseconds since 1970 of the Kafka record; None where there is none, as in files.
    """

    topic: str
    partition: int
    offset: int
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: int | None = None
    topic_id: str = ""


class ReadLimits(FrozenLeaf):
    """What a record may be.

    record_bytes: 1 MiB is a broker's usual limit. text_bytes: of one turn, as the events contract says.
    future_s: how far event time may be ahead of the record's own timestamp.
    """

    record_bytes: int = 1024 * 1024
    text_bytes: int = 32 * 1024
    future_s: float = 600.0


class Secrets(Frozen):
    """The key of every hash of a person's id or words: 1 to 64 bytes; and by tenant what its AIs must not
    say.

    >>> Secrets.public().hashed("shop", "r-81") == Secrets.public().hashed("bank", "r-81")
    False
    """

    key: bytes
    known: Mapping[str, Known] = {}
    content: bool = True
    """Whether words are checked: what they give away, ask for, or claim."""
    copies: bool = True
    """Whether answers get keys by which copies of them meet."""
    excerpt: int = 0
    """Characters of a redacted excerpt; 0: none is made."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.key) <= KEY_BYTES:
            raise ValueError(f"the hash key must have 1 to {KEY_BYTES} bytes, not {len(self.key)}")

    def __repr__(self) -> str:
        return "Secrets(key=...)"

    @classmethod
    def public(cls) -> Secrets:
        """The key in force where none is configured: known to everybody, equal everywhere."""
        return cls(_PUBLIC_KEY)

    def hashed(self, tenant: str, text: str) -> int:
        """Hash of a text within its tenant, 1 .. 2**64 - 1; 0 where there is no text."""
        return hasher(self.key, tenant)(text) if text else 0

    def hasher(self, tenant: str) -> Hasher:
        """The hashes of a tenant."""
        return hasher(self.key, tenant)
