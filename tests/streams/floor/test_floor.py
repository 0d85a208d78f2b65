"""The floor of one log: what is taken, when slots close, what a restart must not change."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from streams.floor.floor import Floor
from streams.floor.watch import Closing
from streams.reading import Record
from streams.records.alerts import encode_alert
from streams.records.controls import Mark, Origins, RegistryChange, VerdictGiven
from streams.records.facts import Dims, Fact, Passed
from streams.records.parcels import Entry, LogRecord, Origin, Parcel
from streams.records.registry import Registry
from streams.settings import Limits, Settings
from tests.streams.cluster.parts import make_floor, make_reader
from tests.streams.cluster.slice import events, registry

SECOND = 1_000_000
SLOT_S = 15
MONDAY_S = 1_777_852_800  # 2026-05-04 00:00 UTC
A, B = Origin("a"), Origin("b")
SETTINGS = Settings(slot_s=SLOT_S)
STRANGERS = Registry(tenants={})


def fact(at_s: float, name: str = "", tenant: str = "shop", source: str = "web") -> Fact:
    """A conversation begins at so many seconds of Monday."""
    time, name = int((MONDAY_S + at_s) * SECOND), name or f"e{at_s}"
    return Passed(
        time=time, phase=0, turn=0, source=source, id=name, tenant=tenant, conversation=name,
        dims=Dims(source=source), step="started",
    )  # fmt: skip


def parcel(
    origin: Origin, start: int, *facts: Fact, highest_s: float | None = None, lag_s: float = 0
) -> Parcel:
    """These facts at the positions from `start` on, all with the same lag."""
    highest = max((one.time for one in facts), default=0)
    if highest_s is not None:
        highest = int((MONDAY_S + highest_s) * SECOND)
    entries = tuple(Entry(start + i, int(lag_s * SECOND), one) for i, one in enumerate(facts))
    return Parcel(origin, start, start + len(facts), highest, entries=entries)


def last(**positions: int) -> Mark:
    return Mark(id="last", until=0, positions={topic: [n] for topic, n in positions.items()}, last=True)


def closings(floor: Floor, *records: LogRecord) -> list[Closing]:
    found = []
    for record in records:
        floor.take(record)
        while (closing := floor.close()) is not None:
            found.append(closing)
    return found


def floor_of(*topics: str, settings: Settings = SETTINGS, rules: Registry | None = None) -> Floor:
    floor = Floor(settings, rules)
    floor.take(Origins(id="o", topics=dict.fromkeys(topics or ("a",), ("", 1))))
    return floor


# -- restarts --------------------------------------------------------------------------------------------


def dense_log() -> list[LogRecord]:
    """The cluster's slice as one log: parcels of ten, a registry that changes, the last mark."""
    reader = make_reader()
    records = [Record("a", 0, offset, sent.body) for offset, sent in enumerate(events())]
    change = RegistryChange(id="r", effective=events()[700].time, registry=registry(lateness_s=30))
    verdicts = [judged(word, events()[800].time) for word in ("false", "expected", "normal")]
    log: list[LogRecord] = [Origins(id="o", topics={"a": ("", 1)}), change, *verdicts]
    for start in range(0, len(records), 10):
        log += [one for _, one in reader.take(A, records[start : start + 10]).parcels]
    return [*log, last(a=len(records))]


def judged(word: Any, effective: int, tenant: str = "shop", alert: str = "x") -> VerdictGiven:
    return VerdictGiven(
        id=f"{word}{effective}{alert}", effective=effective, alert=alert, verdict=word, tenant=tenant,
        about="escalation_rate", signal="escalation", scope={}, since=effective - 600 * SECOND,
        until=effective + 600 * SECOND,
    )  # fmt: skip


def told(floor: Floor, record: LogRecord) -> list[bytes]:
    instants = [encode_alert(alert) for alert in floor.take(record)]
    return instants + [
        encode_alert(alert) for closing in iter(floor.close, None) for alert in closing.changes
    ]


def test_a_floor_that_is_restored_at_every_record_says_the_same() -> None:
    straight, restarted = make_floor(), make_floor()
    said = 0
    for record in dense_log():
        state = restarted.snapshot()
        restarted = make_floor()
        restarted.restore(state)
        assert restarted.snapshot() == state
        expected = told(straight, record)
        assert told(restarted, record) == expected
        said += len(expected)
    assert said > 10
    assert restarted.snapshot() == straight.snapshot()
    assert restarted.counts == straight.counts


