"""Explanation: a few plain sentences for whoever is woken: how much, where, what changed, how sure, how fast.

Made of an incident's own figures, so it says no more than they do; bounded, one line, names made printable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streams.floor.words import Told, clock, short

LENGTH = 800  # of all sentences together: what is read in half a minute
CARRIES = 0.6  # of the excess, for a value to be worth a sentence
CHANGES = 2  # named; the others stand in the evidence
MIX = "mix"  # the feature without a direction
RECENT_MIN = 1440  # before the onset; what is older is rarely the cause

COUNTED = {
    "escalation": "were handed to a person",
    "tool_error": "had a failed tool call",
    "resolution": "were judged unsolved",
    "returned": "came from customers who had just been served",
    "refusal": "had the AI decline",
    "objection": "had a customer who contradicted the AI",
    "repeat": "had a customer who asked the same again",
    "commitment": "had a promise that nothing the AI was given speaks of",
    "doubtful_leak": "had personal data of doubtful origin in an answer",
    "evasion": "had the AI evade when asked whether it is one",
    "silent": "had an AI that did not say that it is one",
    "returned_same": "came from customers with what had counted as settled",
    "gave_up": "lost their customer unhelped",
    "language": "had answers in another language than the customer's",
}
MEASURED = {
    "trouble": "signs of trouble (unsolved, failed call, objection) per conversation",
    "joint": "signs of trouble (unsolved, failed call, objection) per conversation",
    "csat": "the satisfaction score, of 1",
    "nps": "the recommendation score, of 1",
    "latency_up": "the wait for an answer",
    "length_up": "the length of an answer",
    "length_down": "the length of an answer",
    "sentiment_down": "customers' mood, from -1 to 1,",
    "unsupported": "how far answers go beyond what the AI was given, from 0 to 1,",
    "style_up": "the distance of answers from the usual ones",
}
NEWS = {
    "version": "version {value} of {agent} first answered",
    "model": "model {value} of {agent} first answered",
    "agent": "agent {value} was first seen",
    "source": "source {value} was first seen",
    "queue": "queue {value} was first seen",
    "channel": "channel {value} was first seen",
    "language": "language {value} was first seen",
    "registry": "the registry changed ({value})",
    "silence": "source {value} fell silent",
}


def explanation(told: Told) -> str:
    """Plain sentences, at most 800 characters."""
    sentences = [one[:1].upper() + one[1:] + "." for one in _sentences(told)]
    text = " ".join(sentences)
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"


def _sentences(told: Told) -> Iterator[str]:
    yield from _how_much(told)
    yield from _carriers(told.evidence.get("by", ()))
    if len(moved := told.evidence.get("moved", ())) > 1:
        yield "what moved: " + ", ".join(_feature(one) for one in moved)
    if told.evidence.get("suspects") and told.evidence.get("mean_without") is not None:
        means = (told.evidence["mean_with"], told.evidence["mean_without"])
        yield "satisfaction is {:.2f} with these answers and {:.2f} without".format(*means)
    recent = [row for row in told.evidence.get("changed", ()) if row["minutes_before"] <= RECENT_MIN]
    yield from map(_change, recent[:CHANGES])
    if told.state != "resolved" and "again" in told.evidence:
        yield f"the same was there before, until {told.evidence['again']['ended'][:16].replace('T', ' ')} UTC"
    if told.state != "resolved":
        yield from _how_sure(told.evidence)
    if "withdrawn" in told.evidence:
        yield "this was said at once and is taken back"
    elif "ended" in told.evidence:
        yield f"it ended: {told.evidence['ended']}"


def _how_much(told: Told) -> Iterator[str]:
    since = f"since {clock(told.since)}"
    if "reason" in told.evidence:
        yield f"{short(told.evidence['reason'])}: {_conversations(told.affected)} so far, {since}"
    elif told.signal == "silence" and told.expected is not None:
        yield f"nothing came {since}, where about {told.expected:.0f} {told.unit} are usual"
    elif told.observed is None or told.expected is None:
        yield f"{_plain_count(told)} so far, {since}"
    elif told.n and told.signal in COUNTED:
        bad, usual = (f"{share * told.n:.0f}" for share in (told.observed, told.expected))
        usual += _normal(told, "", told.n)
        yield f"{since}, {bad} of {_conversations(told.n)} {COUNTED[told.signal]}; usual would be {usual}"
    else:
        what = MEASURED.get(told.signal)
        over = f" over {_conversations(told.n)}" if told.n else ""
        usual = f"usual would be {_figure(told, told.expected)}{_normal(told, _unit(told), 1)}"
        yield f"{since}, {what + ': ' if what else ''}{_figure(told, told.observed)}{over}; {usual}"


def _feature(moved: dict[str, Any]) -> str:
    if moved["feature"] == MIX:
        return f"which answers are given ({moved['share']:.0%} of them)"
    return f"{moved['feature']} {'up' if moved['standard_errors'] > 0 else 'down'}"


def _plain_count(told: Told) -> str:
    return _conversations(told.affected) if told.observed is None else _figure(told, told.observed)


def _unit(told: Told) -> str:
    """The unit, where a reader needs it."""
    if told.unit == "ms":
        return " s"
    return "" if told.unit in ("score", "per conversation") else f" {told.unit}"


def _number(told: Told, value: float) -> str:
    return f"{value / 1000:.1f}" if told.unit == "ms" else f"{value:.3g}"


def _figure(told: Told, value: float) -> str:
    return _number(told, value) + _unit(told)


def _normal(told: Told, unit: str, times: int) -> str:
    """The interval that was normal, in brackets. times: conversations, where shares are told as counts."""
    if told.interval is None:
        return ""
    low, high = told.interval
    if times > 1:
        return f" ({low * times:.0f} to {high * times:.0f}{unit})"
    return f" ({_number(told, low)} to {_number(told, high)}{unit})"


def _carriers(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The one value that carries most and is not merely most of the traffic."""
    most = [row for row in rows if row["share_of_excess"] >= CARRIES]
    row = max(most, key=lambda r: (r["share_of_excess"] - r["share"], r["dimension"]), default=None)
    if row is not None and row["share"] < CARRIES * row["share_of_excess"]:
        part = "all" if row["share_of_excess"] >= 1 else f"{row['share_of_excess']:.0%}"
        where = f"{row['dimension']} {short(row['value'])}"
        yield f"{part} of the excess is in {where}, which has {row['share']:.0%} of the conversations"


