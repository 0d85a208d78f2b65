"""Pages of workers: which are open, whoever opened them, and who speaks of which trouble.

The topic of alerts is the truth. Every worker follows it from its beginning, so that one that takes over a
partition knows what its forerunner left open: it does not say it again, and resolves it by the same id. Each
trouble belongs to one partition, so that no two workers speak of it at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from faust.types import TP
from msgspec import Struct

from streams.live.names import Names
from streams.live.selftest import FIRST_S
from streams.live.troubles import BLIND_S, GAP_S, REJECT_WINDOW_S
from streams.records.alerts import Alert
from streams.records.pages import DETECTOR, Matter, Pager, Trouble, matter
from streams.settings import Settings

MOMENTS: tuple[Trouble, ...] = ("cold_start", "damaged_snapshot", "lost")
"""What happened once; it stays an alert for `LASTING_S`."""
LASTING_US = 3_600_000_000
_MARK = DETECTOR.encode()
_decode = msgspec.json.Decoder(Alert).decode


class Seat(Struct):
    """A partition of this worker. end: where it ended when it came; since: when it was first read so far,
    seconds of a steady clock; None: not yet."""

    end: int
    since: float | None = None


class Pages:
    """Those of the troubles that workers speak of."""

    def __init__(self, settings: Settings, names: Names) -> None:
        live = settings.live
        self._names = names
        self._shows_s: dict[Trouble, float] = {
            "stuck_origin": live.stuck_s,
            "gap": 2 * GAP_S,
            "rejects": REJECT_WINDOW_S,
            # A look or two later than its own: that one says whether it came back.
            "canary": FIRST_S + settings.lateness_s + live.stuck_s + BLIND_S,
            "parked": 0.0,  # the state of the log says so
        }
        self._pager = Pager((*self._shows_s, *MOMENTS))
        self._seats: dict[TP, Seat] = {}
        self._looked = 0.0

    def hear(self, record: bytes | None) -> None:
        """A record of the topic of alerts."""
        if record is None or _MARK not in record:  # nearly all
            return
        try:
            self._pager.adopt(_decode(record))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return

    def look(
        self, troubles: Mapping[Matter, str], positions: Mapping[TP, int], ends: Mapping[TP, int],
        now: float, at: int,
    ) -> list[Alert]:  # fmt: skip
        """Changes to tell. troubles: all that this worker sees; positions, ends: of its partitions.

        now: seconds of a steady clock; at: microseconds since 1970.
        """
        if now - self._looked > BLIND_S:  # what stands is being looked for anew
            self._seats = {}
        self._looked = now
        self._sit(positions, ends, now)
        placed = {self._placed(about): said for about, said in troubles.items()}
        mine = {about: said for about, said in placed.items() if self._seat(about) in self._seats}
        return self._pager.look(mine, at, lambda about, since: self._is_over(about, since, now, at))

    def _sit(self, positions: Mapping[TP, int], ends: Mapping[TP, int], now: float) -> None:
        self._seats = {
            tp: self._seats.get(tp) or Seat(ends.get(tp, at)) for tp, at in sorted(positions.items())
        }
        for tp, seat in self._seats.items():
            if seat.since is None and positions[tp] >= seat.end:
                seat.since = now

    def _placed(self, about: Matter) -> Matter:
        """What is no event each worker judges in its own partitions: it speaks for the first of them, or for
        the one that is being spoken of already."""
        if about.trouble != "rejects":
            return about
        topic = dict(about.place)["topic"]
        own = sorted(tp.partition for tp in self._seats if tp.topic == topic) or [0]
        places = [matter("rejects", topic=topic, partition=number) for number in own]
        return next(filter(self._pager.is_open, places), places[0])

    def _seat(self, about: Matter) -> TP:
        """The partition whose worker speaks of it; of what all logs see alike, and of topics that are no
        longer read, that is the first log's."""
        place = dict(about.place)
        if (log := place.get("log", "")).isdecimal():
            return TP(self._names.facts, int(log))
        topic, partition = place.get("topic", ""), place.get("partition", "0")
        if about.trouble in ("rejects", "lost") and topic in self._names.inputs and partition.isdecimal():
            return TP(topic, int(partition))
        return TP(self._names.facts, 0)

    def _is_over(self, about: Matter, since: int, now: float, at: int) -> bool:
        """Whether a trouble that is not seen is over: who has just come has not looked for long enough."""
        seat = self._seats.get(self._seat(about))
        if seat is None:
            return False
        if about.trouble in MOMENTS:
            return at - since >= LASTING_US
        return seat.since is not None and now - seat.since >= self._shows_s[about.trouble]
