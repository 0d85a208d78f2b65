"""Redaction: what stays and what goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.text.mask import masked, spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to ada@example.org.", "Write to [EMAIL]."),
        ("My name is Ada Quackenbush and I am cross.", "My name is [NAME] and I am cross."),
        ("Card ４１１１ １１１１ １１１１ １１１１ is mine", "Card [CARD] is mine"),
        ("Call 415-555-0132 now", "Call [PHONE] now"),
        ("I was born on 3 May 1971.", "I was born on [DATE_OF_BIRTH]."),
        ("The server is 10.2.3.44 today", "The server is [IP] today"),
        ("my order number is W66263", "my order number is [ACCOUNT]"),
        ("ship it to 12 Elm Street, Apt 4", "ship it to [ADDRESS]"),
        ("the password is Tr0ub4dor&3", "the password is [SECRET]"),
        ("it is four one five five five five zero one three two", "it is [NUMBER]"),
    ],
)
def test_personal_data_become_their_kinds(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Please restart your router and wait two minutes.",
        "I would like to book a table for 4 on Friday at 7 pm.",
        "Refunds take five working days. Is there anything else?",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert masked(text) == text


@given(st.text(max_size=300))
def test_spans_are_apart_and_in_order(text: str) -> None:
    last = 0
    for _, start, end in spans(text):
        assert last <= start < end <= len(text)
        last = end


@given(st.text(alphabet="aZ é１\u200b@.", max_size=60))
def test_nothing_between_spans_is_lost(text: str) -> None:
    kept = text
    for _, start, end in reversed(spans(text)):
        kept = kept[:start] + kept[end:]
    rest = masked(text)
    for char in kept:
        assert char in rest
