"""Keys of answers: what varies from copy to copy does not matter, what makes it another sentence does."""

from __future__ import annotations

import pytest

from detectors.text.copies import BITS, CHARS, copies
from detectors.text.keyed import hasher

KEY = hasher(b"k", "shop")
BASE = "Your parcel will be with you before the end of the week."


def first(text: str) -> int:
    return copies(text, KEY)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Your order HP12 goes out on Monday and needs no signature.",
         "Your order HP99 goes out on Friday and needs no signature."),
        ("We owe you $45.10, it reaches your account soon.", "We owe you $9, it reaches your account soon."),
        ("I see, Ada Brown, that this was charged twice by mistake.",
         "I see, Bob Stone, that this was charged twice by mistake."),
        (BASE, "  " + BASE.replace(" ", "  ") + "  "),
        (BASE, BASE.replace(".", "!")),
    ],
)  # fmt: skip
def test_names_numbers_and_dates_do_not_matter(one: str, other: str) -> None:
    assert first(one) == first(other)


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("will be", "will not be"),
        BASE.replace("Your", "No"),
        "We collect furniture free of charge within the whole city.",
    ],
)
def test_another_sentence_is_another_key(other: str) -> None:
    assert first(BASE) != first(other)


def test_the_number_is_often_the_mistake() -> None:
    right, wrong = (f"You can send it back within {days} days of the delivery." for days in (30, 365))
    assert first(right) == first(wrong)
    assert copies(right, KEY)[1] != copies(wrong, KEY)[1]


def test_a_changed_word_leaves_a_band() -> None:
    one = "You always receive complete reimbursement after sending damaged furniture back through delivery."
    two = one.replace("complete", "total").replace("always", "still")
    assert set(copies(one, KEY)) & set(copies(two, KEY))
    assert not set(copies(one, KEY)) & set(copies(BASE, KEY))


def test_greetings_and_thanks_have_none() -> None:
    for text in ("", "Hi there!", "Thank you, Ada. Bye!", "OK", "?!.,", "12 34 56"):
        assert copies(text, KEY) == ()


def test_keys_are_short_each_once_and_of_their_tenant() -> None:
    found = copies(f"{BASE} {BASE}", KEY)
    assert len(set(found)) == len(found)
    assert all(0 <= key <= BITS for key in found)
    assert found != copies(f"{BASE} {BASE}", hasher(b"k", "bank"))


def test_a_script_without_capitals_has_words_too() -> None:
    assert copies("सामान वापस भेजना पूरे साल मुफ्त है और हम पैसे देते हैं", KEY)


def test_only_the_head_of_a_long_answer_is_read() -> None:
    long = "word " * CHARS
    assert copies(long + BASE, KEY) == copies(long, KEY)
