"""Amounts in pieces, records of many people, and habits: what is abnormal, ordinary, or not known."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from detectors import pieces as pieces_module
from detectors import sweep as sweep_module
from detectors.norms import LEAST_CALLS, Norms
from detectors.pieces import WINDOW_US, Found, Pieces
from detectors.sweep import KNOWN, LEAST, Sweep

LIMIT = 100.0


def paid(amounts: Sequence[float], refused: float | None = None) -> list[Found | None]:
    pieces = Pieces()
    if refused is not None:
        pieces.refuse("ada", "Refund", 0, refused, LIMIT)
    return [pieces.pay("ada", "Refund", f"c{i}", i + 1, amount, LIMIT) for i, amount in enumerate(amounts)]


@pytest.mark.parametrize("amounts", [[50, 50, 50], [40, 40, 40, 10], [34, 33.5, 34], [99, 99, 99]])
def test_equal_pieces_of_more_than_the_limit_are_a_split(amounts: list[float]) -> None:
    found = paid(amounts)[-1]
    assert found is not None
    assert found.split
    assert (found.total, found.pieces, found.since) == (sum(amounts), len(amounts), 1)


def test_pieces_after_a_refusal_are_a_split_whatever_their_size() -> None:
    split = [found is not None and found.split for found in paid([80, 15, 60], refused=155.0)]
    assert split == [False, False, True]
    found = paid([80, 15, 60], refused=90.0)[-1]  # it failed for another reason
    assert found is not None
    assert not found.split


def test_unequal_payments_are_no_split() -> None:
    found = paid([74, 61, 88])[-1]
    assert found is not None
    assert not found.split


@pytest.mark.parametrize("amounts", [[30, 30, 30], [90, 90], [120, 50, 50], [0, 0, 0, 0], [-5, 90, 90]])
def test_what_is_nothing(amounts: list[float]) -> None:
    assert paid(amounts)[-1] is None


def test_persons_actions_and_days_are_apart() -> None:
    pieces = Pieces()
    for i in range(6):
        assert pieces.pay(f"u{i}", "Refund", f"c{i}", i, 90.0, LIMIT) is None
        assert pieces.pay("ada", f"Do{i}", f"d{i}", i, 90.0, LIMIT) is None
        assert pieces.pay("bob", "Refund", f"e{i}", i * WINDOW_US, 90.0, LIMIT) is None


def test_a_copy_of_a_call_moves_nothing() -> None:
    pieces = Pieces()
    for call, t in (("c1", 1), ("c2", 2), ("c2", 2), ("c1", 1)):
        assert pieces.pay("ada", "Refund", call, t, 45.0, LIMIT) is None
    found = pieces.pay("ada", "Refund", "c3", 3, 45.0, LIMIT)
    assert found is not None
    assert (found.total, found.pieces) == (135.0, 3)


def test_calls_of_earlier_states_have_no_id() -> None:
    pieces = Pieces()
    pieces.restore([["ada", "Refund", [[[1, 45.0], [2, 45.0]], None]]])
    assert pieces.pay("ada", "Refund", "c3", 3, 45.0, LIMIT) is not None


def swept(sweep: Sweep, count: int, agent: str = "pine") -> list[int]:
    return [sweep.touch(agent, "c", f"u{i}") for i in range(count)]


def taught(usual: int = 1, conversations: int = 2 * KNOWN) -> Sweep:
    sweep = Sweep()
    for i in range(conversations):
        for record in range(usual):
            sweep.touch("pine", f"old{i}", f"r{record}")
        sweep.end("pine", f"old{i}")
    return sweep


def test_many_records_of_an_agent_that_touches_one() -> None:
    assert swept(taught(), LEAST + 1) == [0] * (LEAST - 1) + [LEAST, LEAST + 1]


def test_a_back_office_touches_many() -> None:
    assert not any(swept(taught(usual=6), 11))
    assert swept(taught(usual=6), 12)[-1] == 12


def test_an_agent_that_nobody_knows_yet_says_nothing() -> None:
    assert not any(swept(taught(conversations=KNOWN - 1), 20))
    assert not any(swept(taught(), 20, agent="cove"))


def test_the_same_record_counts_once() -> None:
    sweep = taught()
    assert not any(sweep.touch("pine", "c", f"u{i % 3}") for i in range(50))


def test_a_sweep_teaches_nothing() -> None:
    sweep = taught()
    for _ in range(20):
        swept(sweep, 9)
        sweep.end("pine", "c")
    assert swept(sweep, 9)[-1] == 9


def test_the_norm_of_an_agent() -> None:
    norms = Norms()
    for i in range(LEAST_CALLS - 1):
        norms.learn("pine", "Refund" if i % 3 == 0 else "Look", 20.0 if i % 3 == 0 else None)
    assert norms.odd("pine", "Export", None) is None, "not known well enough"
    norms.learn("pine", "Look", None)
    assert norms.odd("pine", "Export", None) == "an action that it hardly ever makes"
    assert norms.odd("pine", "Refund", 41.0) == "an amount far above its usual ones"
    assert norms.odd("pine", "Refund", 39.0) is None
    assert norms.odd("pine", "Look", None) is None
    assert norms.odd("cove", "Export", None) is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces_module, "MOST", 10)
    monkeypatch.setattr(sweep_module, "MOST", 10)
    pieces, sweep, norms = Pieces(), Sweep(), Norms()
    for i in range(1000):
        pieces.pay(f"u{i}", "Refund", f"c{i}", i, 90.0, LIMIT)
        pieces.pay("ada", "Refund", f"d{i}", i, 1.0, LIMIT)
        sweep.touch("pine", f"c{i}", "ada")
        sweep.touch("pine", "c", f"u{i}")
        sweep.end(f"a{i}", f"c{i}")
        norms.learn(f"a{i}", "Look", 1.0)
        norms.learn("pine", f"Do{i}", 1.0)
    for part, most in ((pieces, 1_000), (sweep, 60_000), (norms, 40_000)):
        assert len(msgspec.msgpack.encode(part.state())) < most


def test_states_return_byte_for_byte() -> None:
    sweep, pieces, norms = taught(2), Pieces(), Norms()
    swept(sweep, 3)
    pieces.refuse("ada", "Refund", 0, 500.0, LIMIT)
    pieces.pay("ada", "Refund", "c1", 1, 50.0, LIMIT)
    norms.learn("pine", "Look", 3.0)
    for part in (sweep, pieces, norms):
        again = type(part)()
        again.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(part.state())))
        assert again.state() == part.state()
