from __future__ import annotations

from typing import Any

import msgspec

from detectors.content.checks import Checks
from detectors.content.disclosure import Said as Disclosed
from streams.floor.duties import LAST, LEAST
from streams.floor.watch import Watch
from streams.records.alerts import Alert
from streams.records.facts import Fact
from streams.settings import Settings, Signals
from tests.streams.floor.made import MINUTE, PINE, Run, at, ended, registry, said, started

T = at(0, 9)
AI: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True}
TOLD = Checks(disclosure=int(Disclosed.TOLD))
SAYS = registry(agents=[{**PINE, "disclosure": True}])


def talk(number: int, checks: Checks | None, answers: int = 2, start: bool = True) -> list[Fact]:
    key, time = f"t{number}", T + number * MINUTE
    begin: list[Fact] = [started(time, key, **AI)] if start else []
    told = [
        said(time + 1 + i, key, turn=i + 1, checks=checks if i == 0 else None, **AI) for i in range(answers)
    ]
    return [*begin, *told, ended(time + 9, key, **AI)]


def found(*talks: list[Fact], entry: Any = SAYS, disclosure: bool = True) -> list[Alert]:
    settings = Settings(slot_s=60, signals=Signals(disclosure=disclosure))
    run = Run(Watch("shop", settings, entry), settings)
    run.feed([fact for one in talks for fact in one], until=T + 200 * MINUTE)
    return [change for change in run.changes if change.kind == "disclosure"]


def test_agents_that_do_not_say_what_they_are_are_found_after_several() -> None:
    assert found(*(talk(i, None) for i in range(LEAST - 1))) == []
    opened = found(*(talk(i, None) for i in range(LEAST + 2)))[0]
    assert (opened.state, opened.signal, opened.scope) == (
        "open",
        "silent",
        {"tenant": "shop", "agent": "pine"},
    )
    assert opened.evidence["undisclosed"] == LEAST


def test_who_says_so_who_need_not_and_who_hardly_spoke_are_no_incident() -> None:
    many = range(LEAST + 2)
    assert found(*(talk(i, TOLD) for i in many)) == []
    assert found(*(talk(i, None) for i in many), entry=registry()) == []
    assert found(*(talk(i, None, answers=1) for i in many)) == []
    assert found(*(talk(i, None, start=False) for i in many)) == []
    assert found(*(talk(i, None) for i in many), disclosure=False) == []


def test_it_is_over_when_the_last_ones_all_said_so() -> None:
    changes = found(*(talk(i, None) for i in range(LEAST)), *(talk(LEAST + i, TOLD) for i in range(LAST)))
    assert [change.state for change in changes] == ["open", "resolved"]


def test_state_goes_round() -> None:
    talks = [fact for i in range(2) for fact in talk(i, None)]
    settings = Settings(slot_s=60, signals=Signals(disclosure=True))
    run = Run(Watch("shop", settings, SAYS), settings).feed(talks)
    states = msgspec.msgpack.decode(run.watch.snapshot())[0]
    assert {"pine": [True, True]} in states
