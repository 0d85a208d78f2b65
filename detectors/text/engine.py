"""Engine: patterns on RE2, which takes time linear in the text, whatever the text (Cox, 2010)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, cast

import re2

MEMORY = 64 << 20  # bytes a pattern set may keep states in: a set that must forget them is ten times slower


class Match(Protocol):
    """One place in a text where a pattern holds."""

    def group(self, index: int = 0) -> str:
        """What a group matched."""
        ...

    def groups(self) -> tuple[str | None, ...]:
        """What all groups matched."""
        ...

    def span(self, index: int = 0) -> tuple[int, int]:
        """Where a group lies; (-1, -1) for one that took no part."""
        ...


class Pattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> Match | None:
        """The first match."""
        ...

    def fullmatch(self, text: str) -> Match | None:
        """The match of the whole text."""
        ...

    def finditer(self, text: str) -> Iterator[Match]:
        """All matches that do not overlap, from left to right."""
        ...

    def sub(self, repl: Callable[[Match], str], text: str) -> str:
        """The text with every match replaced."""
        ...


def pattern(text: str, *, any_case: bool = True) -> Pattern:
    """A compiled pattern, RE2 syntax: no look-around, `\\b` and `\\w` know ASCII only, `\\pL` knows all."""
    return cast(Pattern, re2.compile(text, _options(any_case)))


class Triggers:
    """Many patterns in one pass over a text: which of them occur, by their place in the list."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._set = re2.Set.SearchSet(_options(True))
        for one in patterns:
            self._set.Add(one)
        self._set.Compile()

    def found(self, text: str) -> frozenset[int]:
        """Indexes of the patterns that occur.

        >>> sorted(Triggers(["a+b", "c", "^a"]).found("AAB"))
        [0, 2]
        """
        return frozenset(self._set.Match(text) or ())  # None where nothing occurs


def _options(any_case: bool) -> re2.Options:
    options = re2.Options()
    options.log_errors = False  # a mistaken pattern raises here; the library need not print it as well
    options.case_sensitive = not any_case
    options.max_mem = MEMORY
    return options
