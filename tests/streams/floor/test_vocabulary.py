from __future__ import annotations

from typing import Any

import msgspec

from streams.floor import vocabulary
from streams.floor.vocabulary import Vocabulary


def test_words_are_new_once_for_each_agent() -> None:
    known = Vocabulary()
    assert known.novelty("a", (1, 2, 3, 4)) == 1.0
    assert known.novelty("a", (1, 2, 3, 5)) == 0.25
    assert known.novelty("b", (1, 2)) == 1.0


def test_the_longest_unused_are_forgotten(monkeypatch: Any) -> None:
    monkeypatch.setattr(vocabulary, "MOST", 2)
    known = Vocabulary()
    known.novelty("a", (1, 2))
    known.novelty("a", (1,))
    known.novelty("a", (3,))
    assert len(known.state()) == 2
    assert known.novelty("a", (1,)) == 0.0
    assert known.novelty("a", (2,)) == 1.0


def test_state_goes_round_in_order() -> None:
    known, other = Vocabulary(), Vocabulary()
    known.novelty("a", (3, 1, 2))
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(known.state())))
    assert other.state() == known.state()
    assert other.novelty("a", (1,)) == 0.0
