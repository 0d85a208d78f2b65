"""The watch over one tenant: folds a slot's facts, scores what they decide, and says what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import msgspec
from msgspec.structs import asdict, replace

from detectors.calendar import NEVER
from detectors.mix import Mix
from detectors.structs import Frozen
from streams.floor import bounds
from streams.floor.aftermath import LOW_BELOW
from streams.floor.attacks import Attacks
from streams.floor.bounds import Bounds
from streams.floor.changed import Changed
from streams.floor.conduct import Conduct
from streams.floor.cuts import Cuts
from streams.floor.duties import Duties
from streams.floor.gauges import Gauges
from streams.floor.habits import TESTS_OF, Habits
from streams.floor.hold import Taken
from streams.floor.incident import Scope
from streams.floor.incidents import Incidents
from streams.floor.lessons import Lessons
from streams.floor.observations import Observation
from streams.floor.replication import Replication
from streams.floor.rulings import Rulings
from streams.floor.series import Series
from streams.floor.sight import eyes
from streams.floor.signals import TESTS
from streams.floor.speakers import Speakers
from streams.floor.surveys import GRADED, Surveys
from streams.floor.suspicion import Suspicion
from streams.floor.talks import Talks
from streams.floor.tools import Tools
from streams.floor.traffic import Traffic
from streams.floor.violations import Violations
from streams.records.alerts import Alert
from streams.records.canary import is_canary, rules
from streams.records.controls import Change, RegistryChange, VerdictGiven
from streams.records.facts import MICROS, Acted, Dims, Fact, Said, Scored
from streams.records.readings import Eyes, Intake, Readings
from streams.records.registry import Registry, Tenant
from streams.settings import Settings, Signals, digest

TICK_S = 60  # how often idle conversations, silence and recovery are looked at
DAY_US = 86400 * MICROS
ASLEEP_US = 14 * DAY_US  # without events: nothing is left to end by then; a wrong time is no century of work
EYES_US = 300 * MICROS  # how often readings tell which detectors can be trusted
MEANS = {"expected": "planned", "false": "a false alarm", "normal": "the new normal"}
BOUND_QUIET_S = 8 * 3600  # opening time after which a limit that was not hit again is forgotten


class Failed(Frozen):
    """An event whose fact could not be folded. fault: class of the error; its text may hold what was said."""

    source: str
    id: str
    fault: str


class Closing(Frozen):
    """One closed slot of one tenant: [start, end) in microseconds, what changed, which limits were hit, and
    which events were left out because their fold failed. fault: empty, or why it did not close, and what it
    decided is void. readings: what it looked like, where somebody draws it."""

    tenant: str
    start: int
    end: int
    changes: list[Alert]
    degraded: list[str]
    failed: list[Failed]
    fault: str = ""
    readings: Readings | None = None


class Part(Protocol):
    """What a watch is made of: each keeps a state of plain values, and records of its own."""

    def state(self) -> Any:
        """Plain values and records, to be encoded at once: they are not copies."""

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""


class Watch:
    """Everything known about one tenant. settings, registry: in force from the beginning. drawn: whether
    closings carry readings."""

    def __init__(
        self, tenant: str, settings: Settings, registry: Registry | None, *, drawn: bool = False
    ) -> None:
        hidden = is_canary(tenant)
        settings = _of_canary(settings) if hidden else settings
        self._own = rules(tenant) if hidden else None
        self._tenant, self._settings = tenant, settings
        self._slot_us = settings.slot_s * MICROS
        self._tick = max(1, TICK_S // settings.slot_s)
        self._planned: list[Change] = []
        self._heard: int | None = None  # end of the last slot with facts
        self._work: tuple[int, int] | None = None  # from where it was asked, and the answer until a closing
        limits, signals = settings.limits, settings.signals
        self.bounds = Bounds()
        hit = self.bounds.hit
        self._cuts = Cuts(settings.cuts, limits.tenant_segments, hit)
        self._talks = Talks(limits, settings.idle_s, hit)
        self._wanted = _wanted(settings)
        self.series = Series(self._cuts, settings.budget, self._wanted)
        self._gauges = Gauges(self._cuts, self.series, settings.budget) if drawn else None
        self.incidents = Incidents(tenant, settings, hit)
        self._rulings = Rulings()
        self.incidents.keep_quiet(self._rulings.planned)
        self._suspicion = Suspicion(settings.budget, self._cuts, self.series, self.incidents, self._rulings)
        self._violations = Violations(tenant, settings, self.incidents, self._talks.find)
        self._talks.remembered = self._violations.remembered
        self._speakers = Speakers(self.incidents, signals.silence, limits.tenant_sources, hit)
        self._surveys = Surveys(self.incidents, signals.integrity, self._gauges)
        self._duties = Duties(self.incidents)
        self._traffic = Traffic(self.incidents, settings.severities.volume, signals.volume, self._gauges)
        self._attacks = Attacks(self.incidents, settings.budget.ticket_days, signals.injection)
        self._lessons = Lessons()
        self._conduct = Conduct(self.incidents, signals.boundary)
        self._tools = Tools(self.incidents, signals.silence)
        self._habits = Habits(self.incidents, signals)
        self._replication = Replication(
            self.incidents, settings.budget.ticket_days, self._talks.find, self._talks.find_ended,
            limits.tenant_answers, hit,
        )  # fmt: skip
        self._changed = Changed(self._cuts)
        self._mix = self._suspicion.mix = Mix()
        self.incidents.explain_by(self._near)
        self._use(registry)

    def _entry(self, registry: Registry | None) -> Tenant:
        return (registry.tenant(self._tenant) if registry else None) or Tenant()

    def _lateness_of(self, registry: Registry | None) -> int:
        stated = self._entry(registry).lateness_s
        return int((self._settings.lateness_s if stated is None else stated) * MICROS)

    def _use(self, registry: Registry | None) -> None:
        registry = self._own or registry
        entry = self._entry(registry)
        self._registry, self._calendar = registry, entry.calendar()
        self._talks.entry = self._speakers.entry = self._conduct.entry = self._habits.entry = entry
        self._violations.use(registry)
        self._lateness = self._lateness_of(registry)
        self.incidents.config = digest(self._settings, registry)

    def _obey(self, change: Change, now: int) -> None:
        if isinstance(change, VerdictGiven):
            self._rule(change, now)
        else:
            self._changed.registry(change, self._entry(self._registry), self._entry(change.registry))
            self._use(change.registry)

    def _rule(self, given: VerdictGiven, now: int) -> None:
        """A verdict on an alert of this tenant, whether it is open, closed or long forgotten."""
        self._rulings.take(given)
        self._lessons.take(given)
        if given.verdict == "real":
            return
        incident = self.incidents.open.get(given.alert)
        if incident is not None:
            self.incidents.resolve(incident, now, f"verdict: {MEANS[given.verdict]}")
        if given.verdict != "expected":
            self.incidents.forgive(given.alert)
        if given.verdict == "normal":
            self._accept(given)
        self._suspicion.forget(given.about, given.scope)

    def _accept(self, given: VerdictGiven) -> None:
        """What was seen since a stated time is normal from now on."""
        self.series.rebaseline(given.signal, given.scope, given.since)
        if given.about == "volume":
            self._traffic.begin_anew()
        elif given.about == "silence":
            self._speakers.begin_anew(given.scope.get("source", ""))

    def _near(self, scope: Scope, since: int, until: int) -> list[dict[str, Any]]:
        """What changed at this place near the onset of a trouble."""
        begun = self._talks.begun
        return [] if begun is None else self._changed.near(scope, since, until, begun)

    def plan(self, change: Change) -> None:
        """A registry or a verdict that will be in force from the first slot at or after its time."""
        if not self.is_concerned(change):
            return
        self._work = None
        self._planned.append(change)
        self._planned.sort(key=lambda c: (c.effective, c.id))

    def is_concerned(self, change: Change) -> bool:
        """Whether a change may alter anything here."""
        return not isinstance(change, VerdictGiven) or change.tenant == self._tenant

    def lateness_at(self, time: int) -> int:
        """The lateness in force in the slot that starts then, microseconds."""
        lateness = self._lateness
        for change in self._registries() if self._planned else ():
            if change.effective > time:
                break
            lateness = self._lateness_of(change.registry)
        return lateness

    @property
    def longest_lateness(self) -> int:
        """The longest lateness in force or planned, microseconds."""
        return max([self._lateness, *(self._lateness_of(one.registry) for one in self._registries())])

    def _registries(self) -> Iterator[RegistryChange]:
        return (change for change in self._planned if isinstance(change, RegistryChange))

    def degrade(self, limit: str) -> None:
        """A limit outside this tenant was hit: marked on the next closing."""
        self.bounds.hit(limit)

    def instant(self, fact: Fact, slot: int) -> list[Alert]:
        """What this fact proves at once. It is confirmed or withdrawn when its slot closes."""
        if isinstance(fact, Said):
            if not fact.final:
                return []
            fact = self._lessons.corrected(fact)
        return self._violations.say(fact, slot)

    def next_work(self, slot: int) -> int:
        """The first slot at or after `slot` in which time alone has something to do."""
        if self._work is None or not self._work[0] <= slot <= self._work[1]:
            self._work = (slot, self._next_work(slot))
        return self._work[1]

    def _next_work(self, slot: int) -> int:
        # Whole periods of the tick, so that the answer is the same from every slot before it: whether time
        # came in one go or in small steps must not show.
        length = self._tick * self._slot_us
        period = slot // self._tick
        start = period * length
        asleep = self._asleep(start)
        if asleep or not self._calendar.is_open(start):
            ahead = [self._talks.next_due(), *(change.effective for change in self._planned[:1])]
            if not asleep:
                ahead += [self._calendar.next_change(start), _midnight(start)]
            period = max(period, min((time for time in ahead if time is not None), default=NEVER) // length)
        return (period + 1) * self._tick - 1

    def _asleep(self, start: int) -> bool:
        """Whether a period that starts then lies behind the midnight after a fortnight without events."""
        return self._heard is not None and start > _midnight(self._heard + ASLEEP_US)

    # -- closing -----------------------------------------------------------------------------------------

    def close(self, slot: int, taken: Taken) -> Closing:
        """Close a slot: late facts first, then those in time, then what time decides. Score, then learn."""
        start, end = slot * self._slot_us, (slot + 1) * self._slot_us
        if self._work is not None and self._work[1] // self._tick > slot // self._tick:
            self._work = None  # there was nothing to do for long; what comes now may change that
        while self._planned and self._planned[0].effective <= start:
            self._work = None
            self._obey(self._planned.pop(0), start)
        self.incidents.slot = slot
        self._violations.begin(slot)
        has_facts = bool(taken.late or taken.in_time)
        if has_facts and self._asleep(start):
            self._speakers.wake(start)
            self._traffic.wake()
        if has_facts or self._heard is None:
            self._heard = end
        failed = self._fold_all(taken.late, late=True) + self._fold_all(taken.in_time, late=False)
        is_tick = (slot + 1) % self._tick == 0
        if is_tick:
            self._score(self._talks.tick(end), end)
            self._end(end)
            self._speakers.tick(end)
            self._traffic.tick(end, self._calendar)
        self._suspicion.close(end, self._calendar)
        if is_tick:
            self._maintain(end)
        degraded = self.bounds.report(self.incidents, end)
        self.incidents.grow(end)
        changes = self.incidents.changes()
        changes += self._violations.settle(slot, changes, end)
        if degraded:
            changes = [replace(c, evidence={**c.evidence, "degraded": degraded}) for c in changes]
        readings = None
        if self._gauges is not None:
            readings = self._read(self._gauges, start, end, taken, failed, degraded)
        return Closing(self._tenant, start, end, changes, degraded, failed, readings=readings)

    def eyes(self) -> list[Eyes]:
        """How far each detector can be trusted, as of the last closing."""
        now = max((self.incidents.slot + 1) * self._slot_us, self._heard or 0)
        sights = eyes(self.series, self.incidents, self._wanted, now)
        return [*sights, *self._speakers.eyes(), *self._traffic.eyes()]

    def _read(
        self, gauges: Gauges, start: int, end: int, taken: Taken, failed: list[Failed], degraded: list[str]
    ) -> Readings:
        """What the slot looked like."""
        severities = [incident.severity for incident in self.incidents.open.values()]
        intake = Intake(
            len(taken.late) + len(taken.in_time), len(taken.late), taken.copies, len(failed), len(degraded),
            gauges.begun(), gauges.turns(), len(self._talks.open),
            severities.count("page"), severities.count("ticket"),
        )  # fmt: skip
        sights = self.eyes() if end % EYES_US == 0 else []
        return Readings(
            self._tenant, start, end, intake, gauges.series(), gauges.traffic(), gauges.surveys(),
            gauges.risks(), sights,
        )  # fmt: skip

    def _fold_all(self, facts: list[Fact], *, late: bool) -> list[Failed]:
        """Take facts in their order; returns those that could not be folded."""
        faults = [(fact, self._fold(fact, late)) for fact in facts]
        return [Failed(fact.source, fact.id, fault) for fact, fault in faults if fault]

    def _fold(self, fact: Fact, late: bool) -> str:
        """Take one fact. Returns the class of the error where it could not be folded, and changed nothing."""
        if isinstance(fact, Said):
            if not fact.final:
                return ""  # a partial speech result, which is not analysed
            fact = self._lessons.corrected(fact)
        try:
            judged = self._violations.judge(fact)
            folded = self._talks.fold(fact, judged.doubts)
        except Exception as fault:  # one dead letter, not the end of the tenant
            return type(fault).__name__
        if isinstance(fact, Said):
            self.incidents.excerpts.hear(fact)
        self._violations.learn(fact, judged)
        if self._gauges is not None:
            self._gauges.fold(fact, judged.findings, began=folded.began and not late)
        if folded.began:
            self._attacks.begin(fact)
        surveyed: list[Observation] = []
        match fact:
            case Said():
                self._hear(fact, late)
            case Acted():
                self._conduct.act(fact, late=late)
                self._tools.act(fact)
                if not late:
                    self._habits.act(fact)
            case Scored():
                self._attacks.hear(fact)
                surveyed = self._surveys.judge(fact, self._talks)
            case _:
                self._end(fact.time)
        if late:
            return ""
        if folded.began:
            self._traffic.begin()
        if folded.began or (isinstance(fact, Scored) and fact.rater == "customer"):
            self._speakers.arrive(fact.source, fact.time)
        if surveyed:
            self._replicated(fact, surveyed)
        if folded.observations or surveyed:
            if any(seen.signal == "returned_same" and seen.value for seen in folded.observations):
                self._returned(fact)
            self._score([*folded.observations, *surveyed], fact.time)
        return ""

    def _hear(self, turn: Said, late: bool) -> None:
        """What a turn says beside its conversation."""
        if turn.checks is not None:
            self._attacks.hear(turn)
            self._lessons.hear(turn)
        if turn.sentences and not late:
            self._replication.hear(turn)
            agent, version = turn.dims.agent or "", turn.dims.version or ""
            self._mix.add(agent, version, turn.time // DAY_US, turn.sentences[0])

    def _replicated(self, fact: Fact, surveyed: list[Observation]) -> None:
        """What a score says about the answers of its conversation."""
        key = fact.conversation or ""
        known = self._talks.find(key) or self._talks.find_ended(key)
        one = surveyed[0]
        low = bool(one.value) if one.signal == "resolution" else one.value < LOW_BELOW
        if known is not None and (one.signal in GRADED or one.signal == "resolution"):
            self._replication.scored(key, known, fact.time, low=low)

    def _returned(self, fact: Fact) -> None:
        """A customer is back with the same."""
        conversation = self._talks.find(fact.conversation or "")
        customer = fact.customer or (conversation.customer if conversation is not None else None)
        if customer is not None:
            self._replication.back(customer)

    def _end(self, now: int) -> None:
        """What the end of conversations says about their answers."""
        for conversation in self._talks.over():
            self._replication.over(conversation, now)
            self._conduct.over(conversation, now)
            self._tools.over(conversation, now)

    def _score(self, observations: Iterable[Observation], now: int) -> None:
        """now: when they were decided; a conversation that fell silent speaks of its last word."""
        dims, time = None, 0
        for seen in observations:
            if seen.signal == "silent":
                if self._settings.signals.disclosure:
                    self._duties.note(seen)
                continue
            if seen.dims is not dims or seen.time != time:  # an end says a dozen things of one place
                dims, time = seen.dims, seen.time
                place = self._place(dims, time)
                hour, day = self._calendar.hour_of_week(time), self._calendar.local_day(time)
            judged = self.series.observe(seen, place, hour, day, now)
            for one in judged:
                if one.past or self.incidents.open:
                    self._suspicion.note(one, now)
            if self._gauges is not None:
                self._gauges.see(seen, place, judged)

    def _place(self, dims: Dims, time: int) -> int:
        """The place's number; a version that appears after the tenant's first day gets its head start."""
        known = len(self._cuts.version_first)
        place = self._cuts.place(dims, time)
        begun = self._talks.begun
        if len(self._cuts.version_first) > known and begun is not None and time - begun > DAY_US:
            version = {"agent": dims.agent, "version": dims.version}
            for row in self._cuts.places[place].rows:
                if dict(self._cuts.segments[row]) == version:
                    self.series.head_start(row)
        return place

    def _maintain(self, now: int) -> None:
        self._suspicion.tick(now, self._calendar)
        self._violations.tick(now, self._calendar)
        self._surveys.tick(now)
        self._attacks.tick(now, self._calendar)
        self._replication.tick(now, self._calendar)
        self._conduct.tick(now, self._calendar)
        self._tools.tick(now, self._calendar)
        for ended in self._habits.tick(now, self._calendar):
            if ended.signal in TESTS_OF:
                self._suspicion.forget(ended.kind, ended.scope, TESTS_OF[ended.signal])
        self.incidents.end_quiet(bounds.DETECTOR, now, BOUND_QUIET_S, self._calendar, "not hit again")
        self.series.learn(now, self._struck)
        self.series.forget(now)
        self._talks.forget(now)
        self.incidents.forget(now)

    def _struck(self, time: int, place: int) -> bool:
        """Whether an incident, or something planned, covers this observation: it teaches nothing."""
        dims = self._cuts.places[place].dims
        return self.incidents.struck(time, dims) or self._rulings.struck(time, dims)

    # -- state -------------------------------------------------------------------------------------------

    def _parts(self) -> list[Part]:
        return [
            self._cuts, self._talks, self.series, self.incidents, self._suspicion, self._violations,
            self._speakers, self._surveys, self._traffic, self.bounds, self._changed, self._attacks,
            self._duties, self._rulings, self._replication,
            self._conduct, self._tools, self._lessons, self._habits, self.incidents.excerpts,
            self._mix,
        ]  # fmt: skip

    def snapshot(self) -> bytes:
        """Everything, encoded."""
        states = [part.state() for part in self._parts()]
        # Sets have an order of their own in every process.
        registries = _in_order([self._registry, self._planned])
        return msgspec.msgpack.encode([states, registries, self._heard])

    def restore(self, data: bytes) -> None:
        """Inverse of `snapshot`, into a watch made with the same settings."""
        states, registries, self._heard = msgspec.msgpack.decode(data)
        registry, planned = msgspec.msgpack.decode(registries)
        self._use(msgspec.convert(registry, Registry | None))
        self._planned = msgspec.convert(planned, list[Change])
        # Parts are added at the end: what an older snapshot does not have begins fresh.
        for part, state in zip(self._parts(), states, strict=False):
            part.restore(state)


def _of_canary(settings: Settings) -> Settings:
    """The settings of a reserved tenant: nothing is watched but what its probes do, and nobody is called."""
    signals = Signals(**{name: name == "boundary" for name in Signals.__struct_fields__})
    return replace(settings, signals=signals, severities=replace(settings.severities, boundary="info"))


def _midnight(time: int) -> int:
    """The first midnight (UTC) not before this time."""
    return -(-time // DAY_US) * DAY_US


_in_order = msgspec.msgpack.Encoder(order="deterministic").encode


def _wanted(settings: Settings) -> frozenset[str]:
    """Names of the tests that the configuration switches on."""
    switched = asdict(settings.signals)
    return frozenset(test.name for test in TESTS if switched[test.signal.switch or test.signal.name])
