"""The floor of one log: takes parcels and controls, holds facts, closes slots in order.

A deterministic function of its log: whatever order origins interleave in, the same facts give the same
closings. Each tenant is a watch of its own; what they share is the tide of event time.
"""

from __future__ import annotations

from heapq import heappop, heappush

import msgspec
from msgspec import Struct

from streams.floor import kept
from streams.floor.counts import Counts
from streams.floor.hold import Hold, Taken
from streams.floor.kept import Kept, Parked, Saved, described
from streams.floor.origins import FOREVER, Level, Tide
from streams.floor.watch import Closing, Watch
from streams.records.alerts import Alert
from streams.records.controls import Change, Mark, Origins, RegistryChange, VerdictGiven
from streams.records.facts import MICROS
from streams.records.parcels import Entry, LogRecord, Parcel
from streams.records.registry import Registry
from streams.settings import Settings

OTHERS = "(others)"  # shared by tenants beyond `limits.tenants`


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
        self._changes: list[Change] = []
        self._seen_controls: dict[str, None] = {}
        self.tide = Tide(idle_rule=idle_rule)
        self._level: Level | None = None  # the tide's, until the next record
        self._ready: list[tuple[int, str]] | None = None  # heap of slots that may close, until then too
        self.desks: dict[str, Desk] = {}
        self.parked: dict[str, Parked] = {}
        self._saved: Saved | None = None
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

    def _obey(self, control: Origins | Change) -> None:
        match control:
            case Origins():
                self.tide.announce(control)
            case _:
                for desk in self.desks.values():
                    self._plan(desk, control)
                self._changes.append(control)
                self._changes.sort(key=_order)

    def _plan(self, desk: Desk, change: Change) -> None:
        """Put a change before a tenant. After its slot has closed it is in force from the next one on, which
        is marked; where a later change has overtaken it, never."""
        closed = -1 if desk.next is None else (desk.next - 1) * self._slot
        if change.effective <= closed and desk.watch.is_concerned(change):
            desk.watch.degrade("late_control")
            if isinstance(change, RegistryChange) and self._overtaken(change, closed):
                return
        desk.watch.plan(change)

    def _overtaken(self, change: RegistryChange, closed: int) -> bool:
        """Whether a later registry is in force already."""
        return any(
            isinstance(one, RegistryChange) and _order(change) < _order(one) and one.effective <= closed
            for one in self._changes
        )

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
        desk = self.desks.get(fact.tenant) or self._seated(fact.tenant)
        self.counts.facts += 1
        if desk is None:
            self.counts.parked += 1
            return []
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
        try:
            return desk.watch.instant(fact, taken_by)
        except Exception:  # closings decide without it, and say what is wrong with the fact
            self.counts.failed_instants += 1
            return []

    def seat(self, tenant: str) -> str:
        """At whose desk a tenant's facts are taken: beyond the bound all further ones share one."""
        seats = len(self.desks) + len(self.parked)
        own = seats < self._settings.limits.tenants or tenant in self.desks or tenant in self.parked
        return tenant if own else OTHERS

    def _seated(self, tenant: str) -> Desk | None:
        """The desk that takes a tenant's facts, made for one first heard of; None where it is parked."""
        name = self.seat(tenant)
        if name in self.parked:
            return None
        desk = self.desks.get(name) or self._open(name)
        if name != tenant:
            desk.watch.degrade("tenants")
        return desk

    def _open(self, tenant: str) -> Desk:
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
        if tenant in self.desks:
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
            if not self._judge(desk, due) or desk.due() == due:  # not only late facts, given away
                return due
        if desk.next is not None:
            desk.next = max(desk.next, self._closed_before(desk))
        return None

    def _judge(self, desk: Desk, slot: int) -> bool:
        """Tell late facts from those in time, where a slot has not yet; returns whether there were any."""
        if not desk.hold.doubts(slot):
            return False
        lateness = desk.watch.lateness_at(slot * self._slot)
        self.counts.late += desk.hold.judge(slot, lateness, self._slot)
        return True

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
        try:
            return desk.watch.close(slot, taken)
        except MemoryError:  # is no fault of the tenant's
            raise
        except Exception as fault:
            return self._park(tenant, slot * self._slot, described(fault))

    def _park(self, tenant: str, start: int, fault: str) -> Closing:
        """Let a tenant stand aside as the last snapshot knew it: what its closing left is half done."""
        parked = self._saved.parked(tenant, start, fault) if self._saved else Parked(start, fault)
        self.parked[tenant] = parked
        del self.desks[tenant]
        return Closing(tenant, start, start + self._slot, [], [], [], fault)

    def bring_back(self, tenant: str, other: Floor) -> None:
        """Take over a parked tenant from a floor that has read it again, up to where this one stands."""
        self._level = self._ready = None
        del self.parked[tenant]
        if tenant in other.desks:
            self.desks[tenant] = other.desks[tenant]

    def verdicts(self) -> list[VerdictGiven]:
        """The last word on each alert that was judged."""
        given = (change for change in self._changes if isinstance(change, VerdictGiven))
        return list({one.alert: one for one in given}.values())

    def held(self) -> int:
        """How many facts wait for their slot to close."""
        return sum(desk.hold.facts for desk in self.desks.values())

    # -- state -------------------------------------------------------------------------------------------

    def snapshot(self, position: int | None = None) -> bytes:
        """Everything that the rest of the log's results depend on.

        position: of the log, of the first record that is not in it. Tenants that are parked from now on stand
        there; None: those parked already keep their place, and later ones the one of the last snapshot.
        """
        desks = {
            tenant: (desk.hold.snapshot(), desk.watch.snapshot(), desk.next)
            for tenant, desk in self.desks.items()
        }
        controls = list(self._seen_controls)
        changes = _in_order(self._changes)  # sets have an order of their own in every process
        state = Kept(kept.VERSION, self.tide, controls, changes, self.counts, desks, self.parked)
        if position is not None:
            self._saved = Saved(state, position)
        return kept.encode(state)

    def restore(self, data: bytes, position: int | None = None) -> None:
        """Inverse of `snapshot`, into a floor made with the same settings and registry."""
        state = kept.decode(data)
        self._saved = None if position is None else Saved(state, position)
        self.tide, self.counts, self.parked = state.tide, state.counts, state.parked
        self._changes = msgspec.msgpack.decode(state.changes, type=list[Change])
        self._level = self._ready = None
        self._seen_controls = dict.fromkeys(state.controls)
        self.desks = {}
        for tenant, (hold, watch, next_slot) in state.desks.items():
            desk = self._open(tenant)
            desk.hold, desk.next = Hold.restore(hold), next_slot
            desk.watch.restore(watch)


def _order(change: Change) -> tuple[int, str]:
    return change.effective, change.id


_in_order = msgspec.msgpack.Encoder(order="deterministic").encode
