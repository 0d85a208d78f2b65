"""Lessons: attack-like texts of one tenant by their conversations, until somebody says what they were.

A verdict names the conversations that its alert showed; what they said, as keyed words, is what is learnt
from: attacks where the alert was real, harmless where it was false. From the verdict's slot on every score
is corrected by it, the same in all workers and in every later replay.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from detectors.content.base import Score
from detectors.content.learnt import Learnt
from streams.records.controls import VerdictGiven
from streams.records.facts import Said

TEXTS = 2_000  # remembered, 0.4 KB each: on a floor of 5,000 conversations a day those of some weeks
LABELS = {"real": True, "false": False}


class Lessons:
    """What was heard that may be an attack, one text a conversation: its strongest."""

    def __init__(self) -> None:
        self._learnt = Learnt()
        self._texts: dict[str, tuple[float, bytes]] = {}

    def corrected(self, fact: Said) -> Said:
        """The same fact, its attack scored by what was learnt so far."""
        checks = fact.checks
        if checks is None or checks.injection is None or not checks.grams:
            return fact
        score = self._learnt.corrected(checks.injection, checks.grams)
        return fact if score is checks.injection else replace(fact, checks=replace(checks, injection=score))

    def hear(self, fact: Said) -> None:
        """Remember a corrected fact; its slot is being closed."""
        score = _score(fact)
        if score is None or fact.conversation is None or fact.checks is None:
            return
        known = self._texts.pop(fact.conversation, None)
        text = (score.value, fact.checks.grams)
        self._texts[fact.conversation] = text if known is None else max(known, text)
        if len(self._texts) > TEXTS:
            del self._texts[next(iter(self._texts))]

    def take(self, given: VerdictGiven) -> None:
        """A verdict came into force."""
        label = LABELS.get(given.verdict)
        if given.about != "injection" or label is None:
            return
        texts = [self._texts[name] for name in dict.fromkeys(given.conversations) if name in self._texts]
        self._learnt.learn_one(texts, attack=label)

    def state(self) -> Any:
        """Plain values."""
        return [self._learnt.state(), [[name, *text] for name, text in self._texts.items()]]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        learnt, texts = state
        self._learnt = Learnt.from_state(learnt)
        self._texts = {name: (score, grams) for name, score, grams in texts}


def _score(fact: Said) -> Score | None:
    return fact.checks.injection if fact.checks is not None and fact.checks.grams else None
