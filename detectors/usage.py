"""Usage: what a tool usually does for its agent: the classes of data it touches, whether it writes, moves
money, reads somebody else's record, fails, or takes long. Any of these may become more frequent, or begin.

Of each conversation the first call of a tool counts, and none after one that showed what may be rising:
retries are no evidence. Each trait that a call shows is judged against the tool's own usual share of it
(`detectors.shift`); new ways are learnt afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detectors.codec import dump_rows, load_rows
from detectors.shift import LEAST, MEMORY, Shift
from detectors.structs import Array, Frozen

LEARN_US = 3 * 86400 * 1_000_000  # since its first call, before its ways are known
PLAIN = 3.0  # a trait that one call in so many shows is not watched: no rise of it is news
TRAITS = 48  # told apart of a tool
RECENT = 16  # conversations of a tool whose first call was heard; those with a trait; versions of its agent
AGENTS, ACTIONS = 500, 50  # of a tenant, of an agent; others are not watched
TIMES = 3.0  # a call that takes so many times the usual is slow
STEP = 1.02  # by which the usual latency follows each call

FAILED, SLOW, WRITES, MOVES, OTHERS = "failed", "slow", "writes", "moves money", "another's record"


class Tool(Array):
    """One tool of one agent. since: first call, microseconds; calls: conversations with it, of which `traits`
    counts those that showed each; usual_ms: median latency; versions: of the agent, with the calls before
    their first, the one heard last at the end; shifts: traits that may be rising; recent: conversations, the
    newest last; hit: those that showed a trait of `shifts`, the newest last."""

    since: int
    calls: float = 0.0
    usual_ms: float = 0.0
    traits: dict[str, float] = {}
    versions: dict[str, float] = {}
    shifts: dict[str, Shift] = {}
    recent: list[str] = []
    hit: dict[str, list[str]] = {}


class Changed(Frozen):
    """A trait that became frequent. of: calls since, hits of them; usual: share before; planned: the call is
    among the first `LEAST` of a version that had made none when the tool's ways became known."""

    trait: str
    hits: int
    of: int
    usual: float
    planned: bool


class Usage:
    """The tools of one tenant.

    >>> usage, day = Usage(), 86_400_000_000
    >>> def call(i, day, trait):
    ...     return [one.trait for one in usage.call("pine", "Look", "1", f"c{i}", day, [trait], 90.0)]
    >>> any(call(i, i * day // 40, "order") for i in range(400))
    False
    >>> [call(i, 11 * day, "card") for i in range(400, 404)]
    [[], [], [], ['card']]
    """

    def __init__(self) -> None:
        self._agents: dict[str, dict[str, Tool]] = {}

    def call(
        self, agent: str, action: str, version: str, conversation: str, t: int, traits: Sequence[str],
        latency_ms: float | None,
    ) -> list[Changed]:  # fmt: skip
        """A call was made. traits: in a fixed order. Returns what this one shows to be new."""
        tool = self._tool(agent, action, t)
        if tool is None or conversation in tool.recent:
            return []
        _remember(tool.recent, conversation)
        if any(conversation in shown for shown in tool.hit.values()):
            return []
        if latency_ms is not None and latency_ms > TIMES * tool.usual_ms > 0.0:
            traits = [*traits, SLOW]
        found: list[Changed] = []
        if tool.calls >= LEAST and t - tool.since >= LEARN_US:
            found = _judge(tool, t, conversation, traits, version)
        _learn(tool, traits, version, latency_ms)
        return found

    def _tool(self, agent: str, action: str, t: int) -> Tool | None:
        tools = self._agents.get(agent)
        if tools is None:
            if len(self._agents) >= AGENTS:
                return None
            tools = self._agents[agent] = {}
        tool = tools.get(action)
        if tool is None and len(tools) < ACTIONS:
            tool = tools[action] = Tool(t)
        return tool

    def state(self) -> Any:
        """Plain values."""
        return dump_rows(self._agents)

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._agents = load_rows(state, Tool)


def _remember(kept: list[str], conversation: str) -> None:
    kept.append(conversation)
    if len(kept) > RECENT:
        del kept[0]


def _judge(tool: Tool, t: int, conversation: str, traits: Sequence[str], version: str) -> list[Changed]:
    found: list[Changed] = []
    first = tool.versions.get(version, tool.calls)
    planned = first >= LEAST and tool.calls - first < LEAST
    for trait in dict.fromkeys((*tool.shifts, *traits)):
        shift, total = tool.shifts.get(trait), tool.traits.get(trait, 0.0)
        if shift is None:
            if PLAIN * total > tool.calls or len(tool.shifts) >= TRAITS:
                continue
            shift = tool.shifts[trait] = Shift()
        if shift.score_one(float(trait in traits), tool.calls, total):
            found.append(Changed(trait, round(shift.hits), shift.since, total / tool.calls, planned))
        elif not shift.logs:
            del tool.shifts[trait]
            tool.hit.pop(trait, None)
            continue
        if trait in traits:
            _remember(tool.hit.setdefault(trait, []), conversation)
    if found:  # what it does now is learnt anew
        tool.since, tool.calls, tool.traits, tool.versions = t, 0.0, {}, {}
        tool.shifts, tool.hit = {}, {}
    return found


def _learn(tool: Tool, traits: Sequence[str], version: str, latency_ms: float | None) -> None:
    if tool.shifts and any(shift.suspected for shift in tool.shifts.values()):
        return
    tool.versions[version] = tool.versions.pop(version, tool.calls)
    if len(tool.versions) > RECENT:
        del tool.versions[next(iter(tool.versions))]
    tool.calls += 1.0
    for trait in traits:
        if trait in tool.traits or len(tool.traits) < TRAITS:
            tool.traits[trait] = tool.traits.get(trait, 0.0) + 1.0
    if latency_ms is not None and latency_ms > 0.0:
        usual = tool.usual_ms or latency_ms
        tool.usual_ms = usual * STEP if latency_ms > usual else usual / STEP
    if tool.calls > MEMORY:
        tool.calls /= 2
        tool.traits = {trait: total / 2 for trait, total in tool.traits.items()}
        tool.versions = {known: max(first - tool.calls, 0.0) for known, first in tool.versions.items()}
