"""Duties: agents that must say what they are, and conversations in which they did not.

One conversation proves little: the words may be ones that the check does not know. Several of the agent's
last ones are an incident, until they have left the window.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from streams.floor.incidents import Incidents
from streams.floor.observations import Observation

LAST = 20  # conversations of an agent that are looked at
LEAST = 3  # of them in which it was silent
AGENTS = 256  # of one tenant that are kept apart: agents with this duty stand in a registry
DETECTOR = "duty/1"


class Duties:
    """The disclosing agents of one tenant."""

    def __init__(self, incidents: Incidents) -> None:
        self._incidents = incidents
        self._last: dict[str, deque[bool]] = {}

    def note(self, seen: Observation) -> None:
        """One ended conversation of an agent with the duty; a value of 1: it did not say what it is."""
        agent, silent = seen.dims.agent or "", seen.value > 0.0
        if agent not in self._last and len(self._last) >= AGENTS:
            return
        last = self._last.setdefault(agent, deque(maxlen=LAST))
        last.append(silent)
        incident = self._incidents.find("disclosure", {"agent": agent})
        ours = incident is not None and incident.detector == DETECTOR
        if incident is None and silent and sum(last) >= LEAST:
            incident = self._incidents.start(
                "disclosure", "silent", {"agent": agent}, since=seen.time, opened=seen.time,
                touched=seen.time, detector=DETECTOR, observed=sum(last) / len(last), expected=0.0,
                unit="per conversation", evidence={"undisclosed": sum(last), "of": len(last)},
            )  # fmt: skip
            if incident is not None:
                self._incidents.touch(incident, seen.time, seen.conversation)
                self._incidents.tell_open(incident)
        elif incident is not None and ours and silent:
            self._incidents.touch(incident, seen.time, seen.conversation)
        elif incident is not None and ours and not any(last):
            self._incidents.resolve(incident, seen.time, "it says what it is again")

    def state(self) -> Any:
        """Plain values."""
        return {agent: list(last) for agent, last in self._last.items()}

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._last = {agent: deque(last, maxlen=LAST) for agent, last in state.items()}
