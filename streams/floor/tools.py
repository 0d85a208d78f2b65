"""Tools: an integration gone quiet: an agent goes on talking, and no longer calls a tool that it used to.

Told as a `silence` of this action, a ticket (a new version may do without it), until it is called again or a
day of opening time has passed: then it is taken for what is usual now.
"""

from __future__ import annotations

from typing import Any

from detectors.calendar import Calendar
from detectors.disuse import Disuse, Tool, expected
from streams.floor.conversations import Conversation
from streams.floor.incidents import Incidents
from streams.records.facts import Acted

DETECTOR = "disuse/1"
QUIET_S = 24 * 3600  # opening time


class Tools:
    """The tools of one tenant's AI agents."""

    def __init__(self, incidents: Incidents, wanted: bool) -> None:
        self._incidents, self._wanted = incidents, wanted
        self._disuse = Disuse()

    def act(self, fact: Acted) -> None:
        """One action, its slot being closed; that it fails is another signal's matter."""
        agent = fact.dims.agent
        if not self._wanted or agent is None or not fact.ai or fact.conversation is None:
            return
        if self._disuse.call(agent, fact.name, fact.conversation, fact.time):
            incident = self._incidents.find("silence", {"agent": agent, "action": fact.name})
            if incident is not None:
                self._incidents.resolve(incident, fact.time, "it is called again")

    def over(self, conversation: Conversation, now: int) -> None:
        """A conversation ended."""
        agent = conversation.dims.agent
        if self._wanted and agent is not None:
            for action, tool in self._disuse.end(agent, now):
                self._tell(agent, action, tool, now)

    def _tell(self, agent: str, action: str, tool: Tool, now: int) -> None:
        incident = self._incidents.start(
            "silence", "tool", {"agent": agent, "action": action}, since=tool.heard, opened=now, touched=now,
            severity="ticket", unit="calls", detector=DETECTOR, observed=0.0, expected=expected(tool),
            evidence={"conversations": tool.gap},
        )  # fmt: skip
        if incident is not None:
            self._incidents.tell_open(incident)

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what went on for so long that it is usual now."""
        self._incidents.end_quiet(DETECTOR, now, QUIET_S, calendar, "it is not used any more")

    def state(self) -> Any:
        """Plain values."""
        return self._disuse.state()

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._disuse.restore(state)
