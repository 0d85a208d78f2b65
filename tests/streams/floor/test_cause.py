from __future__ import annotations

from typing import Any

import pytest

from streams.floor.cause import cause

NEW = {"what": "version", "agent": "pine", "value": "2", "minutes_before": 12}


def by(dimension: str, value: str, excess: float, share: float) -> dict[str, Any]:
    return {"dimension": dimension, "value": value, "share_of_excess": excess, "share": share}


CASES: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "a scope with a version": ({"agent": "pine", "version": "2"}, {"by": []}, "new_version"),
    "a new version that carries it": (
        {"agent": "pine"}, {"by": [by("version", "2", 0.7, 0.5)], "changed": [NEW]}, "new_version"
    ),
    "a new version that carries little of it": (
        {"queue": "q"}, {"by": [by("version", "2", 0.3, 0.2)], "changed": [NEW]}, "one_queue"
    ),
    "a version of the day before": (
        {"queue": "q"},
        {"by": [by("version", "2", 0.9, 0.5)], "changed": [{**NEW, "minutes_before": 1500}]},
        "one_queue",
    ),
    "a source that fell silent": (
        {"queue": "q"},
        {"by": [], "changed": [{"what": "silence", "value": "web", "minutes_before": 3}]},
        "silent_source",
    ),
    "a registry": (
        {}, {"by": [], "changed": [{"what": "registry", "value": "pine: actions", "minutes_before": 30}]},
        "registry_change",
    ),
    "the narrowest place": ({"agent": "a", "queue": "q"}, {"by": []}, "one_queue"),
    "a channel that stands out": ({}, {"by": [by("channel", "chat", 0.9, 0.4)]}, "one_channel"),
    "a channel with all the traffic": ({}, {"by": [by("channel", "chat", 1.0, 1.0)]}, ""),
    "what one event proves": ({"agent": "a"}, {"reason": "action not allowed"}, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_behind_it(name: str) -> None:
    scope, evidence, kind = CASES[name]
    assert cause(scope, evidence).get("kind", "") == kind
