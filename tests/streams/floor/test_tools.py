"""Tools on the floor: an integration gone quiet is a silence of its action, until it is called again."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from streams.records.facts import Fact
from streams.settings import Signals
from tests.streams.floor.made import MINUTE, SETTINGS, Run, acted, at, ended, started

BOT: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}


def talks(day: int, count: int, called: bool = True) -> list[Fact]:
    """Conversations of a morning, in each of which the agent looks something up."""
    facts: list[Fact] = []
    for i in range(count):
        time, who = at(day, 9) + 3 * i * MINUTE, {**BOT, "customer": f"u{day}-{i}"}
        key = f"c{day}-{i}"
        facts.append(started(time, key, **who))
        facts += [acted(time + 1, key, **who)] * called
        facts.append(ended(time + 100, key, **who))
    return facts


USUAL = [fact for day in range(4) for fact in talks(day, 30)]


def run(facts: list[Fact], **signals: bool) -> Run:
    settings = replace(SETTINGS, signals=Signals(**signals)) if signals else SETTINGS
    return Run(settings=settings).feed(facts, until=at(4, 16))


def test_a_tool_gone_quiet_is_a_silence_until_it_is_called_again() -> None:
    again = acted(at(4, 15), "late", **BOT)
    done = run([*USUAL, *talks(4, 60, called=False), started(at(4, 14.9), "late", **BOT), again])
    [opened] = [one for one in done.opened("silence") if one.signal == "tool"]
    assert opened.scope == {"tenant": "shop", "agent": "pine", "action": "Look"}
    assert (opened.severity, opened.observed) == ("ticket", 0)
    assert 20 <= opened.evidence["conversations"] <= 35
    assert done.told(opened)[-1].state == "resolved"


def test_it_says_nothing_where_it_is_called_or_switched_off() -> None:
    silent = [*USUAL, *talks(4, 60, called=False)]
    for done in (run([*USUAL, *talks(4, 60)]), run(silent, silence=False)):
        assert not [one for one in done.opened("silence") if one.signal == "tool"]
