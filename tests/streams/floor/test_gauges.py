from __future__ import annotations

from functools import cache

import pytest

from streams.floor.cuts import Cuts
from streams.floor.gauges import OTHERS, SEGMENTS, Gauges
from streams.floor.observations import Observation
from streams.floor.series import Series as Scoring
from streams.floor.signals import SIGNALS
from streams.floor.watch import Watch
from streams.records.facts import Dims, Scored
from streams.records.readings import Readings, Segment, Series
from streams.settings import Budget
from tests.streams.floor.made import (
    HOUR,
    MINUTE,
    NEXT,
    QUIET,
    SETTINGS,
    Run,
    at,
    eventful,
    registry,
    warmed,
)

WHOLE: Segment = ()
ORDERS: Segment = (("queue", "orders"),)
PINE: Segment = (("agent", "pine"), ("version", "1.0"))


@cache
def drawn() -> Run:
    """An eventful day whose closings carry readings, after two quiet weeks."""
    watch = Watch("shop", SETTINGS, registry(), drawn=True)
    watch.restore(warmed().watch.snapshot())
    run = Run(watch)
    run.next = at(NEXT - 2) // run.slot_us
    return run.feed(eventful(), until=at(NEXT + 2))


def readings() -> list[Readings]:
    found = [closing.readings for closing in drawn().closings]
    assert all(one is not None for one in found)
    return [one for one in found if one is not None]


def series(signal: str, segment: Segment) -> list[Series]:
    return [s for one in readings() for s in one.series if (s.signal, s.segment) == (signal, segment)]


def test_what_is_decided_does_not_depend_on_being_drawn() -> None:
    plain = warmed().feed(eventful(), until=at(NEXT + 2))
    assert all(closing.readings is None for closing in plain.closings)
    assert drawn().changes == plain.changes
    assert drawn().watch.snapshot() == plain.watch.snapshot()


def test_sums_are_those_of_the_conversations() -> None:
    facts = eventful()
    began = {fact.conversation for fact in facts if not isinstance(fact, Scored)}
    assert sum(one.intake.begun for one in readings()) == len(began)
    assert sum(one.intake.facts for one in readings()) == len(facts)
    handed = {f.conversation for f in facts if getattr(f, "stage", "") == "requested" and f.customer != "x"}
    whole = series("escalation", WHOLE)
    assert sum(s.total for s in whole) == pytest.approx(len(handed), abs=2)
    queues = {s.segment for one in readings() for s in one.series if s.segment and s.segment[0][0] == "queue"}
    parts = [s for queue in queues for s in series("escalation", queue)]
    for field in ("n", "total", "judged", "usual", "variance"):
        a, b = (sum(getattr(s, field) for s in rows) for rows in (whole, parts))
        assert a == pytest.approx(b), field


def test_a_quiet_floor_lies_in_its_band_and_an_incident_does_not() -> None:
    def strangeness(signal: str, segment: Segment) -> float:
        rows = series(signal, segment)
        excess = sum(s.total - s.usual for s in rows)
        return float(excess / sum(s.variance for s in rows) ** 0.5)

    assert abs(strangeness("escalation", (("queue", "returns"),))) < 3
    assert strangeness("escalation", ORDERS) > 4
    scores = [s.score for s in series("escalation", ORDERS) if s.score is not None]
    opened = drawn().opened("escalation_rate")
    assert opened
    assert max(scores) > 1.0
    assert min(scores) < 0.5


def test_levels_are_in_logarithms_of_what_people_read() -> None:
    rows = series("latency", PINE)
    assert all(s.log for s in rows)
    assert 7.2 < sum(s.total for s in rows) / sum(s.n for s in rows) < 7.4  # about 1,500 ms
    assert 7.2 < sum(s.usual for s in rows) / sum(s.judged for s in rows) < 7.4


