"""The quick way of replacing characters does what `str.translate` does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detectors.text.swap import Swap

FEW = {"a": "b", "-": None, "’": None, "é": " ", "1": " "}
MANY = {**{chr(code): " " for code in range(0xC0, 0x100)}, "x": None}


@given(st.text(alphabet="ab-1’éà x😀", max_size=40), st.sampled_from([FEW, MANY]))
def test_it_replaces_as_translate_does(text: str, swaps: dict[str, str | None]) -> None:
    assert Swap(swaps)(text) == text.translate({ord(char): said for char, said in swaps.items()})
