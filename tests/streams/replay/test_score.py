from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.errors import ConfigError
from streams.records.alerts import Alert
from streams.replay.score import Opening, Openings, Verdict, grade, judge, score
from streams.replay.truth import Truth, Window, quiet_days, read_truth

DAY = datetime(2026, 4, 6, tzinfo=UTC)


def at(hour: float, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour)


def window(name: str = "I1", **fields: Any) -> Window:
    given: dict[str, Any] = {
        "id": name,
        "type": "regression",
        "twin": False,
        "tenant": "A",
        "onset": at(9),
        "end": at(12),
        "accepted_kinds": ["escalation_rate"],
        "neutral_kinds": ["volume"],
        "scope": {"tenant": "A", "agent": "helper"},
        "also": {"queue": {"account": 0.9, "travel": 0.1}, "version": {"2.0": 1.0}},
        "conversation_times": [0.0, 600.0, 1200.0, 7000.0],
    }
    return Window(**(given | fields))


def truth(*windows: Window, days: int = 2, applied: bool = True) -> Truth:
    hours = [(at(8, day), at(18, day)) for day in range(days)]
    return Truth(tenants=["A", "B"], open=hours, windows=list(windows), incidents_applied=applied)


def opening(hour: float, kind: str = "escalation_rate", **scope: str | list[str]) -> Opening:
    return Opening(f"{kind}@{hour}", at(hour).timestamp(), kind, "ticket", {"tenant": "A", **scope})


def change(name: str, state: str, severity: str, opened: datetime, moment: datetime) -> Alert:
    known = dict.fromkeys(["signal", "unit", "summary", "action", "detector", "config"], "")
    rest = {"scope": {"tenant": "A"}, "observed": None, "expected": None, "interval": None, "affected": 1}
    times = {"since": opened, "opened_at": opened, "at": moment}
    kind = {"id": name, "state": state, "kind": "volume", "severity": severity, "evidence": {}}
    return msgspec.convert(known | rest | kind | {k: v.isoformat() for k, v in times.items()}, Alert)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (opening(10, agent="helper"), Verdict.HIT),
        (opening(10), Verdict.HIT),
        (opening(12.9, agent=["other", "helper"]), Verdict.HIT),
        (opening(13.1), Verdict.QUIET),
        (opening(8.9), Verdict.QUIET),
        (opening(10, tenant="B"), Verdict.QUIET),
        (opening(10, agent="other"), Verdict.WRONG),
        (opening(10, queue="elsewhere"), Verdict.WRONG),
        (opening(10, queue="travel"), Verdict.HIT),
        (opening(10, "volume", agent="other"), Verdict.NEUTRAL),
        (opening(10, "leakage"), Verdict.UNRELATED),
    ],
)
def test_verdicts(seen: Opening, verdict: Verdict) -> None:
    assert judge(seen, [window()])[0] is verdict


def test_the_best_window_decides_and_a_twin_is_a_false_alarm() -> None:
    twin = window("T1", twin=True)
    assert judge(opening(10), [twin]) == (Verdict.TWIN, twin)
    assert judge(opening(10), [twin, window()]) == (Verdict.HIT, window())


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"tenant": "A", "agent": "helper"}, "exact"),
        ({"tenant": "A", "agent": "helper", "queue": "account"}, "exact"),
        ({"tenant": "A", "agent": "helper", "queue": "travel"}, "narrow"),
        ({"tenant": "A", "agent": "helper", "queue": ["travel", "account"]}, "exact"),
        ({"tenant": "A"}, "wide"),
    ],
)
def test_scope_grades(scope: dict[str, str | list[str]], expected: str) -> None:
    assert grade(scope, window()) == expected


def test_an_alert_counts_from_its_first_record_that_calls_somebody() -> None:
    openings = Openings(
        [
            change("rises", "open", "info", at(9), at(9)),
            change("silent", "open", "info", at(9), at(9)),
            change("rises", "updated", "page", at(9), at(11)),
            change("rises", "updated", "page", at(9), at(12)),
            change("clear", "open", "ticket", at(10), at(10.5)),
            change("silent", "resolved", "ticket", at(9), at(12)),
        ]
    ).all()
    assert [(o.id, o.time, o.severity) for o in openings] == [
        ("clear", at(10).timestamp(), "ticket"),
        ("rises", at(11).timestamp(), "page"),
    ]


def test_delays_are_minutes_of_opening_hours_and_conversations_of_the_incident() -> None:
    overnight = window(onset=at(17), end=at(12, 1), conversation_times=[0.0, 3500.0, 54000.0, 60000.0])
    result = score(truth(overnight), [opening(24 + 8.5)])
    assert result.total.delays_min == [90.0]
    assert result.total.conversations == [3]


def test_a_scored_replay() -> None:
    labels = truth(
        window(),
        window("I2", tenant="B", type="leak", scope={"tenant": "B"}),
        window("I3", onset=at(9, 1), end=at(10, 1)),
        window("T1", twin=True, onset=at(14), end=at(16)),
    )
    seen = [
        opening(9.5, agent="helper"),
        opening(10),
        opening(15),
        opening(17.5, "volume"),
        opening(33.5, agent="x"),
    ]
    result = score(labels, seen)
    assert (result.total.incidents, result.total.caught, result.total.twins, result.total.alarmed) == (
        3,
        1,
        1,
        1,
    )
    assert result.by_type["regression"].incidents == 2
    assert result.by_type["leak"].caught == 0
    assert result.total.scopes == {"exact": 1, "wrong": 1}
    assert result.precision == 2 / 5
    assert result.quiet == {"ticket": 1}
    # Tenant A is quiet for 20 - 4 - 3 - 2 of its hours, tenant B for 20 - 4; a day has ten.
    assert result.tenant_days == pytest.approx((11 + 16) / 10)
    assert result.false_per_day("ticket") == pytest.approx(1 / 2.7)
    assert [found.window.id for found in result.found] == ["I1"]
    assert [missed.id for missed in result.missed] == ["I2", "I3"]


def test_windows_that_overlap_are_not_quiet_twice() -> None:
    labels = truth(
        window(), window("I2", onset=at(10), end=at(11)), window("I3", onset=at(12), end=at(20)), days=1
    )
    assert quiet_days(labels) == pytest.approx((1 + 10) / 10)


def test_where_only_the_schedule_was_kept_every_alert_is_false() -> None:
    result = score(truth(window(), applied=False), [opening(10)])
    assert (result.total.incidents, result.verdicts[Verdict.QUIET], result.precision) == (0, 1, 0.0)


def test_nothing_seen_and_nothing_labelled() -> None:
    result = score(Truth(tenants=[], open=[], windows=[]), [])
    assert (result.precision, result.tenant_days, result.false_per_day("page")) == (None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "truncated"),
        ('{"tenants": []}', "open"),
        ('{"tenants":[],"open":[],"windows":[{}]}', r"windows\["),
    ],
)
def test_truth_that_cannot_be_read_names_file_and_field(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "truth.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=message) as raised:
        read_truth(path)
    assert str(path) in str(raised.value)
