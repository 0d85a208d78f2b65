"""Surveys: what customers answered, attributed to their conversation; what looks made is set aside."""

from __future__ import annotations

from typing import Any

from detectors.base import Verdict
from detectors.integrity import WINDOW_US, Answer, Integrity
from streams.floor.conversations import Conversation, Ended
from streams.floor.gauges import Gauges
from streams.floor.incidents import Incidents
from streams.floor.observations import Observation
from streams.floor.talks import Talks
from streams.records.alerts import rounded
from streams.records.facts import Dims, Scored

GRADED = ("csat", "nps")
UNSOLVED_BELOW = 0.5
LOW, HIGH = 0.1, 0.9  # the ends of the scale
DETECTOR = "integrity/1"


class Surveys:
    """Surveys of one tenant. wanted: whether manipulation is looked for; repeats are set aside anyway."""

    def __init__(self, incidents: Incidents, wanted: bool, gauges: Gauges | None = None) -> None:
        self._incidents, self._wanted, self._gauges = incidents, wanted, gauges
        self._integrity = Integrity()

    def judge(self, fact: Scored, talks: Talks) -> list[Observation]:
        """What a score says about its conversation, or about its own place where it has none."""
        if fact.metric not in GRADED and fact.metric != "resolution":
            return []
        key = fact.conversation or ""
        known = talks.ended.get(key) or talks.open.get(key)
        if fact.rater == "customer":
            answer = _answer(fact, known)
            aside = self._integrity.set_aside(fact.time, fact.respondent) or self._integrity.suspect(answer)
            self._look(answer)
            if self._gauges is not None:
                self._gauges.answer(fact, aside=aside, orphan=answer.orphan)
            if aside:
                return []
        if known is None:
            return _observations(fact, fact.dims, trouble=0)
        counts = known.counts and known.ai is not False
        return _observations(fact, known.dims, known.trouble) if counts else []

    def _look(self, answer: Answer) -> None:
        verdict = self._integrity.score_one(answer)
        self._integrity.learn_one(answer)
        if not verdict.alarm or not self._wanted:
            return
        incident = self._incidents.find("feedback_integrity", {})
        if incident is None:
            self._open(verdict, answer.t)
        else:
            incident.affected += 1
            incident.touched = answer.t
            incident.evidence |= {**dict(verdict.contributions), **self._means()}

    def _open(self, verdict: Verdict, time: int) -> None:
        since = time if verdict.onset is None else verdict.onset
        counts = dict(verdict.contributions)
        incident = self._incidents.start(
            "feedback_integrity", "survey_reuse", {}, since=since, opened=time, touched=time,
            unit="answers that look made", detector=DETECTOR, observed=verdict.observed,
            expected=verdict.expected, evidence={**counts, **self._means()},
            affected=int(verdict.observed or 0.0),
        )  # fmt: skip
        if incident is not None:
            self._incidents.tell_open(incident)

    def _means(self) -> dict[str, Any]:
        """Satisfaction of the window with and without what looks made."""
        means = self._integrity.means()
        return {
            "answers": means.answers,
            "mean_with": means.with_all and rounded(means.with_all),
            "mean_without": means.without and rounded(means.without),
        }

    def tick(self, now: int) -> None:
        """Ends the incident once a whole window holds no answer that looked made."""
        incident = self._incidents.find("feedback_integrity", {})
        if incident is not None and now - incident.touched >= WINDOW_US:
            self._incidents.resolve(incident, now, "surveys look genuine again")

    def state(self) -> Any:
        """Plain values."""
        return self._integrity.state()

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._integrity = Integrity.from_state(state)


def _answer(fact: Scored, known: Conversation | Ended | None) -> Answer:
    """An answer as integrity sees it. A grade against all that its conversation showed is unexplained."""
    trouble = None if known is None else known.trouble
    against = (fact.value <= LOW and trouble == 0) or (fact.value >= HIGH and (trouble or 0) > 1)
    return Answer(
        fact.time,
        fact.respondent,
        orphan=known is None,
        after_s=fact.answered_after_s,
        comment=fact.comment,
        via=fact.via or "",
        value=fact.value if fact.metric == "csat" else None,
        unexplained=trouble is not None and against and fact.metric in GRADED,
    )


def _observations(fact: Scored, dims: Dims, trouble: int) -> list[Observation]:
    def seen(signal: str, value: float, stratum: int = 0) -> Observation:
        return Observation(signal, fact.time, dims, value, fact.conversation, stratum)

    if fact.metric == "resolution":
        return [seen("resolution", float(fact.value < UNSOLVED_BELOW))]
    graded = [seen(fact.metric, fact.value)]
    if fact.metric == "csat":
        graded.append(seen("csat_given_trouble", fact.value, trouble))
    return graded
