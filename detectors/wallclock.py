"""Clocks on walls: which instant they mean, and by how much they are ahead of UTC.

Where clocks go back a time is shown twice; who opens at it opens at the first, who closes closes at the last.
Where they go forward times are skipped; each of them means the change. Instants are microseconds since 1970.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shift(zone: tzinfo, t: int) -> int:
    """The zone's offset at an instant, microseconds."""
    offset = (_EPOCH + timedelta(microseconds=t)).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)


def instant(zone: tzinfo, day: date, minute: int, fold: int) -> int:
    """When the zone's clock shows a minute of a day: of two instants the first (fold 0) or the last."""
    days, minutes = divmod(minute, 24 * 60)
    wall = (day.toordinal() - EPOCH_ORDINAL + days) * DAY + minutes * 60 * SECOND
    local = _EPOCH.replace(tzinfo=None) + timedelta(microseconds=wall)
    early, late = (wall - _offset_of(zone, local, f) for f in (0, 1))
    if early <= late:  # the usual case, or a repeated hour
        return late if fold else early
    return _change(zone, late, early)


def _offset_of(zone: tzinfo, local: datetime, fold: int) -> int:
    offset = local.replace(tzinfo=zone, fold=fold).utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)


def _change(zone: tzinfo, low: int, high: int) -> int:
    """The instant in (low, high] from which on the offset is that of `high`."""
    after = shift(zone, high)
    while high - low > SECOND:
        middle = (low + high) // (2 * SECOND) * SECOND
        low, high = (low, middle) if shift(zone, middle) == after else (middle, high)
    return high
