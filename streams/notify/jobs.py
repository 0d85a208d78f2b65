"""Jobs: what is to be done for a receiver, and what is written about it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from streams.notify.delivered import Row
from streams.notify.notices import Notice, Summary


class Fact(Struct, frozen=True):
    """One entry for the audit log: what happened, and its particulars."""

    what: str
    body: Mapping[str, object]


class Job(Struct, frozen=True, kw_only=True):
    """One thing to do for a receiver. notice: to tell; None: only write the rows and facts.

    key: in its line. rows: to be written once it is told. over: nothing is left to tell of these.
    """

    receiver: str
    key: str
    rank: int
    notice: Notice | Summary | None = None
    rows: tuple[Row, ...] = ()
    facts: tuple[Fact, ...] = ()
    over: tuple[str, ...] = ()

    def lost(self, what: str, why: str) -> Fact:
        """For the record: that what it tells will not be told."""
        keys = [row.id for row in self.rows]
        return Fact(what, {"receiver": self.receiver, "alerts": keys, "why": why[:200]})


def said(notice: Notice, receiver: str) -> Fact:
    """For the record: that a receiver was told."""
    alert = notice.alert
    body = {
        "receiver": receiver, "alert": notice.key, "step": notice.step, "severity": alert.severity,
        "kind": alert.kind, "at": alert.at, "confirmed": alert.confirmed,
        "others": [other.id for other in notice.others],
    }  # fmt: skip
    return Fact("told", body)
