"""How the slice arrives: shuffled, twice, late, from a fast clock, with garbage between."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import Struct

from tests.streams.cluster.cluster import Arrival
from tests.streams.cluster.slice import SECOND, TOPICS, Sent

SHUFFLED_S = 50.0  # less than the least lateness of any tenant
LATE_S = (180.0, 2400.0)  # more than the largest lateness, also of what arrives 50 s after its time
GARBAGE = (b"", b"not json", b"[1, 2]", b'{"type": "turn"}', b"\xff\xfe", b'{"id": "g", "time": 3}')


class Disorder(Struct, frozen=True, kw_only=True):
    """Shares of events that come twice, late, or have garbage before them; a source whose clock is fast."""

    copies: float = 0.05
    late: float = 0.0
    garbage: float = 0.03
    fast: str = ""
    fast_s: float = 180.0


def fast_clock(events: tuple[Sent, ...], disorder: Disorder) -> list[Sent]:
    """The events as their sources stamp them."""
    return [_stamped(sent, disorder) for sent in events]


def _stamped(sent: Sent, disorder: Disorder) -> Sent:
    row = json.loads(sent.body)
    if row["source"] != disorder.fast:
        return sent
    time = sent.time + int(disorder.fast_s * SECOND)
    row["time"] = (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=time)).isoformat()
    return Sent(time, sent.key, sent.type, json.dumps(row).encode())


def arrivals(events: tuple[Sent, ...], disorder: Disorder, rng: Random) -> list[Arrival]:
    """Every event, and what comes along, in order of arrival."""
    found: list[Arrival] = []
    for true, sent in zip(events, fast_clock(events, disorder), strict=True):
        topic = TOPICS[sent.type]
        delays = [rng.random() * SHUFFLED_S]
        if rng.random() < disorder.late:
            delays = [rng.uniform(*LATE_S)]
        elif rng.random() < disorder.copies:
            delays.append(rng.random() * SHUFFLED_S)
        for delay in delays:
            at = true.time + int(delay * SECOND)
            found.append(Arrival(at, topic, sent.key, sent.body, sent.time))
        if rng.random() < disorder.garbage:
            at = true.time + int(rng.random() * SHUFFLED_S * SECOND)
            found.append(Arrival(at, topic, sent.key, rng.choice(GARBAGE), sent.time))
    return sorted(found, key=lambda arrival: (arrival.at, arrival.value))
