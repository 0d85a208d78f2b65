"""A conversation that never ends: what is kept of it stays small, and a turn costs what it always did."""

from __future__ import annotations

import json

from streams.reading import Record
from streams.records.parcels import Origin
from tests.streams.cluster.parts import make_reader
from tests.streams.floor.test_floor import closings, floor_of

TURNS = 10_000
EVERY_MS = 40
KEPT = 200_000  # bytes of a floor with one conversation, however long


def turn(number: int) -> bytes:
    seconds, millis = divmod(number * EVERY_MS, 1000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{millis:03}"
    event = {
        "id": f"e{number}", "type": "turn", "time": f"2026-05-04T{clock}Z", "source": "web", "tenant": "shop",
        "conversation": "endless", "turn": number, "role": ("customer", "ai")[number % 2],
        "text": f"and my number {number} is {number * 7919}", "customer": "c", "latency_ms": number % 900,
        "agent": {"kind": "ai", "id": f"a{number % 50}", "version": str(number % 7)},
    }  # fmt: skip
    return json.dumps(event).encode()


def test_an_endless_conversation_is_kept_small() -> None:
    reader, floor, origin = make_reader(), floor_of("t"), Origin("t")
    reader.seek(origin, 0)
    sizes = []
    for start in range(0, TURNS, 500):
        records = [Record("t", 0, number, turn(number)) for number in range(start, start + 500)]
        for _, parcel in reader.take(origin, records).parcels:
            closings(floor, parcel)
        if start % (TURNS // 10) == 0:
            sizes.append(len(floor.snapshot()))
    assert floor.counts.facts == TURNS
    assert not floor.parked
    assert max(sizes) < KEPT + 120 * 150_000 // EVERY_MS  # and what waits for its slots to close
    assert sizes[-1] < sizes[len(sizes) // 2] * 1.2
