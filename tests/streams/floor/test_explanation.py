from __future__ import annotations

from typing import Any

import pytest

from streams.floor.explanation import LENGTH, NEWS, explanation
from streams.floor.words import Told
from tests.streams.floor.made import at


def told(**more: Any) -> Told:
    fields: dict[str, Any] = {
        "kind": "escalation_rate", "signal": "escalation", "state": "open",
        "scope": {"tenant": "shop"}, "since": at(0, 9), "observed": 0.25, "expected": 0.08,
        "unit": "per conversation", "affected": 12, "evidence": {}, "n": 40, "interval": (0.02, 0.15),
    }  # fmt: skip
    return Told(**{**fields, **more})


BY = [
    {"dimension": "channel", "value": "chat", "share_of_excess": 1.0, "share": 1.0},
    {"dimension": "queue", "value": "orders", "share_of_excess": 0.9, "share": 0.4},
]
CHANGED = [{"what": "version", "agent": "pine", "value": "1.1", "minutes_before": 12}]
SPEED = {"conversations": 40, "minutes": 150.0, "fewest_conversations": 31, "fewest_minutes": 90.2}


def test_the_whole_of_it() -> None:
    silent = {"conversations": 2, "observed": 0.2}
    text = explanation(told(evidence={"by": BY, "changed": CHANGED, "speed": SPEED, "silent": silent}))
    assert text == (
        "Since 2026-05-04 09:00 UTC, 10 of 40 conversations were handed to a person; "
        "usual would be 3 (1 to 6). "
        "90% of the excess is in queue orders, which has 40% of the conversations. "
        "Version 1.1 of pine first answered 12 minutes before it began. "
        "Noticed after 40 conversations (2.5 hours); at this volume 31 (90 minutes) are the fewest that "
        "could be sure. With 2 conversations less of these it would have stayed silent."
    )


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (
            {"signal": "latency_up", "unit": "ms", "observed": 4200.0, "expected": 1500.0,
             "interval": (1200.0, 1900.0)},
            "the wait for an answer: 4.2 s over 40 conversations; usual would be 1.5 s (1.2 to 1.9 s).",
        ),
        (
            {"signal": "volume_low", "unit": "conversations", "observed": 0.0, "expected": 26.0, "n": 0,
             "interval": (12.7, 39.2)},
            "0 conversations; usual would be 26 conversations (12.7 to 39.2 conversations).",
        ),
        (
            {"signal": "silence", "unit": "arrivals", "observed": 0.0, "expected": 13.8, "n": 0},
            "Nothing came since 2026-05-04 09:00 UTC, where about 14 arrivals are usual.",
        ),
        (
            {"signal": "survey_reuse", "unit": "repeated answers", "observed": 15.0, "expected": None},
            "15 repeated answers so far, since 2026-05-04 09:00 UTC.",
        ),
        ({"observed": None, "evidence": {"reason": "a rule"}}, "A rule: 12 conversations so far"),
        ({"state": "resolved", "evidence": {"ended": "normal again"}}, "It ended: normal again."),
        ({"evidence": {"withdrawn": "x"}}, "is taken back."),
    ],
)  # fmt: skip
def test_sentences(more: dict[str, Any], text: str) -> None:
    assert text in explanation(told(**more))


def test_what_is_over_does_not_say_how_it_was_found() -> None:
    assert "Noticed" not in explanation(told(state="resolved", evidence={"speed": SPEED}))


@pytest.mark.parametrize("what", NEWS)
def test_every_change_has_words(what: str) -> None:
    row = {"what": what, "value": "v", "agent": "a", "minutes_before": -1}
    assert " 1 minute after it began." in explanation(told(evidence={"changed": [row]}))


def test_hostile_names_stay_one_short_line() -> None:
    for name in ("x" * 900, "a\nb\x1b[31m\u202e", "\ud800"):
        rows = [{"what": "version", "agent": name, "value": name, "minutes_before": 1}] * 5
        by = [{**BY[1], "value": name}] * 9
        text = explanation(told(evidence={"changed": rows, "by": by, "reason": name}))
        assert len(text) <= LENGTH
        assert text.isprintable()


def test_changes_of_the_day_before_are_not_read_at_night() -> None:
    old = [{**CHANGED[0], "minutes_before": 1500}]
    assert "first answered" not in explanation(told(evidence={"changed": old}))
