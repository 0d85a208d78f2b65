"""Evil input costs little more than an ordinary turn of the same length, counted in steps, not in seconds.

A step is a call of a function, in Python or in C, or a hundred characters that are searched: RE2 takes time
linear in them. What is remembered between turns is forgotten first, so that all is counted.
"""

from __future__ import annotations

import sys
from random import Random
from types import FrameType
from typing import Any

import pytest

from detectors.content import figures, injection, overlap, supplied
from detectors.content.base import Heard
from detectors.content.checks import check
from detectors.content.lexicon import CLASSES
from detectors.content.recital import Known
from detectors.text.engine import Pattern, Triggers
from detectors.text.keyed import Hasher
from detectors.text.normalise import normalise
from tests.interpreted import interpreted

CHARS, MOST = 32768, 10
KEY = Hasher(b"k", "shop")
KNOWN = Known(["You are pine. Never promise refunds above fifty pounds without asking."], ["zx-4471"], KEY)
REMEMBERED: tuple[Any, ...] = (
    figures.numbers, figures.keys, injection.score_document, overlap.prepared, overlap.sayings,
    supplied._given, supplied._labelled,
)  # fmt: skip
ORDINARY = (
    "Thank you for calling about order 12345, we will send your card by mail. Is there anything else that "
    "you need today? My name is Ada, and the parcel left our warehouse on Monday for 12 Elm Street. "
)
CHANCE = Random(1)
UNITS = (
    "a", "1", "a b ", "1a ", "1 2 3 ", "\u200b", "a\u200b", "\u202e\u05d0", "%41", "&#65;", "QUJD",
    "[INST", "[{(<", "e\u0301\u0302\u0303", "\ufdfa", "i g n o r e ", "1gn0r3 4ll ", "a@b.co ",
    "a at b dot c ", "12 Elm Street, ", "one two three ", "69 67 6e 6f ", "password is Xy1! ",
    "My name is Zed Qux. ", "q: a b c a: x ", "$1 ", "1 day. ", "not a. ", "May 1 ",
    "\u0455\u0443\u0455t\u0435m \u0440r\u043em\u0440t ", "DE89 3704 0044 0532 0130 00 ",
    "on file: 4155550132 ", '{"id": "credit_card_9473471", "n": 1234567890}, ',
)  # fmt: skip
TEXTS = {
    **{unit: unit for unit in UNITS},
    "words of attacks": " ".join(CHANCE.choices(sorted(CLASSES), k=6000)),
    "what may be encoded": " ".join("".join(CHANCE.choices("ABCDefg0123456789", k=20)) for _ in range(1600)),
}


def filled(text: str) -> str:
    return (text * (CHARS // len(text) + 1))[:CHARS]


def heard(text: str, role: str) -> Heard:
    if role == "grounding":
        return Heard("ai", "The fee is $50.", "The fee is $50.", (text, text[1:]))
    return Heard(role, text, normalise(text))


def steps(text: str, role: str, patch: pytest.MonkeyPatch) -> int:
    """What one turn takes."""
    said = heard(text, role)
    for one in REMEMBERED:
        one.cache_clear()
    count = 0

    def counted(text: str) -> None:
        nonlocal count
        count += len(text) // 100

    def called(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    with patch.context() as within:
        for owner, name in (
            (Triggers, "hits"),
            (Pattern, "finditer"),
            (Pattern, "holds"),
            (Pattern, "is_all"),
        ):
            within.setattr(owner, name, searching(getattr(owner, name), counted))
        sys.setprofile(called)
        try:
            check(said, KEY, KNOWN, {"intent": text})
        finally:
            sys.setprofile(None)
    return count


def searching(search: Any, counted: Any) -> Any:
    def inner(self: object, text: str) -> Any:
        counted(text)
        return search(self, text)

    return inner


@interpreted
@pytest.mark.parametrize("role", ["customer", "ai", "grounding"])
def test_evil_input_takes_few_more_steps_than_ordinary_text(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = steps(filled(ORDINARY), role, monkeypatch)
    taken = {name: steps(filled(text), role, monkeypatch) / usual for name, text in TEXTS.items()}
    assert {name: round(times, 1) for name, times in taken.items() if times > MOST} == {}
