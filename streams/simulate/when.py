"""Time of the floor: milliseconds since 1970 (UTC), opening spans, local hours."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from streams.simulate.floor import Hours
from streams.simulate.settings import Simulation

SECOND = 1000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
Span = tuple[int, int]
"""From, to; milliseconds."""
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def bounds(simulation: Simulation) -> Span:
    """The run, from its first midnight to its last."""
    begin = int(datetime(*simulation.start.timetuple()[:3], tzinfo=UTC).timestamp()) * SECOND
    return begin, begin + simulation.days * DAY


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def stamp(at: int) -> str:
    """RFC 3339 with milliseconds.

    >>> stamp(1)
    '1970-01-01T00:00:00.001Z'
    """
    day, ms = divmod(at, DAY)
    s, ms = divmod(ms, SECOND)
    m, s = divmod(s, 60)
    h, m = divmod(m, 60)
    return f"{_date(day)}T{h:02d}:{m:02d}:{s:02d}.{ms:03d}Z"


def local(hours: Hours, at: int) -> datetime:
    """The tenant's wall clock at this moment."""
    return datetime.fromtimestamp(at // SECOND, ZoneInfo(hours.zone))


def hours_text(hours: Hours) -> str:
    """Opening hours as a registry writes them."""
    days = f"{NAMES[hours.first]}-{NAMES[hours.last]}"
    return f"{days} {_clock(hours.opens)}-{_clock(hours.closes)} {hours.zone}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def holidays(hours: Hours, simulation: Simulation) -> list[date]:
    """The local dates inside the run on which the tenant is closed."""
    return [simulation.start + timedelta(days=d) for d in hours.holidays if d < simulation.days]


def open_spans(hours: Hours, simulation: Simulation) -> list[Span]:
    """When the tenant is open within the run; spans that touch are joined (24/7 is one span)."""
    begin, end = bounds(simulation)
    closed, zone, spans = holidays(hours, simulation), ZoneInfo(hours.zone), list[Span]()
    for offset in range(-1, simulation.days + 1):
        day = simulation.start + timedelta(days=offset)
        if day in closed or not hours.first <= day.weekday() <= hours.last:
            continue
        a, b = (_moment(day, minutes, zone) for minutes in (hours.opens, hours.closes))
        a, b = max(a, begin), min(b, end)
        if spans and spans[-1][1] == a:
            spans[-1] = (spans[-1][0], b)
        elif a < b:
            spans.append((a, b))
    return spans


def _moment(day: date, minutes: int, zone: ZoneInfo) -> int:
    """This wall-clock minute of the local day; 1440 is the next midnight."""
    day, minutes = day + timedelta(days=minutes // 1440), minutes % 1440
    clock = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone)
    return int(clock.timestamp()) * SECOND


def overlap(spans: list[Span], begin: int, end: int) -> list[Span]:
    """The parts of the spans within begin..end."""
    cut = [(max(a, begin), min(b, end)) for a, b in spans]
    return [(a, b) for a, b in cut if a < b]


def advance(spans: list[Span], begin: int, ms: int) -> int | None:
    """The moment when so much open time has passed since `begin`; None when the spans do not last."""
    for a, b in overlap(spans, begin, 1 << 62):
        if ms <= b - a:
            return a + ms
        ms -= b - a
    return None