def test_a_snapshot_of_another_version_is_refused() -> None:
    kept = msgspec.msgpack.decode(floor_of().snapshot())
    kept[0] += 1
    with pytest.raises(ValueError, match="version"):
        floor_of().restore(msgspec.msgpack.encode(kept))


# -- parcels ---------------------------------------------------------------------------------------------


def test_positions_that_were_taken_are_skipped() -> None:
    floor = floor_of()
    floor.take(parcel(A, 0, fact(1), fact(2), fact(3)))
    floor.take(parcel(A, 1, fact(2), fact(3), fact(4)))
    assert (floor.counts.facts, floor.counts.repeats) == (4, 2)


def test_a_parcel_that_does_not_join_is_counted_and_ignored() -> None:
    floor = floor_of()
    floor.take(parcel(A, 0, fact(1)))
    floor.take(parcel(A, 2, fact(3)))
    assert (floor.counts.facts, floor.counts.gaps) == (1, 1)
    floor.take(parcel(A, 1, fact(2), fact(3)))
    assert floor.counts.facts == 3


def test_an_origin_begins_where_it_is_first_heard_of() -> None:
    """So a reader says where it begins, and waits for the answer, before it sends facts."""
    floor = floor_of()
    floor.take(parcel(A, 0))
    floor.take(parcel(A, 1, fact(2)))  # the one before expired
    floor.take(parcel(A, 0, fact(1), fact(2)))
    assert (floor.counts.facts, floor.counts.gaps, floor.counts.unknown_origins) == (2, 1, 1)


def test_lost_positions_are_counted_once() -> None:
    floor = floor_of()
    floor.take(parcel(A, 0, fact(1)))
    for _ in range(2):
        floor.take(Parcel(A, 1, 11, 0, lost=True))
    floor.take(parcel(A, 11, fact(2)))
    assert (floor.counts.lost, floor.counts.facts, floor.counts.gaps) == (10, 2, 0)


def test_copies_in_a_slot_are_counted_and_dropped() -> None:
    floor = floor_of()
    one = fact(1)
    closings(floor, parcel(A, 0, one, one, one), last(a=3))
    assert (floor.counts.facts, floor.counts.copies) == (3, 2)


# -- closing ---------------------------------------------------------------------------------------------


def test_a_slot_closes_when_every_origin_has_passed_its_end_and_the_lateness() -> None:
    floor = floor_of("a", "b")
    assert closings(floor, parcel(A, 0, fact(1), fact(149))) == []
    assert closings(floor, parcel(B, 0, fact(2), fact(134.9))) == []
    [closing] = closings(floor, parcel(B, 2, fact(135)))
    assert closing.end == (MONDAY_S + SLOT_S) * SECOND


def test_slots_close_once_and_in_order() -> None:
    floor = floor_of("a", "b")
    found = closings(
        floor, parcel(A, 0, fact(1), fact(7000)), parcel(B, 0, fact(3000), fact(8000)), last(a=2, b=2)
    )
    ends = [closing.end for closing in found]
    assert all(before < after for before, after in pairwise(ends))
    assert ends[-1] == (MONDAY_S + 8010) * SECOND


def test_tenants_close_by_their_own_lateness() -> None:
    rules = msgspec.json.decode(b'{"tenants": {"fast": {"lateness_s": 10}, "shop": {}}}', type=Registry)
    floor = floor_of(rules=rules)
    found = closings(floor, parcel(A, 0, fact(1), fact(1, "f", tenant="fast"), fact(25)))
    assert [closing.tenant for closing in found] == ["fast"]


def test_the_last_mark_closes_through_an_event_whose_clock_was_fast() -> None:
    floor = floor_of()
    found = closings(floor, parcel(A, 0, fact(1), fact(200), highest_s=20), last(a=2))
    assert found[-1].end == (MONDAY_S + 210) * SECOND
    assert floor.desks["shop"].hold.facts == 0


