"""A verdict on an alert, as the control that puts it in force everywhere from the same event time on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from streams.errors import ConfigError
from streams.records.alerts import rfc3339
from streams.records.controls import VerdictGiven, Word
from streams.records.facts import MICROS

PLANNED_US = 24 * 3600 * MICROS  # how long a plan keeps quiet where nobody says until when
LONGEST_US = 31 * 86400 * MICROS  # a plan that covers more is a hole in the watch
REASON_LENGTH = 500

DOES: dict[Word, str] = {
    "real": "counts as found; a place that false alarms had made less sensitive takes one step back",
    "expected": "this kind stays quiet in this place until then, and what happens there is not learnt",
    "false": "the incident ends, and this signal asks for three times the evidence in this place, at most 27",
    "normal": "the incident ends, and what was seen since then is normal from now on",
}
"""What each verdict does, as people are told."""

TEACHES = {
    "real": "what its conversations said counts more as an attack",
    "false": "what its conversations said counts less as an attack",
}
"""What verdicts on attacks do beside."""


def does(word: Word, kind: str) -> str:
    """What a verdict on an alert of this kind does.

    >>> does("false", "injection").rpartition("; ")[2]
    'what its conversations said counts less as an attack'
    """
    taught = TEACHES.get(word) if kind == "injection" else None
    return DOES[word] if taught is None else f"{DOES[word]}; {taught}"


def verdict_on(
    alert: dict[str, Any],
    word: Word,
    effective: int,
    *,
    since: int | None = None,
    until: int | None = None,
    author: str = "",
    reason: str = "",
) -> VerdictGiven:
    """The control. alert: any record of it. effective, since, until: event time in microseconds; `since` is
    the alert's onset where it is not given. ConfigError where the times cannot be meant."""
    begun = moment(alert["since"]) if since is None else since
    end = 0
    if word == "expected":
        end = effective + PLANNED_US if until is None else until
        if not effective < end <= effective + LONGEST_US:
            raise ConfigError("--until", f"{rfc3339(end)} is not within 31 days from {rfc3339(effective)} on")
    elif until is not None:
        raise ConfigError("--until", f"goes with expected, not with {word}")
    if begun > effective:
        raise ConfigError("--since", f"{rfc3339(begun)} is after the verdict is in force")
    scope = {name: value for name, value in alert["scope"].items() if name != "tenant" and _is_one(value)}
    return VerdictGiven(
        id=f"verdict-{alert['id']}-{word}-{effective // MICROS}",
        effective=effective,
        alert=alert["id"],
        verdict=word,
        tenant=alert["scope"].get("tenant", ""),
        about=alert["kind"],
        signal=alert["signal"],
        scope=scope,
        detector=alert["detector"],
        opened=moment(alert["opened_at"]),
        since=begun,
        until=end,
        conversations=tuple(alert["evidence"].get("conversations", ())),
        author=author,
        reason=reason[:REASON_LENGTH],
    )


def moment(text: str) -> int:
    """Microseconds of a time as alerts write it.

    >>> moment("2026-04-06T07:05:38.287Z")
    1775459138287000
    """
    return round(datetime.fromisoformat(text).timestamp() * 1000) * 1000


def _is_one(value: Any) -> bool:
    return isinstance(value, str)
