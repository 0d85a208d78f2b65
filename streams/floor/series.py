"""Series: every signal of one tenant over all its segments: score first, learn second and later.

An observation is compared with what its own queue leads one to expect; every segment it belongs to multiplies
the likelihood ratio. What is learnt waits four hours, so that an incident found meanwhile can strike it out.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import Any

from msgspec import convert
from msgspec.structs import replace

from detectors.baseline import Baseline, Expected
from detectors.level import Levels
from detectors.rate import EDetectors, Said, Table, table
from detectors.structs import Frozen, FrozenArrayLeaf
from streams.floor.cuts import Cuts, covers
from streams.floor.observations import Observation
from streams.floor.per_day import PerDay
from streams.floor.pool import POOLED, Pool
from streams.floor.signals import FED_BY, SIGNALS, TESTS, TRIALS, Signal
from streams.records.facts import MICROS, Dims
from streams.settings import Budget

BEHIND_US = 4 * 3600 * MICROS  # an incident is usually known within this time
RECENT_US = 3 * 86400 * MICROS  # how far back an onset may lie and still be explained by observations
WAITING = 200_000  # observations on their way into the baselines; beyond, the oldest teach nothing; 40 MB
RECENTS = 20_000  # observations of one test kept to explain an alarm
WARM_US = 86400 * MICROS  # who has not seen a whole day does not know what a day is like
OWN_ERROR = 0.5  # standard errors of the baseline by which the null is widened


class Recent(FrozenArrayLeaf):
    """One observation as a test saw it.

    raw, usual: what people read, and what was usual for it; per_x: their units per unit of score. at: when it
    was decided, microseconds; ascends, where `time` of a conversation that fell silent is its last word.
    whole: False for what a conversation says of a signal a second time, such as the trial of a later age bin.
    stratum: of the observation.
    """

    time: int
    place: int
    x: float
    mean: float
    var: float
    logs: tuple[float, ...]
    raw: float
    usual: float
    per_x: float
    conversation: str | None
    at: int
    whole: bool
    stratum: int = 0


class Judged(Frozen):
    """An observation after one test. past: segments whose evidence is past the threshold, and the statistic
    of each in opening days."""

    test: int
    recent: Recent
    past: list[tuple[int, float]]


class Waiting(FrozenArrayLeaf):
    """One observation on its way into the baseline."""

    time: int
    hour: float
    signal: str
    place: int
    stratum: int
    category: int


def null_of(dims: Dims) -> str:
    """What an observation is compared with: its queue on its channel. Mail is answered in minutes, calls in
    seconds; a mix shift between them changes nothing."""
    return f"{dims.queue or ''}|{dims.channel}"


class Series:
    """All tests of one tenant.

    budget: the thresholds, in opening days, and the head start of new versions. wanted: the tests to run.
    """

    def __init__(self, cuts: Cuts, budget: Budget, wanted: frozenset[str]) -> None:
        self._cuts, self._head = cuts, budget.head_start
        # Levels move with what people ask about: they are held to the stricter threshold.
        self._alarms = [budget.page_days if test.signal.levels else budget.ticket_days for test in TESTS]
        self._fed = {
            name: tuple(i for i in tests if TESTS[i].name in wanted) for name, tests in FED_BY.items()
        }
        self.baselines = {name: Baseline(s.scores, scale=s.scale) for name, s in SIGNALS.items()}
        self.levels = {name: Levels(s.scores, s.spread) for name, s in SIGNALS.items() if s.levels}
        self._nulls: list[str] = []
        self._pool = Pool(self.levels)
        self.tests = [EDetectors(test.shifts) for test in TESTS]
        self.recents: list[deque[Recent]] = [deque(maxlen=RECENTS) for _ in TESTS]
        self._per_day = [PerDay() for _ in TESTS]
        self._waiting: deque[Waiting] = deque()
        self.begun: int | None = None
        self._tables: dict[tuple[str, str, int], tuple[Expected, list[Table]]] = {}

    def observe(self, seen: Observation, place: int, hour: float, day: int, now: int) -> list[Judged]:
        """Score one observation and queue it for learning. hour: local hour of the week; day: local day;
        now: when it was decided."""
        signal = SIGNALS[seen.signal]
        queue = self._null(place)
        if signal.name == POOLED:
            value = self._pool.take(seen)
            if value is None:
                return []
            seen = replace(seen, value=value)
        if signal.levels:
            self._pool.add(seen, queue)
        category = self._category(signal, queue, seen.value)
        if category is None:
            return []
        self._waiting.append(Waiting(seen.time, hour, signal.name, place, seen.stratum, category))
        if len(self._waiting) > WAITING:
            self._waiting.popleft()
        expected = self.baselines[signal.name].expect(seen.time, hour, queue, seen.stratum)
        self.begun = seen.time if self.begun is None else self.begun
        if expected is None or seen.time - self.begun < WARM_US:
            return []
        known = self._tables.get((signal.name, queue, seen.stratum))
        tables = known[1] if known and known[0] is expected else self._tabled(seen, queue, expected)
        judged = []
        for index, usual in zip(self._fed[signal.name], tables, strict=True):
            said = usual.of(category)
            recent = self._remember(index, seen, place, said, now)
            past = [] if TESTS[index].aside else self._test(index, place, seen.time, day, said)
            judged.append(Judged(index, recent, past))
        return judged

    def _null(self, place: int) -> str:
        """By the place, whose number is bounded, and so are the nulls."""
        while len(self._nulls) <= place:
            self._nulls.append(null_of(self._cuts.places[len(self._nulls)].dims))
        return self._nulls[place]

    def _category(self, signal: Signal, queue: str, value: float) -> int | None:
        if not signal.levels:
            return signal.category(value)
        levels = self.levels[signal.name]
        category = levels.bin(queue, value)
        if category is None:
            levels.learn(queue, value)
        return category

    def _tabled(self, seen: Observation, queue: str, expected: Expected) -> list[Table]:
        """Tables of the tests that a signal feeds, kept for as long as what is expected."""
        # Few observations behind an expectation: the worst that is still normal lies further out.
        events = expected.p[1] * expected.n + 1.0 if len(expected.p) == 2 else expected.n
        inflation = expected.inflation + OWN_ERROR / math.sqrt(events)
        scores, fed = SIGNALS[seen.signal].scores, self._fed[seen.signal]
        tables = [table(expected.p, scores, TESTS[index].shifts, inflation) for index in fed]
        self._tables[seen.signal, queue, seen.stratum] = (expected, tables)
        return tables

    def _remember(self, index: int, seen: Observation, place: int, held: Said, now: int) -> Recent:
        signal = SIGNALS[seen.signal]
        raw, usual, per_x = held.x, held.mean, 1.0
        if signal.levels:
            scale = self.levels[signal.name].scale(self._null(place))
            if scale is not None:
                raw, usual, per_x = seen.value, scale.centre + scale.spread * held.mean, scale.spread
        elif signal.unit == "score" and len(TESTS[index].feeds) == 1:
            raw, usual = seen.value, 1.0 - held.mean
        whole = signal.name not in TRIALS or seen.stratum == 0
        recent = Recent(
            seen.time, place, held.x, held.mean, held.var, held.logs, raw, usual, per_x,
            seen.conversation, now, whole, seen.stratum,
        )  # fmt: skip
        self.recents[index].append(recent)
        return recent

    def _test(self, index: int, place: int, time: int, day: int, said: Said) -> list[tuple[int, float]]:
        test, alarm = self.tests[index], self._alarms[index]
        test.grow(len(self._cuts.segments))
        rows = self._cuts.agents(place) if TESTS[index].agents else self._cuts.places[place].rows
        found = test.see_all(rows, time, self._per_day[index].weights(rows, day), said)
        return [(row, days) for row, days in zip(rows, found, strict=True) if days >= alarm]

    def alarm(self, index: int) -> float:
        """The threshold of a test, opening days."""
        return self._alarms[index]

    def per_day(self, index: int, row: int) -> float:
        """Observations of a segment in an opening day."""
        return self._per_day[index].mean(row)

    def head_start(self, row: int) -> None:
        """A new version began to speak: its segment needs less evidence in every test."""
        for test in self.tests:
            test.grow(row + 1)
            test.start(row, self._head)

    def rebaseline(self, name: str, scope: dict[str, str], since: int) -> None:
        """What the test of this name saw in a place since `since` is normal from now on: what its queues had
        learnt is forgotten, and those observations are learnt at once.

        The null is the queue's: whoever else serves it is compared with the new normal, too.
        """
        index = next((i for i, test in enumerate(TESTS) if test.name == name), None)
        if index is None:
            return
        queues = {self._null(i): None for i, p in enumerate(self._cuts.places) if covers(scope, p.dims)}
        taught: dict[str, None] = {}
        for feed in TESTS[index].feeds:
            own = next((i for i in FED_BY[feed] if TESTS[i].feeds == (feed,)), None)
            if own is None:
                continue  # its observations are not told apart from those of its partner
            taught[feed] = None
            rows: dict[str, list[Recent]] = {queue: [] for queue in queues}
            for recent in self.recents[own]:
                if recent.time >= since and self._null(recent.place) in queues:
                    rows[self._null(recent.place)].append(recent)
            for queue, seen in rows.items():
                self._restart(SIGNALS[feed], queue, seen)
        # Those were learnt just now.
        self._waiting = deque(
            w for w in self._waiting
            if not (w.signal in taught and w.time >= since and self._null(w.place) in queues)
        )  # fmt: skip

    def _restart(self, signal: Signal, queue: str, rows: list[Recent]) -> None:
        """Forget a queue, and learn these observations of it."""
        baseline = self.baselines[signal.name]
        baseline.forget(queue)
        if signal.levels:
            self.levels[signal.name].recentre(queue, [recent.raw for recent in rows])
        for recent in rows:
            category = signal.scores.index(recent.x)
            if signal.levels:
                found = self.levels[signal.name].bin(queue, recent.raw)
                category = category if found is None else found
            baseline.seed(queue, recent.stratum, category)

    def learn(self, now: int, struck: Callable[[int, int], bool]) -> None:
        """Learn what has waited long enough. struck(time, place): whether an incident covers it."""
        last, waiting = now - BEHIND_US, self._waiting
        time, place, queue, teaches = -1, -1, "", False
        while waiting and waiting[0].time <= last:
            old = waiting.popleft()
            if old.place != place or old.time != time:  # an end says a dozen things of one place
                time, place, queue = old.time, old.place, self._null(old.place)
                teaches = not struck(time, place)
            if teaches:
                self.baselines[old.signal].learn(time, old.hour, queue, old.stratum, old.category)

    def forget(self, now: int) -> None:
        """Drop observations too old to explain anything."""
        last = now - RECENT_US
        for recents in self.recents:
            while recents and recents[0].at < last:
                recents.popleft()

    def state(self) -> Any:
        """Plain values."""
        return {
            "baselines": {name: b.state() for name, b in self.baselines.items()},
            "levels": {name: level.state() for name, level in self.levels.items()},
            "tests": [test.state() for test in self.tests],
            "per_day": [p.state() for p in self._per_day],
            "recents": [list(recents) for recents in self.recents],
            "waiting": list(self._waiting),
            "begun": self.begun,
        }

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        # What a state of an earlier version does not hold begins anew; tests are only ever appended.
        self.baselines |= {name: Baseline.from_state(kept) for name, kept in state["baselines"].items()}
        for name, kept in state["levels"].items():
            self.levels[name].restore(kept)
        for test, kept in zip(self.tests, state["tests"], strict=False):
            test.restore(kept)
        for per_day, kept in zip(self._per_day, state["per_day"], strict=False):
            per_day.restore(kept)
        for recents, kept in zip(self.recents, state["recents"], strict=False):
            recents.extend(convert(kept, list[Recent]))
        self._waiting = deque(convert(state["waiting"], list[Waiting]))
        self.begun = state["begun"]
