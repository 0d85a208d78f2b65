from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from streams.sinks.influx import writer as module
from streams.sinks.influx.lines import Point
from streams.sinks.influx.outcomes import Later, Wrong
from streams.sinks.influx.writer import Counts, Writer


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for seconds."""
    monkeypatch.setattr(module, "FIRST_S", 0.001)
    monkeypatch.setattr(module, "LAST_S", 0.01)


class Database:
    """Takes lines; `fault` says what it raises for which of them."""

    def __init__(self, fault: Callable[[list[str]], Exception | None] = lambda _: None) -> None:
        self.fault = fault
        self.lines: list[str] = []
        self.calls = 0
        self.closed = False

    def write(self, lines: str) -> None:
        self.calls += 1
        rows = lines.split("\n")
        fault = self.fault(rows)
        if fault is not None:
            raise fault
        self.lines += rows

    def close(self) -> None:
        self.closed = True


def row(number: int) -> Callable[[], list[Point]]:
    return lambda: [Point("m", [], {"n": number}, number)]


def rows(first: int, number: int) -> list[Point]:
    return [Point("m", [], {"n": 1}, first + i) for i in range(number)]


def numbers(database: Database) -> list[int]:
    return [int(line.split()[-1]) for line in database.lines]


@contextmanager
def writing(database: Database, most: int = 1000, *, patient: bool = False) -> Iterator[Writer]:
    writer = Writer(database, most, patient=patient, linger_s=0.0)
    yield writer
    writer.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_everything_comes_once_and_in_order() -> None:
    database = Database()
    with writing(database) as writer:
        for i in range(100):
            writer.put(1, row(i))
    assert numbers(database) == list(range(100))
    assert writer.counts() == Counts(written=100)
    assert database.closed


def test_a_point_without_fields_is_no_write() -> None:
    database = Database()
    with writing(database) as writer:
        writer.put(1, lambda: [Point("m", [], {"n": None}, 7)])
    assert database.calls == 0
    assert writer.counts() == Counts()


def test_an_outage_loses_nothing_that_fits_the_bound() -> None:
    down = threading.Event()
    down.set()
    database = Database(lambda _: Later("503 no", refused=False) if down.is_set() else None)
    with writing(database, most=500) as writer:
        for i in range(500):
            writer.put(1, row(i))
        until(lambda: database.calls > 5)
        counts = writer.counts()
        assert (counts.waiting, counts.dropped, counts.why) == (500, 0, "503 no")
        assert counts.failing_s > 0
        down.clear()
        until(lambda: writer.counts().written == 500)
    assert numbers(database) == list(range(500))
    assert writer.counts() == Counts(written=500)


def test_beyond_the_bound_the_oldest_are_dropped_and_counted() -> None:
    down = threading.Event()
    down.set()
    database = Database(lambda _: Later("503 no") if down.is_set() else None)
    with writing(database, most=100) as writer:
        writer.put(1, row(0))
        until(lambda: database.calls > 0)  # the first one is on its way
        for i in range(1, 300):
            writer.put(1, row(i))
        assert writer.counts().waiting <= 100
        down.clear()
    found = numbers(database)
    assert found == [0, *range(201, 300)]
    assert writer.counts().dropped == 300 - len(found)


def test_a_patient_writer_waits_instead() -> None:
    slow = Database(lambda _: time.sleep(0.005))  # waits, and finds no fault
    with writing(slow, most=10, patient=True) as writer:
        for i in range(60):
            writer.put(3, partial(rows, 3 * i, 3))
            assert writer.counts().waiting <= 10 + 3
    assert numbers(slow) == list(range(180))
    assert writer.counts() == Counts(written=180)


def test_a_wrong_point_goes_alone() -> None:
    """What a server says of a line that it cannot read: nothing of the batch was stored."""
    database = Database(lambda rows: Wrong("400 no", None) if any(r.endswith(" 7") for r in rows) else None)
    with writing(database) as writer:
        writer.put(20, partial(rows, 0, 20))
    assert numbers(database) == [i for i in range(20) if i != 7]
    assert writer.counts() == Counts(written=19, wrong=1)
    assert database.calls < 12


def test_what_was_stored_in_part_is_not_written_again() -> None:
    database = Database(lambda _: Wrong("422 partial write: field type conflict dropped=3", 3))
    with writing(database) as writer:
        writer.put(20, partial(rows, 0, 20))
    assert database.calls == 1
    assert writer.counts() == Counts(written=17, wrong=3)


def test_the_end_comes_although_nobody_answers() -> None:
    database = Database(lambda _: Later("refused"))
    writer = Writer(database, 1000, linger_s=0.0)
    for i in range(10):
        writer.put(1, row(i))
    begun = time.monotonic()
    counts = writer.close(0.2)
    assert time.monotonic() - begun < 5
    assert (counts.dropped, counts.written, counts.waiting) == (10, 0, 0)


def test_a_server_that_names_a_time_is_left_alone_for_so_long() -> None:
    asked: list[float] = []

    def fault(_: list[str]) -> Exception | None:
        asked.append(time.monotonic())
        return Later("429", after_s=0.1) if len(asked) == 1 else None

    with writing(Database(fault)) as writer:
        writer.put(1, row(1))
        until(lambda: writer.counts().written == 1)
    assert asked[1] - asked[0] >= 0.1


def test_a_put_never_waits_for_a_server_that_hangs() -> None:
    hangs = threading.Event()

    def fault(_: list[str]) -> None:
        hangs.wait(10)

    database = Database(fault)
    with writing(database, most=50) as writer:
        begun = time.monotonic()
        for i in range(5000):
            writer.put(1, row(i))
        assert time.monotonic() - begun < 5
        hangs.set()
    counts = writer.counts()
    assert counts.written + counts.dropped == 5000
