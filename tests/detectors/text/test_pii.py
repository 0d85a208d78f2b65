"""What is found in texts, in clear and disguised, and what is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.text.checksums import luhn
from detectors.text.normalise import CHARS, normalise
from detectors.text.pii import narrow, wide


def kinds(text: str) -> list[str]:
    return [one.kind for one in narrow(normalise(text))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to ada.byron@mail.example.org today", "email"),
        ("ada.byron at mail dot example dot org", "email"),
        ("ada.byron (at) example (dot) org", "email"),
        ("ada.byron @ example . org", "email"),
        ("ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "email"),
        ("ada@exam\u200bple.org", "email"),
        ("card 4111 1111 1111 1111 please", "card"),
        ("card 4111-1111-1111-1111", "card"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "card"),
        ("４１１１ １１１１ １１１１ １１１１", "card"),
        ("٤١١١ ١١١١ ١١١١ ١١١١", "card"),
        ("four one one one one one one one one one one one one one one one", "card"),
        ("378282246310005", "card"),
        ("my iban is gb29 nwbk 6016 1331 9268 19 ok", "iban"),
        ("DE89370400440532013000", "iban"),
        ("ssn 536-90-4399", "ssn"),
        ("my social security number is 536904399", "ssn"),
        ("CPF 529.982.247-25", "national_id"),
        ("my NHS number is 9434765919", "national_id"),
        ("call +44 20 7946 0958", "phone"),
        ("call (415) 555-0132", "phone"),
        ("call 415.555.0132x77", "phone"),
        ("I live at 12 Elm Street, Apt 4", "address"),
        ("12 rue des Lilas", "address"),
        ("Hauptstraße 12", "address"),
        ("P.O. Box 512", "address"),
        ("the key is AKIAIOSFODNN7EXAMPLE", "secret"),
        ("your password is Tr0ub4dor&3", "secret"),
    ],
)
def test_a_value_is_found_however_it_is_written(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "The table is booked for 4 people on 2024-05-15 at 7:30 pm.",
        "It costs $1,234.50, or 1.234,50 in euros, for 12 months.",
        "Look at example.com for the offer.",
        "Your password is incorrect.",
        "The show is at 2901 East and starts at 6:30 pm.",
        "We have one, two or three rooms left.",
        "Order #W6626362 has 3 items.",
        "It is a 30 minute drive and a 5 star court.",
        "version 10.2.15.3 of 2024",
    ],
)
def test_ordinary_words_hold_nothing(text: str) -> None:
    assert [one for one in narrow(text) if one.sure or one.kind == "address"] == []


def test_a_card_needs_its_checksum() -> None:
    assert "card" not in kinds("card 4111 1111 1111 1112")


@given(st.text(max_size=400))
def test_places_lie_in_the_text(text: str) -> None:
    plain = normalise(text)
    for one in [*narrow(plain), *wide(plain)]:
        assert 0 <= one.start <= one.end <= len(plain)


@given(st.integers(10**14, 10**15 - 1), st.sampled_from(["", " ", "-"]))
def test_every_visa_is_found_in_its_usual_groups(number: int, gap: str) -> None:
    body = f"4{number}"[:15]
    digits = next(body + str(last) for last in range(10) if luhn(body + str(last)))
    written = gap.join(digits[at : at + 4] for at in range(0, 16, 4))
    assert kinds(f"It is {written}.") == ["card"]


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "1 ",
        "a@",
        "a.",
        "@",
        "4111 ",
        "\u202e1",
        "one ",
        "Ab ",
        "12 Elm ",
        "\u0301",
        "٤",
        "eyJ",
        "://a:",
        "((((",
        "-",
    ],
)
def test_evil_input_costs_no_more_than_long_text(piece: str) -> None:
    """Linear: eight times the length, hardly more than eight times the time."""

    def seconds(text: str) -> float:
        best = 9.0
        for _ in range(3):
            begun = time.process_time()
            narrow(normalise(text))
            best = min(best, time.process_time() - begun)
        return best

    long = (piece * CHARS)[:CHARS]
    seconds(long[:4096])
    assert seconds(long) < 40 * max(seconds(long[: CHARS // 8]), 0.002)
