"""A simulated fortnight from events to alerts, as a newcomer runs it: what must be found, and the quiet."""

from __future__ import annotations

from pathlib import Path

from streams.build import build_floor, build_reader
from streams.load import load
from streams.reading import Rejection
from streams.records.alerts import Alert
from streams.records.readings import Readings
from streams.replay.run import Replay
from streams.replay.score import Openings, Score, Verdict, score
from streams.replay.sources import Source
from streams.replay.truth import read_truth
from streams.simulate.settings import Simulation
from streams.simulate.tenants import BANK, SHOP
from streams.simulate.write import write

TROUBLES = ("shadow_ai", "silence", "survey_brigading", "handoff_surge")
FALSE_TICKETS = 1  # in two weeks of two tenants, at most


class Told:
    def __init__(self) -> None:
        self.changes: list[Alert] = []

    def alert(self, change: Alert) -> None:
        self.changes.append(change)

    def rejected(self, rejection: Rejection) -> None:
        raise AssertionError(rejection)

    def drawn(self, _: Readings) -> None:
        raise AssertionError("nobody asked for it")


def replayed(simulation: Simulation, path: Path) -> tuple[list[Alert], Score]:
    write(simulation, path, (SHOP, BANK))
    configuration, told = load(None, {}, str(path / "registry.json")), Told()
    source = Source(str(path / "events.jsonl.gz"))
    Replay(build_reader(configuration), build_floor(configuration), [source], told).run()
    return told.changes, score(read_truth(path / "truth.json"), Openings(told.changes).all())


def test_troubles_are_found_and_their_twins_are_not(tmp_path: Path) -> None:
    changes, found = replayed(Simulation(seed=0, days=14, rate=0.5, troubles=TROUBLES), tmp_path)
    caught = {kind: tally.caught for kind, tally in found.by_type.items()}
    assert caught == dict.fromkeys(sorted(TROUBLES), 1)
    assert found.verdicts[Verdict.TWIN] == found.verdicts[Verdict.WRONG] == 0
    assert found.total.twins == len(TROUBLES)
    assert found.quiet.total() <= FALSE_TICKETS
    opened = [change.id for change in changes if change.state == "open"]
    resolved = [change.id for change in changes if change.state == "resolved"]
    assert len(set(opened)) == len(opened)
    assert len(set(resolved)) == len(resolved)
    assert set(resolved) <= set(opened)
    assert all(len(change.summary) <= 200 and change.config and change.detector for change in changes)


def test_a_quiet_floor_is_quiet(tmp_path: Path) -> None:
    _, found = replayed(Simulation(seed=4, days=14, rate=0.3, troubles=False), tmp_path)
    assert found.tenant_days >= 14
    assert found.quiet.total() <= FALSE_TICKETS
