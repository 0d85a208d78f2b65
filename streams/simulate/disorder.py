"""How the stream really arrives: twice, late, out of order, damaged, from a clock that runs ahead.

Each knob draws from its own stream and adds records or delays them: the events stay the same.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import msgspec

from streams.simulate.chance import pick, stream
from streams.simulate.run import Event
from streams.simulate.settings import Disorder, Simulation
from streams.simulate.when import SECOND, stamp

REPEAT_S, VERY_LATE_S = 300, 1800
"""A second delivery comes within so long; a late event is at most so much later than late."""
Arrival = tuple[int, int, bytes]
"""When it arrives (ms), a running number, the record."""


def disordered(events: Iterable[Event], simulation: Simulation) -> Iterator[bytes]:
    """The records in order of arrival; with all knobs at 0 in order of time."""
    knobs, seed = simulation.disorder, simulation.seed
    chances = {
        name: stream(seed, "disorder", name)
        for name in ("duplicates", "swapped", "late", "malformed", "unknown")
    }
    waiting: list[Arrival] = []
    number = 0
    for event in events:
        while waiting and waiting[0][0] < event.at:
            yield heapq.heappop(waiting)[2]
        for at, body in _arrivals(event, knobs, chances):
            heapq.heappush(waiting, (at, number, body))
            number += 1
    while waiting:
        yield heapq.heappop(waiting)[2]


def _arrivals(event: Event, knobs: Disorder, chances: dict[str, Random]) -> Iterator[tuple[int, bytes]]:
    """This event at its time of arrival, and what comes along with it."""
    at, body = event.at, event.body
    if knobs.fast_s and event.source == knobs.fast_source:
        body = msgspec.json.encode(
            {**msgspec.json.decode(body), "time": stamp(at + int(knobs.fast_s * SECOND))}
        )
    arrives = at
    if _happens(chances["swapped"], knobs.swapped):
        arrives += int(chances["swapped"].random() * knobs.swapped_s * SECOND)
    if _happens(chances["late"], knobs.late):
        arrives = at + int((knobs.lateness_s + 60 + chances["late"].random() * VERY_LATE_S) * SECOND)
    yield arrives, body
    if _happens(chances["duplicates"], knobs.duplicates):
        yield arrives + int(chances["duplicates"].random() * REPEAT_S * SECOND), body
    if _happens(chances["malformed"], knobs.malformed):
        yield at, damaged(chances["malformed"], body)
    if _happens(chances["unknown"], knobs.unknown):
        yield at, from_the_future(body)


def _happens(rng: Random, share: float) -> bool:
    return share > 0 and rng.random() < share


def damaged(rng: Random, body: bytes) -> bytes:
    """A copy of this record under another id that breaks the contract in one way."""
    record: dict[str, Any] = msgspec.json.decode(body)
    record["id"] += "-bad"
    way = pick(rng, WAYS)
    return way(record)


def _without(field: str) -> Callable[[dict[str, Any]], bytes]:
    return lambda record: msgspec.json.encode({k: v for k, v in record.items() if k != field})


def _with(**fields: Any) -> Callable[[dict[str, Any]], bytes]:
    return lambda record: msgspec.json.encode({**record, **fields})


def _cut(record: dict[str, Any]) -> bytes:
    return msgspec.json.encode(record)[:-20]


WAYS: tuple[Callable[[dict[str, Any]], bytes], ...] = (
    _cut,
    lambda _: b"not json at all",
    lambda _: b"[1, 2, 3]",
    _without("id"),
    _without("time"),
    _without("source"),
    _without("type"),
    _with(time="yesterday"),
    _with(time=12345),
    _with(tenant=7),
    _with(channel="carrier-pigeon"),
    _with(agent="pine"),
    _with(type="turn", turn=-1, role="ai", text="x"),
    _with(type="turn", turn=0, role="ai", text="x", confidence=1.5),
    _with(type="score", metric="sentiment", value=3.0, scope="conversation"),
    _with(type="score", metric="csat", value="good"),
    _with(type="escalation", stage="maybe"),
)
"""Bad JSON, missing fields, wrong types, values out of range."""


def from_the_future(body: bytes) -> bytes:
    """A copy of this record in an envelope whose version nobody knows yet."""
    record: dict[str, Any] = msgspec.json.decode(body)
    envelope = {
        "specversion": "1.0",
        "id": record.pop("id") + "-v9",
        "source": record.pop("source"),
        "type": "floorwalker.turn.v9",
        "time": record.pop("time"),
        "data": record,
    }
    return msgspec.json.encode(envelope)
