from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest

from streams.floor.cuts import Cuts
from streams.floor.observations import Observation
from streams.floor.series import BEHIND_US, RECENT_US, WARM_US, Judged, Series, null_of
from streams.floor.signals import TESTS
from streams.records.facts import Dims
from streams.settings import Budget
from tests.streams.floor.made import DAY, MINUTE, at

CUTS = ((), ("queue",), ("agent", "version"))
EVERY = frozenset(test.name for test in TESTS)
ORDERS, RETURNS = Dims(queue="orders", agent="pine"), Dims(queue="returns", agent="pine")
T = at(0)


def never(*_: int) -> bool:
    return False


class Desk:
    def __init__(self, wanted: frozenset[str] = EVERY, **budget: float) -> None:
        self.cuts = Cuts(CUTS, 100, lambda _: None)
        self.series = Series(self.cuts, Budget(**budget), wanted)

    def see(self, time: int, dims: Dims, value: float, signal: str = "refusal", now: int = 0) -> list[Judged]:
        seen = Observation(signal, time, dims, value, f"c{time}")
        hour, day = time // (60 * MINUTE) % 168, time // DAY
        place = self.cuts.place(dims, time)
        return list(self.series.observe(seen, place, float(hour), day, now or time))

    def live(
        self, days: float, shares: dict[Dims, float], signal: str = "refusal", begin: float = 0.0
    ) -> Desk:
        """A conversation every five minutes; learns as it goes."""
        rng, dims = Random(f"{days} {begin}"), list(shares)
        for i in range(round(begin * 288), round((begin + days) * 288)):
            where = dims[i % len(dims)]
            self.see(T + i * 5 * MINUTE, where, float(rng.random() < shares[where]), signal)
            self.series.learn(T + i * 5 * MINUTE, never)
        return self


def test_the_first_day_is_silent() -> None:
    desk = Desk()
    for i in range(287):
        assert not desk.see(T + i * 5 * MINUTE, ORDERS, float(i % 10 == 0))
        desk.series.learn(T + i * 5 * MINUTE, never)
    assert desk.see(T + WARM_US, ORDERS, 0.0)


def test_a_queue_is_compared_with_itself() -> None:
    desk = Desk().live(8, {ORDERS: 0.05, RETURNS: 0.4})
    (orders,), (returns,) = (desk.see(T + 8 * DAY, dims, 1.0) for dims in (ORDERS, RETURNS))
    assert orders.recent.mean == pytest.approx(0.05, abs=0.03)
    assert returns.recent.mean == pytest.approx(0.4, abs=0.06)
    (mail,) = desk.see(T + 8 * DAY, Dims(channel="email", queue="orders"), 1.0)
    assert orders.recent.mean < mail.recent.mean < returns.recent.mean, "unseen: what the tenant is used to"


def test_learning_waits_and_leaves_out_what_is_struck() -> None:
    desk = Desk().live(3, {ORDERS: 0.05})
    before = desk.series.baselines["refusal"].seen()
    for minute in range(600):
        desk.see(T + 3 * DAY + minute * MINUTE, RETURNS, 1.0)
    asked: list[tuple[int, int]] = []

    def struck(time: int, place: int) -> bool:
        asked.append((time, place))
        return desk.cuts.places[place].dims == RETURNS

    desk.series.learn(T + 3 * DAY + BEHIND_US - 1, struck)
    assert all(time < T + 3 * DAY for time, _ in asked)
    desk.series.learn(T + 4 * DAY, struck)
    assert len(asked) > 600
    assert desk.series.baselines["refusal"].seen() <= before + 48


def test_a_rise_passes_the_threshold_in_its_segments() -> None:
    desk = Desk().live(8, {ORDERS: 0.05, RETURNS: 0.05})
    past: set[Any] = set()
    for i in range(40):
        (judged,) = desk.see(T + 8 * DAY + i * MINUTE, ORDERS, 1.0)
        past |= {desk.cuts.segments[row] for row, days in judged.past if days >= 1000.0}
        (judged,) = desk.see(T + 8 * DAY + i * MINUTE, RETURNS, 0.0)
    assert (("queue", "orders"),) in past
    assert (("queue", "returns"),) not in past


def test_the_budget_is_the_threshold() -> None:
    def first(days: float) -> int:
        desk = Desk(ticket_days=days).live(8, {ORDERS: 0.05})
        return next(i for i in range(100) if desk.see(T + 8 * DAY + i * MINUTE, ORDERS, 1.0)[0].past)

    assert first(100.0) < first(5000.0)


def test_levels_are_held_to_the_stricter_threshold() -> None:
    desk = Desk(ticket_days=1000.0, page_days=1e6)
    stricter = [test.name for test, days in zip(TESTS, desk.series._alarms, strict=True) if days == 1e6]
    assert stricter == [test.name for test in TESTS if test.signal.levels]


