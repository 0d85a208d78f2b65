"""The events of one conversation as they are said: a clock, a turn counter, and what stays the same."""

from collections.abc import Sequence
from random import Random
from typing import Any

from streams.simulate.chance import around, pick, stream, token
from streams.simulate.floor import Action
from streams.simulate.texts_common import CITIES, DAYS, FIRST, LAST, MONTHS, PRODUCTS, STREETS
from streams.simulate.visits import Visit
from streams.simulate.when import stamp

Record = dict[str, Any]
"""One event, ready to be encoded."""
PACE = {"voice": 5_000.0, "chat": 16_000.0, "email": 7_200_000.0}
"""Median time a customer takes to reply, ms."""
SLOWER = {"voice": 1.0, "chat": 1.0, "email": 20.0}
"""Multiple of the agent's answer time on this channel."""
TONE = {-1: -0.55, 0: 0.08, 1: 0.6}
"""Mean sentiment of an unhappy, a plain, a happy line."""


class Talk:
    """Collects one conversation's events; lives no longer than that conversation."""

    def __init__(self, seed: int, visit: Visit) -> None:
        self.visit, self.at, self.turn, self.calls = visit, visit.at, 0, 0
        self.rng = stream(seed, "talk", visit.key)
        self.id = token("c", seed, visit.key)
        self.events: list[tuple[int, Record]] = []
        self.slots = slots(self.rng, visit)
        effect, channel = visit.effect, visit.channel
        self.agent = {"kind": "ai", "id": effect.agent or visit.agent.id, "version": visit.version}
        self.agent["model"] = effect.model or visit.agent.model
        self.common: Record = {
            "source": visit.source,
            "tenant": visit.tenant.id,
            "conversation": self.id,
            "channel": channel,
            "queue": visit.queue.id,
            "language": visit.tenant.language,
            "agent": self.agent,
            "customer": visit.customer,
            "attributes": {"intent": visit.intent},
        }

    def emit(self, kind: str, at: int, **fields: Any) -> None:
        """Add an event."""
        key = f"{self.id}-{len(self.events):x}"
        self.events.append((at, {"id": key, "type": kind, "time": stamp(at), **self.common, **fields}))

    def wait(self, median_ms: float, spread: float = 0.5) -> int:
        """Let time pass; the time that passed, ms."""
        ms = int(around(self.rng, median_ms, spread)) + 200
        self.at += ms
        return ms

    def fill(self, lines: Sequence[str]) -> str:
        """One of these variants with its slots filled."""
        return pick(self.rng, lines).format_map(self.slots)

    def customer(self, text: str, tone: int = 0) -> None:
        """The customer speaks, unhappy (-1), plainly (0) or happy (1)."""
        rng, visit = self.rng, self.visit
        self.wait(PACE[visit.channel] if self.turn else 1500.0)
        fields = {"confidence": round(0.8 + 0.19 * rng.random(), 3)} if visit.channel == "voice" else {}
        self.emit("turn", self.at, turn=self.turn, role="customer", text=text, **fields)
        if rng.random() < visit.tenant.sentiment:
            value = max(-1.0, min(1.0, rng.gauss(TONE[tone] - visit.effect.sour, 0.18)))
            self.emit(
                "score",
                self.at + 300 + int(900 * rng.random()),
                metric="sentiment",
                value=round(value, 3),
                scope="turn",
                turn=self.turn,
                rater="model",
            )
        self.turn += 1

    def ai(self, text: str, grounding: Sequence[str] = ()) -> None:
        """The agent speaks."""
        visit = self.visit
        latency = self.wait(visit.agent.latency_ms * visit.effect.latency * SLOWER[visit.channel])
        fields: Record = {"latency_ms": latency, "confidence": round(1 - 0.3 * self.rng.random() ** 2, 3)}
        if grounding:
            fields["grounding"] = list(grounding)
        self.emit("turn", self.at, turn=self.turn, role="ai", text=text, **fields)
        self.turn += 1

    def human(self, text: str, name: str) -> None:
        """A person of the team speaks."""
        self.wait(PACE[self.visit.channel] * 1.5)
        self.emit(
            "turn", self.at, turn=self.turn, role="human", text=text, agent={"kind": "human", "id": name}
        )
        self.turn += 1

    def act(self, action: Action, status: str = "", **fields: Any) -> None:
        """The agent makes a tool call; it fails now and then."""
        rng = self.rng
        self.calls += 1
        self.at += 100
        facts: Record = {"data": list(action.data), **fields}
        if action.limit and "amount" not in facts:
            facts["amount"] = round(min(action.limit, action.limit * rng.random() ** 2 + 1), 2)
        if action.effect == "write" and "subject" not in facts:
            facts["subject"] = self.visit.customer
        took = int(around(rng, 260.0, 0.5))
        outcome = status or ("ok" if (u := rng.random()) > 0.03 else "timeout" if u < 0.006 else "error")
        self.emit(
            "action",
            self.at,
            call=f"{self.id}-{self.calls}",
            name=action.name,
            status=outcome,
            latency_ms=took,
            effect=action.effect,
            **facts,
        )


def slots(rng: Random, visit: Visit) -> dict[str, str]:
    """What this conversation is about, so that both sides speak of the same things."""
    u = rng.random
    first, other = pick(rng, FIRST), pick(rng, FIRST)
    last, stranger = pick(rng, LAST), pick(rng, LAST)
    number = int(u() * 9_000_000) + 1_000_000
    return {
        "first": first,
        "last": last,
        "order": f"HP{number}",
        "ref": f"R{number * 7 % 900_000 + 100_000}",
        "amount": f"{int(u() * 220) + 8}.{int(u() * 20) * 5:02d}",
        "product": pick(rng, PRODUCTS),
        "date": f"{pick(rng, MONTHS)} {int(u() * 28) + 1}",
        "day": pick(rng, DAYS),
        "time": f"{int(u() * 8) + 9}:30",
        "city": pick(rng, CITIES),
        "street": f"{int(u() * 180) + 1} {pick(rng, STREETS)}",
        "card": f"{int(u() * 10_000):04d}",
        "phone": f"555-01{int(u() * 100):02d}",
        "email": f"{first}.{last}{int(u() * 90) + 10}@example.com".lower(),
        "agent": visit.agent.id.capitalize(),
        "brand": visit.tenant.brand,
        "other_first": other,
        "other_last": stranger,
        "other_phone": f"555-01{int(u() * 100):02d}",
        "other_email": f"{other}.{stranger}{int(u() * 90) + 10}@example.org".lower(),
        "other_street": f"{int(u() * 180) + 1} {pick(rng, STREETS)}",
        "other_city": pick(rng, CITIES),
    }
