"""Room: whom the book gives up where more alerts are in hand than it may hold.

Never first what a receiver holds to be open: its end is owed. Then the least severe; of those what is over
already, which nobody can act on any more; then the oldest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nsmallest

from streams.notify.book import Incident
from streams.records.alerts import RANK

SHARE = 100  # of the bound is made room for at once: looking through all of them has its price


def to_give_up(incidents: Iterable[Incident], bound: int, owed: Callable[[str], bool]) -> list[str]:
    """Ids to give up. incidents: in the order in which they were first heard of. owed: whether a receiver
    holds an alert to be open."""

    def worth(incident: Incident) -> tuple[bool, int, bool]:
        return owed(incident.id), RANK[incident.last.severity], incident.end is None

    return [one.id for one in nsmallest(max(1, bound // SHARE), incidents, key=worth)]