def _change(row: dict[str, Any]) -> str:
    named = {key: short(row.get(key, "")) for key in ("value", "agent")}
    minutes = row["minutes_before"]
    when = f"{_span(abs(minutes))} {'before' if minutes >= 0 else 'after'} it began"
    return f"{NEWS[row['what']].format(**named)} {when}"


def _how_sure(evidence: dict[str, Any]) -> Iterator[str]:
    speed, least = evidence.get("speed"), evidence.get("silent")
    if speed:
        took, fewest = speed["conversations"], speed["fewest_conversations"]
        yield (
            f"noticed after {_conversations(took)} ({_span(round(speed['minutes']))}); at this volume "
            f"{fewest} ({_span(round(speed['fewest_minutes']))}) are the fewest that could be sure"
        )
    if least:
        yield f"with {_conversations(least['conversations'])} less of these it would have stayed silent"


def _conversations(count: int) -> str:
    return f"{count} conversation{'s' * (count != 1)}"


def _span(minutes: int) -> str:
    """
    >>> _span(45), _span(1), _span(200), _span(4000)
    ('45 minutes', '1 minute', '3.3 hours', '2.8 days')
    """
    if minutes < 120:
        return f"{minutes} minute{'s' * (minutes != 1)}"
    return f"{minutes / 60:.1f} hours" if minutes < 48 * 60 else f"{minutes / 1440:.1f} days"