def test_a_head_start_needs_less() -> None:
    def needed(head: bool) -> int:
        desk = Desk().live(8, {ORDERS: 0.05})
        new = Dims(queue="orders", agent="pine", version="2")
        row = desk.cuts.places[desk.cuts.place(new, T + 8 * DAY)].rows[-1]
        if head:
            desk.series.head_start(row)
        for i in range(100):
            (judged,) = desk.see(T + 8 * DAY + i * MINUTE, new, 1.0)
            if row in dict(judged.past):
                return i
        raise AssertionError

    assert needed(head=True) < needed(head=False)


def test_what_stands_aside_is_remembered_and_never_alarms() -> None:
    desk = Desk().live(8, {ORDERS: 0.05}, "hedge")
    for i in range(60):
        (judged,) = desk.see(T + 8 * DAY + i * MINUTE, ORDERS, 1.0, "hedge")
        assert not judged.past
    assert judged.recent.x > judged.recent.mean
    assert list(desk.series.recents[judged.test])[-1] == judged.recent


def test_what_agents_do_wrong_is_looked_for_at_agents() -> None:
    where = Dims(queue="orders", agent="pine", version="2")
    desk = Desk().live(8, {where: 0.02}, "repeat")
    past: set[Any] = set()
    for i in range(60):
        (judged,) = desk.see(T + 8 * DAY + i * MINUTE, where, 1.0, "repeat")
        past |= {desk.cuts.segments[row] for row, _ in judged.past}
    assert past == {(("agent", "pine"), ("version", "2"))}


def test_switched_off_tests_do_not_run_but_their_signal_is_learnt() -> None:
    desk = Desk(wanted=frozenset({"tool_error"})).live(3, {ORDERS: 0.1})
    assert not desk.see(T + 3 * DAY, ORDERS, 1.0)
    assert desk.series.baselines["refusal"].seen() > 0


def test_a_level_is_told_in_its_own_unit() -> None:
    desk, rng = Desk(), Random(1)
    for i in range(4 * 288):
        desk.see(T + i * 5 * MINUTE, ORDERS, rng.gauss(3.0, 0.5), "latency")
        desk.series.learn(T + i * 5 * MINUTE, never)
    (judged,) = desk.see(T + 4 * DAY, ORDERS, 5.0, "latency")
    assert judged.recent.raw == 5.0
    assert judged.recent.usual == pytest.approx(3.0, abs=0.15)
    assert judged.recent.x == 2.0, "the outermost bin"


def test_trouble_and_grades_feed_one_joint_test() -> None:
    desk = Desk()
    for i in range(3 * 288):
        for signal in ("trouble", "csat_given_trouble"):
            desk.see(T + i * 5 * MINUTE, ORDERS, 1.0, signal)
        desk.series.learn(T + i * 5 * MINUTE, never)
    by_signal = {
        signal: [TESTS[judged.test].name for judged in desk.see(T + 3 * DAY, ORDERS, 1.0, signal)]
        for signal in ("trouble", "csat_given_trouble")
    }
    assert by_signal == {"trouble": ["trouble", "joint"], "csat_given_trouble": ["joint"]}


def test_made_up_queues_do_not_take_the_memory() -> None:
    desk = Desk().live(2, {ORDERS: 0.1})
    for i in range(3000):
        desk.see(T + 2 * DAY + i, Dims(queue=f"queue {i}"), 0.0)
    assert len(desk.series._tables) <= 500


def test_what_explains_an_alarm_is_kept_three_days_from_its_decision() -> None:
    desk = Desk().live(3, {ORDERS: 0.1})
    desk.see(T, ORDERS, 1.0, now=T + 3 * DAY)
    index = next(i for i, test in enumerate(TESTS) if test.name == "refusal")
    desk.series.forget(T + 3 * DAY + RECENT_US)
    assert [recent.time for recent in desk.series.recents[index]] == []
    desk = Desk().live(3, {ORDERS: 0.1})
    desk.see(T + 2 * DAY, ORDERS, 1.0, now=T + 3 * DAY)
    desk.series.forget(T + 3 * DAY - 1 + RECENT_US)
    assert [recent.time for recent in desk.series.recents[index]] == [T + 2 * DAY]


def test_state_goes_round() -> None:
    desk, other = Desk().live(5, {ORDERS: 0.1, RETURNS: 0.3}), Desk()
    states = [msgspec.to_builtins(part.state(), builtin_types=(bytes,)) for part in (desk.cuts, desk.series)]
    cuts, series = msgspec.msgpack.decode(msgspec.msgpack.encode(states))
    other.cuts.restore(cuts)
    other.series.restore(series)
    rng = Random(3)
    for i in range(500):
        time, dims, value = (
            T + 5 * DAY + i * 5 * MINUTE,
            rng.choice((ORDERS, RETURNS)),
            float(rng.random() < 0.4),
        )
        assert other.see(time, dims, value) == desk.see(time, dims, value)
        for one in (desk, other):
            one.series.learn(time, never)
            one.series.forget(time)
    assert msgspec.msgpack.encode(other.series.state()) == msgspec.msgpack.encode(desk.series.state())


def test_the_null_is_queue_and_channel() -> None:
    assert len({null_of(d) for d in (ORDERS, RETURNS, Dims(), Dims(channel="voice", queue="orders"))}) == 4
    assert null_of(Dims(queue="orders", agent="a")) == null_of(Dims(queue="orders", source="b"))
