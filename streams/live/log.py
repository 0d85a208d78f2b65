"""One log as a worker holds it: its floor, and how far everything is."""

from __future__ import annotations

import asyncio

from msgspec import Struct, field

from streams.floor.floor import Floor
from streams.live.snapshots import Found


class Log(Struct):
    """One log. next: offset of the first record that is not in the floor. kept: that of the last snapshot.
    sought: a batch was missed, and it is being read again. parked: tenants to be read again from where they
    stand. lock: of the floor; writing: of its snapshots."""

    floor: Floor
    next: int = 0
    kept: int = -1
    written_s: float = 0.0
    size: int = 0
    sought: bool = False
    parked: list[str] = []
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def reaches(self, found: Found | None) -> bool:
        """Whether it is at least as far as what is kept in the topic. found: None where nobody wrote."""
        return found is None or found.snapshot is None or found.snapshot.manifest.position <= self.next
