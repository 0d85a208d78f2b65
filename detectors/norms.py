"""Norms: what each agent usually does with its tools: which actions, and how much money a call moves.

An action is out of the norm where the agent has made many calls and hardly ever this one, or moved no amount
near this one. By itself that is a novelty, no fault: it counts after an attack.
"""

from __future__ import annotations

from typing import Any

from msgspec import convert, to_builtins

from detectors.structs import Array

LEAST_CALLS = 300  # of an agent, before its habits are known
RARE = 0.001  # share of its calls below which an action is hardly ever used
LEAST_AMOUNTS, FACTOR = 30, 2.0  # amounts known of an action; times the largest of them
AGENTS, ACTIONS = 500, 200  # of a tenant, of an agent; others have no norm


class Habit(Array):
    """One action of one agent. largest: amount in one call."""

    calls: int = 0
    amounts: int = 0
    largest: float = 0.0


class Norms:
    """The agents of one tenant.

    >>> norms = Norms()
    >>> for _ in range(400):
    ...     norms.learn("pine", "Look", None)
    >>> norms.odd("pine", "Look", None), norms.odd("pine", "Export", None)
    (None, 'an action that it hardly ever makes')
    """

    def __init__(self) -> None:
        self._agents: dict[str, dict[str, Habit]] = {}
        self._calls: dict[str, int] = {}  # of each agent, all actions

    def odd(self, agent: str, action: str, amount: float | None) -> str | None:
        """Why a call is out of the norm; None where it is not, or the norm is not known."""
        calls = self._calls.get(agent, 0)
        if calls < LEAST_CALLS:
            return None
        habit = self._agents[agent].get(action) or Habit()
        if habit.calls < RARE * calls:
            return "an action that it hardly ever makes"
        if amount is not None and habit.amounts >= LEAST_AMOUNTS and amount > FACTOR * habit.largest:
            return "an amount far above its usual ones"
        return None

    def learn(self, agent: str, action: str, amount: float | None) -> None:
        """A call was made."""
        if agent not in self._agents and len(self._agents) >= AGENTS:
            return
        habits = self._agents.setdefault(agent, {})
        if action not in habits and len(habits) >= ACTIONS:
            return
        habit = habits.setdefault(action, Habit())
        habit.calls += 1
        self._calls[agent] = self._calls.get(agent, 0) + 1
        if amount is not None:
            habit.amounts += 1
            habit.largest = max(habit.largest, amount)

    def state(self) -> Any:
        """Plain values."""
        return [[agent, to_builtins(list(habits.items()))] for agent, habits in self._agents.items()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._agents = {
            agent: {action: convert(habit, Habit) for action, habit in habits} for agent, habits in state
        }
        for agent, habits in self._agents.items():
            self._calls[agent] = sum(habit.calls for habit in habits.values())
