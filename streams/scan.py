"""Scan: the content checks alone over recorded events, in input order: the same code as live, before launch.

No slots, no holding, no rates: each event is judged with its conversation as read so far. One output line for
each line that is not empty, in the same order; a line that is no event says why under `error`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from detectors.content.base import Judgement, Score
from detectors.content.memory import EMPTY, Judged
from detectors.text.gate import shown
from streams.floor.contents import Contents
from streams.floor.conversations import Conversation, fold, opened
from streams.floor.rules import Finding, Rules
from streams.reading import ReadLimits, Record, Rejection, Secrets, read
from streams.reading.decode import decode
from streams.records.events import Score as ScoreEvent
from streams.records.events import Turn
from streams.records.facts import Acted, Fact, Said, Scored
from streams.records.registry import Registry

Kind: TypeAlias = Literal["injection", "leakage", "groundedness", "boundary", "shadow_ai", "disclosure"]
KINDS: tuple[Kind, ...] = ("injection", "leakage", "groundedness", "boundary", "shadow_ai", "disclosure")
CONVERSATIONS = 100_000  # remembered at a time, over all tenants; the longest unheard goes first
REPORTED = 0.5  # from here on it is a finding, below only a score


class Reported(Struct, frozen=True):
    """One finding. score: 0..1; reason: enumerated, never words of the event."""

    kind: str
    score: float
    reason: str


class Error(Struct, frozen=True):
    """Why a line is no event. field: its JSON path; detail: the rule that was broken."""

    reason: str
    field: str
    detail: str


class Line(Struct, frozen=True, omit_defaults=False):
    """What is said of one event. scores: None where a check does not apply. text: redacted, if asked for."""

    id: str | None
    source: str | None
    scores: dict[str, float | None]
    findings: list[Reported]
    text: str | UnsetType | None = UNSET
    error: Error | UnsetType = UNSET


class Scanner:
    """Judges events one after the other.

    registry: boundary and shadow_ai need one. redacted: whether lines carry the text, redacted.
    """

    def __init__(
        self, secrets: Secrets, limits: ReadLimits, registry: Registry | None, *, redacted: bool = False
    ) -> None:
        self._secrets, self._limits, self._registry, self._redacted = secrets, limits, registry, redacted
        self._open: OrderedDict[tuple[str, str], Conversation] = OrderedDict()
        self._rules: dict[str, Rules] = {}
        self._contents: dict[str, Contents] = {}

    def line(self, record: Record) -> Line:
        """What this event shows. Never raises, whatever the bytes."""
        fact = read(record, self._secrets, self._limits)
        if isinstance(fact, Rejection):
            error = Error(fact.reason, fact.field, fact.detail)
            return Line(None, None, dict.fromkeys(KINDS), [], error=error)
        scores: dict[str, float | None] = dict.fromkeys(KINDS)
        found = [*self._registered(fact, scores), *self._said(fact, scores)]
        text = self._text(record) if self._redacted else UNSET
        return Line(fact.id, fact.source, scores, found, text)

    def _registered(self, fact: Fact, scores: dict[str, float | None]) -> list[Reported]:
        """What it violates of the registry."""
        if self._registry is None:
            return []
        rules = self._rules.get(fact.tenant)
        if rules is None:
            rules = self._rules[fact.tenant] = Rules(fact.tenant, self._registry, True, True)
        findings = rules.findings(fact)
        kinds = {finding.kind for finding in findings}
        scores["shadow_ai"] = float("shadow_ai" in kinds)
        if isinstance(fact, Acted):
            scores["boundary"] = float("boundary" in kinds)
        return [_violated(finding) for finding in findings]

    def _said(self, fact: Fact, scores: dict[str, float | None]) -> list[Reported]:
        """What its words show, by themselves and within their conversation."""
        if isinstance(fact, Said) and not fact.final:
            return []
        judged = self._judged(fact)
        found: list[Reported] = []
        for kind, applies, score in _first_halves(fact):
            scores[kind] = score.value if score is not None else (0.0 if applies else None)
            if score is not None and score.value >= REPORTED:
                found.append(Reported(kind, score.value, score.reason))
        if isinstance(fact, Said) and fact.role == "ai":
            scores["leakage"] = scores["disclosure"] = 0.0
        for one in judged.judgements:
            scores[one.kind] = max(scores[one.kind] or 0.0, one.score)
        return found + [_shown(one) for one in judged.judgements if one.score >= REPORTED]

    def _judged(self, fact: Fact) -> Judged:
        contents = self._contents.get(fact.tenant)
        if contents is None:
            contents = self._contents[fact.tenant] = Contents(_nowhere, frozenset())
        key = (fact.tenant, fact.conversation or "")
        known = self._open.get(key) if fact.conversation else None
        judged = contents.judged(fact, known.memory if known else EMPTY)
        contents.learn(fact, judged.leaked, judged.told)
        if fact.conversation and (known or not isinstance(fact, Scored)):
            self._open[key] = fold(known or opened(fact), fact)
            self._open.move_to_end(key)
            if len(self._open) > CONVERSATIONS:
                self._open.popitem(last=False)
        return judged

    def _text(self, record: Record) -> str | None:
        event, _ = decode(record, self._limits)
        if isinstance(event, Turn):
            return shown(event.text)
        return shown(event.comment) if isinstance(event, ScoreEvent) and event.comment else None


encode_line: Callable[[Line], bytes] = msgspec.json.Encoder().encode


def _first_halves(fact: Fact) -> list[tuple[Kind, bool, Score | None]]:
    """(kind, whether it applies, score) of the checks that need no conversation."""
    if isinstance(fact, Scored):
        return [("injection", fact.comment != 0, fact.injection)]
    if not isinstance(fact, Said):
        return []
    checks = fact.checks
    return [
        ("injection", fact.role == "customer", checks.injection if checks else None),
        ("groundedness", False, checks.groundedness if checks else None),
    ]


def _violated(finding: Finding) -> Reported:
    return Reported(finding.kind, 1.0, finding.reason)


def _shown(one: Judgement) -> Reported:
    return Reported(one.kind, one.score, f"{one.reason}: {one.claim}" if one.claim else one.reason)


def _nowhere(_: str) -> None:
    """A scan keeps its conversations itself."""
