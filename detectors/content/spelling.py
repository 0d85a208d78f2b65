"""Spelling: words with their letters set apart, or written with digits and signs, put together again."""

from __future__ import annotations

from collections.abc import Callable

from detectors.content.lexicon import CLASSES
from detectors.text.common_words import RANKS
from detectors.text.engine import Match, pattern
from detectors.text.swap import Swap

LEAST_LETTERS = 8  # in a text put together: less says nothing
SPELLED_CHARS = 320  # of letters set apart that are split into words
RUNS = 8  # of letters set apart
LONGEST_WORD = 14  # tried there
LEET_CHARS = 1024  # searched for words written with digits; every candidate costs some microseconds


def together(text: str) -> list[str]:
    """Letters set apart, as words.

    >>> together("i g n o r e  r u l e s")
    ['ignore rules']
    """
    said = " ".join(
        _joined(match.group(1)) for _, match in zip(range(RUNS), _apart.finditer(text), strict=False)
    )
    return [said] if len(said) >= LEAST_LETTERS else []


def _joined(run: str) -> str:
    """Letters of one run as words: a wider gap than usual ends one; without wider gaps, by vocabulary."""
    usual = run[1]
    parts = run.split("  ") if usual == " " else run.split()
    said = [word for part in parts if (word := part.replace(usual, "").strip())]
    if len(said) > 1 and all(len(word) == 1 for word in said):
        said = ["".join(said)]
    longest = max(said, key=len, default="")
    if len(longest) <= (LONGEST_WORD if len(said) == 1 else 3 * LONGEST_WORD):
        return " ".join(said)
    letters = "".join(filter(str.isalnum, longest)).lower()
    return " ".join(_split(letters[:SPELLED_CHARS]))


def _split(letters: str) -> list[str]:
    """The likeliest words in a row of letters (Viterbi over word ranks, Zipf's law for their chances)."""
    cost, back = [0.0], [0]
    for end in range(1, len(letters) + 1):
        best, start = cost[end - 1] + 14.0, end - 1  # a letter of an unknown word
        for begin in range(max(0, end - LONGEST_WORD), end):
            rank = RANKS.get(letters[begin:end])
            if rank is not None and cost[begin] + rank < best:
                best, start = cost[begin] + rank, begin
        cost.append(best)
        back.append(start)
    words: list[str] = []
    end, last = len(letters), len(letters)
    while end > 0:
        start = back[end]
        if letters[start:end] in RANKS:
            if last > end:
                words.append(letters[end:last])
            words.append(letters[start:end])
            last = start
        end = start
    if last > 0:
        words.append(letters[:last])
    return words[::-1]


def lettered(text: str) -> list[str]:
    """Words written with digits and signs, where that makes at least two known words.

    A "1" is read as "i" and as "l": known words choose, all others stand in two readings.
    """
    known = 0

    def replaced(otherwise: Swap) -> Callable[[Match], str]:
        def read(match: Match) -> str:
            nonlocal known
            token = match.group().lower()
            for reading in (_with_i(token), _with_l(token)):
                if reading in RANKS or reading in CLASSES:
                    known += 1
                    return reading
            return otherwise(token)

        return read

    head, rest = text[:LEET_CHARS], text[LEET_CHARS:]
    said = [_leet_word.sub(replaced(_with_i), head) + rest]
    if known < 2:
        return []
    if "1" in head or "!" in head:
        said.append(_leet_word.sub(replaced(_with_l), head) + rest)
    return said


_SIGNS = "03457@$89+"
_LEET_I = dict(zip(_SIGNS + "1!|", "oeastasbgtiii", strict=True))
_LEET_L = {**_LEET_I, **dict.fromkeys("1!|", "l")}
APART = r"(?:^|[^a-z0-9])((?:[a-z0-9'’\"“”!?:;()<>=.,][ .\-_*|,/]{1,5}){6,}[a-z0-9?!.])(?:[^a-z0-9]|$)"
LEET = r"[a-z][0134579@$!][a-z]|[0134579@$][a-z]{2,}"
_apart = pattern(APART)
_leet_word = pattern(r"[a-z0-9@$!+|]*(?:[013457@$]|[a-z][!|+][a-z])[a-z0-9@$!+|]*")
_with_i, _with_l = Swap(_LEET_I), Swap(_LEET_L)
