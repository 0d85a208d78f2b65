"""Matchers: which alerts they mean, and what is wrong with those that are none."""

from __future__ import annotations

import pytest

from streams.records.matchers import meets_all, meets_any, parse_matcher, parse_matchers
from tests.streams.notify.made import alert

ONE = alert(scope={"tenant": "acme", "queue": "billing"}, severity="page")
TWO = alert(scope={"tenant": ["acme", "globex"]})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tenant=acme", True), ("tenant=acm", False), ("tenant!=acme", False), ("tenant=~ac.*", True),
        ("tenant=~c", False), ('queue=~"billing|refunds"', True), ("queue!~bill.*", False),
        ("version=", True), ("version!=2.1", True), ("version=~.+", False), ("severity=page", True),
        ("kind = escalation_rate", True), ("id=a", True), ("tenant=~(a|b).*", True), ("tenant=ACME", False),
    ],
)  # fmt: skip
def test_what_they_mean(text: str, wanted: bool) -> None:
    assert meets_any(ONE, parse_matchers([text])) is wanted
    assert meets_all(ONE, parse_matchers([text])) is wanted


def test_of_several_places_one_is_enough_to_be_told_and_all_are_needed_to_be_muted() -> None:
    found = parse_matchers(["tenant=acme"])
    assert meets_any(TWO, found)
    assert not meets_all(TWO, found)
    assert meets_all(TWO, parse_matchers(["tenant=~acme|globex"]))


@pytest.mark.parametrize(
    ("text", "said"),
    [("tenant", "is not NAME=VALUE"), ("tenat=x", "did you mean tenant"), ("queue=~(", "not a pattern"),
     ("queue=~(?=x)", "not a pattern"), ("queue=" + "x" * 600, "is not NAME=VALUE"), ("=x", "is not")],
)  # fmt: skip
def test_mistakes_are_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_matcher(text)
