"""Engine: patterns on RE2, which takes time linear in the text, whatever the text (Cox, 2010)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, cast

import re2

from detectors.text.digital import Digital
from detectors.text.swap import has_digit

MEMORY = 64 << 20  # bytes a pattern set may keep states in: a set that must forget them is ten times slower


class Match(Protocol):
    """One place in a text where a pattern holds."""

    def group(self, index: int = 0) -> str:
        """What a group matched; a group that took no part says "" or None."""
        ...

    def span(self, index: int = 0) -> tuple[int, int]:
        """Where a group lies; (-1, -1) for one that took no part."""
        ...


class _Spans(Protocol):
    """A match in bytes."""

    def span(self, index: int = 0) -> tuple[int, int]: ...


class _Compiled(Protocol):
    """The library's pattern; searches bytes three times as fast as text, whose places it has to count."""

    def finditer(self, text: bytes) -> Iterator[_Spans]: ...


class _AsciiMatch:
    """A match whose places in bytes are places in the text."""

    __slots__ = ("_spans", "_text")

    def __init__(self, text: str, spans: _Spans) -> None:
        self._text, self._spans = text, spans

    def group(self, index: int = 0) -> str:
        start, end = self._spans.span(index)
        return self._text[start:end] if start >= 0 else ""

    def span(self, index: int = 0) -> tuple[int, int]:
        return self._spans.span(index)


class _WideMatch:
    """A match in a text with characters of several bytes. begun: a place no further than it, in bytes and in
    characters."""

    __slots__ = ("_begun", "_raw", "_spans")

    def __init__(self, raw: bytes, spans: _Spans, begun: tuple[int, int]) -> None:
        self._raw, self._spans, self._begun = raw, spans, begun

    def group(self, index: int = 0) -> str:
        start, end = self._spans.span(index)
        return self._raw[start:end].decode() if start >= 0 else ""

    def span(self, index: int = 0) -> tuple[int, int]:
        start, end = self._spans.span(index)
        if start < 0:
            return start, end
        place, chars = self._begun
        first = chars + len(self._raw[place:start].decode())
        return first, first + len(self._raw[start:end].decode())


class Pattern:
    """A compiled pattern. Text is searched as bytes: most is ASCII, where places are the same. Whether there
    is a match at all, a set of one pattern knows sooner: it does not look for where."""

    def __init__(self, text: str, options: re2.Options) -> None:
        self._text, self._options = text, options
        self._compiled = cast(_Compiled, re2.compile(text, options))
        self._any: re2.Set | None = None  # made when it is first asked for, as is the next
        self._all: re2.Set | None = None

    def finditer(self, text: str) -> Iterator[Match]:
        """All matches that do not overlap, from left to right."""
        raw = text.encode()
        if len(raw) == len(text):
            for spans in self._compiled.finditer(raw):
                yield _AsciiMatch(text, spans)
            return
        place = chars = 0
        for spans in self._compiled.finditer(raw):
            start = spans.span()[0]
            place, chars = start, chars + len(raw[place:start].decode())
            yield _WideMatch(raw, spans, (place, chars))

    def search(self, text: str) -> Match | None:
        """The first match."""
        return next(self.finditer(text), None)

    def holds(self, text: str) -> bool:
        """Whether there is a match."""
        if self._any is None:
            self._any = _set(re2.Set.SearchSet(self._options), [self._text])
        return self._any.Match(text) is not None

    def is_all(self, text: str) -> bool:
        """Whether the whole text is one match."""
        if self._all is None:
            self._all = _set(re2.Set.FullMatchSet(self._options), [self._text])
        return self._all.Match(text) is not None

    def sub(self, replaced: Callable[[Match], str], text: str) -> str:
        """The text with every match replaced."""
        parts: list[str] = []
        last = 0
        for match in self.finditer(text):
            start, end = match.span()
            parts += (text[last:start], replaced(match))
            last = end
        return "".join(parts) + text[last:] if parts else text


def pattern(text: str, *, any_case: bool = True) -> Pattern:
    """A compiled pattern, RE2 syntax: no look-around, `\\b` and `\\w` know ASCII only, `\\pL` knows all."""
    return Pattern(text, _options(any_case))


class Triggers:
    """Many patterns in one pass over a text: which of them occur, by their place in the list."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._set = _set(re2.Set.SearchSet(_options(True)), patterns)

    def found(self, text: str) -> frozenset[int]:
        """Indexes of the patterns that occur.

        >>> sorted(Triggers(["a+b", "c", "^a"]).found("AAB"))
        [0, 2]
        """
        return frozenset(self.hits(text))

    def hits(self, text: str) -> Sequence[int]:
        """The same in no order."""
        return self._set.Match(text) or ()  # None where nothing occurs


class Pass:
    """Several lists of patterns in one pass over a text: it costs little more than one of them."""

    def __init__(self, *groups: Sequence[str]) -> None:
        every = [(number, place) for number, group in enumerate(groups) for place in range(len(group))]
        self._digital = [(n, place) for n, place in every if isinstance(groups[n][place], Digital)]
        self._always = [(n, place) for n, place in every if not isinstance(groups[n][place], Digital)]
        self._with_digits = Triggers([groups[n][place] for n, place in self._digital])
        self._with_any = Triggers([groups[n][place] for n, place in self._always])
        self._nothing: tuple[frozenset[int], ...] = tuple(frozenset() for _ in groups)

    def found(self, text: str) -> tuple[frozenset[int], ...]:
        """For each list the indexes of its patterns that occur.

        >>> [sorted(hits) for hits in Pass(["a", "b"], [Digital("[0-9]"), "a"]).found("a b")]
        [[0, 1], [1]]
        """
        hits = [self._always[hit] for hit in self._with_any.hits(text)]
        if has_digit(text):
            hits += [self._digital[hit] for hit in self._with_digits.hits(text)]
        if not hits:
            return self._nothing
        found: list[list[int]] = [[] for _ in self._nothing]
        for number, place in hits:
            found[number].append(place)
        return tuple(map(frozenset, found))


def _set(empty: re2.Set, patterns: Sequence[str]) -> re2.Set:
    for one in patterns:
        empty.Add(one)
    empty.Compile()
    return empty


def _options(any_case: bool) -> re2.Options:
    options = re2.Options()
    options.log_errors = False  # a mistaken pattern raises here; the library need not print it as well
    options.case_sensitive = not any_case
    options.max_mem = MEMORY
    return options
