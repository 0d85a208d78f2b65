"""The slice of a contact center that the cluster works on: two evenings, small, with something of everything.

A calm hour to learn from, thin hours and a night, half an hour of trouble on the next evening, a calm end: so
that incidents of statistics and of rules open, grow and resolve, over midnight and over a closing time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from streams.records.registry import Registry
from streams.settings import Budget, Settings

START = datetime(2026, 5, 4, 19, 20, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
TOPICS = {
    "turn": "cc.transcripts",
    "escalation": "cc.escalations",
    "score": "cc.sentiment",
    "action": "cc.actions",
    "session": "cc.sessions",
}
SETTINGS = Settings(
    slot_s=30,  # half as many closings as by default: what a seed costs
    # Few observations must suffice for an alarm.
    budget=Budget(ticket_days=1.5, page_days=4.0, head_start=1.0),
)
_PINE = {"id": "pine", "kind": "ai", "versions": ["1.0", "1.1"], "actions": ["Look", "Refund"]}
_OAK = {"id": "oak", "kind": "ai", "actions": ["Look"], "subject": "own"}
_AGENTS = [{**_PINE, "limits": {"Refund": 50}}, _OAK]
_SHOP = {
    "agents": _AGENTS,
    "sources": ["web/shop", "polls/shop"],
    "hours": "Mon-Fri 19:00-21:00 UTC",
    "lateness_s": 60,
}
_BRANCH = {"sources": ["web/elsewhere"], "hours": "Mon-Fri 19:30-20:00 UTC"}
_BANK = {"agents": _AGENTS, "sources": ["web/bank"], "hours": "Mon-Fri 18:00-20:30 UTC"}


STRETCHES = ((0, 38, 76, 0.08), (45, 98, 16, 0.1), (1455, 1485, 44, 0.9), (1486, 1520, 40, 0.05))
"""From minute to minute, so many conversations at the shop, of which this share goes wrong."""


def registry(**shop: Any) -> Registry:
    """The registry of the slice; `shop`: what differs for that tenant."""
    tenants = {"shop": {**_SHOP, **shop}, "bank": _BANK, "branch": _BRANCH}
    return msgspec.json.decode(json.dumps({"tenants": tenants}), type=Registry)


class Sent(Struct, frozen=True):
    """One event: its time (microseconds), what it is keyed by, its type and its bytes."""

    time: int
    key: str
    type: str
    body: bytes


def moment(minute: float) -> int:
    """Microseconds since 1970 of so many minutes after the slice began."""
    return int(START.timestamp()) * SECOND + int(minute * MINUTE)


@cache
def events() -> tuple[Sent, ...]:
    """All of them, in order of time."""
    rng = Random(20260504)
    found: list[Sent] = []
    for plan in (_shop(rng), _bank(rng), _branch()):
        for talk in plan:
            found += talk
    return tuple(sorted(found, key=lambda sent: (sent.time, sent.body)))


def _shop(rng: Random) -> Iterator[list[Sent]]:
    number = 0
    for begin, end, talks, harm in STRETCHES:
        for _ in range(talks):
            at = begin + (end - begin) * rng.random()
            number += 1
            hit = harm > 0.5 and rng.random() < 0.9
            queue, agent = ("orders", "pine") if hit else rng.choice((("orders", "pine"), ("returns", "oak")))
            yield list(_talk(rng, "shop", f"s{number}", at, queue, agent, harm if hit else 0.08))
    # The last word of all, so that a fast clock elsewhere does not decide how far time goes.
    yield [_sent("shop", "session", "last", 1560, "last", {"phase": "started"})]


def _bank(rng: Random) -> Iterator[list[Sent]]:
    for number in range(16):
        at = rng.choice((0, 1440)) + rng.random() * 110
        yield list(_talk(rng, "bank", f"b{number}", at, "cards", "oak", 0.2))


def _branch() -> Iterator[list[Sent]]:
    """A tenant that speaks through a source that nobody registered: an instant, and a shadow AI incident."""
    for number, minute in enumerate((20.0, 20.1, 1450.0)):
        yield [_sent("branch", "session", f"x{number}", minute, "x", {"phase": "started"})]


def _talk(
    rng: Random, tenant: str, key: str, at: float, queue: str, agent: str, harm: float
) -> Iterator[Sent]:
    """One conversation, six to nine events, some at the same microsecond."""
    version = "1.1" if agent == "pine" and at > 1000 else "1.0"
    who = {"kind": "ai", "id": agent, "version": version}
    body = {"queue": queue, "channel": "chat", "customer": f"c-{key}", "agent": who}
    bad = rng.random() < harm
    end = at + 0.5 + 2.5 * rng.random()
    yield _sent(tenant, "session", f"{key}-0", at, key, {**body, "phase": "started"})
    asked = {"turn": 0, "role": "customer", "text": "where is it"}
    yield _sent(tenant, "turn", f"{key}-1", at, key, {**body, **asked})
    answer = {"turn": 1, "role": "ai", "text": "It is on its way.", "latency_ms": rng.randrange(300, 900)}
    yield _sent(tenant, "turn", f"{key}-2", at + 0.1, key, {**body, **answer})
    for step in range(rng.random() < 0.4):
        name = rng.choice(("Look", "Look", "Refund"))
        amount = 80 if rng.random() < 0.15 else 20  # 80 is above the limit of pine's refunds
        call = {"call": f"{key}/{step}", "name": name, "status": "error" if bad else "ok", "amount": amount}
        yield _sent(tenant, "action", f"{key}-a{step}", at + 0.2, key, {**body, **call})
    if rng.random() < 0.3:
        mood = {"metric": "sentiment", "value": round(rng.uniform(-1, 1), 2), "scope": "turn", "turn": 0}
        yield _sent(tenant, "score", f"{key}-m", at + 0.2, key, {**body, **mood})
    if bad and rng.random() < 0.8:
        yield _sent(tenant, "escalation", f"{key}-h", end, key, {**body, "stage": "requested"})
    resolution = {"phase": "ended", "resolution": "unresolved" if bad else "resolved"}
    if rng.random() < 0.9:  # the others fall silent
        yield _sent(tenant, "session", f"{key}-9", end, key, {**body, **resolution})
    if rng.random() < 0.3:
        grade = {"metric": "csat", "value": 0.25 if bad else 1.0, "respondent": f"r-{key}"}
        yield _sent(tenant, "score", f"{key}-s", end + rng.random() * 20, key, {**body, **grade})


def _sent(tenant: str, kind: str, name: str, minute: float, key: str, fields: dict[str, Any]) -> Sent:
    time = moment(minute)
    stamp = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=time)
    source = f"polls/{tenant}" if name.endswith("-s") and tenant == "shop" else f"web/{tenant}"
    row = {
        "id": name, "type": kind, "time": stamp.isoformat(), "source": source, "tenant": tenant,
        "conversation": key, **fields,
    }  # fmt: skip
    return Sent(time, key, kind, json.dumps(row).encode())
