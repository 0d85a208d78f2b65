"""What Floorwalker says about itself: alerts of kind `pipeline`, by processing time, outside parity."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Literal

from streams.records.alerts import Alert, Severity, State, rfc3339

DETECTOR = "pipeline/1"
Trouble = Literal[
    "cold_start",  # a log began without its state
    "stuck_origin",  # an origin does not move and holds all others back
    "gap",  # parcels that do not join
    "lost",  # records that no longer existed when they were due
    "rejects",  # most of a topic is no event
    "damaged_snapshot",
    "parked_tenant",
    "limit",
]
ACTIONS: dict[Trouble, str] = {
    "cold_start": "Baselines begin anew. Look for snapshots that were lost; watch for false and missed alerts.",
    "stuck_origin": "See whether a worker reads this partition, and why it does not get on.",
    "gap": "Run floorwalker reread when the log lost records; see which reader is behind.",
    "lost": "Raise the retention of the topic, or the number of workers.",
    "rejects": "Look at floorwalker deadletters, then at the producer of this topic.",
    "damaged_snapshot": "See who writes to the snapshot topic; an older snapshot is in use.",
    "parked_tenant": "Report the fault in the log; the tenant is read again when the worker starts next.",
    "limit": "Raise the limit or give the worker more memory.",
}


def page(
    trouble: Trouble, where: dict[str, str], summary: str, now: int, *,
    severity: Severity = "page", state: State = "open", since: int | None = None, evidence: Any = None, config: str = "",
) -> Alert:  # fmt: skip
    """A pipeline alert. where: what it is about; with the trouble and `since` it makes the id. now, since:
    microseconds."""
    began = now if since is None else since
    name = "\x00".join([trouble, *(f"{key}={value}" for key, value in sorted(where.items())), str(began)])
    return Alert(
        id=blake2b(name.encode(), digest_size=10, person=b"pipeline").hexdigest(),
        state=state, kind="pipeline", severity=severity, scope=dict(where), since=rfc3339(began),
        opened_at=rfc3339(began), at=rfc3339(now), signal=trouble, observed=None, expected=None, interval=None,
        unit="", affected=0, evidence=evidence or {}, summary=summary[:200], action=ACTIONS[trouble],
        detector=DETECTOR, config=config,
    )  # fmt: skip
