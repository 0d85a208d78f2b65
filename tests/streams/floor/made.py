"""Made-up facts, and a small simulated shop, for tests of the watch over one tenant.

The shop is open Mon-Fri 08:00-20:00 UTC. Chance is seeded; what goes wrong is an argument.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from math import exp
from random import Random
from typing import Any

import msgspec

from streams.floor.hold import Taken
from streams.floor.watch import Closing, Watch
from streams.records.alerts import Alert
from streams.records.facts import Acted, Dims, Fact, HandedOff, Passed, Said, Scored
from streams.records.order import ACTED, ENDED, HANDED_OFF, SAID, SCORED, STARTED, distinct
from streams.records.registry import Registry
from streams.settings import Settings

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
MONDAY = 1_777_852_800 * SECOND  # 2026-05-04 00:00 UTC
SETTINGS = Settings(slot_s=60)  # a quarter of the closings, for quick tests
OPEN, SHUT = 8, 20  # hours of the shop

PINE = {
    "id": "pine", "versions": ["1.0", "1.1"], "models": ["lm-1"], "actions": ["Look", "Refund"],
    "data": ["order"], "limits": {"Refund": 50}, "subject": "own",
}  # fmt: skip
SHOP = {
    "agents": [PINE, {"id": "cove"}, {"id": "anna", "kind": "human"}],
    "sources": ["web/prod", "polls/prod"],
    "hours": "Mon-Fri 08:00-20:00 UTC",
    "holidays": ["2026-05-21"],
}


def registry(**shop: Any) -> Registry:
    """The shop's registry. shop: what differs; None leaves a key out."""
    entry = {key: value for key, value in {**SHOP, **shop}.items() if value is not None}
    return msgspec.convert({"tenants": {"shop": entry}}, Registry)


def at(day: int, hour: float = 0.0) -> int:
    """Microseconds at an hour of a day; day 0 is a Monday."""
    return MONDAY + day * DAY + round(hour * HOUR)


_ids = iter(range(1 << 60))


def _known(time: int, phase: int, more: dict[str, Any]) -> dict[str, Any]:
    """The fields all facts share; `more` may name dims, and whatever else differs."""
    names = set(Dims.__struct_fields__) & set(more)
    dims = Dims(**{"channel": "chat", "source": "web/prod", **{name: more.pop(name) for name in names}})
    known = {"time": time, "phase": phase, "turn": 0, "tenant": "shop", "dims": dims, "source": dims.source}
    return {**known, "id": f"e{next(_ids)}", **more}


def started(time: int, conversation: str | None = "c", **more: Any) -> Passed:
    return Passed(**_known(time, STARTED, {"conversation": conversation, "step": "started", **more}))


def ended(time: int, conversation: str = "c", resolution: str | None = "resolved", **more: Any) -> Passed:
    own = {"conversation": conversation, "step": "ended", "resolution": resolution}
    return Passed(**_known(time, ENDED, {**own, **more}))


def said(time: int, conversation: str = "c", role: str = "ai", **more: Any) -> Said:
    return Said(**_known(time, SAID, {"conversation": conversation, "role": role, **more}))


def acted(time: int, conversation: str = "c", name: str = "Look", status: str = "ok", **more: Any) -> Acted:
    own = {"conversation": conversation, "call": "k", "name": name, "status": status}
    return Acted(**_known(time, ACTED, {**own, **more}))


def scored(time: int, conversation: str | None = "c", value: float = 1.0, **more: Any) -> Scored:
    own = {"conversation": conversation, "metric": "csat", "value": value, "scope": "survey"}
    return Scored(**_known(time, SCORED, {**own, "rater": "customer", **more}))


def handed_off(time: int, conversation: str = "c", stage: str = "requested", **more: Any) -> HandedOff:
    return HandedOff(**_known(time, HANDED_OFF, {"conversation": conversation, "stage": stage, **more}))


# -- a shop ---


@dataclass(frozen=True)
class Queue:
    """agent serves it with this version; shares of handoffs, of unsolved ends, and weight among queues."""

    agent: str
    handoff: float
    unsolved: float = 0.1
    weight: float = 1.0
    version: str = "1.0"
    words: float = 40.0
    csat: float = 0.85


QUEUES = {
    "orders": Queue("pine", 0.08),
    "returns": Queue("pine", 0.20),
    "advice": Queue("cove", 0.05),
}


def flat(_: float) -> float:
    """Traffic at an hour of the day, as a multiple of the usual."""
    return 1.0


@dataclass(frozen=True)
class Day:
    """What one stretch of a day is like. volume: conversations an hour."""

    volume: float = 36.0
    shape: Callable[[float], float] = flat
    queues: dict[str, Queue] = field(default_factory=lambda: QUEUES)
    begin: float = OPEN
    end: float = SHUT
    prefix: str = ""

    def but(self, queue: str, **more: Any) -> Day:
        """The same, one queue apart."""
        return replace(self, queues={**self.queues, queue: replace(self.queues[queue], **more)})


def traffic(day: int, what: Day | None = None, seed: int = 0) -> Iterator[Fact]:
    """The conversations that begin on a day, about four minutes each."""
    what = what or Day()
    rng, hour = Random(f"{seed}/{day}/{what.begin}"), what.begin
    names = sorted(what.queues)
    while True:
        hour += rng.expovariate(what.volume * what.shape(hour))
        if hour >= what.end - 0.1:
            return
        name = rng.choices(names, [what.queues[n].weight for n in names])[0]
        key = f"{what.prefix}{day}/{hour:.9f}"
        yield from talk(rng, at(day, hour), key, name, what.queues[name])


