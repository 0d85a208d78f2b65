"""What a receiver is told next about an alert, and why, or why nothing.

A function of what it was told last and of how things stand now: whatever was missed in between, by an outage
or a crash, comes to the same. Only an opening and an end are never left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal, TypeAlias

from msgspec import Struct

from streams.notify.book import Incident, order
from streams.notify.delivered import Row
from streams.notify.notices import Step
from streams.records.alerts import RANK, Alert

Reason: TypeAlias = Literal[
    "first",  # it was never told, or was over and is open again
    "more severe",  # than it was told
    "confirmed",  # what was said at once has proved right
    "acknowledged",  # somebody took it on, or no longer has it
    "changed",  # more is known
    "over",
    "repeat",  # of what was told to be over
    "unchanged",
    "withdrawn",  # said too soon and taken back before it was told
    "unheard",  # over, and how it was is no longer on the topic
    "muted",  # a silence means it
    "in hand",  # changed, and somebody has taken it on
    "too soon",  # changed, and the last update is not long ago
]


class Unit(Struct, frozen=True):
    """What is told as one: an alert, or a group. incidents: the one it is named by first.

    muted: whether silences mean all of what is open in it; or held for one that is over. acks: ids of the
    acknowledgements that hold.
    """

    incidents: Sequence[Incident]
    muted: bool = False
    acks: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing of it is open."""
        return all(one.end is not None for one in self.incidents)

    @property
    def open(self) -> list[Alert]:
        """What is open in it."""
        return [one.last for one in self.incidents if one.end is None]

    @property
    def alert(self) -> Alert:
        """The alert that stands for it."""
        return next(iter(self.open), self.incidents[0].last)

    @property
    def severity(self) -> int:
        """Rank of the most severe that is open in it."""
        return max(RANK[alert.severity] for alert in self.open or [self.alert])

    @property
    def digest(self) -> str:
        """Of all that could be told about it."""
        text = repr([(one.id, order(one.last), self.acks) for one in self.incidents])
        return blake2b(text.encode(), digest_size=8).hexdigest()


class Decision(Struct, frozen=True):
    """step: what to tell; None: nothing. due: when what is too soon may be told, seconds since 1970."""

    step: Step | None
    reason: Reason
    due: float = 0.0

    @property
    def loud(self) -> bool:
        """Whether it deserves attention of its own."""
        return self.reason in ("first", "more severe", "over")


def decide(row: Row | None, unit: Unit, now: float, updates_s: float) -> Decision:
    """row: what the receiver was told last. now: seconds since 1970."""
    if row is None or row.over:
        return _unheard(row, unit)
    if unit.over:
        return Decision("resolve", "over")
    if unit.muted:
        return Decision(None, "muted")
    return _heard(row, unit, now, updates_s)


def _unheard(row: Row | None, unit: Unit) -> Decision:
    first = unit.incidents[0]
    standing = first.standing
    if row is not None and (standing is None or order(standing) <= row.order):
        return Decision(None, "repeat")
    if standing is None:
        return Decision(None, "unheard")
    if unit.over and first.withdrawn:
        return Decision(None, "withdrawn")
    return Decision(None, "muted") if unit.muted else Decision("open", "first")


def _heard(row: Row, unit: Unit, now: float, updates_s: float) -> Decision:
    if unit.severity > row.severity:
        return Decision("update", "more severe")
    if row.order[0] == 0 and order(unit.alert)[0] == 1:
        return Decision("update", "confirmed")
    if row.acked != acked(unit):
        return Decision("update", "acknowledged")
    if row.digest == unit.digest:
        return Decision(None, "unchanged")
    if unit.acks:
        return Decision(None, "in hand")
    due = row.at + updates_s
    return Decision("update", "changed") if now >= due else Decision(None, "too soon", due)


def acked(unit: Unit) -> str:
    """What a row remembers of the acknowledgements."""
    return " ".join(unit.acks)