def test_how_time_comes_does_not_show() -> None:
    """Over a week in which the shop is closed, in one go or in steps of an hour that another tenant makes."""
    rules = msgspec.json.decode(b'{"tenants": {"shop": {"hours": "Mon 09:00-10:00 UTC"}}}', type=Registry)
    shop = [fact(9 * 3600), fact(7 * 86400 + 9 * 3600 + 5)]
    other = [fact(10 * 3600 + hour * 3600, tenant="other") for hour in range(7 * 24)]
    jump, steps = floor_of("a", "b", rules=rules), floor_of("a", "b", rules=rules)
    in_one = closings(jump, parcel(A, 0, *shop), parcel(B, 0, *other), last(a=2, b=len(other)))
    each = [parcel(B, i, one, highest_s=(one.time / SECOND) - MONDAY_S + 1) for i, one in enumerate(other)]
    in_steps = closings(steps, parcel(A, 0, *shop), *each, last(a=2, b=len(other)))
    assert _of_shop(in_one) == _of_shop(in_steps)
    assert jump.desks["shop"].watch.snapshot() == steps.desks["shop"].watch.snapshot()


def _of_shop(found: Iterable[Closing]) -> list[Closing]:
    return [closing for closing in found if closing.tenant == "shop"]


# -- late ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lag_s", "late"), [(120, 0), (121, 1)])
def test_late_is_more_than_the_lateness_behind(lag_s: float, late: int) -> None:
    by_reader, by_floor = floor_of(), floor_of()
    closings(by_reader, parcel(A, 0, fact(500), fact(400), highest_s=521, lag_s=lag_s), last(a=2))
    assert by_reader.counts.late == 2 * late
    highest_s = 400 + lag_s
    closings(by_floor, parcel(A, 0, fact(highest_s)), parcel(A, 1, fact(400)), last(a=2))
    assert by_floor.counts.late == late


def test_a_late_fact_is_folded_in_the_slot_that_time_had_come_to() -> None:
    floor = floor_of(rules=STRANGERS)
    found = closings(floor, parcel(A, 0, fact(1000, tenant="x")), parcel(A, 1, fact(500)), last(a=2))
    [opened] = [
        c for closing in found for c in closing.changes if c.scope["tenant"] == "shop" and c.confirmed
    ]
    assert opened.since == "2026-05-04T00:08:20.000Z"
    [closing] = [one for one in found if opened in one.changes]
    assert closing.end == (MONDAY_S + 1005) * SECOND
    assert min(one.end for one in _of_shop(found)) == closing.end, "its own slot has nothing to close for"
    assert (floor.counts.late, floor.counts.late_by_idle) == (1, 0)


# -- bounds ----------------------------------------------------------------------------------------------


def test_more_held_than_allowed_closes_early_and_says_so() -> None:
    floor = floor_of("a", "b", settings=Settings(slot_s=SLOT_S, limits=Limits(held_facts=5)))
    assert closings(floor, parcel(A, 0, *(fact(10 * i) for i in range(5)))) == []
    found = closings(floor, parcel(A, 5, fact(60), fact(70)))
    assert [closing.degraded for closing in found] == [["held_facts"]]
    assert (floor.counts.early_closings, floor.desks["shop"].hold.facts) == (1, 5)
    closings(floor, parcel(B, 0, fact(3)))
    assert floor.counts.late_by_idle == 1, "what comes for a slot that closed early is counted"


# -- controls --------------------------------------------------------------------------------------------


def change(at_s: float, rules: Registry, name: str = "r") -> RegistryChange:
    return RegistryChange(id=name, effective=int((MONDAY_S + at_s) * SECOND), registry=rules)


def test_a_registry_is_in_force_from_the_first_slot_that_begins_in_time() -> None:
    shop = msgspec.json.decode(b'{"tenants": {"shop": {"sources": ["web"]}}}', type=Registry)
    facts = [fact(at_s, source="new") for at_s in (10, 29, 31)]
    for position in (0, 1):
        records: list[LogRecord] = [parcel(A, 0, *facts)]
        records.insert(position, change(20, shop))
        found = closings(
            floor_of(rules=Registry(tenants={"shop": shop.tenants["shop"]})), *records, last(a=3)
        )
        assert [c.affected for closing in found for c in closing.changes if c.confirmed] == [1]
        none = closings(floor_of(), *records, last(a=3))
        [opened] = [c for closing in none for c in closing.changes if c.confirmed]
        assert opened.since == "2026-05-04T00:00:31.000Z"


