"""Keeps snapshots in their topic: writes shards, then the manifest; reads the furthest complete one."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Collection, Mapping
from typing import Any

import structlog
from msgspec import Struct

from streams.live import snapshots
from streams.live.compacted import ends, read_to_end
from streams.live.ending import end
from streams.live.failpoints import Failpoints
from streams.live.outbox import Outbox
from streams.live.snapshots import Found, Manifest, NewerSnapshot

_log = structlog.get_logger()
WRITER_CHARS = 12


class Shelf(Struct):
    """One log's partition. end: where it ended after our last write, -1 before one. side: the next."""

    side: str = "A"
    end: int = -1
    others: list[bytes] = []


class SnapshotStore:
    """Snapshots of the logs of one topic.

    topic_id: of the logs' topic. shape: digest of what state depends on. key: of the seals, or empty.
    """

    def __init__(
        self, connection: Mapping[str, Any], topic: str, outbox: Outbox, failpoints: Failpoints,
        *, topic_id: str, shape: str, key: bytes,
    ) -> None:  # fmt: skip
        self._connection, self._topic, self._outbox, self._failpoints = connection, topic, outbox, failpoints
        self._topic_id, self._shape, self._key = topic_id, shape, key
        self._writer = uuid.uuid4().hex[:WRITER_CHARS]
        self._shelves: dict[int, Shelf] = {}

    async def foreign(self, logs: Collection[int]) -> set[int]:
        """Logs of which somebody else, or nobody, has written since we did."""
        if not logs:
            return set()
        now = await ends(self._connection, self._topic, logs)
        return {log for log in logs if self._shelf(log).end != now[log]}

    async def read(self, logs: Collection[int]) -> dict[int, Found]:
        """What there is of each log. Ends the process where a later version of the program has written."""
        values: dict[int, dict[bytes, bytes]] = {log: {} for log in logs}
        if logs:
            async for record in read_to_end(self._connection, self._topic, logs):
                if record.key is not None and record.value is not None:
                    values[record.partition][record.key] = record.value
                elif record.key is not None:  # a tombstone: removed, or a wanted cold start
                    values[record.partition].pop(record.key, None)
        found: dict[int, Found] = {}
        for log in logs:
            try:
                found[log] = snapshots.find(log, values[log], self._key)
            except NewerSnapshot as newer:
                end("newer snapshot", log=log, said=str(newer))
            self._shelf(log).others = snapshots.superseded(found[log].keys, log, self._writer)
        return found

    def fits(self, manifest: Manifest) -> bool:
        """Whether its state means the same under the settings in force."""
        return manifest.shape == self._shape

    def lost(self, manifest: Manifest, start: int, stop: int) -> str:
        """What is lost between a snapshot and its log, which has `[start, stop)`; empty: nothing."""
        if not self.fits(manifest):
            return "slot_s or cuts have changed: what was learned does not fit, and would begin anew"
        if manifest.topic_id != self._topic_id:
            return f"the topic was made anew: facts behind {manifest.position} of the old one are lost"
        if manifest.position < start:
            return f"{start - manifest.position} records behind the snapshot are gone"
        if manifest.position > stop:
            return f"the log ends at {stop}, the snapshot is at {manifest.position}: the log was cut"
        return ""

    async def write(self, log: int, position: int, state: bytes) -> int:
        """Write a snapshot; returns its size in the topic, when it is complete and acknowledged."""
        shelf = self._shelf(log)
        # In a thread: compressing holds no lock of the interpreter, and the loop has other things to do.
        shards = await asyncio.to_thread(snapshots.cut, state)
        for index, shard in enumerate(shards):
            key = snapshots.shard_key(log, self._writer, shelf.side, index)
            await self._outbox.sent(self._topic, shard, key, log)
            self._failpoints.passed("shard")
        manifest = Manifest(
            version=snapshots.VERSION, log=log, position=position, topic_id=self._topic_id, shape=self._shape,
            writer=self._writer, side=shelf.side, size=len(state), written_at=time.time(),
            shards=await asyncio.to_thread(lambda: list(map(snapshots.digest, shards))),
        )  # fmt: skip
        value = snapshots.encode_manifest(snapshots.sealed(manifest, self._key))
        key = snapshots.manifest_key(log, self._writer)
        sent = await self._outbox.sent(self._topic, value, key, log)
        self._failpoints.passed("manifest")
        shelf.end = sent + 1
        shelf.side = "B" if shelf.side == "A" else "A"
        for other in shelf.others:
            gone = await self._outbox.sent(self._topic, None, other, log)
            shelf.end = gone + 1
        shelf.others = []
        return sum(map(len, shards)) + len(value)

    def _shelf(self, log: int) -> Shelf:
        return self._shelves.setdefault(log, Shelf())