def talk(rng: Random, time: int, key: str, queue: str, like: Queue, customer: str = "") -> Iterator[Fact]:
    """One conversation of a customer of its own."""
    who: dict[str, Any] = {
        "queue": queue, "agent": like.agent, "version": like.version, "ai": True,
        "customer": customer or f"of {key}",
    }  # fmt: skip
    hands_off, unsolved = rng.random() < like.handoff, rng.random() < like.unsolved
    wait, words = 1500.0 * exp(rng.gauss(0, 0.4)), round(like.words * exp(rng.gauss(0, 0.3)))
    yield started(time, key, id=f"{key}/0", **who)
    yield said(time + 20 * SECOND, key, id=f"{key}/1", words=words, latency_ms=wait, **who)
    status = "error" if rng.random() < 0.05 else "ok"
    yield acted(time + 30 * SECOND, key, id=f"{key}/2", status=status, **who)
    if hands_off:
        yield handed_off(time + 200 * SECOND, key, id=f"{key}/3", **who)
    resolution = "handed_off" if hands_off else "unresolved" if unsolved else "resolved"
    yield ended(time + 240 * SECOND, key, resolution, id=f"{key}/4", **who)
    if rng.random() < 0.25:
        grade = 1.0 if rng.random() < like.csat else 0.25
        survey = {"respondent": hash_of(key), "source": "polls/prod", "queue": queue, "id": f"{key}/5"}
        yield scored(time + 300 * SECOND, key, grade, **survey)


def hash_of(key: str) -> int:
    """A respondent that no other test run calls otherwise."""
    return Random(key).getrandbits(63) + 1


def workdays(days: int) -> list[int]:
    """The first so many open days of the shop, holidays of the registry left out."""
    return [day for day in range(2 * days + 7) if day % 7 < 5 and day != 17][:days]


# -- running ---


class Run:
    """A watch, fed with facts, and what it said."""

    def __init__(self, watch: Watch | None = None, settings: Settings = SETTINGS) -> None:
        self.watch = watch or Watch("shop", settings, registry())
        self.slot_us = settings.slot_s * SECOND
        self.closings: list[Closing] = []
        self.instants: list[Alert] = []
        self.next: int | None = None

    def feed(
        self,
        facts: Iterable[Fact],
        until: int | None = None,
        *,
        late: Iterable[str] = (),
        instants: bool = False,
    ) -> Run:
        """Close every slot with facts or work, up to the last fact or `until`. late: ids of late facts.
        instants: ask for them, slot by slot, in the order given."""
        held: dict[int, list[Fact]] = {}
        behind = frozenset(late)
        for fact in facts:
            held.setdefault(fact.time // self.slot_us, []).append(fact)
        stop = max(held, default=0) + 1 if until is None else until // self.slot_us
        waiting = deque(sorted(held))
        while True:
            first = waiting[0] if waiting else stop
            due = min(first, stop, first if self.next is None else self.watch.next_work(self.next))
            if due >= stop:
                self.next = stop
                return self
            rows = held.get(due, [])
            if rows:
                waiting.popleft()
            for fact in rows if instants else ():
                self.instants += self.watch.instant(fact, due)
            in_time, copies = distinct([fact for fact in rows if fact.id not in behind])
            taken = Taken(distinct([fact for fact in rows if fact.id in behind])[0], in_time, copies)
            self.closings.append(self.watch.close(due, taken))
            self.next = due + 1

    def days(self, days: Iterable[int], what: Day | None = None, seed: int = 0) -> Run:
        """Whole days, to the midnight after the last."""
        wanted = list(days)
        facts = (fact for day in wanted for fact in traffic(day, what, seed))
        return self.feed(facts, until=at(wanted[-1] + 1))

    @property
    def changes(self) -> list[Alert]:
        """All that was said, in order."""
        return [change for closing in self.closings for change in closing.changes]

    def opened(self, *kinds: str) -> list[Alert]:
        """What opened, of these kinds, or of all; `info` left out."""
        return [
            c for c in self.changes
            if c.state == "open" and c.severity != "info" and (not kinds or c.kind in kinds)
        ]  # fmt: skip

    def told(self, incident: Alert) -> list[Alert]:
        """All changes of one incident."""
        return [change for change in self.changes if change.id == incident.id]


QUIET = workdays(10)
"""Two weeks that every tenant in these tests has behind it."""
NEXT = 14
"""The Monday after them."""


@cache
def _quiet_fortnight() -> bytes:
    run = Run().days(QUIET)
    assert not run.opened(), run.opened()
    return run.watch.snapshot()


def warmed(settings: Settings = SETTINGS) -> Run:
    """A run that has two quiet weeks behind it; the next day is Monday, `NEXT`. settings: from there on."""
    watch = Watch("shop", settings, registry())
    watch.restore(_quiet_fortnight())
    run = Run(watch, settings)
    run.next = at(NEXT - 2) // run.slot_us
    return run


def eventful() -> list[Fact]:
    """A day with everything: handoffs, a brigade, violations, a silence, a new version, a customer's rage."""
    rng = Random(1)
    rage = [
        f for i in range(10) for f in talk(rng, at(NEXT, 9 + i / 3), f"r{i}", "orders", Queue("pine", 1), "x")
    ]
    ai: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}
    wrong = [acted(at(NEXT, 9 + i), f"w{i}", name=f"Do{i % 3}", **ai) for i in range(8)]
    polls = [scored(at(NEXT, 13) + i * MINUTE, None, 0.0, respondent=i % 3 + 1) for i in range(30)]
    day = Day(begin=11, end=17).but("orders", handoff=0.5).but("advice", version="2.0", unsolved=0.7)
    return [*traffic(NEXT, Day(end=11)), *traffic(NEXT, day), *rage, *wrong, *polls, *traffic(NEXT + 1)]
