from __future__ import annotations

from typing import Any

from streams.records.controls import Word
from streams.verdicts.given import verdict_on
from streams.verdicts.tally import Row, tally
from tests.streams.floor.made import at
from tests.streams.verdicts.test_given import ALERT


def alerts(*names: str, **more: Any) -> dict[str, dict[str, Any]]:
    return {name: {**ALERT, "id": name, **more} for name in names}


def words(**given: Word) -> list[Any]:
    return [verdict_on({**ALERT, "id": name}, word, at(1)) for name, word in given.items()]


def test_trouble_among_what_was_trouble_or_nothing() -> None:
    judged = words(a="real", b="real", c="false", d="expected", e="normal")
    (row,) = tally(alerts(*"abcdefg"), judged)
    assert row == Row("2026-05", "escalation_rate", "d/1", 7, real=2, false=1, expected=1, normal=1)
    assert row.precision == 2 / 3
    assert row.interval is not None
    low, high = row.interval
    assert 0.2 < low < 2 / 3 < high < 0.95


def test_of_several_verdicts_on_one_alert_the_last_counts() -> None:
    first, second = verdict_on(ALERT, "real", at(1)), verdict_on(ALERT, "false", at(2))
    (row,) = tally(alerts("a1b2"), [second, first])
    assert (row.alerts, row.real, row.false) == (1, 0, 1)


def test_by_period_kind_and_detector() -> None:
    found = {
        **alerts("a"), **alerts("b", opened_at="2026-05-12T10:00:00.000Z"), **alerts("c", kind="silence"),
    }  # fmt: skip
    assert [(row.period, row.kind) for row in tally(found, [], "week")] == [
        ("2026-05-04", "escalation_rate"), ("2026-05-04", "silence"), ("2026-05-11", "escalation_rate"),
    ]  # fmt: skip
    assert len(tally(found, [], "all")) == 2


def test_verdicts_on_alerts_that_are_no_longer_kept_count() -> None:
    (row,) = tally({}, words(a="real"))
    assert (row.alerts, row.real, row.precision) == (1, 1, 1.0)
    assert Row("", "k", "d", 3).precision is None
