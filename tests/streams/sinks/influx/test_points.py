from __future__ import annotations

import math

import pytest

from streams.records.readings import Eyes, Intake, Readings, Risk, Series, Surveys, Traffic
from streams.sinks.influx.lines import line
from streams.sinks.influx.points import SIGHTS, number, points

INTAKE = Intake(9, 1, 2, 0, 1, 3, 4, 5, 1, 2)
WHOLE = Series("escalation", (), 10, 3.0, 8, 1.6, 0.64, 0.5)
QUEUE = Series(
    "latency", (("queue", "billing, EU"),), 2, 2 * math.log(100), 2, 2 * math.log(90), 0.02, 0.1, log=True
)  # fmt: skip
AGENT = Series("csat", (("agent", "helper"), ("version", "2.0")), 1, 0.75, 0, 0.0, 0.0, None)
FULL = Readings(
    "shop", 15_000_000, 30_000_000, INTAKE, [WHOLE, QUEUE, AGENT],
    Traffic(0, 40, 30.0, 19.0, 41.0), Surveys(3, 2.0, 1, 0.0, 1),
    [Risk("boundary", "helper", None, 2)], [Eyes("csat", "no data", 5_000_000)],
)  # fmt: skip


def test_every_point_has_all_tags_and_lies_at_the_start_of_its_slot() -> None:
    found = list(points(FULL, "live"))
    assert [point.measurement for point in found] == [
        "fw_intake", "fw_signal", "fw_signal", "fw_signal", "fw_traffic", "fw_surveys", "fw_risk", "fw_sight",
    ]  # fmt: skip
    assert number(FULL) == len(found)
    assert [point.time for point in found] == [15_000_000] * 4 + [0] + [15_000_000] * 3
    for point in found:
        names = [name for name, _ in point.tags]
        assert names[0] == "tenant"
        assert names[-1] == "run"
        assert len(set(names)) == len(names)
    cuts = ["cut", "queue", "agent", "version", "signal"]
    assert [[v for n, v in p.tags if n in cuts] for p in found[1:4]] == [
        ["tenant", "(all)", "(all)", "(all)", "escalation"],
        ["queue", "billing, EU", "(all)", "(all)", "latency"],
        ["agent", "(all)", "helper", "2.0", "csat"],
    ]


def test_the_band_is_the_one_of_alerts() -> None:
    fields = list(points(FULL, "live"))[1].fields
    assert fields["value"] == 0.3
    assert fields["expected"] == 0.2
    assert fields["low"] == pytest.approx(0.0)  # 2 * sqrt(.64) / 8 below
    assert fields["high"] == pytest.approx(0.4)


def test_levels_are_written_in_what_people_read() -> None:
    fields = list(points(FULL, "live"))[2].fields
    assert fields["value"] == pytest.approx(100.0)
    assert fields["expected"] == pytest.approx(90.0)
    assert fields["total"] == 2 * math.log(100)  # sums stay sums


def test_where_nothing_is_expected_nothing_is_said_of_it() -> None:
    fields = list(points(FULL, "live"))[3].fields
    assert fields["value"] == 0.75
    assert not fields.keys() & {"expected", "low", "high", "usual"}
    assert fields["score"] is None
    assert "score" not in line(list(points(FULL, "live"))[3])


def test_numbers_of_sights_are_in_the_order_of_how_little_is_seen() -> None:
    fields = list(points(FULL, "live"))[7].fields
    assert fields == {"code": 3, "sight": "no data", "since_ms": 5000.0}
    assert SIGHTS[0] == "learning"


def test_a_replay_differs_in_its_run_alone() -> None:
    live, replay = (list(map(line, points(FULL, run))) for run in ("live", "march"))
    assert [text.replace("run=march", "run=live") for text in replay] == live
    assert live != replay
