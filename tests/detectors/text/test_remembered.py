"""What is remembered is what would be found again, of so many words and no more."""

from __future__ import annotations

from detectors.text import remembered
from detectors.text.remembered import Remembered


def test_it_finds_once_and_forgets_in_time() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Remembered(length)
    assert lengths.row(["a", "bc", "a"]) == [1, 2, 1]
    assert asked == ["a", "bc"]
    many = [f"w{number}" for number in range(2 * remembered.MOST)]
    assert lengths.row(many) == list(map(len, many))
    assert len(lengths) <= remembered.MOST


def test_its_words_are_not_shown() -> None:
    lengths = Remembered(len)
    lengths.row(["canary"])
    assert "canary" not in f"{lengths} {lengths!r}"
