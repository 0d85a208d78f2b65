"""Groundedness: what an answer says that the texts it was given do not.

A logistic of overlaps (words without support, shared pairs, the longest shared run) says how far an answer as
a whole goes beyond its grounding; claims name what exactly: figures, denials, commitments, names, terms. A
figure of its own kind has a score of its own, for a wrong amount is one word among fifty right ones. Overlap
against learned entailment: Dziri et al., "Evaluating Attribution in Dialogue Systems: The BEGIN Benchmark",
2022. Numbers are in `MODEL.md` beside this file.
"""

# ruff: noqa: E501 (one wording a line: wrapped alternatives hide what belongs together)

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from detectors.content.base import Score
from detectors.content.figures import COUNTING, Figure, figures, keys, numbers, value
from detectors.content.overlap import (
    ANSWER_CHARS,
    GROUND_CHARS,
    Ground,
    Part,
    about,
    denies,
    features,
    grounds,
    parts_of,
    sayings,
    stem,
)
from detectors.structs import Frozen
from detectors.text.engine import Triggers, pattern
from detectors.text.swap import has_digit
from detectors.text.tokens import words

COMBINED = 128  # numbers of the texts that sums are tried with
CLAIMS = 8  # named of one answer: enough to see what is wrong
WEIGHTS = (1.189, -2.534, -0.966, 1.909, 1.487)
BIAS = -2.905
"""From `tests/bench/train_grounding.py`; in the order of `overlap.NAMES`."""
SAME = 0.7  # share of a sentence's content in another's from which the two are about the same
LEAST_ABOUT = 3  # words of content a sentence must have to be compared
NOTHING_SAID = 0.4  # courtesies go beyond any text, and claim nothing
WEIGHT = {"commitment": 0.4, "negation": 0.3}  # chance that an answer with such a claim is unsupported for it


class Claim(Frozen):
    """Something unsupported. kind: amount, share, span, date, number, negation, commitment, name or term.

    sentence: its place in the answer, from 0. text: the words as written; a name only as `[NAME]`.
    """

    kind: str
    sentence: int
    text: str


class Grounded(Frozen):
    """groundedness: 0 fully supported, 1 not at all. figures: the same for figures and amounts alone."""

    groundedness: Score
    figures: Score
    claims: tuple[Claim, ...]


def score(answer: str, grounding: Sequence[str], most: int = CLAIMS) -> Grounded | None:
    """How far an answer goes beyond its grounding; None where it was given none. most: claims to be named;
    the scores need only the first.

    >>> found = score("The fee is $50.", ["A change costs a fee of $75."])
    >>> found.figures.reason, found.figures.value, found.claims[0].text
    ('amount', 0.9, '$50')
    """
    texts = [text for text in grounding if text.strip()]
    if not texts:
        return None
    rest_on = grounds(texts)
    parts = parts_of(answer[:ANSWER_CHARS], rest_on)
    wrong = list(_wrong_figures(parts, texts))
    claims = [claim for _, claim in wrong]
    claims += _denials(parts, rest_on)
    claims += _commitments(parts, rest_on)
    if len(claims) < most:
        claims += _terms(parts, most)
    return Grounded(
        _whole(parts, "?" in answer[:ANSWER_CHARS], rest_on, claims), _figures(wrong), tuple(claims[:most])
    )


def _whole(parts: Sequence[Part], asks: bool, rest_on: Sequence[Ground], claims: Sequence[Claim]) -> Score:
    row = features(parts, asks, rest_on)
    raw = BIAS + sum([weight * value for weight, value in zip(WEIGHTS, row, strict=True)])
    whole = 1.0 / (1.0 + math.exp(-raw))
    left = 1.0 - (whole if row[0] > 0.0 else whole * NOTHING_SAID)
    kinds = dict.fromkeys(claim.kind for claim in claims)
    for kind in kinds:
        left *= 1.0 - WEIGHT.get(kind, 0.0)
    found = round(1.0 - left, 4)
    return Score(found, next(iter(kinds), "overlap") if found >= 0.1 else "none")


# -- figures ---------------------------------------------------------------------------------------------


def _wrong_figures(parts: Sequence[Part], texts: Sequence[str]) -> Iterator[tuple[float, Claim]]:
    """Figures that the texts do not hold, each with the chance that it is wrong."""
    there: _Numbers | None = None
    stated: set[str] = set()
    for index, part in enumerate(parts):
        for figure in figures(part.text) if _may_count(part) else ():
            if there is None:
                there = _Numbers(texts)
            if there.support(figure):
                continue
            if not stated:  # only now, for it costs more
                stated = set().union(*(keys(text[:GROUND_CHARS]) for text in texts))
            if figure.key not in stated:
                kind = figure.key.rsplit(" ", 1)[0]
                other = any(key.rsplit(" ", 1)[0] == kind for key in stated)
                yield _CHANCE[figure.kind][other], Claim(figure.kind, index, figure.text)


def _may_count(part: Part) -> bool:
    return has_digit(part.text) or not COUNTING.isdisjoint(part.words)


_CHANCE = {  # of being wrong, where the texts (state none of its kind, state another one)
    "amount": (0.6, 0.9),
    "share": (0.6, 0.9),
    "span": (0.4, 0.8),
    "date": (0.4, 0.7),
    "number": (0.2, 0.3),
}


