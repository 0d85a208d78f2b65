"""What becomes of conversations after their end: one score each, however many marks are given."""

from __future__ import annotations

import msgspec
import pytest

from streams.floor import aftermath as aftermath_module
from streams.floor.aftermath import Aftermath
from streams.records.facts import Dims

DIMS = Dims(agent="pine")


def test_only_the_first_score_of_a_conversation_counts() -> None:
    after = Aftermath()
    after.judge("c", (7,))
    first = after.scored("c", DIMS, 0, (8,), low=True)
    assert first is not None
    assert (first.bad, first.keys) == (True, (7, 8))
    again = Aftermath()
    again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(after.state())))
    for one in (after, again):
        assert one.scored("c", DIMS, 0, low=False) is None
        assert one.scored("d", DIMS, 0, low=False) is not None


def test_what_was_scored_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aftermath_module, "MOST", 3)
    after = Aftermath()
    for i in range(9):
        after.scored(f"c{i}", DIMS, 0, low=False)
    assert after.state()[2] == ["c6", "c7", "c8"]


def test_states_of_earlier_versions_load() -> None:
    after = Aftermath()
    after.restore([[], [["c", [7]]]])
    one = after.scored("c", DIMS, 0, low=True)
    assert one is not None
    assert one.keys == (7,)
