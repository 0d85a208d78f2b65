"""Alerts and desks for tests of delivery. Time is event time and wall time at once: seconds since `BEGIN`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from streams.delivery import Notify
from streams.notify.desk import Desk
from streams.notify.jobs import Job
from streams.notify.notices import Answer, Notice, Told
from streams.records.alerts import Alert, State, rfc3339
from streams.records.mutes import Ack, Silence

BEGIN = 1_790_000_000


def at(seconds: float) -> str:
    return rfc3339(round((BEGIN + seconds) * 1e6))


def micros(seconds: float) -> int:
    return round((BEGIN + seconds) * 1e6)


def alert(key: str = "a", state: State = "open", when: float = 0.0, **more: Any) -> Alert:
    opened = at(more.pop("opened", 0.0))
    tenant = more.pop("tenant", "acme")
    found: dict[str, Any] = {
        "id": key, "state": state, "kind": "escalation_rate", "severity": "page",
        "scope": {"tenant": tenant, "queue": "billing"}, "since": opened, "opened_at": opened, "at": at(when),
        "signal": "escalation", "observed": 0.4, "expected": 0.1, "interval": (0.05, 0.15),
        "unit": "per conversation", "affected": 12, "evidence": {}, "summary": "Handoffs to people are up",
        "action": "Look at what the agent says.", "detector": "rate/1", "config": "c",
    }  # fmt: skip
    return Alert(**(found | more))


def silence(key: str = "s", since: float = 0.0, until: float = 100.0, *matchers: str) -> Silence:
    return Silence(
        id=key, matchers=matchers or ("tenant=acme",), since=micros(since), until=micros(until),
        author="ada", reason="known",
    )  # fmt: skip


def ack(of: str = "a", until: float = 1000.0) -> Ack:
    return Ack(id=f"ack-{of}", of=of, until=micros(until), author="ada")


def notify(receivers: dict[str, Any] | None = None, **more: Any) -> Notify:
    given = receivers or {"pager": {"type": "log"}}
    return msgspec.convert({"receivers": given} | more, Notify)


class Told1:
    """A desk whose receivers answer at once, and what they were told."""

    def __init__(self, settings: Notify | None = None, chance: float = 0.5) -> None:
        self.settings = settings or notify()
        self.desk = Desk(self.settings, 15.0, lambda: chance)
        self.offset = 0
        self.rows: list[Any] = []
        self.facts: list[Any] = []

    def take(self, *changes: Alert, now: float = 0.0) -> None:
        for change in changes:
            self.desk.take(change, (0, self.offset), BEGIN + now)
            self.offset += 1

    def told(self, name: str = "pager", now: float = 0.0, answer: Answer | None = None) -> list[Any]:
        """Everything that this receiver is told now."""
        said: list[Any] = []
        while (job := self.desk.next(name, BEGIN + now)) is not None:
            if job.notice is not None:
                said.append(job.notice)
            self.settle(job, answer or Told(), now)
            assert len(said) < 1000, "it never ends"
        return said

    def settle(self, job: Job, answer: Answer, now: float = 0.0) -> None:
        if job.notice is None:
            self.rows += job.rows
            self.facts += job.facts
            for row in job.rows:
                self.desk.delivered.put(row)
            self.desk.settled(job, reached=False)
            return
        found = self.desk.answered(job, answer, BEGIN + now)
        if found is not None:
            self.rows += found[0]
            self.facts += found[1]
            self.desk.settled(job)


def steps(notices: Sequence[Notice]) -> list[tuple[str, str]]:
    return [(notice.key, notice.step) for notice in notices]
