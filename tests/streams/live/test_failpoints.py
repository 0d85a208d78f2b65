from __future__ import annotations

import os
import signal

import pytest

from streams.live.failpoints import Failpoints


def test_the_process_dies_at_the_pass_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _, number: killed.append(number))
    points = Failpoints("shard:2")
    points.passed("shard")
    points.passed("manifest")
    assert killed == []
    points.passed("shard")
    assert killed == [signal.SIGKILL]


def test_a_name_that_is_no_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no such failpoint"):
        Failpoints("somewhere")


def test_nothing_is_killed_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("killed"))
    Failpoints().passed("commit")