class _Numbers:
    """The numbers of the texts that an answer rests on, and what follows from them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._there = sorted(set[float]().union(*(numbers(text[:GROUND_CHARS]) for text in texts)))
        self._near = self._there[:COMBINED]
        self._cents = {round(number * 100.0) for number in self._near}

    def support(self, figure: Figure) -> bool:
        """Whether a figure is one of them, the sum or difference of two, or a small multiple of one."""
        if figure.kind in ("date", "span"):
            return False
        said = value(figure)
        if self._hold(said):
            return True
        return figure.kind == "amount" and any(
            round((said - number) * 100.0) in self._cents
            or round((said + number) * 100.0) in self._cents
            or _multiple(said, number)
            for number in self._near
        )

    def _hold(self, said: float) -> bool:
        slack = 0.5 if said == int(said) else 0.006  # whole amounts are often rounded ones
        first = bisect_left(self._there, said - 2.0 * slack)  # twice, as differences are rounded
        last = bisect_right(self._there, said + 2.0 * slack, first)
        return any(abs(number - said) <= slack for number in self._there[first:last])


def _multiple(said: float, number: float) -> bool:
    times = said / number if number > 0.0 else 0.0
    return 1.5 < times < 9.5 and abs(times - round(times)) < 0.0005


def _figures(wrong: Sequence[tuple[float, Claim]]) -> Score:
    left = 1.0
    for chance, _ in wrong:
        left *= 1.0 - chance
    if not wrong:
        return Score(0.0, "none")
    heaviest = max(wrong, key=lambda pair: pair[0])[1]
    return Score(round(1.0 - left, 4), heaviest.kind)


# -- denials, commitments, names and terms ---------------------------------------------------------------


def _denials(parts: Sequence[Part], rest_on: Sequence[Ground]) -> list[Claim]:
    """Sentences that deny what a text affirms about the same, or the other way round."""
    found: list[Claim] = []
    answer_denies = any(denies(part.words) for part in parts)
    rest_on = [ground for ground in rest_on if answer_denies or ground.denies]
    for index, part in enumerate(parts if rest_on else ()):
        said, denied = about(part), denies(part.words)
        if len(said) < LEAST_ABOUT:
            continue
        least = SAME * len(said)
        pairs = [
            (len(said & other) / len(said), -place, other_denied)
            for ground in rest_on
            if len(said & ground.stems) >= least  # else no sentence of it is about the same
            for place, (other, other_denied) in enumerate(sayings(ground.text))
        ]
        best = max(pairs, default=(0.0, 0, denied))
        if best[0] >= SAME and best[2] != denied:
            found.append(Claim("negation", index, "not" if denied else "affirmed"))
    return found


def _commitments(parts: Sequence[Part], rest_on: Sequence[Ground]) -> list[Claim]:
    """Promises of things that no text speaks of."""
    found: list[Claim] = []
    text = " ".join(part.text for part in parts)
    if not _THINGS.hits(text) or not _PROMISE.hits(text):
        return found
    for index, part in enumerate(parts):
        for kind in sorted(_PROMISE.found(part.text)):
            name, stems = _PROMISED[kind]
            if not any(word in ground.stems for ground in rest_on for word in stems):
                found.append(Claim("commitment", index, name))
    return found


def _terms(parts: Sequence[Part], most: int) -> list[Claim]:
    """Names and longer words without support, sentence by sentence."""
    found: list[Claim] = []
    for index, part in enumerate(parts):
        if not part.missing:
            continue
        names = {word for match in _NAME.finditer(part.text) for word in words(match.group(1))}
        for word in part.missing:
            if word in names:
                found.append(Claim("name", index, "[NAME]"))
            elif len(word) >= 6 and word.isalpha() and len(found) < CLAIMS:
                found.append(Claim("term", index, word))
        if len(found) >= most:
            break
    return found


_NAME = pattern(r"[a-z0-9,;:] ((?:(?-i:[A-Z])[\pL'’-]+ ?)+)")
_WILL = r"\b(?:(?:i|we)(?:'ll|’ll| will| can| have| am|'ve|’ve| are)?|you(?:'ll|’ll| will| are| get)|(?:will|can) be)\b.{0,40}"
_PROMISES = (
    ("refund", "refund reimburse money", r"\b(?:refund|reimburse|your money back)"),
    ("discount", "discount off coupon voucher promo code", r"\b(?:discount|coupon|voucher|promo code|\d+ ?(?:%|percent) off)"),
    ("waiver", "waive free charge fee cost", r"\b(?:waiv|free of charge|at no (?:extra |additional )?(?:cost|charge))"),
    ("compensation", "compensate compensation credit goodwill gift certificate", r"\b(?:compensat|goodwill|gift card|store credit|certificate|bonus miles)"),
    ("guarantee", "guarante warranty", r"\b(?:guarante|warrant|promise)"),
    ("deadline", "hour day week tomorrow today minute", r"\b(?:within|in|by) (?:\d+|the next|one|two|three|an?|tomorrow|tonight|end of)\b"),
    ("upgrade", "upgrade", r"\bupgrade"),
    ("replacement", "replace replacement exchange", r"\b(?:replacement|new one|free replacement)"),
)  # fmt: skip
_PROMISED = [(name, tuple(dict.fromkeys(map(stem, row.split())))) for name, row, _ in _PROMISES]
_THINGS = Triggers([wording for _, _, wording in _PROMISES])  # without them there is no promise: most answers
_PROMISE = Triggers([_WILL + wording for _, _, wording in _PROMISES])
