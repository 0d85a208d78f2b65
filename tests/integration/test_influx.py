"""Writing to a real InfluxDB: 1.6.7 always, 2.9.1 where it has been built."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from streams.records.readings import Series
from streams.sinks.influx import writer as writers
from streams.sinks.influx.incidents import incident
from streams.sinks.influx.lines import Point, line
from streams.sinks.influx.outcomes import Later, Wrong
from streams.sinks.influx.points import points
from streams.sinks.influx.server import Server
from streams.sinks.influx.setup import flux, hourly
from streams.sinks.influx.writer import Writer
from tests.integration.influxdb import Running, influxdb, rows
from tests.integration.live import until
from tests.streams.sinks.influx.test_incidents import OPEN, OVER
from tests.streams.sinks.influx.test_points import FULL

HOUR_US = 3_600_000_000
NOW = int(time.time()) * 1_000_000 // HOUR_US * HOUR_US - 2 * HOUR_US  # within every retention; a whole hour
_names = (f"t{number}" for number in itertools.count())


@pytest.fixture(scope="session", params=[1, 2], ids=["influxdb1", "influxdb2"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with influxdb(request.param, tmp_path_factory.mktemp("influxdb")) as found:
        yield found


@pytest.fixture
def server(running: Running) -> Server:
    """One with a database that nobody else uses."""
    return running.made(next(_names))


def row(number: int, **fields: Any) -> Point:
    return Point("m", [("run", "live")], fields or {"n": number}, NOW + number)


def text(*numbers: int) -> str:
    return "\n".join(line(row(number)) for number in numbers)


def test_the_first_write_finds_out_the_version(server: Server, running: Running) -> None:
    assert server.version is None
    server.write(text(1, 2, 3))
    assert server.version == running.version
    server.write(text(4))
    assert [found["n"] for found in rows(server, "SELECT n FROM m")] == [1.0, 2.0, 3.0, 4.0]


def test_all_points_of_a_slot_are_taken_and_come_back(server: Server) -> None:
    moved = [Point(p.measurement, p.tags, p.fields, NOW + p.time) for p in points(FULL, "live")]
    server.write("\n".join(map(line, moved)))
    names = [found["name"] for found in rows(server, "SHOW MEASUREMENTS")]
    assert names == sorted({point.measurement for point in moved})
    (found,) = rows(server, "SELECT * FROM fw_signal WHERE cut = 'queue'")
    assert found["queue"] == "billing, EU"
    assert found["value"] == pytest.approx(100.0)
    (eye,) = rows(server, "SELECT * FROM fw_sight")
    assert (eye["sight"], eye["code"]) == ("no data", 3.0)


def test_an_incident_is_written_over_until_it_is_over(server: Server) -> None:
    for change in (OPEN, OVER):
        point = incident(change, "live")
        server.write(line(Point(point.measurement, point.tags, point.fields, NOW)))
    (found,) = rows(server, "SELECT * FROM fw_alert")
    assert (found["id"], found["state"], found["affected"], found["open"]) == (OVER.id, "resolved", 60.0, 0.0)
    assert '"4.2 s"' in found["text"]


@pytest.mark.parametrize("name", ["a b", "a,b", "a=b", 'a"b', "a\\", "a\nb", "ü中", "$x /^.*$/ ; DROP"])
def test_any_name_comes_back_as_one_tag(server: Server, name: str) -> None:
    server.write(line(Point("m", [("queue", name), ("run", "live")], {"n": 1, "text": name}, NOW)))
    (found,) = rows(server, "SELECT * FROM m GROUP BY *")
    clean = name.replace("\n", "?")
    assert (found["queue"], found["text"], found["run"]) == (clean.replace("\\", "/"), clean, "live")


def test_what_is_wrong_is_told_from_what_is_not_possible_now(server: Server, running: Running) -> None:
    server.write(text(1))
    with pytest.raises(Wrong) as wrong:  # a field of another type: the rest of the batch is stored
        server.write(line(row(2)) + "\n" + line(row(3, n="text")))
    assert wrong.value.dropped == 1
    with pytest.raises(Wrong):
        server.write("no line at all")
    with pytest.raises(Wrong):  # older than what is kept
        server.write(line(Point("m", [("run", "live")], {"n": 1}, 1_000_000)))
    for stranger in (running.server("nowhere"), running.server("nowhere")):
        stranger.version = None
        with pytest.raises(Later) as later:
            stranger.write(text(1))
        assert later.value.refused


def test_nobody_there_is_for_later(running: Running) -> None:
    away = Running(running.version, 1, running.data).server("x")
    with pytest.raises(Later, match=r"127\.0\.0\.1:1 cannot be reached") as later:
        away.write(text(1))
    assert not later.value.refused


def test_an_error_inside_a_good_answer_is_an_error(server: Server) -> None:
    with pytest.raises(Wrong):
        server.query("SELECT nosuchfunction(n) FROM m")


def test_an_outage_loses_nothing(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is killed while points come, and started again on its data."""
    monkeypatch.setattr(writers, "LAST_S", 0.5)
    name = next(_names)
    server = running.made(name)
    writer = Writer(running.server(name), 50_000, linger_s=0.05)
    for number in range(3000):
        writer.put(1, partial(list, [row(number)]))
        if number == 1000:
            until(lambda: writer.counts().written > 0, 10)
            assert running.script("stop").returncode == 0
        if number == 2000:
            until(lambda: writer.counts().failing_s > 0, 20)
    assert running.script("start").returncode == 0
    until(lambda: writer.counts().waiting == 0, 60)
    counts = writer.close()
    assert (counts.written, counts.dropped, counts.wrong) == (3000, 0, 0)
    (found,) = rows(server, "SELECT count(n) FROM m")
    assert found["count"] == 3000


