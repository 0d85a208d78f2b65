"""Disuse: a tool that its agent used to call in some share of its conversations, and no longer calls.

Where a tool is called in a share p of conversations, n of them without it have a chance of about exp(-np).
Counting conversations instead of hours, it needs no calendar: traffic, nights and outages of a source cancel.
Because topics change with the hour, a gap must also be twice the longest that was ever bridged.
"""

from __future__ import annotations

from typing import Any

from detectors.codec import dump_rows, load_rows
from detectors.structs import Array

ALARM = 12.0  # calls missing, after the margin
MARGIN = 0.5  # of the usual share: what customers want differs from day to day
FACTOR = 2  # times the longest gap that ended
LEAST_CALLS = 50  # conversations with the tool, before its share is known
LEARN_US = 3 * 86400 * 1_000_000  # since its first call
MEMORY = 2_000.0  # conversations that the share is learnt over
AGENTS, ACTIONS = 500, 50  # of a tenant, of an agent; others are not watched


class Tool(Array):
    """One action of one agent. since, heard: first and last call, microseconds; calls: conversations with it,
    of so many; gap: conversations since the last call; longest: that ended; last: the one that called."""

    since: int
    heard: int
    last: str
    calls: float = 1.0
    of: float = 1.0
    gap: int = 0
    longest: int = 0
    missing: bool = False


class Disuse:
    """The tools of one tenant.

    >>> tools, day = Disuse(), 86_400_000_000
    >>> for i in range(200):
    ...     _ = tools.call("pine", "Look", f"c{i}", i * day // 40)
    ...     assert not tools.end("pine", i * day // 40)
    >>> [name for i in range(24) for name, tool in tools.end("pine", 6 * day)]
    ['Look']
    """

    def __init__(self) -> None:
        self._agents: dict[str, dict[str, Tool]] = {}

    def call(self, agent: str, action: str, conversation: str, t: int) -> bool:
        """A call was made. Returns whether the tool was missing until then."""
        if agent not in self._agents and len(self._agents) >= AGENTS:
            return False
        tools = self._agents.setdefault(agent, {})
        if action not in tools:
            if len(tools) < ACTIONS:
                tools[action] = Tool(t, t, conversation)
            return False
        tool = tools[action]
        missing = tool.missing
        if tool.last != conversation:
            _learn(tool, conversation)
        tool.heard, tool.missing = t, False
        return missing

    def end(self, agent: str, t: int) -> list[tuple[str, Tool]]:
        """A conversation of this agent is over. Returns the tools that this one shows to be missing."""
        found = []
        for action, tool in self._agents.get(agent, {}).items():
            tool.gap += 1
            if not tool.missing and _gone(tool, t):
                tool.missing = True
                found.append((action, tool))
        return found

    def state(self) -> Any:
        """Plain values."""
        return dump_rows(self._agents)

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._agents = load_rows(state, Tool)


def expected(tool: Tool) -> float:
    """Calls that would be usual in its gap."""
    return tool.gap * min(tool.calls / tool.of, 1.0)


def _gone(tool: Tool, t: int) -> bool:
    known = tool.calls >= LEAST_CALLS and t - tool.since >= LEARN_US
    return known and MARGIN * expected(tool) >= ALARM and tool.gap >= FACTOR * tool.longest


def _learn(tool: Tool, conversation: str) -> None:
    """Its gap ended; one that was an alarm teaches nothing."""
    if not tool.missing:
        tool.calls, tool.of = tool.calls + 1.0, tool.of + max(tool.gap, 1)
        tool.longest = max(tool.longest, tool.gap)
        if tool.of > MEMORY:
            tool.calls, tool.of = tool.calls / 2, tool.of / 2
    tool.gap, tool.last = 0, conversation
