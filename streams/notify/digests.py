"""Digests: what does not page, told together on round times."""

from __future__ import annotations

from collections.abc import Callable

from streams.notify.book import Book, Incident, order
from streams.notify.decide import Unit, acked, decide
from streams.notify.delivered import Delivered, Row
from streams.notify.jobs import Fact, Job
from streams.notify.notices import Summary, message_id
from streams.notify.post import DIGEST, Post
from streams.records.alerts import RANK, Alert

DIGEST_MOST = 200  # alerts in one message: more than anybody reads; others follow in the next


def digest(
    name: str, post: Post, book: Book, delivered: Delivered, unit_of: Callable[[Incident], Unit], now: float
) -> Job | None:
    """The message of what was collected for a receiver; None where nothing of it is left to tell."""
    told: list[tuple[Alert, Row]] = []
    for key in list(post.collected)[:DIGEST_MOST]:
        del post.collected[key]
        incident = book.find(key)
        if incident is None:
            continue
        unit = unit_of(incident)
        if decide(delivered.find(name, key), unit, now, 0.0).step in ("open", "resolve"):
            told.append((incident.last, _row(name, incident, unit, now)))
    return _job(name, told) if told else None


def _row(name: str, incident: Incident, unit: Unit, now: float) -> Row:
    return Row(
        receiver=name, id=incident.id, order=order(incident.last), over=unit.over, at=now,
        severity=unit.severity, digest=unit.digest, acked=acked(unit),
    )  # fmt: skip


def _job(name: str, told: list[tuple[Alert, Row]]) -> Job:
    told = sorted(told, key=lambda one: (-RANK[one[0].severity], one[0].opened_at, one[0].id))
    rows = tuple(row for _, row in told)
    summary = Summary(
        opened=tuple(alert for alert, row in told if not row.over),
        ended=tuple(alert for alert, row in told if row.over),
        message=message_id(name, DIGEST, *(f"{row.id}{row.digest}" for row in rows)),
    )  # fmt: skip
    return Job(
        receiver=name, key=DIGEST, rank=RANK["ticket"], notice=summary, rows=rows,
        over=tuple(row.id for row in rows if row.over),
        facts=(Fact("digest", {"receiver": name, "alerts": [row.id for row in rows]}),),
    )  # fmt: skip
