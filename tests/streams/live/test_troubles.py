from __future__ import annotations

from faust.types import TP

from streams.floor.origins import Tide
from streams.live.troubles import GAP_S, REJECT_WINDOW_S, Gaps, Rejects, StuckOrigins, Watch
from streams.live.watchdog import Standstill
from streams.records.controls import Origins
from streams.records.pages import Pager, matter
from streams.records.parcels import Origin, Parcel
from streams.settings import Live

ORIGIN = Origin("cc.actions", "id", 0)


def test_what_stands_with_something_to_do_is_seen_and_what_moves_is_not() -> None:
    still = Standstill(10.0)
    assert [still.look({"a": 1, "b": now}, {"a": 2, "b": 99}, now) for now in (0, 5, 11)] == [[], [], ["a"]]


def test_who_has_nothing_to_do_or_an_excuse_may_stand() -> None:
    still = Standstill(10.0)
    for now in (0, 20, 40):
        assert still.look({"a": 1, "b": 1}, {"a": 1, "b": 5}, now, excused=["b"]) == []
    assert still.look({"a": 1, "b": 1}, {"a": 3, "b": 5}, 45) == []
    assert still.look({"a": 1, "b": 1}, {"a": 3, "b": 5}, 51) == ["a", "b"]


def tide() -> Tide:
    found = Tide()
    found.announce(Origins(id="o", topics={"cc.actions": ("id", 1)}))
    return found


def test_an_origin_that_nobody_reads_is_stuck() -> None:
    stuck, sea = StuckOrigins(300.0), tide()
    assert stuck.look(sea, 0.0) == {}
    assert list(stuck.look(sea, 301.0)) == [matter("stuck_origin", topic="cc.actions", partition=0)]


def test_an_origin_at_its_end_is_not_stuck() -> None:
    stuck, sea = StuckOrigins(300.0), tide()
    sea.join(Parcel(ORIGIN, 0, 5, 10, at_end=True), 1)
    assert stuck.look(sea, 0.0) == {}
    assert stuck.look(sea, 1000.0) == {}
    sea.join(Parcel(ORIGIN, 5, 6, 10), 2)
    assert stuck.look(sea, 1001.0) == {}
    assert stuck.look(sea, 1400.0) != {}


def test_gaps_page_when_they_go_on() -> None:
    gaps = Gaps()
    assert not any(gaps.look(0, int(now), now) for now in range(10, 50))
    assert not gaps.look(0, 49, 49 + GAP_S)  # over
    found = [bool(gaps.look(0, 50 + now, 200.0 + now)) for now in range(int(GAP_S) + 5)]
    assert not any(found[: int(GAP_S)])
    assert all(found[int(GAP_S) + 1 :])


def test_most_of_a_topic_refused_is_a_trouble_until_it_hardly_is() -> None:
    rejects = Rejects()
    about = matter("rejects", topic="t")
    assert rejects.look({"t": (0, 0)}, 0.0) == {}
    assert rejects.look({"t": (99, 99)}, 1.0) == {}  # too few to say
    assert about in rejects.look({"t": (200, 150)}, 2.0)
    assert about in rejects.look({"t": (400, 160)}, 3.0)
    assert rejects.look({"t": (1000, 160)}, 4.0) == {}
    assert rejects.look({"t": (1000, 160)}, 10 + REJECT_WINDOW_S) == {}


def test_a_page_opens_once_and_is_resolved() -> None:
    pager, about = Pager(), matter("rejects", topic="t")
    told = [
        pager.look({about: "most"}, 1),
        pager.look({about: "most"}, 2),
        pager.look({}, 3),
        pager.look({}, 4),
    ]
    assert [[(change.id, change.state) for change in changes] for changes in told] == [
        [(about.id, "open")],
        [],
        [(about.id, "resolved")],
        [],
    ]


def test_while_brokers_were_away_nothing_stood_still() -> None:
    watch, tp = Watch(Live(stalled_s=60.0)), TP("fw.facts", 0)
    looks = [*range(100, 130), *range(730, 800)]
    stalled = [bool(watch.stalled({tp: 5}, {tp: 5 if now < 130 else 9}, float(now), ())) for now in looks]
    assert stalled.index(True) == looks.index(791)
    assert all(stalled[stalled.index(True) :])