def test_a_control_that_is_repeated_is_obeyed_once() -> None:
    floor = floor_of()
    shop = Registry(tenants={})
    for _ in range(3):
        floor.take(change(20, shop))
        floor.take(Origins(id="o", topics={"a": ("", 1), "b": ("", 1)}))
    assert floor.tide.expected == [A]
    before = floor.snapshot()
    floor.take(change(20, shop))
    assert floor.snapshot() == before


def test_a_lateness_that_changes_counts_from_its_own_slot() -> None:
    """Whether the control comes before or after the facts that it bears on."""
    short = msgspec.json.decode(b'{"tenants": {"shop": {"lateness_s": 10}}}', type=Registry)
    facts = parcel(A, 0, fact(500), fact(420), fact(590), fact(540))
    late = Parcel(A, 0, 4, facts.highest, entries=tuple(_lagging(facts.entries)))
    records: list[LogRecord] = [change(530, short), late]
    for order in (records, records[::-1]):
        floor = floor_of()
        closings(floor, *order, last(a=4))
        assert floor.counts.late == 1


def _lagging(entries: Iterable[Entry]) -> Iterable[Entry]:
    highest = 0
    for entry in entries:
        yield Entry(entry.offset, max(0, highest - entry.fact.time), entry.fact)
        highest = max(highest, entry.fact.time)


def knowing(tenant: str) -> Registry:
    return msgspec.convert({"tenants": {tenant: {}}}, Registry)


def kinds(found: Iterable[Closing]) -> list[tuple[str, str]]:
    return [(alert.kind, alert.signal) for closing in found for alert in closing.changes]


def test_a_control_that_comes_after_its_slot_has_closed_is_in_force_from_the_next_and_marked() -> None:
    floor = floor_of(rules=knowing("shop"))
    assert kinds(closings(floor, parcel(A, 0, fact(1), fact(300)))) == []
    assert floor.desks["shop"].next == (MONDAY_S + 180) // SLOT_S
    found = closings(floor, change(60, knowing("other")), parcel(A, 2, fact(500, "x"), fact(900)))
    assert [closing.degraded for closing in found if closing.degraded] == [["late_control"]]
    assert found[0].degraded
    assert ("shadow_ai", "tenant") in kinds(found)


def test_a_late_verdict_is_in_force_from_the_next_slot_whatever_came_after_it() -> None:
    floor = floor_of(rules=STRANGERS)
    closings(floor, change(30, STRANGERS, "newer"), parcel(A, 0, fact(100), fact(400)))
    late = judged("false", (MONDAY_S + 20) * SECOND)
    found = closings(floor, late, judged("false", 5, "mill"), parcel(A, 2, fact(500), fact(900)))
    assert [closing.degraded for closing in found if closing.degraded] == [["late_control"]]
    rulings = floor.desks["shop"].watch._rulings
    assert rulings.factor("escalation", {}) > 1.0


def test_the_last_word_on_each_alert_is_what_counts() -> None:
    floor = floor_of()
    first, second = judged("false", 10), judged("real", 20)
    for one in (second, first, judged("expected", 15, alert="y")):
        floor.take(one)
    restored = floor_of()
    restored.restore(floor.snapshot())
    for found in (floor, restored):
        assert sorted((one.alert, one.verdict) for one in found.verdicts()) == [
            ("x", "real"), ("y", "expected"),
        ]  # fmt: skip


def test_a_late_control_that_another_has_overtaken_is_never_in_force() -> None:
    floor = floor_of(rules=STRANGERS)
    closings(floor, change(30, knowing("shop"), "newer"), parcel(A, 0, fact(100), fact(400)))
    found = closings(floor, change(20, knowing("other"), "older"), parcel(A, 2, fact(500, "x"), fact(900)))
    assert kinds(found) == [("pipeline", "late_control")]
    in_time = closings(
        floor, change(1000, knowing("other"), "next"), parcel(A, 4, fact(1010, "y"), fact(1500))
    )
    assert not any(closing.degraded for closing in in_time)
    assert ("shadow_ai", "tenant") in kinds(in_time)
