"""Words: one plain sentence and one first step for each kind of trouble, for whoever is woken by it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from streams.records.alerts import SUMMARY_LENGTH, rfc3339

PLACE_LENGTH = 40  # of a name in a sentence; the whole one stands in `scope`
ORDER = ("agent", "version", "model", "queue", "channel", "source", "language", "action", "customer")


class Told(Struct, frozen=True):
    """What the words are made of. n: conversations behind observed and expected, 0 where there are none."""

    kind: str
    signal: str
    state: str
    scope: dict[str, str]
    since: int
    observed: float | None
    expected: float | None
    unit: str
    affected: int
    evidence: dict[str, Any]
    n: int = 0
    interval: tuple[float, float] | None = None


WHAT = {
    "escalation": "Handoffs to people are up",
    "tool_error": "Tool calls fail more often",
    "trouble": "More conversations end in trouble",
    "joint": "More conversations end in trouble, and customers rate them lower",
    "resolution": "Fewer conversations are judged resolved",
    "csat": "Satisfaction scores fell",
    "nps": "Recommendation scores fell",
    "returned": "Customers come back soon after a finished conversation",
    "refusal": "The AI declines more often",
    "latency_up": "Answers take longer",
    "length_up": "Answers became longer",
    "length_down": "Answers became shorter",
    "sentiment_down": "Customers sound unhappier",
    "objection": "Customers contradict the AI more often",
    "repeat": "Customers ask the same again more often",
    "unsupported": "Answers go beyond what the AI was given",
    "commitment": "The AI promises what nothing it was given speaks of",
    "doubtful_leak": "More answers hold personal data of doubtful origin",
    "evasion": "The AI evades when asked whether it is one",
    "returned_same": "Customers come back with what counted as settled",
    "gave_up": "More customers leave unhelped",
    "language": "The AI answers in another language than the customer's",
    "style_up": "Answers are unlike the usual ones",
    "volume_high": "Far more traffic than usual for the time",
    "volume_low": "Far less traffic than usual for the time",
    "silence": "A source that should speak is silent",
    "survey_reuse": "Surveys look made, not meant",
    "action": "An action was used that is not allowed",
    "data": "A class of data was touched that is not allowed",
    "amount": "An amount above the limit was moved",
    "subject": "The record of another customer was touched",
    "tenant": "Events of a tenant that nobody registered",
    "source": "Events from a source that nobody registered",
    "agent": "An agent that nobody registered serves customers",
    "version": "A version that nobody registered serves customers",
    "leak": "The AI gave out personal data that this customer had not supplied",
    "canary": "A planted string of the AI's secret documents stands in an answer",
    "recital": "The AI recited its secret instructions",
    "answer_objected": "A new answer spreads, and customers object to it",
    "answer_handed_off": "A new answer spreads, and its conversations are handed to people",
    "answer_unsolved": "A new answer spreads, and its conversations end unsolved",
    "answer_low": "A new answer spreads, and its conversations get low scores",
    "answer_returned": "A new answer spreads, and customers come back with the same",
    "split": "An amount above the limit was moved in several parts below it",
    "tool": "An AI no longer calls a tool that it used to call",
    "sweep": "One conversation touched the records of unusually many people",
    "sweep_customer": "One customer's conversations touched the records of unusually many people",
    "reads_more": "An agent touches more people's records in its conversations than it used to",
    "moves_more": "An agent moves more money in its conversations than it used to",
    "tool_fails": "A tool fails as it did not use to",
    "tool_slow": "A tool takes far longer than it used to",
    "tool_writes": "A tool now writes that used to read",
    "tool_moves": "A tool now moves money as it did not use to",
    "tool_others": "A tool now touches other people's records than the customer's",
    "tool_alike": "A tool moves equal amounts for different people as it did not use to",
    "tool_data": "A tool now touches a class of data that it did not use to",
    "campaign": "Several customers try to steer the AI",
    "actor": "One customer tries to steer the AI again and again",
    "worked": "The AI was attacked, and did what it must not do",
    "denied": "An AI said that it is none when a customer asked",
    "silent": "An AI does not say that it is one, as it must",
    "model": "A model that nobody registered serves customers",
}
ACTION = {
    "escalation_rate": "Read three of the handed-off conversations; compare with what changed at that time.",
    "satisfaction": "Read three of the conversations; check tools and answers of this segment since then.",
    "sentiment": "Read three of the conversations since then.",
    "response_drift": "Compare answers before and after; check for a new prompt, model or slow back end.",
    "containment": "Read what the returning customers ask again; the first answer probably did not help.",
    "groundedness": "Read the answers named here beside their passages; check retrieval and prompt.",
    "volume": "Check campaigns, outages and routing; see whether the AI keeps up.",
    "silence": "Check the integration: its connection, credentials and last deployment.",
    "boundary": "Stop or restrict the agent if this is not intended; read the conversations named here.",
    "disclosure": "Read the conversations named here; correct the instructions of this agent.",
    "replication": "Read the conversations named here; correct the answer at its source.",
    "injection": "Read the conversations named here; block who sends them, and check what the AI did after.",
    "leakage": "Read the conversations named here; stop the agent until you know where the data came from.",
    "shadow_ai": "Find out who deployed it; stop it, or add it to the registry.",
    "feedback_integrity": "Leave these surveys out of reports and training; find out how the links spread.",
    "pipeline": "See the limits in the configuration and what fills them.",
}


def summary(told: Told) -> str:
    """What, where, how much, since when, in at most 200 characters."""
    what = WHAT.get(told.signal, told.signal)
    if told.kind == "pipeline":
        what = f"The limit {told.signal} of this monitor was reached"
    parts = [what, _where(told.scope), _how_much(told), f"since {clock(told.since)}"]
    if told.state == "resolved":
        parts.append("over now")
    text = ", ".join(part for part in parts if part)
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1] + "…"


def action(told: Told) -> str:
    """The first thing to check or do."""
    if told.kind in ("escalation_rate", "satisfaction", "response_drift") and "version" in told.scope:
        return "This version is new: compare it with the one before, and roll back if it is worse."
    return ACTION.get(told.kind, "Look at the evidence.")


def _where(scope: dict[str, str]) -> str:
    named = [f"{name} {short(scope[name])}" for name in ORDER if name in scope]
    return "in " + " ".join([f"tenant {short(scope['tenant'])}", *named])


def short(name: str | list[str]) -> str:
    """A name in a sentence: one printable line of bounded length."""
    text = name if isinstance(name, str) else ", ".join(name)
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= PLACE_LENGTH else clean[: PLACE_LENGTH - 1] + "…"


def _how_much(told: Told) -> str:
    if told.observed is None or told.expected is None:
        count = told.affected if told.observed is None else int(told.observed)
        unit = told.unit.removesuffix("s") if count == 1 else told.unit
        return f"{count} {unit}" if count else ""
    if told.unit == "per conversation" and max(told.observed, told.expected) <= 1.0:
        return f"{told.observed:.0%} instead of {told.expected:.0%}"
    if told.unit == "ms":
        return f"{told.observed / 1000:.1f} s instead of {told.expected / 1000:.1f} s"
    return f"{told.observed:.3g} {told.unit} instead of {told.expected:.3g}"


def clock(micros: int) -> str:
    """
    >>> clock(1_775_459_138_287_000)
    '2026-04-06 07:05 UTC'
    """
    return rfc3339(micros)[:16].replace("T", " ") + " UTC"
