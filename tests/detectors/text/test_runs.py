"""Pieces of numbers that join without their digits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detectors.text.checksums import luhn
from detectors.text.keyed import Hasher
from detectors.text.runs import joined, run, windows

KEY = Hasher(b"k", "shop")
DIGITS = st.text(alphabet="0123456789", min_size=2, max_size=12)


@given(DIGITS, DIGITS)
def test_the_hash_of_the_whole_is_that_of_its_pieces(left: str, right: str) -> None:
    assert joined(run(left, KEY), run(right, KEY)) == run(left + right, KEY)


@given(DIGITS, DIGITS)
def test_the_checksum_joins_too(left: str, right: str) -> None:
    assert (joined(run(left, KEY), run(right, KEY)).plain == 0) == luhn(left + right)


def test_another_key_gives_another_hash() -> None:
    assert run("4111", KEY).hash != run("4111", Hasher(b"other", "shop")).hash


def test_everything_in_a_row_is_a_window() -> None:
    pieces = tuple(run(piece, KEY) for piece in ("41", "11", "22"))
    assert run("1122", KEY).hash in windows(pieces)
    assert run("4122", KEY).hash not in windows(pieces)
