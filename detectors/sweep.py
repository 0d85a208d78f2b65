"""Sweep: one conversation, or one customer within a day, that touches the records of abnormally many people.

How many are usual is learnt per agent, from its ended conversations: most touch one record, a back office
many. An alarm needs five, and twice what one conversation in a hundred reaches.
"""

from __future__ import annotations

from typing import Any

LEAST = 5  # people
FACTOR = 2  # times the usual
TOP = 0.01  # share of conversations that reach what is usual
KNOWN = 50  # conversations of an agent with records, before its habits are known
WIDEST = 32  # records of one conversation or customer that are told apart
MOST = 20_000  # conversations or customers known at once
AGENTS = 500


class Sweep:
    """Records touched, by whoever touches them (`who`: a conversation, a customer).

    >>> sweep = Sweep()
    >>> for i in range(60):
    ...     _ = sweep.touch("pine", f"c{i}", "ada"), sweep.end("pine", f"c{i}")
    >>> [sweep.touch("pine", "c", f"u{i}") for i in range(6)]
    [0, 0, 0, 0, 5, 6]
    """

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, None]] = {}
        self._habits: dict[str, list[int]] = {}  # agent -> conversations by number of records, 0 unused

    def touch(self, agent: str, who: str, record: str) -> int:
        """A record is touched. Returns how many were, where that is abnormal and this one is new; else 0."""
        seen = self._seen.pop(who, {})
        self._seen[who] = seen  # at the end: in the order last heard
        if len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]
        if record in seen or len(seen) >= WIDEST:
            return 0
        seen[record] = None
        if len(seen) < LEAST:
            return 0
        usual = self._usual(agent)
        return len(seen) if usual is not None and len(seen) >= FACTOR * usual else 0

    def is_wide(self, who: str) -> bool:
        """Whether somebody touched more records than are told apart."""
        return len(self._seen.get(who, ())) >= WIDEST

    def _usual(self, agent: str) -> int | None:
        """The number of records that one conversation in a hundred reaches; None while not known."""
        habit = self._habits.get(agent)
        known = sum(habit) if habit else 0
        if habit is None or known < KNOWN:
            return None
        reached = 0
        for records in range(WIDEST, 0, -1):
            reached += habit[records]
            if reached > TOP * known:
                return records
        return 1

    def end(self, agent: str, who: str) -> int:
        """It is over: learn how many it touched, if not abnormally many. Returns how many."""
        seen = self._seen.pop(who, None)
        if not seen or (agent not in self._habits and len(self._habits) >= AGENTS):
            return 0
        usual = self._usual(agent)
        if usual is None or len(seen) < max(LEAST, FACTOR * usual):
            self._habits.setdefault(agent, [0] * (WIDEST + 1))[len(seen)] += 1
        return len(seen)

    def state(self) -> Any:
        """Plain values."""
        seen = [[who, list(records)] for who, records in self._seen.items()]
        return [seen, [[agent, list(habit)] for agent, habit in self._habits.items()]]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        seen, habits = state
        self._seen = {who: dict.fromkeys(records) for who, records in seen}
        self._habits = {agent: list(habit) for agent, habit in habits}
