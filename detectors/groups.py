"""Groups: which answers are new and spreading over conversations.

A sentence (its key, see `detectors.text.copies`) is heard of when it is said again in another conversation.
Six conversations within six hours are a spread, or among the last sixty where these took longer, as on a
small floor or in mail; with hardly any before, it is *new*, and its group is watched. What spread without
being new is usual, and stays so. Nothing is judged here.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from msgspec import convert, to_builtins

from detectors.structs import ArrayLeaf

HOUR_US = 3600 * 1_000_000
DAY_US = 24 * HOUR_US
SPREAD, SPREAD_US = 6, 6 * HOUR_US  # conversations, within
AMONG, LONGEST_US = 60, 48 * HOUR_US  # conversations; what took longer is no spread
NOVEL = 0.25  # as many before, at most, as within the spread
MEMORY_US = 10 * DAY_US  # how long what is not said again is remembered
FADE = 0.9  # of what is known of older times, a day
ONCE = 50_000  # keys said in one conversation only, 0.3 KB each: most of what an AI says is never said again
SEVERAL = 20_000  # keys said in several, 0.6 KB each
USUAL = 50_000  # keys that spread before, 0.1 KB each

Hearing: TypeAlias = tuple[int, str, int]
"""When a key was said, microseconds; in which conversation; how often its customer had spoken by then."""


Kept = TypeVar("Kept")


class Row(ArrayLeaf):
    """A key said in several conversations. older: how many before the recent ones, faded; day: of the last
    fading."""

    older: float
    day: int
    recent: list[Hearing]


class Groups:
    """The sentences of one tenant.

    >>> groups = Groups()
    >>> [len(groups.hear(7, (i * 60_000_000, f"c{i}", 1)) or ()) for i in range(7)]
    [0, 0, 0, 0, 0, 6, 0]
    """

    def __init__(self) -> None:
        # Ordered: rows leave, or go to the end, when they are said again, and a dictionary that loses its
        # first rows takes ever longer to say which is the first.
        self._once: OrderedDict[int, Hearing] = OrderedDict()
        self._several: OrderedDict[int, Row] = OrderedDict()
        self._usual: dict[int, int] = {}  # key -> day it was last said
        self._oldest = self._oldest_day = -(2**62)  # nothing said once, and nothing usual, is older
        self.forgotten = 0  # keys dropped before their time, to bound memory
        self._ended: deque[int] = deque(maxlen=AMONG)
        self.span_us = SPREAD_US
        """Within which a spread is one."""

    def over(self, time: int) -> None:
        """A conversation ended."""
        self._ended.append(time)
        self._pace()

    def _pace(self) -> None:
        took = self._ended[-1] - self._ended[0] if len(self._ended) == AMONG else 0
        self.span_us = max(SPREAD_US, min(took, LONGEST_US))

    def hear(self, key: int, one: Hearing, teach: bool = False) -> list[Hearing] | None:
        """A key is said. Returns by whom it was heard, where it is new and spread just now.

        teach: what spreads is usual, not new: while the tenant itself is new.
        """
        time, conversation, _ = one
        usual = self._usual.get(key)
        if usual is not None:
            if usual != time // DAY_US:
                self._keep_usual(key, time)
            return None
        row = self._several.pop(key, None)
        if row is None:
            row = self._second(key, one)
            if row is None:
                return None
        elif all(heard[1] != conversation for heard in row.recent):
            self._shift(row, time)
            row.recent.append(one)
        if len(row.recent) < SPREAD:
            self._several[key] = row  # at the end: in the order last said
            self._bound(self._several, SEVERAL)
            return None
        if teach or row.older > NOVEL * len(row.recent):
            self._keep_usual(key, time)
            return None
        return row.recent

    def settle(self, key: int, time: int) -> None:
        """A key that was new is usual from now on."""
        self._keep_usual(key, time)

    def _second(self, key: int, one: Hearing) -> Row | None:
        """The row of a key that is said for the second time; None for the first, and in one conversation."""
        first = self._once.get(key)
        if first is None:
            self._once[key] = one
            self._bound(self._once, ONCE)
            return None
        if first[1] == one[1]:
            return None
        del self._once[key]
        row = Row(0.0, one[0] // DAY_US, [first])
        self._shift(row, one[0])
        row.recent.append(one)
        return row

    def _shift(self, row: Row, time: int) -> None:
        """Moves what is no longer recent to the older times."""
        day = time // DAY_US
        while row.day < day:
            row.older, row.day = row.older * FADE, row.day + 1
            if row.older < 0.01:
                row.day = day
        stay = [heard for heard in row.recent if time - heard[0] < self.span_us]
        row.older += len(row.recent) - len(stay)
        row.recent = stay

    def _keep_usual(self, key: int, time: int) -> None:
        self._usual.pop(key, None)
        self._usual[key] = time // DAY_US
        self._bound(self._usual, USUAL)

    def _bound(self, rows: dict[int, Any], most: int) -> None:
        if len(rows) > most:
            del rows[next(iter(rows))]
            self.forgotten += 1

    def forget(self, now: int) -> None:
        """Drop what was not said for long."""
        last = now - MEMORY_US
        if self._oldest < last:
            _drop(self._once, lambda heard: heard[0] < last)
            self._oldest = next((heard[0] for heard in self._once.values()), now)
        if self._oldest_day < last // DAY_US:
            _drop(self._usual, lambda day: day < last // DAY_US)
            self._oldest_day = next(iter(self._usual.values()), now // DAY_US)
        _drop(self._several, lambda row: row.day < last // DAY_US)

    def state(self) -> Any:
        """Plain values."""
        parts = [[[key, kept] for key, kept in rows.items()] for rows in (self._once, self._several)]
        return to_builtins([*parts, list(self._usual.items()), self.forgotten, list(self._ended)])

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        once, several, usual, self.forgotten, *more = state  # older snapshots end here
        self._once = OrderedDict((key, convert(kept, Hearing)) for key, kept in once)
        self._several = OrderedDict((key, convert(kept, Row)) for key, kept in several)
        self._usual = dict(usual)
        if more and more[0]:
            self._ended.extend(more[0])
            self._pace()


def _drop(rows: dict[int, Kept], is_old: Callable[[Kept], bool]) -> None:
    """Rows are in the order last said."""
    while rows:
        key = next(iter(rows))
        if not is_old(rows[key]):
            return
        del rows[key]
