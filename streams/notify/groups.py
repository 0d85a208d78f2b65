"""Groups: the same kind of trouble that opens in several tenants at once is one message, not fifty.

The first is told without waiting for others; those that follow within the window join it, as updates of the
same message. Alerts of one tenant are never joined here: the floor has done that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from streams.records.alerts import Alert
from streams.records.matchers import values

LEADERS = 64  # of one kind that may still be joined; older ones have been by themselves for long


class _Leader(Struct, frozen=True):
    id: str
    opened: float
    tenants: dict[str, None]


class Groups:
    """Of one receiver. window_s: in event time."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._leaders: dict[str, deque[_Leader]] = {}
        self._members: dict[str, dict[str, None]] = {}
        self._leader_of: dict[str, str] = {}

    def leader(self, key: str) -> str:
        """The alert under which this one is told: its own id where it is by itself."""
        return self._leader_of.get(key, key)

    def members(self, leader: str) -> tuple[str, ...]:
        """All that are told under it, itself first."""
        return (leader, *self._members.get(leader, ()))

    def candidates(self, alert: Alert) -> Iterator[str]:
        """Leaders that it could join, nearest first."""
        opened, tenants = _opened(alert), values(alert, "tenant")
        for leader in reversed(self._leaders.get(alert.kind, ())):
            apart = abs(leader.opened - opened)
            if apart <= self._window_s and leader.id != alert.id and not leader.tenants.keys() & set(tenants):
                yield leader.id

    def lead(self, alert: Alert) -> None:
        """It is told by itself, and others may join it. No windows, no groups."""
        if not self._window_s or alert.kind == "pipeline" or not values(alert, "tenant")[0]:
            return
        leaders = self._leaders.setdefault(alert.kind, deque(maxlen=LEADERS))
        if all(leader.id != alert.id for leader in leaders):
            tenants: dict[str, None] = dict.fromkeys(values(alert, "tenant"))
            leaders.append(_Leader(alert.id, _opened(alert), tenants))

    def join(self, alert: Alert, leader: str) -> None:
        """It is told under another one from now on."""
        self.link(alert.id, leader)
        for found in self._leaders.get(alert.kind, ()):
            if found.id == leader:
                found.tenants.update(dict.fromkeys(values(alert, "tenant")))

    def link(self, key: str, leader: str) -> None:
        """The same, as it was remembered."""
        self._leader_of[key] = leader
        self._members.setdefault(leader, {})[key] = None

    def dissolve(self, leader: str) -> None:
        """All of it is over."""
        for key in self._members.pop(leader, {}):
            self._leader_of.pop(key, None)
        for leaders in self._leaders.values():
            for found in [one for one in leaders if one.id == leader]:
                leaders.remove(found)


def _opened(alert: Alert) -> float:
    return datetime.fromisoformat(alert.opened_at).timestamp()
