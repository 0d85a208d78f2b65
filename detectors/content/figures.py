"""Figures: amounts, shares, times and counts of a text, in a form in which equal ones are equal.

Read are figures that promise something (money, per cent, lengths of time, dates, counts of things); numbers
that name something (orders, phones, list items) are left out, for they belong to other checks.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from detectors.text.engine import Match, pattern

FIGURES = 64  # of one text
LEAST = 4  # a smaller bare number counts what everybody sees
LONGEST = 15  # characters of a number; a longer one names something
PREPARED = 256  # texts whose figures are remembered

_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: float(value) for value, word in enumerate(_COUNTED, 2)}
_COUNTING = frozenset(_COUNTED)
_NO_NUMBER = {
    code: " " for code in (*range(0x250), *range(0x2000, 0x2070)) if chr(code) not in "0123456789.,"
}
_MINUTES = {"min": 1, "minute": 1, "hour": 60, "hr": 60, "day": 1440, "night": 1440, "week": 10080}
_MONTHS = {"month": 1, "year": 12, "yr": 12}
_AMOUNT, _DECIMAL = r"\d[\d,]{0,14}(?:\.\d{1,6})?", r"\d{1,6}(?:\.\d{1,6})?"
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_STATED = (
    rf"((?:[$€£]|\b(?:usd|eur|gbp) ?)({_AMOUNT}))"
    rf"|({_AMOUNT}) ?(?:€|£|\$|(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks)\b)"
    rf"|({_DECIMAL}) ?(?:%|per ?cent\b)"
    rf"|\b(?:(\d{{1,6}})(?: ?[-–] ?| to | or | and ))?({_DECIMAL}|{'|'.join(_COUNTED)})(?:-| )?"
    r"(?:business |working |calendar |full )?(minute|min|hour|hr|day|night|week|month|year|yr)s?\b"
    rf"|\b(?:(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?({_MONTH})[a-z]*\.? (\d{{1,2}})?(?:st|nd|rd|th)?\b"
)
_PLAIN = r"|\b(\d{1,4}(?:,\d{3}){0,4}(?:\.\d{1,6})?)\b"
_figures_stated, _figures = pattern(_STATED + "|($^)"), pattern(_STATED + _PLAIN)


class Figure(Struct, frozen=True):
    """kind: amount, share, span, date or number. key: what equal figures have in common. text: as written."""

    kind: str
    key: str
    text: str


@lru_cache(maxsize=PREPARED)
def numbers(text: str) -> frozenset[float]:
    """All numbers of a text that answers rest on, whatever they count."""
    found = (token.strip(".,").replace(",", "") for token in text.translate(_NO_NUMBER).split())
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
    if not any(map(text.__contains__, "0123456789")) and _COUNTING.isdisjoint(text.lower().split()):
        return found
    for match in (_figures if plain else _figures_stated).finditer(text):
        _, money, counted, share, low, span, unit, day, month, behind, bare = match.groups()
        said = match.group()
        if unit is not None:
            if low is not None:  # "5 to 7 days" is both
                found.append(_span(low, unit, said))
            found.append(_span(span or "", unit, said))
        elif month is not None:
            if (date := day or behind) is not None:
                found.append(Figure("date", f"date {month.lower()} {int(date)}", said))
        elif bare is not None:
            found += _number(bare, match, text)
        elif share is not None:
            found.append(Figure("share", f"share {_plain(share)}", said))
        else:
            found.append(Figure("amount", f"amount {_plain(money or counted or '0')}", said))
        if len(found) >= FIGURES:
            break
    return found


def _span(number: str, unit: str, said: str) -> Figure:
    """Equal lengths of time are equal figures: a week is seven days."""
    unit, number = unit.lower(), number.lower()
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
