"""Figures: amounts, shares, times and counts of a text, in a form in which equal ones are equal.

Read are figures that promise something (money, per cent, lengths of time, dates, counts of things); numbers
that name something (orders, phones, list items) are left out, for they belong to other checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from detectors.text.engine import Match, pattern

FIGURES = 64  # of one text
PREPARED = 256  # texts whose figures are remembered

_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: float(value) for value, word in enumerate(_COUNTED, 2)}
_MINUTES = {"min": 1, "minute": 1, "hour": 60, "hr": 60, "day": 1440, "night": 1440, "week": 10080}
_MONTHS = {"month": 1, "year": 12, "yr": 12}
_AMOUNT, _DECIMAL = r"\d[\d,]{0,14}(?:\.\d{1,6})?", r"\d{1,6}(?:\.\d{1,6})?"
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_FIGURE = pattern(
    rf"((?:[$€£]|\b(?:usd|eur|gbp) ?)({_AMOUNT}))"
    rf"|({_AMOUNT}) ?(?:€|£|\$|(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks)\b)"
    rf"|({_DECIMAL}) ?(?:%|per ?cent\b)"
    rf"|\b(?:(\d{{1,6}})(?: ?[-–] ?| to | or | and ))?({_DECIMAL}|{'|'.join(_COUNTED)})(?:-| )?"
    r"(?:business |working |calendar |full )?(minute|min|hour|hr|day|night|week|month|year|yr)s?\b"
    rf"|\b(?:(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?({_MONTH})[a-z]*\.? (\d{{1,2}})?(?:st|nd|rd|th)?\b"
    r"|\b(\d{1,4}(?:,\d{3}){0,4}(?:\.\d{1,6})?)\b"
)


class Figure(Struct, frozen=True):
    """kind: amount, share, span, date or number. key: what equal figures have in common. text: as written."""

    kind: str
    key: str
    text: str


@lru_cache(maxsize=PREPARED)
def known(text: str) -> tuple[frozenset[str], frozenset[float]]:
    """Keys and plain values of all figures of a text that answers rest on."""
    found = figures(text, every=True)
    return frozenset(figure.key for figure in found), frozenset(values(found))


def values(found: Iterable[Figure]) -> list[float]:
    """Plain values."""
    return [float(figure.key.split(" ")[-1]) for figure in found if figure.kind != "date"]


def figures(text: str, every: bool = False) -> list[Figure]:
    """Figures in order of appearance. every: bare small numbers and numbers that look like names as well.

    >>> [f.key for f in figures("A fee of $1,200.00 is due in 3 business days, 15% on May 4th")]
    ['amount 1200', 'span minutes 4320', 'share 15', 'date may 4']
    """
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        if match.group(5):  # "5 to 7 days" is both
            found.append(_span(match.group(5), match.group(7), match.group()))
        figure = _figure(match, text, every)
        if figure is not None:
            found.append(figure)
        if len(found) >= FIGURES:
            break
    return found


def _figure(match: Match, text: str, every: bool) -> Figure | None:
    said = match.group()
    for kind, index in (("amount", 2), ("amount", 3), ("share", 4)):
        if match.group(index):
            return Figure(kind, f"{kind} {_plain(match.group(index))}", said)
    if match.group(7):
        return _span(match.group(6), match.group(7), said)
    if match.group(9):
        day = match.group(8) or match.group(10)
        return Figure("date", f"date {match.group(9).lower()} {int(day)}", said) if day else None
    return _number(match, text, every)


def _span(number: str, unit: str, said: str) -> Figure:
    """Equal lengths of time are equal figures: a week is seven days."""
    unit, number = unit.lower(), number.lower()
    value = _WORDS[number] if number in _WORDS else float(number)
    if unit in _MINUTES:
        return Figure("span", f"span minutes {value * _MINUTES[unit]:g}", said)
    return Figure("span", f"span months {value * _MONTHS[unit]:g}", said)


def _number(match: Match, text: str, every: bool) -> Figure | None:
    said = match.group(11)
    if not said:
        return None
    value = float(said.replace(",", ""))
    start, end = match.span()
    if not every and (value < 4 or _names(text[max(0, start - 2) : start], text[end : end + 2], said)):
        return None
    return Figure("number", f"number {value:g}", said)


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
