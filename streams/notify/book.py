"""The book: every alert in hand, as it stands, until all who should hear of it have heard its end.

Changes may come twice and in pieces: a floor that was killed repeats itself. What is not newer than what is
known is passed over, by an order that needs nothing but the changes themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from streams.records.alerts import Alert, State

Order: TypeAlias = tuple[int, str, int]
Place: TypeAlias = tuple[int, int]
"""Partition and offset in the topic of alerts."""

_STATES: dict[State, int] = {"open": 0, "updated": 1, "resolved": 2}


def order(change: Alert) -> Order:
    """Later changes of one alert have greater ones.

    What was said at once, before its slot closed, comes before everything else, whatever its time: an event
    that arrived later may have come first.
    """
    provisional = not change.confirmed and change.state != "resolved"
    return (0 if provisional else 1, change.at, _STATES[change.state])


class Incident(Struct):
    """One alert. standing: its last change that does not end it; None: that was never heard. end: that which
    does. place: from where on the topic would tell all of this again. waiting: receivers that have not heard
    all of it. muted_by: the silence that was last found to hold it back, for the record.
    """

    id: str
    place: Place
    standing: Alert | None = None
    end: Alert | None = None
    waiting: dict[str, None] = {}
    muted_by: str = ""

    @property
    def last(self) -> Alert:
        """The alert as it is now."""
        found = self.end or self.standing
        assert found is not None  # noqa: S101 - it is made of a change
        return found

    @property
    def withdrawn(self) -> bool:
        """Whether it was said too soon, and taken back."""
        return self.end is not None and not self.end.confirmed


class Book:
    """Incidents by id. most: how many; when it is full whoever keeps it decides whom to give up."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._incidents: dict[str, Incident] = {}
        self.dropped = 0
        """How many were given up at the bound."""
        self._given_up: list[str] = []

    def __len__(self) -> int:
        return len(self._incidents)

    def __iter__(self) -> Iterator[Incident]:
        return iter(self._incidents.values())

    @property
    def full(self) -> bool:
        """Whether there is no room for one more."""
        return len(self._incidents) >= self._most

    def find(self, key: str) -> Incident | None:
        """None: not in hand."""
        return self._incidents.get(key)

    def take(self, change: Alert, place: Place) -> Incident | None:
        """What the change makes of its alert; None where it is nothing new."""
        known = self._incidents.get(change.id)
        if known is None:
            known = self._incidents[change.id] = Incident(change.id, place)
        elif order(change) <= order(known.last):
            return None
        if change.state == "resolved":
            known.end = change
            known.place = known.place if known.standing is not None else place
        else:
            known.standing, known.end, known.place = change, None, place
        return known

    def drop(self, key: str) -> None:
        """Nothing is left to tell about it."""
        self._incidents.pop(key, None)

    def give_up(self, key: str) -> None:
        """Nobody will hear more of it than it has heard."""
        self.drop(key)
        self.dropped += 1
        self._given_up.append(key)

    def given_up(self) -> list[str]:
        """Ids since this was last asked."""
        found, self._given_up = self._given_up, []
        return found

    def position(self, partition: int, end: int) -> int:
        """From where a restart must read the topic. end: the next offset."""
        offsets = [one.place[1] for one in self._incidents.values() if one.place[0] == partition]
        return min(offsets, default=end)
