"""Logs of facts, replayed: the same alerts as from the events that the facts were made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec
import pytest

from streams.build import build_floor, build_reader
from streams.errors import Stop
from streams.load import Configuration, load
from streams.reading import Record, Rejection
from streams.records.alerts import Alert, encode_alert
from streams.records.controls import Mark, Origins, RegistryChange
from streams.records.facts import MICROS
from streams.records.parcels import LogRecord, Origin, Parcel, encode_record
from streams.records.readings import Readings
from streams.records.registry import Registry
from streams.replay.log_run import LogReplay, within
from streams.replay.run import Replay
from streams.replay.sources import Source, Window
from streams.simulate.settings import Disorder, Simulation
from streams.simulate.write import write

LOGS = 3
SIMULATION = Simulation(
    seed=5, days=2, rate=0.3, troubles=("unsafe_actions",), disorder=Disorder(duplicates=0.02, swapped=0.05)
)


class Told:
    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def alert(self, change: Alert) -> None:
        self.alerts.append(change)

    def rejected(self, rejection: Rejection) -> None:
        raise AssertionError(rejection)

    def drawn(self, _: Readings) -> None:
        raise AssertionError("nobody asked for it")

    @property
    def lines(self) -> list[bytes]:
        return sorted(encode_alert(change) for change in self.alerts)


class Log:
    """Log records in memory, as a source."""

    start = 0

    def __init__(self, number: int, records: Sequence[LogRecord | bytes]) -> None:
        self.origin = Origin("fw.facts", "id", number)
        self.size, self.done = len(records), 0
        self._records = records

    def __iter__(self) -> Iterator[Record]:
        for offset, record in enumerate(self._records):
            self.done = offset + 1
            value = record if isinstance(record, bytes) else encode_record(record)
            yield Record("fw.facts", self.origin.partition, offset, value, timestamp=offset * MICROS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulated")
    write(SIMULATION, path)
    return path


@pytest.fixture(scope="module")
def configuration(data: Path) -> Configuration:
    return load(None, {}, str(data / "registry.json"))


@pytest.fixture(scope="module")
def events(data: Path, configuration: Configuration) -> Told:
    told = Told()
    sources = [Source(str(data / "events.jsonl.gz"))]
    Replay(build_reader(configuration), build_floor(configuration), sources, told).run()
    assert told.alerts
    return told


@pytest.fixture(scope="module")
def written(data: Path, configuration: Configuration) -> list[list[LogRecord]]:
    """What a worker writes: parcels of small batches, now and then how far it is; nothing at the end."""
    reader = build_reader(configuration, LOGS)
    source = Source(str(data / "events.jsonl.gz"))
    logs: list[list[LogRecord]] = [[] for _ in range(LOGS)]
    batch: list[Record] = []
    for record in source:
        batch.append(record)
        if len(batch) == 100:
            for log, parcel in [*reader.take(source.origin, batch).parcels, *reader.progress()]:
                logs[log].append(parcel)
            batch = []
    for log, parcel in [*reader.take(source.origin, batch).parcels, *reader.progress()]:
        logs[log].append(parcel)
    return logs


def origins(data: Path) -> Origins:
    return Origins(id="o", topics={str(data / "events.jsonl.gz"): ("", 1)})


def replayed(configuration: Configuration, logs: Sequence[Sequence[LogRecord]], **more: object) -> Told:
    told = Told()
    sources = [Log(number, log) for number, log in enumerate(logs)]
    LogReplay(partial(build_floor, configuration), sources, told, **more).run()  # type: ignore[arg-type]
    return told


def test_logs_give_what_the_events_gave(
    data: Path, configuration: Configuration, events: Told, written: list[list[LogRecord]]
) -> None:
    assert replayed(configuration, written, controls=[origins(data)]).lines == events.lines


def test_without_a_set_of_origins_all_closes_at_the_end(
    configuration: Configuration, events: Told, written: list[list[LogRecord]]
) -> None:
    assert replayed(configuration, written).lines == events.lines


def test_an_origin_that_never_spoke_holds_nothing_back_at_the_end(
    data: Path, configuration: Configuration, events: Told, written: list[list[LogRecord]]
) -> None:
    more = Origins(id="o", topics=origins(data).topics | {"cc.empty": ("x", 4)})
    assert replayed(configuration, written, controls=[more]).lines == events.lines


def test_other_controls_may_be_tried_on_the_same_facts(
    data: Path, configuration: Configuration, events: Told, written: list[list[LogRecord]]
) -> None:
    registry = configuration.registry
    assert registry is not None
    emptied = Registry(tenants={name: type(t)(agents=t.agents[:1]) for name, t in registry.tenants.items()})
    change = RegistryChange(id="c", effective=1, registry=emptied)
    in_log = [[change, *log] for log in written]
    begin = [origins(data)]
    changed = replayed(configuration, in_log, controls=begin)
    assert {alert.kind for alert in changed.alerts} > {alert.kind for alert in events.alerts}
    assert replayed(configuration, in_log, controls=begin, replaced=True).lines == events.lines
    assert replayed(configuration, written, controls=[*begin, change], replaced=True).lines == changed.lines


def test_progress_counts_facts_and_records(
    data: Path, configuration: Configuration, written: list[list[LogRecord]]
) -> None:
    told: list[tuple[int, int]] = []
    run = LogReplay(
        partial(build_floor, configuration),
        [Log(number, log) for number, log in enumerate(written)],
        Told(),
        controls=[origins(data)],
        progress=lambda state: told.append((state.records, state.done)),
    ).run()
    assert told[-1][1] == sum(map(len, written))
    assert told[-1][0] == run.records == run.counts.facts > 0


def test_what_is_no_log_record_is_named(configuration: Configuration) -> None:
    with pytest.raises(Stop, match=r"fw\.facts, partition 0, offset 0: not a record of a log"):
        LogReplay(partial(build_floor, configuration), [Log(0, [b"text"])], Told()).run()


def test_within_a_window_no_other_facts_and_no_later_time(written: list[list[LogRecord]]) -> None:
    parcel = max((p for log in written for p in log if isinstance(p, Parcel)), key=lambda p: len(p.entries))
    times = sorted(entry.fact.time for entry in parcel.entries)
    window = Window(times[1], times[-1])
    cut = within(parcel, window)
    assert isinstance(cut, Parcel)
    assert [e.fact.time for e in cut.entries] == [
        e.fact.time for e in parcel.entries if times[1] <= e.fact.time < times[-1]
    ]
    assert (cut.start, cut.stop, cut.highest) == (parcel.start, parcel.stop, window.stop)
    assert within(parcel, Window()) == parcel
    end = Mark(id="m", until=times[-1] + 1, positions={}, last=True)
    assert within(end, window) == msgspec.structs.replace(end, until=times[-1], last=False)
    assert within(end, Window()) == end
