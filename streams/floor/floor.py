"""The floor of one log: takes parcels and controls, holds facts, closes slots in order.

A deterministic function of its log: whatever order origins interleave in, the same facts give the same
closings. Each tenant is a watch of its own; what they share is the tide of event time.
"""

from __future__ import annotations

from heapq import heappop, heappush

import msgspec
from msgspec import Struct

from streams.floor.hold import Hold, Taken
from streams.floor.origins import FOREVER, Level, Tide
from streams.floor.watch import Closing, Watch
from streams.records.alerts import Alert
from streams.records.controls import Mark, Origins, RegistryChange
from streams.records.facts import MICROS
from streams.records.parcels import Entry, LogRecord, Parcel
from streams.records.registry import Registry
from streams.settings import Settings

VERSION = 1
OTHERS = "(others)"  # shared by tenants beyond `limits.tenants`


class Counts(Struct):
    """What the floor has seen. gaps: parcels that did not join; lost: positions that no longer existed."""

    facts: int = 0
    repeats: int = 0
    copies: int = 0
    late: int = 0
    late_by_idle: int = 0
    unknown_origins: int = 0
    gaps: int = 0
    lost: int = 0
    slots: int = 0
    early_closings: int = 0


class Desk(Struct):
    """One tenant on the floor: its held facts, its watch, and the first slot that has not closed."""

    hold: Hold
    watch: Watch
    next: int | None = None

    def due(self) -> int | None:
        """The next slot with something to do: facts, or work of the watch's own."""
        first = self.hold.first()
        if self.next is None:
            return first
        work = self.watch.next_work(self.next)
        return work if first is None else min(first, work)


