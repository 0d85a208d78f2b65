from __future__ import annotations

from detectors.mix import Mix
from streams.floor.cuts import Cuts
from streams.floor.moved import CLEAR, LEAST, moved
from streams.floor.series import Recent
from streams.floor.signals import TESTS
from streams.records.facts import Dims

CUTS = Cuts(((), ("agent", "version")), 10, lambda _: None)
OLD = CUTS.place(Dims(agent="pine", version="1"), 0)
NEW = CUTS.place(Dims(agent="pine", version="2"), 0)
OTHER = CUTS.place(Dims(agent="cove", version="2"), 0)
SCOPE = {"agent": "pine", "version": "2"}


def recents(place: int, x: float, n: int = 40) -> list[Recent]:
    return [Recent(i, place, x, 0.0, 1.0, (0.0,), x, 0.0, 1.0, f"c{i}", i, True) for i in range(n)]


def named(**by_test: list[Recent]) -> list[dict[str, object]]:
    return moved(SCOPE, lambda index: by_test.get(TESTS[index].name, []), CUTS)


def test_features_are_named_by_how_far_they_moved() -> None:
    found = named(
        length_down=recents(NEW, -1.0), hedge=recents(NEW, 2.0), latency_up=recents(NEW, 0.1),
        refusal=recents(OTHER, 5.0), escalation=recents(NEW, 9.0),
    )  # fmt: skip
    assert [one["feature"] for one in found] == ["hedge", "length"]
    assert found[1]["standard_errors"] == -6.3


def test_other_versions_at_the_same_time_stand_beside() -> None:
    (found,) = named(length_down=[*recents(NEW, -1.0), *recents(OLD, -1.0)])
    assert found["other_versions"] == found["standard_errors"]
    (alone,) = named(length_down=[*recents(NEW, -1.0), *recents(OTHER, -1.0)])
    assert "other_versions" not in alone


def test_which_answers_are_given_is_a_feature_too() -> None:
    mix = Mix()
    for i in range(200):
        mix.add("pine", "1", 3, i % 5)
        mix.add("pine", "2", 3, 9 if i % 3 == 0 else i % 5)
    (found,) = moved(SCOPE, lambda _: [], CUTS, mix, 3)
    assert (found["feature"], found["share"]) == ("mix", 0.34)
    assert found["standard_errors"] > CLEAR
    assert moved({"agent": "cove"}, lambda _: [], CUTS, mix, 3) == []


def test_few_observations_say_nothing() -> None:
    assert named(length_down=recents(NEW, -2.0 * CLEAR, LEAST - 1)) == []
