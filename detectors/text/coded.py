"""Coded: numbers for words, remembered, because speech repeats itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

REMEMBERED = 16_384  # words whose number is kept ready: 2 MB; beyond, all are forgotten, the common ones briefly


class Coded(dict[str, int]):
    """Word to number. code: the number of a word, the same whenever it is asked.

    >>> Coded(len).row(["to", "be", "or"])
    [2, 2, 2]
    """

    __slots__ = ("_code",)

    def __init__(self, code: Callable[[str], int]) -> None:
        super().__init__()
        self._code = code

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        code = self[word] = self._code(word)
        return code

    def __repr__(self) -> str:  # words stay out of logs and tracebacks
        return "Coded(...)"

    def row(self, words: Iterable[str]) -> list[int]:
        """The number of each word, in order."""
        return list(map(self.__getitem__, words))
