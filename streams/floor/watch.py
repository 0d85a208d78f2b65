"""The watch over one tenant: folds a slot's facts, scores what they decide, and says what changed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct, to_builtins
from msgspec.structs import asdict

from streams.floor.cuts import Cuts, Place
from streams.floor.hold import Taken
from streams.floor.incidents import Incidents
from streams.floor.instants import Instants
from streams.floor.observations import Observation
from streams.floor.rules import Finding, Rules
from streams.floor.series import Series
from streams.floor.signals import TESTS
from streams.floor.speakers import Speakers
from streams.floor.surveys import Surveys
from streams.floor.suspicion import Suspicion
from streams.floor.talks import Talks
from streams.floor.traffic import Traffic
from streams.records.alerts import Alert
from streams.records.controls import RegistryChange
from streams.records.facts import MICROS, Dims, Fact, Said, Scored
from streams.records.registry import Registry, Tenant
from streams.settings import Settings, digest

TICK_S = 60  # how often idle conversations, silence and recovery are looked at
NEW_VERSION_US = 86400 * MICROS  # versions seen in a tenant's first day are not new
RULE_QUIET_S = 8 * 3600  # opening time without another violation after which an incident is over
RULES = "registry/1"


class Closing(Struct, frozen=True):
    """One closed slot of one tenant: [start, end) in microseconds, what changed, which bounds were hit, and
    (source, id) of events whose fold failed."""

    tenant: str
    start: int
    end: int
    changes: list[Alert]
    degraded: list[str]
    failed: list[tuple[str, str]]


class Watch:
    """Everything known about one tenant. settings, registry: in force from the beginning."""

    def __init__(self, tenant: str, settings: Settings, registry: Registry | None) -> None:
        self._tenant, self._settings = tenant, settings
        self._slot_us = settings.slot_s * MICROS
        self._tick = max(1, TICK_S // settings.slot_s)
        self._planned: list[RegistryChange] = []
        self._degraded: dict[str, None] = {}
        self._opened: set[str] = set()
        self._cuts = Cuts(settings.cuts, settings.limits.tenant_segments)
        self._talks = Talks(settings.limits, settings.idle_s)
        self.series = Series(self._cuts, settings.budget, _wanted(settings))
        self.incidents = Incidents(tenant, settings)
        self._suspicion = Suspicion(settings.budget, self._cuts, self.series, self.incidents)
        self._instants = Instants(tenant, self.incidents, settings.severities)
        self._speakers = Speakers(self.incidents, settings.signals.silence)
        self._surveys = Surveys(self.incidents, settings.signals.integrity)
        self._traffic = Traffic(self.incidents, settings.severities.volume, settings.signals.volume)
        self._use(registry)

    def _use(self, registry: Registry | None) -> None:
        entry = (registry.tenant(self._tenant) if registry else None) or Tenant()
        signals = self._settings.signals
        self._registry, self._calendar = registry, entry.calendar()
        self._rules = Rules(self._tenant, registry, signals.boundary, signals.shadow_ai)
        self._talks.entry = self._speakers.entry = entry
        lateness = self._settings.lateness_s if entry.lateness_s is None else entry.lateness_s
        self.lateness = int(lateness * MICROS)
        self.incidents.config = digest(self._settings, registry)

    def plan(self, change: RegistryChange) -> None:
        """A registry that will be in force from the first slot at or after its time."""
        self._planned.append(change)
        self._planned.sort(key=lambda c: (c.effective, c.id))

    def degrade(self, bound: str) -> None:
        """A bound was hit: marked on the next closing."""
        self._degraded[bound] = None

    def instant(self, fact: Fact, slot: int) -> list[Alert]:
        """What this fact proves at once. It is confirmed or withdrawn when its slot closes."""
        said = (self._instants.say(finding, fact, slot) for finding in self._rules.findings(fact))
        return [alert for alert in said if alert is not None]

    def next_work(self, slot: int) -> int:
        """The first slot at or after `slot` in which time alone has something to do."""
        start = slot * self._slot_us
        if not self._calendar.is_open(start):
            due = self._talks.next_due()
            start = min(self._calendar.next_change(start), start + NEW_VERSION_US if due is None else due)
            slot = max(slot, start // self._slot_us)
        return slot + (-(slot + 1)) % self._tick

    # -- closing -----------------------------------------------------------------------------------------

    def close(self, slot: int, taken: Taken) -> Closing:
        """Close a slot: late facts first, then those in time, then what time decides. Score, then learn."""
        start, end = slot * self._slot_us, (slot + 1) * self._slot_us
        while self._planned and self._planned[0].effective <= start:
            self._use(self._planned.pop(0).registry)
        self.incidents.slot = slot
        failed: list[tuple[str, str]] = []
        for facts, late in ((taken.late, True), (taken.in_time, False)):
            for fact in facts:
                if not self._fold(fact, late):
                    failed.append((fact.source, fact.id))
        is_tick = (slot + 1) % self._tick == 0
        if is_tick:
            self._score(self._talks.tick(end))
            self._speakers.tick(end)
            self._traffic.tick(end, self._calendar)
        self._suspicion.close(end, self._calendar)
        if is_tick:
            self._maintain(end)
        self.incidents.grow(end)
        changes = self.incidents.changes()
        opened = {change.id for change in changes if change.state == "open"}
        changes += self._instants.settle(slot, opened, end)
        return Closing(self._tenant, start, end, changes, self._bounds(), failed)

    def _fold(self, fact: Fact, late: bool) -> bool:
        """Take one fact. False: it could not be folded, and changed nothing."""
        if isinstance(fact, Said) and not fact.final:
            return True
        try:
            violations = self._rules.findings(fact)
            folded = self._talks.fold(fact)
        except Exception:  # whatever a fact does, it is one dead letter, never the end of the tenant
            return False
        for finding in violations:
            self._violation(finding, fact)
        if isinstance(fact, Scored):
            judged = self._surveys.judge(fact, self._talks)
            if fact.rater == "customer" and not late:
                self._speakers.arrive(fact.source, fact.time)
        else:
            judged = []
        if late:
            return True
        if folded.began:
            self._traffic.begin()
            self._speakers.arrive(fact.source, fact.time)
        self._score([*folded.observations, *judged])
        return True

    def _score(self, observations: Iterable[Observation]) -> None:
        for seen in observations:
            place = self._place(seen.dims, seen.time)
            hour = self._calendar.hour_of_week(seen.time)
            day = self._calendar.local_day(seen.time)
            for judged in self.series.observe(seen, place, hour, day):
                self._suspicion.note(judged)

    def _place(self, dims: Dims, time: int) -> int:
        known = len(self._cuts.version_first)
        place = self._cuts.place(dims, time)
        begun = self._talks.begun
        if len(self._cuts.version_first) > known and begun is not None and time - begun > NEW_VERSION_US:
            version = (("agent", dims.agent), ("version", dims.version))
            for row in self._cuts.places[place].rows:
                if self._cuts.segments[row] == version:
                    self.series.head_start(row)
        return place

    def _violation(self, finding: Finding, fact: Fact) -> None:
        incident = self.incidents.find(finding.kind, finding.scope)
        if incident is not None:
            self.incidents.touch(incident, fact.time, fact.conversation)
            return
        incident = self.incidents.start(
            finding.kind, finding.rule, finding.scope, since=fact.time, opened=fact.time, touched=fact.time,
            detector=RULES, evidence={"reason": finding.reason},
        )  # fmt: skip
        if incident is not None:
            self.incidents.touch(incident, fact.time, fact.conversation)
            self.incidents.tell_open(incident)

    def _maintain(self, now: int) -> None:
        self._suspicion.tick(now, self._calendar)
        self._surveys.tick(now)
        for incident in list(self.incidents.open.values()):
            over = self._calendar.open_seconds(incident.touched, now) >= RULE_QUIET_S
            if incident.detector == RULES and over:
                self.incidents.resolve(incident, now, "no further violation")
        self.series.learn(now, lambda time, place: self.incidents.struck(time, self._cuts.places[place].dims))
        self.series.forget(now)
        self._talks.forget(now)
        self.incidents.forget(now)

    def _bounds(self) -> list[str]:
        """Which bounds were hit since the last closing."""
        if self._cuts.full:
            self.degrade("tenant_segments")
        hit, self._degraded = sorted(self._degraded), {}
        return hit

    # -- state -------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """Everything, encoded."""
        parts = (
            self._cuts.state(), self._talks.state(), self.series.state(), self.incidents.state(),
            self._suspicion.state(), self._instants.state(), self._speakers.state(), self._surveys.state(),
            self._traffic.state(),
        )  # fmt: skip
        plain = [to_builtins(part, builtin_types=(bytes,)) for part in parts]
        # A registry has sets, whose own order differs from process to process.
        plain += [to_builtins(part, order="deterministic") for part in (self._registry, self._planned)]
        return msgspec.msgpack.encode(plain)

    def restore(self, data: bytes) -> None:
        """Inverse of `snapshot`, into a watch made with the same settings."""
        cuts, talks, series, incidents, suspicion, instants, speakers, surveys, traffic, registry, planned = (
            msgspec.msgpack.decode(data)
        )
        self._cuts.restore(msgspec.convert(cuts, list[Place]))
        self._talks.restore(talks)
        self.series.restore(series)
        self.incidents.restore(incidents)
        self._suspicion.restore(suspicion)
        self._instants.restore(instants)
        self._speakers.restore(speakers)
        self._surveys.restore(surveys)
        self._traffic.restore(traffic)
        self._planned = msgspec.convert(planned, list[RegistryChange])
        self._use(msgspec.convert(registry, Registry | None))


def _wanted(settings: Settings) -> frozenset[str]:
    signals = asdict(settings.signals)
    names = {test.name: test.name.removesuffix("_up").removesuffix("_down") for test in TESTS}
    names |= {"joint": "trouble"}
    return frozenset(test for test, signal in names.items() if signals.get(signal, True))
