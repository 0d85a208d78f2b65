"""Shares that rise, tools that change, totals of an agent: what is noticed, what is chance, what is kept."""

from __future__ import annotations

from random import Random

import msgspec
import pytest

from detectors import alike as alike_module
from detectors import totals as totals_module
from detectors.alike import Alike
from detectors.shift import LEAST, MEMORY, Share, Shift
from detectors.totals import Totals
from detectors.usage import FAILED, LEARN_US, RECENT, SLOW, TRAITS, Usage

DAY = 86_400_000_000


def first(usual: tuple[float, float], share: float, seed: int, most: int = 2000) -> int | None:
    """After how many observations a share is noticed. usual: observations and total before."""
    shift, rng = Shift(), Random(seed)
    return next((i for i in range(most) if shift.score_one(float(rng.random() < share), *usual)), None)


@pytest.mark.parametrize(("share", "within"), [(0.5, 20), (0.2, 60)])
def test_what_never_was_is_noticed_soon(share: float, within: int) -> None:
    assert max(first((400, 0), share, seed) or 0 for seed in range(20)) < within


def test_the_usual_share_is_never_news() -> None:
    assert not [1 for seed in range(40) if first((2000, 60), 0.035, seed) is not None]
    assert not [1 for seed in range(40) if first((2000, 900), 0.9, seed) is not None], "no rise of it is news"


def test_parts_count_as_much_as_they_are() -> None:
    alarms = []
    for part in (0.1, 0.5, 1.0):
        share = Share()
        for _ in range(2 * LEAST):
            assert not share.step(0.0)
        alarms.append(next(i for i in range(200) if share.step(part)))
    assert alarms == sorted(alarms, reverse=True)
    assert alarms[-1] < 5


def test_what_is_suspected_is_not_learnt_and_what_was_told_is() -> None:
    share = Share()
    for _ in range(2 * LEAST):
        share.step(0.0)
    before = share.total
    assert [share.step(1.0) for _ in range(4)][-1]
    assert before == 0.0
    assert not any(share.step(1.0) for _ in range(int(MEMORY) * 2))
    assert share.n <= MEMORY


def usage_of(traits: list[str], calls: int = 400, tool: str = "Look") -> Usage:
    usage = Usage()
    for i in range(calls):
        assert not usage.call("pine", tool, "1.0", f"old{i}", i * LEARN_US // LEAST, traits, 200.0)
    return usage


LATER = 400 * LEARN_US // LEAST


def changes(
    usage: Usage, traits: list[str], version: str = "1.0", ms: float = 200.0, count: int = 12
) -> list[str]:
    found = []
    for i in range(count):
        found += usage.call("pine", "Look", version, f"new{i}", LATER + i, traits, ms)
    return [f"{one.trait}{' planned' if one.planned else ''}" for one in found]


def test_a_tool_that_changes_says_how() -> None:
    assert changes(usage_of(["order"]), ["order"]) == []
    assert changes(usage_of(["order"]), ["card", "order"]) == ["card"]
    assert changes(usage_of(["order"]), ["order", FAILED]) == [FAILED]
    assert changes(usage_of(["order"]), ["order"], ms=700.0) == [SLOW]
    assert changes(usage_of(["order"]), ["card", "order"], version="2.0") == ["card planned"]


def test_it_must_be_known_first_and_others_are_not_judged_by_it() -> None:
    assert changes(usage_of(["order"], calls=LEAST - 20), ["card"]) == []
    assert changes(usage_of(["order"], tool="Export"), ["card"]) == []


def test_retries_in_one_conversation_are_one_call() -> None:
    usage = usage_of(["order"])
    assert not [1 for i in range(50) if usage.call("pine", "Look", "1.0", "c", LATER + i, [FAILED], 200.0)]


def test_retries_between_calls_of_many_others_are_one_call() -> None:
    usage, found = usage_of(["order"], calls=3000), []
    for i in range(12):
        found += usage.call("pine", "Look", "1.0", "c", LATER + i, ["card", "order"], 200.0)
        for other in range(RECENT + 1):
            found += usage.call("pine", "Look", "1.0", f"o{i}-{other}", LATER + i, ["order"], 200.0)
    assert not found


def test_a_version_is_new_for_its_first_calls_only() -> None:
    usage = usage_of(["order"])
    for i in range(LEAST + 1):
        assert not usage.call("pine", "Look", "2.0", f"later{i}", LATER, ["order"], 200.0)
    assert changes(usage, ["card", "order"], version="2.0") == ["card"]


def test_of_many_versions_the_last_are_known() -> None:
    usage = usage_of(["order"])
    for version in range(2, RECENT + 4):
        for i in range(LEAST + 1):
            usage.call("pine", "Look", f"{version}.0", f"c{version}-{i}", LATER, ["order"], 200.0)
    assert changes(usage, ["card", "order"], version=f"{RECENT + 3}.0") == ["card"]


def test_what_is_forgotten_makes_no_version_new() -> None:
    usage = usage_of(["order"], calls=int(MEMORY) - LEAST // 2)
    for i in range(LEAST + 1):
        usage.call("pine", "Look", "2.0", f"later{i}", LATER * 10, ["order"], 200.0)
    assert changes(usage, ["card", "order"], version="2.0") == ["card"]


def test_tools_of_older_snapshots_load() -> None:
    usage = usage_of(["order"])
    [[agent, tools]] = usage.state()
    again = Usage()
    again.restore([[agent, [[name, tool[:-1]] for name, tool in tools]]])
    assert again.state() == usage.state()


def test_a_little_more_in_each_conversation_is_noticed() -> None:
    totals, rng = Totals(), Random(1)
    for i in range(1000):
        totals.add("pine", "Refund", f"c{i}", rng.random() * 0.2)
        assert not totals.end("pine", f"c{i}")
    for i in range(300):
        totals.add("pine", "Refund", f"d{i}", rng.random() * 0.8)
        if totals.end("pine", f"d{i}"):
            break
    assert 10 < i < 250


def test_equal_amounts_of_others_only() -> None:
    alike = Alike()
    assert not alike.add("pine", "Refund", "ada", 45.0)
    assert not alike.add("pine", "Refund", "ada", 45.0)
    assert not alike.add("pine", "Refund", "bob", 46.0)
    assert not alike.add("cove", "Refund", "bob", 45.0)
    assert alike.add("pine", "Refund", "bob", 45.01)


def test_memory_is_bounded_and_states_return(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike_module, "TOOLS", 10)
    monkeypatch.setattr(totals_module, "MOST", 10)
    usage, totals, alike = usage_of(["order"]), Totals(), Alike()
    for i in range(1000):
        usage.call("pine", f"Do{i}", "1.0", f"c{i}", i, [f"t{i}"], 1.0)
        usage.call("pine", "Look", f"v{i}", f"d{i}", LATER + i, [f"t{i}"], 1.0)
        totals.add("pine", f"Do{i}", f"c{i}", 0.5)
        alike.add("pine", f"Do{i}", "ada", 45.0)
    for part, most in ((usage, 60_000), (totals, 3_000), (alike, 1_000)):
        encoded = msgspec.msgpack.encode(part.state())
        assert len(encoded) < most
        again = type(part)()
        again.restore(msgspec.msgpack.decode(encoded))
        assert again.state() == part.state()
    assert RECENT < TRAITS
