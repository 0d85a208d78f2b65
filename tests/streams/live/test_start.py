from __future__ import annotations

import pytest
from faust.types import TP

from streams.live.start import Position, losses, renewed
from streams.records.controls import Origins

A = TP("cc.actions", 0)


@pytest.mark.parametrize(
    ("position", "said", "go_on"),
    [
        (Position(A, 5, 0, 9), None, None),
        (Position(A, 9, 9, 9), None, None),
        (Position(A, 5, 7, 9), "2 records are lost", {}),
        (Position(A, 12, 3, 9), "was cut or made anew", {A: 3}),
    ],
)
def test_what_offsets_tell(position: Position, said: str | None, go_on: dict[TP, int] | None) -> None:
    found = losses([position], frozenset())
    assert [loss.go_on for loss in found] == ([] if said is None else [go_on])
    assert said is None or said in found[0].said


def test_a_topic_made_anew_is_one_although_its_offsets_fit() -> None:
    (loss,) = losses([Position(A, 5, 0, 9)], frozenset({"cc.actions"}))
    assert "made anew" in loss.said
    assert loss.go_on == {A: 0}


def test_a_topic_made_anew_is_one_although_the_brokers_forgot_the_positions() -> None:
    assert [loss.go_on for loss in losses([], frozenset({"cc.actions"}))] == [{}]


def test_renewed_topics_have_another_id() -> None:
    before = Origins(id="1", topics={"a": ("x", 1), "b": ("y", 1)})
    now = Origins(id="2", topics={"a": ("x", 4), "b": ("z", 1), "c": ("q", 1)})
    assert renewed(before, now) == {"b"}
    assert renewed(None, now) == frozenset()
