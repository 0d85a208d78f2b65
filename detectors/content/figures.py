"""Figures: amounts, shares, times and counts of a text, in a form in which equal ones are equal.

Read are figures that promise something (money, per cent, lengths of time, dates, counts of things); numbers
that name something (orders, phones, list items) are left out, for they belong to other checks.
"""

from __future__ import annotations

from functools import lru_cache

from detectors.structs import Frozen
from detectors.text.engine import Match, pattern
from detectors.text.swap import Swap, has_digit

FIGURES = 64  # of one text
LEAST = 4  # a smaller bare number counts what everybody sees
LONGEST = 15  # characters of a number; a longer one names something
PREPARED = 256  # texts whose figures are remembered

_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: float(value) for value, word in enumerate(_COUNTED, 2)}
COUNTING = frozenset(_COUNTED)
_LATIN = [chr(code) for code in (*range(0x250), *range(0x2000, 0x2070))]
_numeric = Swap({char: " " for char in _LATIN if char not in "0123456789.,"})
_wording = Swap({char: " " for char in _LATIN if not char.isalpha()})
_MINUTES = {"min": 1, "minute": 1, "hour": 60, "hr": 60, "day": 1440, "night": 1440, "week": 10080}
_MONTHS = {"month": 1, "year": 12, "yr": 12}
_MONEY = frozenset(("usd", "eur", "gbp", "dollar", "euro", "pound", "buck"))
_AMOUNT, _DECIMAL = r"\d[\d,]{0,14}(?:\.\d{1,6})?", r"\d{1,6}(?:\.\d{1,6})?"
_MONTH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_STATED = (
    rf"(?:[$€£]|\b(?:usd|eur|gbp) ?){_AMOUNT}"
    rf"|{_AMOUNT} ?(?:€|£|\$|(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks)\b)"
    rf"|{_DECIMAL} ?(?:%|per ?cent\b)"
    rf"|\b(?:\d{{1,6}}(?: ?[-–] ?| to | or | and ))?(?:{_DECIMAL}|{'|'.join(_COUNTED)})(?:-| )?"
    r"(?:business |working |calendar |full )?(?:minute|min|hour|hr|day|night|week|month|year|yr)s?\b"
    rf"|\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?(?:{'|'.join(_MONTH)})[a-z]*\.? "
    r"(?:\d{1,2})?(?:st|nd|rd|th)?\b"
)
_PLAIN = r"|\b\d{1,4}(?:,\d{3}){0,4}(?:\.\d{1,6})?\b"
_figures_stated, _figures = pattern(_STATED), pattern(_STATED + _PLAIN)


class Figure(Frozen):
    """kind: amount, share, span, date or number. key: what equal figures have in common. text: as written."""

    kind: str
    key: str
    text: str


@lru_cache(maxsize=PREPARED)
def numbers(text: str) -> frozenset[float]:
    """All numbers of a text that answers rest on, whatever they count."""
    found = {token.strip(".,").replace(",", "") for token in set(_numeric(text).split())}
    return frozenset(float(token) for token in found if len(token) <= LONGEST and _is_number(token))


def _is_number(token: str) -> bool:
    return token.isascii() and token.replace(".", "", 1).isdigit()


@lru_cache(maxsize=PREPARED)
def keys(text: str) -> frozenset[str]:
    """Keys of all figures of a text that answers rest on."""
    return frozenset(figure.key for figure in figures(text, plain=False))


def value(figure: Figure) -> float:
    """Its number: an amount, a share, a count; of lengths of time and dates, what the key says."""
    return float(figure.key.rsplit(" ", 1)[1])


def figures(text: str, plain: bool = True) -> list[Figure]:
    """Figures in order of appearance. plain: bare numbers too.

    >>> [f.key for f in figures("A fee of $1,200.00 is due in 3 business days, 15% on May 4th")]
    ['amount 1200', 'span minutes 4320', 'share 15', 'date may 4']
    """
    found: list[Figure] = []
    if not has_digit(text) and COUNTING.isdisjoint(text.lower().split()):
        return found
    for match in (_figures if plain else _figures_stated).finditer(text):
        said = match.group()
        if not said.strip("0123456789.,"):
            found += _number(said, match, text)
        else:
            found += _stated(said)
        if len(found) >= FIGURES:
            break
    return found


def _stated(said: str) -> list[Figure]:
    """Figures of one wording, which says what it counts."""
    numbers = [number for token in _numeric(said).split() if (number := token.strip(".,"))]
    named = _wording(said.lower()).split()
    unit = named[-1].removesuffix("s") if named else ""
    if unit in _MINUTES or unit in _MONTHS:  # "5 to 7 days" is both
        return [_span(number, unit, said) for number in (*numbers, *filter(COUNTING.__contains__, named))]
    if said[-1] == "%" or unit in ("cent", "percent"):
        return [Figure("share", f"share {_plain(numbers[0])}", said)]
    if unit in _MONEY or not named or named[0] in _MONEY:  # or a sign
        return [Figure("amount", f"amount {_plain(numbers[0])}", said)]
    month = next(name[:3] for name in named if name[:3] in _MONTH)
    return [Figure("date", f"date {month} {int(numbers[0])}", said)] if numbers else []


def _span(number: str, unit: str, said: str) -> Figure:
    """Equal lengths of time are equal figures: a week is seven days."""
    value = _WORDS[number] if number in _WORDS else float(number)
    if unit in _MINUTES:
        return Figure("span", f"span minutes {value * _MINUTES[unit]:g}", said)
    return Figure("span", f"span months {value * _MONTHS[unit]:g}", said)


def _number(said: str, match: Match, text: str) -> list[Figure]:
    number = float(said.replace(",", ""))
    start, end = match.span()
    if number < LEAST or (_names(text[max(0, start - 2) : start], text[end : end + 2], said)):
        return []
    return [Figure("number", f"number {number:g}", said)]


def _names(before: str, after: str, said: str) -> bool:
    """Whether a number names something: an order, a list item, a time of day, a part of a longer number."""
    return (
        before[-1:] in ("#", "-", ":", "/", ".", "+", "_", "(")
        or after[:1] in (":", "-", "/", ")", "_", "/")
        or (after[:1] == "." and (before[-1:] in ("", "\n") or not after[1:2].isspace()))
        or (len(said) == 4 and said[:2] in ("19", "20"))
    )


def _plain(number: str) -> str:
    return f"{float(number.replace(',', '')):.10g}"
