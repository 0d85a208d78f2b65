"""Totals: what an agent does over all its conversations, each a part of a limit: money moved, records read.

No single conversation or customer need stand out: a little more in each of many is noticed against the
agent's own usual conversation (`detectors.shift`). Only conversations that are over count.
"""

from __future__ import annotations

from typing import Any

from detectors.codec import dump_rows, load_rows
from detectors.shift import Share

MOST = 20_000  # conversations known at once, 0.1 KB each
AGENTS, ACTIONS = 500, 50  # of a tenant, of an agent; others are not watched


class Totals:
    """The agents of one tenant.

    >>> totals = Totals()
    >>> for i in range(300):
    ...     totals.add("pine", "Refund", f"c{i}", 0.1)
    ...     assert not totals.end("pine", f"c{i}")
    >>> alarms = []
    >>> for i in range(60):
    ...     totals.add("pine", "Refund", f"d{i}", 0.8)
    ...     alarms += totals.end("pine", f"d{i}")
    >>> alarms
    ['Refund']
    """

    def __init__(self) -> None:
        self._agents: dict[str, dict[str, Share]] = {}
        self._parts: dict[str, dict[str, float]] = {}

    def add(self, agent: str, what: str, conversation: str, part: float) -> None:
        """So much more in this conversation. part: of a limit."""
        if agent not in self._agents and len(self._agents) >= AGENTS:
            return
        shares = self._agents.setdefault(agent, {})
        if what not in shares:
            if len(shares) >= ACTIONS:
                return
            shares[what] = Share()
        parts = self._parts.setdefault(conversation, {})
        parts[what] = parts.get(what, 0.0) + part
        if len(self._parts) > MOST:
            del self._parts[next(iter(self._parts))]

    def end(self, agent: str, conversation: str) -> list[str]:
        """A conversation of this agent is over. Returns of what it does more than it used to."""
        parts = self._parts.pop(conversation, {})
        shares = self._agents.get(agent, {})
        of = {what: min(max(parts.get(what, 0.0), 0.0), 1.0) for what in shares}
        return [what for what, share in shares.items() if share.step(of[what])]

    def state(self) -> Any:
        """Plain values."""
        return [dump_rows(self._agents), [[name, list(parts.items())] for name, parts in self._parts.items()]]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        shares, parts = state
        self._agents = load_rows(shares, Share)
        self._parts = {name: dict(of) for name, of in parts}
        for share in (share for of in self._agents.values() for share in of.values()):
            share.total = max(share.total, 0.0)  # states of earlier versions counted what was given back
