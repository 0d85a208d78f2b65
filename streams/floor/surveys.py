"""Surveys: what customers answered, attributed to their conversation; repeated respondents are set aside."""

from __future__ import annotations

from typing import Any

from streams.floor.incidents import Incidents
from streams.floor.observations import Observation
from streams.floor.talks import Talks
from streams.records.facts import Scored

GRADED = ("csat", "nps")
UNSOLVED_BELOW = 0.5


class Surveys:
    """Surveys of one tenant."""

    def __init__(self, incidents: Incidents) -> None:
        self._incidents = incidents

    def judge(self, fact: Scored, talks: Talks) -> list[Observation]:
        """What a score says about its conversation, or about its own place where it has none."""
        if fact.metric not in GRADED and fact.metric != "resolution":
            return []
        ended = talks.ended.get(fact.conversation or "")
        if ended is not None and (not ended.counts or ended.ai is False):
            return []
        dims = fact.dims if ended is None else ended.dims
        if fact.metric == "resolution":
            return [self._seen("resolution", fact, dims, float(fact.value < UNSOLVED_BELOW), 0)]
        seen = [self._seen(fact.metric, fact, dims, fact.value, 0)]
        if fact.metric == "csat":
            seen.append(self._seen("csat_given_trouble", fact, dims, fact.value, ended.trouble if ended else 0))
        return seen

    def _seen(self, signal: str, fact: Scored, dims: Any, value: float, stratum: int) -> Observation:
        return Observation(signal, fact.time, dims, value, fact.conversation, fact.customer, stratum)

    def tick(self, now: int) -> None:
        """Time passed."""

    def state(self) -> Any:
        """Plain values."""
        return []

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
