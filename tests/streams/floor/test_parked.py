"""A tenant whose closing raises stands aside; the others go on; read again, it comes to where it would be."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from streams.floor.aside import Aside
from streams.floor.floor import OTHERS, Floor
from streams.floor.hold import Taken
from streams.floor.watch import Closing, Watch
from streams.records.alerts import encode_alert
from streams.records.parcels import LogRecord
from streams.settings import Limits, Settings
from tests.interpreted import interpreted
from tests.streams.cluster.parts import make_floor
from tests.streams.cluster.slice import SETTINGS, moment, registry
from tests.streams.floor.test_floor import A, closings, dense_log, fact, floor_of, parcel

Breaks = Callable[[str, float], None]
BROKEN_AT = 1460.0  # minute of the slice: in the middle of its trouble
SNAPSHOT_EVERY = 17  # records


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Breaks:
    """Makes closings of a tenant raise from a time (microseconds) on, when half of the work is done."""
    whole = Watch.close

    def install(tenant: str, time: float) -> None:
        def close(self: Watch, slot: int, taken: Taken) -> Closing:
            closing = whole(self, slot, taken)
            if closing.tenant == tenant and closing.end > time:
                raise ZeroDivisionError("what a customer said")
            return closing

        monkeypatch.setattr(Watch, "close", close)

    return install


def run(floor: Floor, log: list[LogRecord], snapshots: bool = True) -> list[Closing]:
    """All records, with snapshots as a worker takes them."""
    found: list[Closing] = []
    for position, record in enumerate(log):
        if snapshots and position % SNAPSHOT_EVERY == 0:
            floor.snapshot(position)
        found += closings(floor, record)
    return found


def said(found: list[Closing], tenant: str) -> list[bytes]:
    return [encode_alert(change) for one in found if one.tenant == tenant for change in one.changes]


def aside(floor: Floor, tenant: str) -> Aside:
    return Aside(tenant, floor.parked[tenant], floor.seat, SETTINGS, registry())


@interpreted
def test_the_others_go_on_and_the_tenant_comes_back_to_where_it_would_be(
    breaks: Breaks, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = dense_log()
    straight = make_floor()
    want = run(straight, log)
    breaks("shop", moment(BROKEN_AT))
    floor = make_floor()
    found = run(floor, log)
    faults = [closing for closing in found if closing.fault]
    assert [closing.tenant for closing in faults] == ["shop"]  # once
    assert faults[0].fault.startswith("ZeroDivisionError at test_parked.py:")
    assert said(found, "bank") == said(want, "bank")
    before = said(found, "shop")
    assert before == said(want, "shop")[: len(before)]
    assert len(before) < len(said(want, "shop"))
    assert floor.counts.facts == straight.counts.facts
    assert floor.counts.parked > 100

    state = floor.snapshot(len(log))
    restarted = make_floor()
    restarted.restore(state, len(log))
    assert restarted.snapshot(len(log)) == state
    monkeypatch.undo()
    parked = restarted.parked["shop"]
    assert parked.position % SNAPSHOT_EVERY == 0
    alone = aside(restarted, "shop")
    again = closings(alone, *log[parked.position :])
    assert {closing.tenant for closing in again} == {"shop"}
    assert list(dict.fromkeys(before + said(again, "shop"))) == said(want, "shop")
    restarted.bring_back("shop", alone)
    assert not restarted.parked
    assert restarted.tide == straight.tide == alone.tide
    for tenant, desk in straight.desks.items():
        other = restarted.desks[tenant]
        assert (other.watch.snapshot(), other.hold.snapshot(), other.next) == (
            desk.watch.snapshot(), desk.hold.snapshot(), desk.next,
        )  # fmt: skip


@interpreted
@pytest.mark.parametrize("seed", range(3))
def test_wherever_it_comes_back_it_goes_on_as_if_nothing_had_been(
    seed: int, breaks: Breaks, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, log = Random(seed), dense_log()
    want = said(run(make_floor(), log), "shop")
    breaks("shop", moment(BROKEN_AT - chance.uniform(0, 30)))
    floor = make_floor()
    middle = chance.randrange(len(log) * 2 // 3, len(log))
    found = run(floor, log[:middle])
    monkeypatch.undo()
    alone = aside(floor, "shop")
    found += closings(alone, *log[alone_from(floor) : middle])
    floor.bring_back("shop", alone)
    found += closings(floor, *log[middle:])
    assert list(dict.fromkeys(said(found, "shop"))) == want


def alone_from(floor: Floor) -> int:
    return floor.parked["shop"].position


@interpreted
def test_a_program_that_is_not_mended_parks_it_again(breaks: Breaks) -> None:
    log = dense_log()
    breaks("shop", moment(BROKEN_AT))
    floor = make_floor()
    run(floor, log)
    alone = aside(floor, "shop")
    assert [bool(closing.fault) for closing in closings(alone, *log[alone_from(floor) :])].count(True) == 1
    assert alone.parked == floor.parked


@interpreted
def test_a_tenant_that_no_snapshot_knows_begins_where_the_last_one_was(
    breaks: Breaks, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = floor_of(settings=SETTINGS)
    floor.snapshot(1)
    breaks("new", 0)
    records = [parcel(A, 0, fact(5, tenant="new")), parcel(A, 1, fact(500))]
    assert [closing.fault != "" for closing in closings(floor, *records)] == [True]
    monkeypatch.undo()
    alone = aside(floor, "new")
    assert next(closing.tenant for closing in closings(alone, *records)) == "new"
    assert alone.counts.facts == 1


@interpreted
def test_without_snapshots_it_stays_parked(breaks: Breaks) -> None:
    """In a replay of files: whoever mended the program replays again."""
    breaks("shop", moment(BROKEN_AT))
    floor = make_floor()
    run(floor, dense_log(), snapshots=False)
    assert floor.parked["shop"].position == -1


@interpreted
def test_the_desk_that_tenants_beyond_the_bound_share_comes_back_too(
    breaks: Breaks, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(slot_s=15, limits=Limits(tenants=1))
    facts = [fact(10 * i, tenant=("shop", "b", "c")[i % 3]) for i in range(60)]
    records = [parcel(A, i, one) for i, one in enumerate(facts)]
    straight = floor_of(settings=settings)
    straight.snapshot(0)
    want = closings(straight, *records)
    breaks(OTHERS, facts[30].time)
    floor = floor_of(settings=settings)
    floor.snapshot(0)
    closings(floor, *records)
    assert list(floor.parked) == [OTHERS]
    assert list(floor.desks) == ["shop"]
    monkeypatch.undo()
    alone = Aside(OTHERS, floor.parked[OTHERS], floor.seat, settings)
    assert closings(alone, *records) == [closing for closing in want if closing.tenant == OTHERS]
    floor.bring_back(OTHERS, alone)
    assert floor.desks[OTHERS].watch.snapshot() == straight.desks[OTHERS].watch.snapshot()
    again = floor_of(settings=settings)
    again.restore(floor.snapshot())
    assert again.snapshot() == floor.snapshot()


@interpreted
def test_what_fails_to_be_said_at_once_is_left_to_the_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("what a customer said")

    monkeypatch.setattr(Watch, "instant", fails)
    floor = floor_of()
    floor.take(parcel(A, 0, fact(1)))
    assert (floor.counts.facts, floor.counts.failed_instants) == (1, 1)
    assert {closing.fault for closing in closings(floor, parcel(A, 1, fact(500)))} == {""}
