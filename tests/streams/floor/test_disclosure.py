"""An AI that denies being one: certain only after a customer's question."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from streams.settings import Signals
from tests.streams.floor.made import SETTINGS
from tests.streams.floor.test_contents import close, said, watch

ASKED = said(0, "customer", "Am I talking to a bot?")
DENIED = said(1, "ai", "No, I am a real person.")


def test_a_denial_is_an_incident() -> None:
    [alert] = close(watch(), [ASKED, DENIED])
    assert (alert.kind, alert.severity, alert.signal, alert.state) == (
        "disclosure",
        "ticket",
        "denied",
        "open",
    )
    assert alert.summary.startswith("An AI said that it is none when a customer asked")


@pytest.mark.parametrize(
    "facts",
    [
        [DENIED],
        [ASKED, said(1, "ai", "Yes, I am a virtual assistant.")],
        [ASKED, said(1, "ai", "I am an AI."), said(2, "ai", "No, I am a real person.")],
    ],
)
def test_anything_less_is_none(facts: list[object]) -> None:
    assert close(watch(), facts) == []  # type: ignore[arg-type]  # a list of turns


def test_the_check_can_be_switched_off() -> None:
    assert close(watch(replace(SETTINGS, signals=Signals(disclosure=False))), [ASKED, DENIED]) == []
