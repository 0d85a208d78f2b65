"""Spoken: digits said as words, as speech recognition writes them down, and as people do who avoid a filter.

At least `LEAST` digits in a row, said in one language or mixed with written ones, count as a number: "four
one five, double five oh one" is 4155501.
"""

from __future__ import annotations

from collections.abc import Iterator

from detectors.text.engine import pattern

CHARS = 1000  # of one number; a longer one has no meaning
LEAST = 4  # digit words in a row; "one or two" and "nine one one" are language

_WORDS = (
    ("zero", "oh", "o", "nought", "null", "nul", "cero", "zéro"),
    ("one", "eins", "eine", "uno", "un", "een"),
    ("two", "zwei", "zwo", "dos", "deux", "due", "twee"),
    ("three", "drei", "tres", "trois", "três", "tre", "drie"),
    ("four", "vier", "cuatro", "quatre", "quatro", "quattro"),
    ("five", "fünf", "funf", "cinco", "cinq", "cinque", "vijf"),
    ("six", "sechs", "seis", "sei", "zes"),
    ("seven", "sieben", "siete", "sept", "sete", "sette", "zeven"),
    ("eight", "acht", "ocho", "huit", "oito", "otto"),
    ("nine", "niner", "neun", "nueve", "neuf", "nove", "negen"),
)
"""The digits in English, German, Spanish, French, Italian, Portuguese and Dutch."""
_DIGIT = {word: str(digit) for digit, words in enumerate(_WORDS) for word in words}
_TIMES = {"double": 2, "doppel": 2, "doble": 2, "triple": 3, "treble": 3}

_ONE = "(?:" + "|".join(sorted({*_DIGIT, *_TIMES}, key=lambda word: (-len(word), word))) + r"|\d{1,4})"
_BETWEEN = (
    r"(?:[ \t]*[,.;\-–…]?[ \t]+|[ \t]*[,\-–][ \t]*)(?:(?:and|then|dash|hyphen|space|uh|um|und|y|et)[ \t]+)?"
)
_SPOKEN = pattern(rf"\b{_ONE}(?:{_BETWEEN}{_ONE})+\b")
_WORD = pattern(r"\pL+|\d+")
TRIGGER = rf"\b(?:{'|'.join([*_DIGIT, *_TIMES])})[ \t]*[,.;\-–]?[ \t]*(?:{'|'.join([*_DIGIT, *_TIMES])})\b"
"""What a text must show for it to be worth a search; see `detectors.text.engine.Triggers`."""


def spoken(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of every number said in words.

    >>> list(spoken("call four one five, double five oh one now"))
    [(5, 38, '4155501')]
    """
    for match in _SPOKEN.finditer(text):
        words = [word.group().casefold() for word in _WORD.finditer(match.group()[:CHARS])]
        if sum(word in _DIGIT or word in _TIMES for word in words) >= LEAST:
            start, end = match.span()
            yield start, end, _digits(words)


def written(text: str) -> str:
    """The text with spoken numbers in digits.

    >>> written("It is four one one one, one one one one.")
    'It is 41111111.'
    """
    parts: list[str] = []
    last = 0
    for start, end, digits in spoken(text):
        parts += (text[last:start], digits)
        last = end
    return "".join(parts) + text[last:] if parts else text


def _digits(words: list[str]) -> str:
    out: list[str] = []
    times = 1
    for word in words:
        if word in _TIMES:
            times = _TIMES[word]
            continue
        digit = _DIGIT.get(word, word if word.isdecimal() else "")
        out.append(digit * times)
        times = 1
    return "".join(out)
