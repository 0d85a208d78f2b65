"""Snapshots: the state of one log's floor, with the position it stands at, in a compacted topic.

A snapshot is shards and then one manifest that names them with their digests: complete or absent. A writer
alternates between two sets of keys (A, B) that carry its own name, so nobody, not even a worker that wakes up
late, can damage a snapshot that another manifest names. Of several complete ones the furthest counts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from hmac import compare_digest

import msgspec
from msgspec import Struct

VERSION = 1
SHARD_BYTES = 512 * 1024  # half of a broker's usual record limit
MAX_STATE_BYTES = 4 << 30  # four times the largest that the limits allow; more is no snapshot of ours
LEVEL = 1  # compression: the quickest; state halves
DIGEST_BYTES = 16


class Manifest(Struct, frozen=True, kw_only=True):
    """What a snapshot is.

    position: offset of the first record of the log that is not in it. topic_id: of the log's topic. shape:
    digest of the settings that state depends on. shards: digests, in order. seal: keyed digest of all else;
    empty without a key.
    """

    version: int
    log: int
    position: int
    topic_id: str
    shape: str
    writer: str
    side: str
    size: int
    written_at: float
    shards: list[bytes]
    seal: bytes = b""


class Snapshot(Struct, frozen=True):
    """A complete one."""

    manifest: Manifest
    state: bytes


class Found(Struct, frozen=True):
    """What a topic holds of one log. snapshot: the furthest complete one. faults: what is wrong with those
    that stand further. keys: all that are there; writers: of the manifests."""

    snapshot: Snapshot | None
    faults: list[str]
    keys: list[bytes]


class NewerSnapshot(Exception):  # noqa: N818 - it says what is there
    """A later version of the program wrote it: nothing can be decided without that version."""


def manifest_key(log: int, writer: str) -> bytes:
    """Key of the manifest of one writer."""
    return f"{log}/{writer}".encode()


def shard_key(log: int, writer: str, side: str, index: int) -> bytes:
    """Key of a shard."""
    return f"{log}/{writer}/{side}/{index}".encode()


def cut(state: bytes) -> list[bytes]:
    """Shards of a state, compressed.

    >>> len(cut(b"x" * 10)), cut(b"")
    (1, [])
    """
    packed = zlib.compress(state, LEVEL) if state else b""
    return [packed[start : start + SHARD_BYTES] for start in range(0, len(packed), SHARD_BYTES)]


def digest(data: bytes) -> bytes:
    """What tells a whole shard from a damaged one."""
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


def sealed(manifest: Manifest, key: bytes) -> Manifest:
    """The manifest with its seal: who does not know the key cannot make one."""
    return msgspec.structs.replace(manifest, seal=_seal(manifest, key)) if key else manifest


def _seal(manifest: Manifest, key: bytes) -> bytes:
    bare = msgspec.msgpack.encode(msgspec.structs.replace(manifest, seal=b""))
    return blake2b(bare, key=key, digest_size=32, person=b"fw snapshot").digest()


encode_manifest = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Manifest).decode


class _Version(Struct):
    version: int


_decode_version = msgspec.msgpack.Decoder(_Version).decode


def find(log: int, records: Mapping[bytes, bytes], key: bytes = b"") -> Found:
    """The furthest complete snapshot of a log among the last values of all keys.

    key: of the seals; without one, seals are not looked at. NewerSnapshot where the furthest is by a later
    version.
    """
    faults: list[str] = []
    manifests: list[Manifest] = []
    for name, value in records.items():
        if name.count(b"/") == 1 and name.startswith(b"%d/" % log):
            manifest = _manifest(value, faults)
            if manifest is not None:
                manifests.append(manifest)
    manifests.sort(key=lambda m: (m.position, m.written_at), reverse=True)
    for manifest in manifests:
        if key and not compare_digest(manifest.seal, _seal(manifest, key)):
            faults.append(f"manifest of {manifest.writer} at {manifest.position}: wrong seal")
            continue
        state = _joined(manifest, records)
        if isinstance(state, bytes):
            return Found(Snapshot(manifest, state), faults, list(records))
        faults.append(f"snapshot of {manifest.writer} at {manifest.position}: {state}")
    return Found(None, faults, list(records))


def _manifest(value: bytes, faults: list[str]) -> Manifest | None:
    try:
        version = _decode_version(value).version
        if version > VERSION:
            raise NewerSnapshot(f"a snapshot has version {version}, this program reads up to {VERSION}")
        return _decode(value)
    except msgspec.DecodeError:  # ValidationError is one
        faults.append("a manifest that cannot be read")
        return None


def _joined(manifest: Manifest, records: Mapping[bytes, bytes]) -> bytes | str:
    """The state, or what is wrong with it."""
    parts: list[bytes] = []
    for index, wanted in enumerate(manifest.shards):
        shard = records.get(shard_key(manifest.log, manifest.writer, manifest.side, index))
        if shard is None:
            return f"shard {index} is missing"
        if digest(shard) != wanted:
            return f"shard {index} is another's or damaged"
        parts.append(shard)
    try:
        unpacker = zlib.decompressobj()
        state = (
            unpacker.decompress(b"".join(parts), min(manifest.size, MAX_STATE_BYTES) + 1) if parts else b""
        )
    except zlib.error:
        return "cannot be unpacked"
    return state if len(state) == manifest.size else "has another size"


def superseded(found: Iterable[bytes], log: int, writer: str) -> list[bytes]:
    """Keys of other writers of a log: to be removed once this writer's snapshot is complete."""
    own = manifest_key(log, writer)
    return [
        key for key in found if key.startswith(b"%d/" % log) and key != own and not key.startswith(own + b"/")
    ]
