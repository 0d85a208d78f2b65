"""Disuse: a tool of the usual share that is never called again; rare tools and uneven days are silent."""

from __future__ import annotations

import json
from random import Random

import pytest

from detectors.disuse import Disuse

DAY = 86_400_000_000


def talk(tools: Disuse, number: int, daily: int, *actions: str) -> list[str]:
    """One conversation with calls of these. Returns what it shows to be missing."""
    t = number * DAY // daily
    for action in actions:
        tools.call("pine", action, f"c{number}", t)
        tools.call(
            "pine", action, f"c{number}", t
        )  # a second call in one conversation is no second conversation
    return [action for action, _ in tools.end("pine", t)]


def weeks(share: float, seed: int = 1, days: int = 10, daily: int = 100) -> Disuse:
    tools, rng = Disuse(), Random(seed)
    for i in range(days * daily):
        assert not talk(tools, i, daily, "Look", *(["Refund"] if rng.random() < share else []))
    return tools


@pytest.mark.parametrize(("share", "least", "most"), [(0.9, 20, 35), (0.2, 90, 200)])
def test_a_tool_that_is_no_longer_called_is_missing_once(share: float, least: int, most: int) -> None:
    tools = weeks(share)
    found = [i for i in range(1_000) if talk(tools, 1_000 + i, 100, "Look")]
    assert len(found) == 1
    assert least <= found[0] <= most


def test_a_call_ends_it_and_the_gap_teaches_nothing() -> None:
    tools = weeks(0.5)
    assert ["Refund"] in [talk(tools, 1_000 + i, 100, "Look") for i in range(200)]
    assert tools.call("pine", "Refund", "new", 13 * DAY)
    assert not tools.call("pine", "Refund", "new", 13 * DAY)
    assert ["Refund"] in [talk(tools, 1_300 + i, 100, "Look") for i in range(100)]


def test_what_is_rare_or_new_is_not_known() -> None:
    rare, new = weeks(0.02), weeks(0.9, days=2)
    assert not any(talk(rare, 1_000 + i, 100, "Look") for i in range(1_000))
    assert not any(talk(new, 200 + i, 200, "Look") for i in range(300))


def test_topics_of_certain_hours_are_no_disuse() -> None:
    tools = Disuse()
    for i in range(2_000):  # the second half of each day has other topics
        assert not talk(tools, i, 100, "Look", *(["Refund"] if i % 100 < 50 else []))


def test_state_and_bounds() -> None:
    tools = weeks(0.5)
    again = Disuse()
    again.restore(json.loads(json.dumps(tools.state())))
    rest = [[talk(one, 1_000 + i, 100, "Look") for i in range(100)] for one in (tools, again)]
    assert rest[0] == rest[1]
    assert again.state() == tools.state()
    for i in range(1_000):
        tools.call(f"a{i}", "Look", "c", 0)
        tools.call("pine", f"x{i}", "c", 0)
    assert len(tools.state()) == 500
    assert max(len(rows) for _, rows in tools.state()) == 50