def test_surveys_risks_and_traffic() -> None:
    surveys = [one.surveys for one in readings() if one.surveys is not None]
    assert sum(s.aside for s in surveys) == 27  # thirty answers of three respondents
    assert sum(s.orphans for s in surveys) == 30
    kept = [(s.total - s.aside_total) / (s.answers - s.aside) for s in surveys if s.answers > s.aside]
    assert sum(kept) / len(kept) > sum(s.total for s in surveys) / sum(s.answers for s in surveys)
    risks = {(risk.kind, risk.agent, risk.version) for one in readings() for risk in one.risks}
    assert ("boundary", "pine", "1.0") in risks
    assert all(isinstance(risk.count, int) for one in readings() for risk in one.risks)
    (hour,) = [one.traffic for one in readings() if one.traffic and one.traffic.start == at(NEXT, 10)]
    assert hour.low is not None
    assert hour.high is not None
    assert hour.low <= (hour.expected or 0.0) <= hour.high


def test_every_detector_says_how_far_it_can_be_trusted() -> None:
    told = [(one.end, eye) for one in readings() for eye in one.eyes]
    assert {time % (5 * MINUTE) for time, _ in told} == {0}
    first = {eye.detector: eye.sight for time, eye in told if time == at(NEXT, 9)}
    assert first["escalation"] == "learning"
    assert first["nps"] == "warming"  # nobody was ever asked
    assert {"volume", "silence"} <= first.keys()
    sights = {eye.sight for _, eye in told if eye.detector == "escalation"}
    assert "frozen" in sights
    frozen = [eye for _, eye in told if eye.detector == "escalation" and eye.sight == "frozen"]
    assert all(at(NEXT, 9) < eye.since < at(NEXT + 1) for eye in frozen)


def test_what_has_not_come_for_a_day_is_no_data() -> None:
    watch = Watch("shop", SETTINGS, registry(), drawn=True)
    watch.restore(warmed().watch.snapshot())
    run = Run(watch)
    run.next = at(NEXT - 2) // run.slot_us
    run.feed([], until=at(NEXT, 20))
    last = [closing.readings for closing in run.closings if closing.readings and closing.readings.eyes][-1]
    assert last is not None
    assert {eye.sight for eye in last.eyes if eye.detector in ("escalation", "trouble")} == {"no data"}


def test_a_day_that_is_closed_again_from_a_snapshot_shows_the_same() -> None:
    facts = sorted(eventful(), key=lambda fact: fact.time)
    noon = at(NEXT, 13)
    watch = Watch("shop", SETTINGS, registry(), drawn=True)
    watch.restore(warmed().watch.snapshot())
    before = Run(watch)
    before.next = at(NEXT - 2) // before.slot_us
    before.feed([fact for fact in facts if fact.time < noon], until=noon)
    again = Watch("shop", SETTINGS, registry(), drawn=True)
    again.restore(before.watch.snapshot())
    run = Run(again)
    run.next = before.next
    run.feed([fact for fact in facts if fact.time >= noon], until=at(NEXT + 2))
    assert [closing.readings for closing in run.closings] == [r for r in readings() if r.start >= noon]


def test_segments_are_bounded_and_the_rest_share_one_of_each_kind() -> None:
    cuts = Cuts([[], ["queue"]], 2000, lambda _: None)
    gauges = Gauges(cuts, Scoring(cuts, Budget(), frozenset()), Budget())
    for i in range(SEGMENTS + 50):
        dims = Dims(queue=f"q{i}")
        seen = Observation("escalation", HOUR, dims, 1.0, None)
        gauges.see(seen, cuts.place(dims, HOUR), [])
    found = {s.segment: s.n for s in gauges.series()}
    assert len(found) == SEGMENTS + 2  # the tenant, and the others
    assert found[()] == SEGMENTS + 50
    assert found[(("queue", OTHERS),)] == 50
    assert gauges.series() == []


def test_warming_up_shows_what_came_and_expects_nothing() -> None:
    run = Run(Watch("shop", SETTINGS, registry(), drawn=True)).days(QUIET[:1])
    rows = [s for c in run.closings if c.readings for s in c.readings.series if not s.segment]
    assert {s.signal for s in rows} >= {"escalation", "latency", "csat"} & set(SIGNALS)
    assert all(s.score is None and s.judged == 0 for s in rows)
    eyes = [eye for c in run.closings if c.readings for eye in c.readings.eyes]
    assert {eye.sight for eye in eyes if eye.detector == "escalation"} == {"warming"}
