from __future__ import annotations

import msgspec
import pytest

from streams.floor.cuts import OVERFLOW, PLACES_A_SEGMENT, Cuts, covers, may_overlap
from streams.records.facts import Dims

CUTS = ((), ("queue",), ("agent", "version"))


def cuts(most: int = 100) -> tuple[Cuts, list[str]]:
    hits: list[str] = []
    return Cuts(CUTS, most, hits.append), hits


def names(cut: Cuts, place: int) -> list[dict[str, str]]:
    return [dict(cut.segments[row]) for row in cut.places[place].rows]


def test_a_place_belongs_to_every_cut_that_it_names() -> None:
    cut, _ = cuts()
    whole = cut.place(Dims(queue="orders", agent="pine", version="1"), 5)
    assert names(cut, whole) == [{}, {"queue": "orders"}, {"agent": "pine", "version": "1"}]
    assert names(cut, cut.place(Dims(agent="pine"), 6)) == [{}]
    assert cut.place(Dims(queue="orders", agent="pine", version="1"), 7) == whole
    assert cut.version_first == {("pine", "1"): 5}
    assert cut.places[whole].first == 5


def test_rows_that_name_the_agent() -> None:
    cut, _ = cuts()
    place = cut.place(Dims(queue="orders", agent="pine", version="1"), 5)
    assert [dict(cut.segments[row]) for row in cut.agents(place)] == [{"agent": "pine", "version": "1"}]
    nameless = cut.place(Dims(queue="orders"), 5)
    assert cut.agents(nameless) == cut.places[nameless].rows


def test_segments_beyond_the_bound_share_a_row() -> None:
    cut, hits = cuts(most=3)
    for queue in "abcd":
        cut.place(Dims(queue=queue), 0)
    assert cut.segments == [(), (("queue", "a"),), (("queue", "b"),), OVERFLOW]
    assert hits == ["tenant_segments"] * 2
    assert cut.places[2].rows == (0, 3) == cut.places[3].rows


def test_made_up_names_do_not_take_the_memory() -> None:
    cut, hits = cuts(most=3)
    places = [cut.place(Dims(queue=f"q{i}"), i) for i in range(1000)]
    assert len(cut.places) == PLACES_A_SEGMENT * 3 + 1
    assert len(set(places[-900:])) == 1
    assert names(cut, places[-1]) == [{}], "what nobody can tell apart is still the tenant's"
    assert len(hits) > 900
    assert len(msgspec.msgpack.encode(cut.state())) < 1000


@pytest.mark.parametrize("most", [2, 3, 100])
def test_restored_cuts_number_and_count_alike(most: int) -> None:
    (cut, hits), (other, others_hits) = cuts(most), cuts(most)
    for i in range(40):
        cut.place(Dims(queue=f"q{i % 20}", agent="a", version=str(i % 7)), i)
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(msgspec.to_builtins(cut.state()))))
    assert (other.segments, other.places, other.version_first) == (
        cut.segments,
        cut.places,
        cut.version_first,
    )
    hits.clear()
    others_hits.clear()
    for i in range(80):
        dims = Dims(queue=f"q{i % 40}", agent="a", version=str(i % 11))
        assert other.place(dims, 1000 + i) == cut.place(dims, 1000 + i)
    assert others_hits == hits


def test_covering_and_overlapping() -> None:
    dims = Dims(queue="orders", agent="pine")
    assert covers({"tenant": "any", "queue": "orders"}, dims)
    assert covers({}, dims)
    assert not covers({"queue": "orders", "version": "1"}, dims)
    assert may_overlap({"queue": "a"}, {"agent": "b"})
    assert may_overlap({}, {"agent": "b"})
    assert not may_overlap({"queue": "a", "agent": "b"}, {"queue": "c"})