class Floor:
    """`take` log records; after each, `close` until it returns None.

    settings, registry: in force from the beginning. idle_rule: whether quiet origins may be passed over by
    append times; off for files and recorded traffic. drawn: whether closings carry readings.
    """

    def __init__(
        self, settings: Settings, registry: Registry | None = None, *, idle_rule: bool = False,
        drawn: bool = False,
    ) -> None:  # fmt: skip
        self._settings, self._drawn = settings, drawn
        self._registry = registry
        self._slot = settings.slot_s * MICROS
        self._changes: list[RegistryChange] = []
        self._seen_controls: dict[str, None] = {}
        self.tide = Tide(idle_rule=idle_rule)
        self._level: Level | None = None  # the tide's, until the next record
        self._ready: list[tuple[int, str]] | None = None  # heap of slots that may close, until then too
        self.desks: dict[str, Desk] = {}
        self.counts = Counts()

    # -- taking ------------------------------------------------------------------------------------------

    def take(self, record: LogRecord, appended: int = 0) -> list[Alert]:
        """One record of the log, appended at `appended` (microseconds; 0: not known). Returns instants."""
        self._level = self._ready = None
        if isinstance(record, Parcel):
            return self._take_parcel(record, appended)
        self.tide.now = max(self.tide.now, appended)
        if isinstance(record, Mark):
            self.tide.set_mark(record)  # marks only reach further: a repeat changes nothing
        elif record.id not in self._seen_controls:
            self._seen_controls[record.id] = None
            self._obey(record)
        return []

    def _obey(self, control: Origins | RegistryChange) -> None:
        match control:
            case Origins():
                self.tide.announce(control)
            case RegistryChange():
                self._changes.append(control)
                self._changes.sort(key=lambda change: (change.effective, change.id))
                for desk in self.desks.values():
                    desk.watch.plan(control)

    def _take_parcel(self, parcel: Parcel, appended: int) -> list[Alert]:
        before = self.tide.highest(parcel.origin)
        joined, news = self.tide.join(parcel, appended)
        if joined == "gap":
            self.counts.gaps += 1
            return []
        self.counts.unknown_origins += joined == "unknown"
        if parcel.lost:
            self.counts.lost += max(0, parcel.stop - max(news, parcel.start))
        elif joined == "taken":
            self.counts.lost += max(0, parcel.start - news)
        instants: list[Alert] = []
        for entry in parcel.entries:
            if entry.offset < news:
                self.counts.repeats += 1
            else:
                instants.extend(self._hold(entry, before))
        return instants

    def _hold(self, entry: Entry, before: int) -> list[Alert]:
        fact = entry.fact
        desk = self.desks.get(fact.tenant) or self._open(fact.tenant)
        self.counts.facts += 1
        lag = max(entry.lag, before - fact.time)
        slot = fact.time // self._slot
        late = lag > 0 and lag > desk.watch.lateness_at(slot * self._slot)
        # As things stand. What is held is judged when its slot closes: a control may come before that.
        taken_by = (fact.time + lag) // self._slot if late else slot
        if desk.next is None or slot >= desk.next:
            desk.hold.put(slot, fact, lag)
        else:
            # Only an idle decision or the bound on held facts closes a slot before its facts are in.
            self.counts.late_by_idle += not late
            self.counts.late += late
            taken_by = max(taken_by, desk.next)
            desk.hold.put_late(taken_by, fact)
        return desk.watch.instant(fact, taken_by)

    def _open(self, tenant: str) -> Desk:
        """The desk of a tenant first heard of; beyond the bound all further ones share a desk."""
        if len(self.desks) >= self._settings.limits.tenants and tenant != OTHERS:
            desk = self.desks.get(OTHERS) or self._open(OTHERS)
            desk.watch.degrade("tenants")
            return desk
        watch = Watch(tenant, self._settings, self._registry, drawn=self._drawn)
        for change in self._changes:
            watch.plan(change)
        desk = self.desks[tenant] = Desk(Hold(), watch)
        return desk

    # -- closing -----------------------------------------------------------------------------------------

    def close(self) -> Closing | None:
        """Close the next slot that may close and has something to do; None when there is none."""
        if self._ready is None:  # a record of the log came since
            self._ready = []
            for tenant, desk in self.desks.items():
                self._line_up(tenant, desk)
        if self._ready:
            slot, tenant = heappop(self._ready)
        elif sum(desk.hold.facts for desk in self.desks.values()) > self._settings.limits.held_facts:
            slot, tenant = self._oldest()
        else:
            return None
        closing = self._close(slot, tenant)
        self._line_up(tenant, self.desks[tenant])
        return closing

    def _line_up(self, tenant: str, desk: Desk) -> None:
        """Closing a slot of one tenant moves no other: each is asked again only after its own."""
        due = self._closable(desk)
        if due is not None and self._ready is not None:
            heappush(self._ready, (due, tenant))

    def _closable(self, desk: Desk) -> int | None:
        """The desk's next slot with something to do, if it may close. Passes over empty slots before it."""
        while (due := desk.due()) is not None and due < self._closed_before(desk, due):
            self._judge(desk, due)
            if desk.due() == due:  # not only late facts, which it has given away
                return due
        if desk.next is not None:
            desk.next = max(desk.next, self._closed_before(desk))
        return None

    def _judge(self, desk: Desk, slot: int) -> None:
        lateness = desk.watch.lateness_at(slot * self._slot)
        self.counts.late += desk.hold.judge(slot, lateness, self._slot)

    def _closed_before(self, desk: Desk, slot: int | None = None) -> int:
        """Slots below this one may close, by the lateness of `slot`; without one, by the longest ahead."""
        if self._level is None:
            self._level = self.tide.level()
        lateness = desk.watch.longest_lateness if slot is None else desk.watch.lateness_at(slot * self._slot)
        limit = self._level.limit(lateness)
        if limit < FOREVER:
            return limit // self._slot
        # After the last event; where its clock was fast, it lies beyond what it lifted its origin to.
        last = max(self._level.newest // self._slot, desk.hold.last() or 0)
        return last + 1

    def _oldest(self) -> tuple[int, str]:
        """The lowest held slot of all: closed early, rather than holding without bound."""
        self.counts.early_closings += 1
        firsts = ((desk.hold.first(), tenant) for tenant, desk in self.desks.items())
        slot, tenant = min((slot, tenant) for slot, tenant in firsts if slot is not None)
        self.desks[tenant].watch.degrade("held_facts")
        return slot, tenant

    def _close(self, slot: int, tenant: str) -> Closing:
        desk = self.desks[tenant]
        self._judge(desk, slot)
        taken: Taken = desk.hold.take(slot)
        desk.next = slot + 1
        self.counts.slots += 1
        self.counts.copies += taken.copies
        return desk.watch.close(slot, taken)

    def held(self) -> int:
        """How many facts wait for their slot to close."""
        return sum(desk.hold.facts for desk in self.desks.values())

    # -- state -------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """Everything that the rest of the log's results depend on."""
        desks = {
            tenant: (desk.hold.snapshot(), desk.watch.snapshot(), desk.next)
            for tenant, desk in self.desks.items()
        }
        controls = list(self._seen_controls)
        changes = _in_order(self._changes)  # sets have an order of their own in every process
        return _encode(_Kept(VERSION, self.tide, controls, changes, self.counts, desks))

    def restore(self, data: bytes) -> None:
        """Inverse of `snapshot`, into a floor made with the same settings and registry."""
        kept = _decode(data)
        if kept.version != VERSION:
            raise ValueError(f"snapshot has version {kept.version}, this program reads {VERSION}")
        self.tide, self.counts = kept.tide, kept.counts
        self._changes = msgspec.msgpack.decode(kept.changes, type=list[RegistryChange])
        self._level = self._ready = None
        self._seen_controls = dict.fromkeys(kept.controls)
        self.desks = {}
        for tenant, (hold, watch, next_slot) in kept.desks.items():
            desk = self._open(tenant)
            desk.hold, desk.next = Hold.restore(hold), next_slot
            desk.watch.restore(watch)


class _Kept(Struct, array_like=True):
    version: int
    tide: Tide
    controls: list[str]
    changes: bytes
    counts: Counts
    desks: dict[str, tuple[bytes, bytes, int | None]]


_encode = msgspec.msgpack.Encoder().encode
_in_order = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(_Kept).decode
