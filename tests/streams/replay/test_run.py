from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.build import build_floor, build_reader
from streams.errors import ConfigError
from streams.floor.conversations import fold
from streams.load import load
from streams.reading import Rejection
from streams.records.alerts import Alert, encode_alert
from streams.records.controls import RegistryChange
from streams.records.facts import Fact
from streams.records.readings import Readings
from streams.records.registry import Registry, parse_registry
from streams.replay.run import Outcome, Progress, Replay
from streams.replay.sources import Source
from streams.simulate.settings import Disorder, Simulation
from streams.simulate.write import write
from tests.interpreted import interpreted

LATENESS = timedelta(seconds=100)  # a little less than allowed
SIMULATION = Simulation(
    seed=5,
    days=2,
    rate=0.3,
    troubles=("unsafe_actions",),
    disorder=Disorder(duplicates=0.02, swapped=0.05, late=0.01, malformed=0.01),
)


class Told:
    """Everything that a replay tells."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.rejections: list[Rejection] = []
        self.progress: list[tuple[Progress, int]] = []

    def alert(self, change: Alert) -> None:
        self.alerts.append(change)

    def rejected(self, rejection: Rejection) -> None:
        self.rejections.append(rejection)

    def drawn(self, _: Readings) -> None:
        raise AssertionError("nobody asked for it")

    @property
    def bytes(self) -> list[bytes]:
        return [encode_alert(change) for change in self.alerts]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulated")
    write(SIMULATION, path)
    return path


def run(
    data: Path,
    *names: str,
    controls: tuple[RegistryChange, ...] = (),
    registry: str = "registry.json",
    instants: bool = False,
) -> tuple[Told, Outcome]:
    configuration = load(None, {}, str(data / registry))
    told, floor = Told(), build_floor(configuration)
    sources = [Source(str(data / name)) for name in names]
    replay = Replay(
        build_reader(configuration),
        floor,
        sources,
        told,
        controls=controls,
        instants=instants,
        progress=lambda state: told.progress.append((state, floor.counts.slots)),
    )
    return told, replay.run()


def test_everything_is_counted_and_told(data: Path) -> None:
    told, outcome = run(data, "events.jsonl.gz")
    lines = gzip.decompress((data / "events.jsonl.gz").read_bytes()).splitlines()
    assert outcome.records == len(lines)
    assert outcome.rejected == Counter(rejection.reason for rejection in told.rejections)
    assert 0 < outcome.rejected.total() < outcome.records * 0.05
    assert outcome.records == outcome.rejected.total() + outcome.counts.facts
    assert min(outcome.counts.late, outcome.counts.copies) > 0
    assert outcome.counts.gaps == outcome.counts.late_by_idle == 0
    assert [state.records for state, _ in told.progress][-1] == outcome.records
    assert told.alerts
    assert all(alert.confirmed for alert in told.alerts)


@interpreted
def test_a_fault_behind_the_reader_is_counted_and_told_as_rejected(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, clean = run(data, "events.jsonl.gz")
    calls: list[Fact] = []

    def brittle(old: Any, fact: Fact, *more: Any) -> Any:
        calls.append(fact)
        if len(calls) == 50:
            raise KeyError("what somebody said")
        return fold(old, fact, *more)

    monkeypatch.setattr("streams.floor.talks.fold", brittle)
    told, outcome = run(data, "events.jsonl.gz")
    assert outcome.rejected - clean.rejected == Counter(internal=1)
    assert [each for each in told.rejections if each not in whole.rejections] == [
        Rejection("internal", "", "KeyError", "", -1, -1)
    ]
    assert "internal" not in clean.rejected


def test_the_same_events_give_the_same_bytes(data: Path) -> None:
    assert run(data, "events.jsonl.gz")[0].bytes == run(data, "events.jsonl.gz")[0].bytes


def test_instants_are_told_when_asked_for_and_change_nothing_else(data: Path) -> None:
    told, _ = run(data, "events.jsonl.gz", instants=True)
    assert any(not alert.confirmed for alert in told.alerts)
    confirmed = [encode_alert(alert) for alert in told.alerts if alert.confirmed]
    assert confirmed == run(data, "events.jsonl.gz")[0].bytes


def test_sources_by_type_give_what_one_file_gives(data: Path, tmp_path: Path) -> None:
    """One of them ends on the first day, one begins on the second, one is empty; none is quite in order."""
    parts: dict[str, list[bytes]] = {name: [] for name in ("none", "late", "turns", "rest", "early")}
    together: list[bytes] = []
    highest = datetime.fromtimestamp(0, UTC) + LATENESS
    for line in gzip.decompress((data / "events.jsonl.gz").read_bytes()).splitlines(keepends=True):
        event = _event(line)
        if event is None or event[0] < highest - LATENESS:
            continue  # what is late in one file need not be late in a source of its own
        moment, kind = event
        highest = max(highest, moment)
        first_day = moment.day == SIMULATION.start.day
        name = {"turn": "turns", "score": "early", "action": "late"}.get(kind, "rest")
        if first_day == (name == "early") or name in ("turns", "rest"):
            parts[name].append(line)
            together.append(line)
    for name, content in (*parts.items(), ("all", together)):
        (tmp_path / f"{name}.jsonl").write_bytes(b"".join(content))
    (tmp_path / "registry.json").write_bytes((data / "registry.json").read_bytes())

    whole, one = run(tmp_path, "all.jsonl")
    told, several = run(tmp_path, *(f"{name}.jsonl" for name in parts))
    assert told.bytes == whole.bytes != []
    assert several.counts.facts == one.counts.facts > 0
    assert several.counts.slots == one.counts.slots
    assert several.counts.late_by_idle == several.counts.late == 0
    # Slots close as time goes on, not only when the last source has ended: memory stays bounded.
    behind = [slots for state, slots in told.progress if state.records < several.records * 0.9]
    assert behind[-1] > several.counts.slots * 0.5


def _event(line: bytes) -> tuple[datetime, str] | None:
    """Time and type of what is an event."""
    try:
        event = json.loads(line)
        return datetime.fromisoformat(event["time"]), event["type"]
    except (ValueError, KeyError, TypeError):
        return None


def test_a_control_is_in_force_from_its_time(data: Path) -> None:
    registry = parse_registry((data / "registry.json").read_bytes(), "registry.json")
    told, _ = run(data, "events.jsonl.gz")
    known = {alert.id for alert in told.alerts}
    reached = max(state.reached for state, _ in told.progress)
    emptied = Registry(
        tenants={name: type(tenant)(agents=tenant.agents[:1]) for name, tenant in registry.tenants.items()}
    )
    early = RegistryChange(id="c", effective=1, registry=emptied)
    late = RegistryChange(id="c", effective=reached + 10**9, registry=emptied)
    assert run(data, "events.jsonl.gz", controls=(late,))[0].bytes == told.bytes
    changed = run(data, "events.jsonl.gz", controls=(early,))[0].alerts
    assert {alert.kind for alert in changed if alert.id not in known} >= {"shadow_ai"}


def test_a_source_named_twice_is_refused(data: Path) -> None:
    with pytest.raises(ConfigError, match="named twice"):
        run(data, "events.jsonl.gz", "events.jsonl.gz")
