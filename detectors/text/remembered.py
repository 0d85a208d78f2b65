"""Remembered: what words stand for, kept ready, because speech repeats itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

MOST = 16_384  # words that are remembered: 2 MB; beyond, all are forgotten, the common ones only briefly

T = TypeVar("T")


class Remembered(dict[str, T]):
    """Word to what it stands for. find: that of one word, the same whenever it is asked.

    >>> Remembered(len).row(["to", "be", "or"])
    [2, 2, 2]
    """

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[str], T]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> T:
        if len(self) >= MOST:
            self.clear()
        found = self[word] = self._find(word)
        return found

    def __repr__(self) -> str:  # words stay out of logs and tracebacks
        return "Remembered(...)"

    def row(self, words: Iterable[str]) -> list[T]:
        """What each word stands for, in order."""
        return list(map(self.__getitem__, words))
