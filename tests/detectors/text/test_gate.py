"""Labels that look personal are replaced, and only those."""

from __future__ import annotations

import pytest

from detectors.text.gate import label, person
from detectors.text.keyed import Hasher

KEY = Hasher(b"k", "shop")


@pytest.mark.parametrize(
    "text",
    [
        "billing", "airline-desk", "4.0", "lm-large-2", "webchat/prod", "a903e134982c", "CheckBalance",
        "8f14e45f-ceea-467a-9af1-2f5d3c1b7a90", "1002345678", "order.details", "en-GB", "Customer Service",
        "2026-04-06T07-05-54", "concierge", "W7364270", "conv_000123456789",
    ],
)  # fmt: skip
def test_ordinary_labels_stay(text: str) -> None:
    assert label(text, KEY) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ada@example.org", "EMAIL"),
        ("caller +44 20 7946 0958", "PHONE"),
        ("415-555-0132", "PHONE"),
        ("4111111111111111", "CARD"),
        ("DE89370400440532013000", "IBAN"),
        ("536-90-4399", "SSN"),
        ("Ada Quackenbush", "NAME"),
        ("12 Elm Street", "ADDRESS"),
    ],
)
def test_personal_labels_are_replaced(text: str, kind: str) -> None:
    replaced = label(text, KEY)
    assert replaced.startswith(f"[{kind}]~")
    assert text not in replaced
    assert label(text, KEY) == replaced


@pytest.mark.parametrize("text", ["jane.roe", "jane-roe", "14155550132", "tel-4155550132"])
def test_a_persons_id_is_judged_more_strictly(text: str) -> None:
    assert label(text, KEY) == text
    assert person(text, KEY) != text


@pytest.mark.parametrize("text", ["u-81", "uaa1ab9961a", "c000123", "8f14e45f-ceea-467a-9af1-2f5d3c1b7a90"])
def test_pseudonyms_stay(text: str) -> None:
    assert person(text, KEY) == text


def test_equal_labels_meet_and_others_do_not() -> None:
    assert label("ada@example.org", KEY) != label("bob@example.org", KEY)