def test_one_wrong_point_of_a_batch_goes_alone(running: Running) -> None:
    name = next(_names)
    server = running.made(name)
    writer = Writer(running.server(name), 50_000, linger_s=0.2)
    for number in range(100):
        writer.put(1, partial(list, [row(number) if number != 50 else row(number, n="text")]))
    counts = writer.close()
    assert (counts.written, counts.wrong) == (99, 1)
    (found,) = rows(server, "SELECT count(n) FROM m")
    assert found["count"] == 99


def test_init_says_what_is_kept_and_may_be_repeated(running: Running) -> None:
    name = next(_names)
    running.made(name)
    server = running.made(name)
    for database in (name, f"{name}_hourly", f"{name}_replay"):
        running.server(database).write(text(1))
    if running.version == 1:
        kept = {
            database: rows(server, f'SHOW RETENTION POLICIES ON "{database}"')[0]["duration"]
            for database in (name, f"{name}_hourly")
        }
        assert kept == {name: "720h0m0s", f"{name}_hourly": "17520h0m0s"}
        queries = [r for r in rows(server, "SHOW CONTINUOUS QUERIES") if f"INTO {name}_hourly." in r["query"]]
        assert len(queries) == 5
    else:
        buckets = server.client.buckets_api()
        rules = buckets.find_bucket_by_name(name).retention_rules
        assert [rule.every_seconds for rule in rules] == [30 * 86400]
        tasks = server.client.tasks_api().find_tasks(limit=500)
        assert len([task for task in tasks if task.name.startswith(f"{name} hourly")]) == 5


def test_an_hour_is_the_sum_of_its_slots(running: Running) -> None:
    name = next(_names)
    server = running.made(name)
    slots = [
        Series("escalation", (), n=4, total=1.0, judged=4, usual=0.5, variance=0.25, score=i / 100)
        for i in range(0, 240, 7)
    ]
    start = NOW - 3 * HOUR_US
    for number, one in enumerate(slots):
        full = FULL.__class__(
            "shop", start + number * 105_000_000, start + (number + 1) * 105_000_000, FULL.intake, [one]
        )
        server.write("\n".join(map(line, points(full, "live"))))
    if running.version == 1:
        server.query(hourly(name, "fw_signal", f"WHERE time >= {start}u AND time < {start + HOUR_US}u"))
    else:
        server.client.query_api().query(flux(name, "fw_signal", start="-6h"))
    (hour,) = rows(running.server(f"{name}_hourly"), "SELECT * FROM fw_signal GROUP BY *")
    assert hour["time"] == start / 1000
    assert (hour["n"], hour["total"], hour["usual"]) == (4.0 * 35, 35.0, 17.5)
    assert hour["score"] == max(one.score or 0.0 for one in slots)
    assert (hour["tenant"], hour["cut"], hour["signal"]) == ("shop", "tenant", "escalation")
