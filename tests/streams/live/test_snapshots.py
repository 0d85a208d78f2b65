from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from streams.live.snapshots import (
    SHARD_BYTES,
    VERSION,
    Manifest,
    NewerSnapshot,
    cut,
    digest,
    encode_manifest,
    find,
    manifest_key,
    sealed,
    shard_key,
    superseded,
)

CHANCE = random.Random(7)
STATE = CHANCE.randbytes(3 * SHARD_BYTES)  # does not compress: four shards
KEY = b"k" * 32
OLD = Path(__file__).parents[2] / "data" / "snapshots"


def written(
    state: bytes = STATE,
    position: int = 5,
    writer: str = "w1",
    side: str = "A",
    key: bytes = b"",
    at: float = 1.0,
) -> dict[bytes, bytes]:
    """The records of one snapshot of log 3."""
    shards = cut(state)
    manifest = Manifest(
        version=VERSION,
        log=3,
        position=position,
        topic_id="t",
        shape="s",
        writer=writer,
        side=side,
        size=len(state),
        written_at=at,
        shards=[digest(shard) for shard in shards],
    )
    records = {shard_key(3, writer, side, index): shard for index, shard in enumerate(shards)}
    return records | {manifest_key(3, writer): encode_manifest(sealed(manifest, key))}


def test_what_was_written_is_found() -> None:
    found = find(3, written())
    assert found.snapshot is not None
    assert (found.snapshot.state, found.snapshot.manifest.position, found.faults) == (STATE, 5, [])
    assert max(map(len, cut(STATE))) <= SHARD_BYTES


def test_an_empty_state_is_a_state() -> None:
    found = find(3, written(b""))
    assert found.snapshot is not None
    assert found.snapshot.state == b""


def test_nothing_is_nothing() -> None:
    assert find(3, {b"30/w1": b"of another log"}).snapshot is None
    assert find(3, {}).snapshot is None


def test_the_furthest_complete_one_counts() -> None:
    older, newer = written(b"old", 5, "w1"), written(b"new", 9, "w2")
    found = find(3, newer | older)
    assert found.snapshot is not None
    assert found.snapshot.state == b"new"


@pytest.mark.parametrize("harm", ["missing", "flipped", "another's"])
def test_a_snapshot_that_is_not_whole_gives_way_to_an_older_one(harm: str) -> None:
    records = written(b"old", 5, "w1") | written(STATE, 9, "w2")
    shard = shard_key(3, "w2", "A", 2)
    if harm == "missing":
        del records[shard]
    else:
        records[shard] = b"x" if harm == "another's" else bytes([records[shard][0] ^ 1]) + records[shard][1:]
    found = find(3, records)
    assert found.snapshot is not None
    assert found.snapshot.state == b"old"
    assert len(found.faults) == 1
    assert "shard 2" in found.faults[0]


def test_shards_of_the_next_snapshot_do_not_harm_this_one() -> None:
    next_shards = {
        key: value for key, value in written(b"next" * 9, 7, side="B").items() if key.count(b"/") > 1
    }
    found = find(3, written() | next_shards)
    assert found.snapshot is not None
    assert (found.snapshot.state, found.faults) == (STATE, [])


def test_a_manifest_that_cannot_be_read_is_reported() -> None:
    found = find(3, written() | {manifest_key(3, "w9"): b"\xc1"})
    assert found.snapshot is not None
    assert found.faults


def test_a_later_version_is_not_guessed_at() -> None:
    later = msgspec.msgpack.encode({"version": VERSION + 1, "what": "else"})
    with pytest.raises(NewerSnapshot):
        find(3, written() | {manifest_key(3, "w2"): later})


def test_a_size_that_is_not_true_is_found_out() -> None:
    records = written(b"x" * 1000)
    manifest = msgspec.msgpack.decode(records[manifest_key(3, "w1")])
    records[manifest_key(3, "w1")] = msgspec.msgpack.encode(manifest | {"size": 10})
    assert find(3, records).snapshot is None


def test_seals() -> None:
    assert find(3, written(key=KEY), KEY).snapshot is not None
    assert find(3, written(), KEY).snapshot is None
    assert find(3, written(key=b"other" * 5), KEY).snapshot is None
    assert find(3, written(key=KEY)).snapshot is not None  # without a key nobody can tell


def test_what_may_be_removed_is_that_of_others() -> None:
    keys = list(written(writer="w1") | written(writer="w10") | {b"4/w2": b""})
    assert set(superseded(keys, 3, "w1")) == {key for key in keys if key.startswith(b"3/w10")}


def test_no_bytes_whatever_break_the_search() -> None:
    for _ in range(300):
        records = written(b"abc" * 50)
        key = CHANCE.choice(list(records))
        value = bytearray(records[key])
        value[CHANCE.randrange(len(value))] ^= 1 << CHANCE.randrange(8)
        records[key] = bytes(value)
        try:
            found = find(3, records)
        except NewerSnapshot:
            continue
        assert found.snapshot is None or found.snapshot.state == b"abc" * 50


@pytest.mark.parametrize("path", sorted(OLD.glob("*.msgpack")), ids=lambda path: path.stem)
def test_snapshots_of_all_versions_load(path: Path) -> None:
    """What version N wrote: keys and values of one snapshot, sealed."""
    records = msgspec.msgpack.decode(path.read_bytes(), type=dict[bytes, bytes])
    found = find(3, records, b"0123456789abcdef")
    assert found.snapshot is not None
    assert (found.snapshot.manifest.version, found.snapshot.manifest.position) == (int(path.stem), 1234)
    assert found.snapshot.state == bytes(range(256)) * 4


def test_every_version_has_an_example() -> None:
    assert [path.stem for path in sorted(OLD.glob("*.msgpack"))] == [str(n + 1) for n in range(VERSION)]
