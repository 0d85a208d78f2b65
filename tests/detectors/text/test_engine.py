"""Patterns tell places in the text, whatever its letters; several lists are searched in one pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.text.digital import Digital
from detectors.text.engine import Pass, Triggers, pattern

LETTERS = st.text(alphabet="ab1 é–😀", max_size=30)


@given(LETTERS)
def test_places_are_places_in_the_text(text: str) -> None:
    found = [match.span() for match in pattern(r"(a)|b1?").finditer(text)]
    assert found == sorted(found)
    assert all(text[start:end] in ("a", "b", "b1") for start, end in found)
    assert sum(end - start for start, end in found) >= text.count("a") + text.count("b")


def test_groups() -> None:
    for text in ("x: 12, end", "é: 12, end"):
        match = pattern(r"(\pL): (\d+)(?:;)?").search(text)
        assert match is not None
        assert (match.group(1), match.group(2), match.span(2)) == (text[0], "12", (3, 5))


@given(LETTERS)
def test_holding_is_having_a_match(text: str) -> None:
    one = pattern("b|é")
    assert one.holds(text) == (one.search(text) is not None) == bool(Triggers(["b|é"]).found(text))


def test_all_of_a_text() -> None:
    assert pattern("a+").is_all("aaa")
    assert not pattern("a+").is_all("aaab")


@pytest.mark.parametrize("text", ["a1 b2", "é a1"])
def test_replacing(text: str) -> None:
    assert pattern(r"\d").sub(lambda match: f"<{match.group()}>", text) == text.replace("1", "<1>").replace(
        "2", "<2>"
    )


@given(LETTERS)
def test_one_pass_finds_what_each_list_alone_does(text: str) -> None:
    groups = (["a", Digital("1")], ["b "], ["é", "a", Digital("b.*1"), "😀"])
    assert Pass(*groups).found(text) == tuple(Triggers(group).found(text) for group in groups)
