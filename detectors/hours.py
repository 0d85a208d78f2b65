"""Opening hours as people write them: `Mon-Fri 07:00-21:05 Europe/Berlin`.

DAYS TIMES ZONE, separated by spaces. DAYS: names or ranges, separated by commas (`Mon,Wed`, `Sat-Sun`).
TIMES: spans of a 24-hour clock, separated by commas; one that ends before it begins runs over midnight and
belongs to the day on which it begins; `00:00-24:00` is the whole day. ZONE: an IANA name.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 24 * 60
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


class Hours(NamedTuple):
    """One entry. days: 0 (Monday) to 6, ascending. spans: (from, to) in minutes of the local day on which it
    begins; `to` exceeds 1440 where it runs over midnight."""

    days: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    zone: ZoneInfo


ALWAYS = Hours(tuple(range(7)), ((0, DAY_MIN),), ZoneInfo("UTC"))


def parse_hours(text: str) -> Hours:
    """Read one entry; ValueError says which part is wrong.

    >>> parse_hours("Fri-Sun 22:00-06:00 UTC")
    Hours(days=(4, 5, 6), spans=((1320, 1800),), zone=zoneinfo.ZoneInfo(key='UTC'))
    """
    parts = text.split()
    if len(parts) != 3:
        raise ValueError(f"{text!r} is not DAYS TIMES ZONE, such as 'Mon-Fri 07:00-21:05 Europe/Berlin'")
    days = {day for part in parts[0].split(",") for day in _days(part)}
    spans = tuple(_span(part) for part in parts[1].split(","))
    return Hours(tuple(sorted(days)), spans, _zone(parts[2]))


def _days(part: str) -> list[int]:
    first, dash, last = part.partition("-")
    start = _day(first)
    end = _day(last) if dash else start
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _day(name: str) -> int:
    try:
        return DAY_NAMES.index(name.lower())
    except ValueError:
        raise ValueError(f"{name!r} is not a day; days are Mon Tue Wed Thu Fri Sat Sun") from None


def _span(part: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is not a span of time such as 07:00-21:05")
    hour, minute, to_hour, to_minute = map(int, match.groups())
    start, end = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or start >= DAY_MIN or end > DAY_MIN:
        raise ValueError(f"{part!r} is not a span of a day; hours run from 00:00 to 24:00")
    if start == end:
        raise ValueError(f"{part!r} is empty; the whole day is 00:00-24:00")
    return start, end if end > start else end + DAY_MIN


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of zones such as `Europe`
        raise ValueError(f"{name!r} is not a time zone; use an IANA name such as Europe/Berlin") from None
