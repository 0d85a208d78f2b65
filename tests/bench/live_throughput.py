"""One job (reader and floor over the same simulated events), run by a worker and by others, in one run.

CPU time of each is its own process's, without its start. What delivery costs is measured with the job left
out, and as what the worker spends beyond a plain loop.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

from msgspec import Struct
from rich.table import Table

from streams.build import build_floor, build_reader
from streams.load import Configuration
from streams.replay.run import Replay
from streams.replay.sources import Source
from streams.screen import console
from streams.simulate.settings import Simulation
from streams.simulate.write import write
from tests.bench.live_stage import Bench, load_now, recorded, run_module, through, wait
from tests.bench.replay_bench import Writer, clocked

HOPS = 2  # events to the reader, facts to the floor


class Spent(Struct):
    """Seconds, and confirmed changes of alerts, where there are any."""

    cpu_s: float
    wall_s: float
    changes: int = 0


def plain(data: Path, configuration: Configuration) -> tuple[Spent, Counter[str]]:
    """Reader and floor over the file, no topic; and what each took, in nanoseconds."""
    stages: Counter[str] = Counter()
    reader, floor, output = build_reader(configuration), build_floor(configuration), Writer()
    clocked(reader, "take", "reader", stages)
    for name in ("take", "close"):
        clocked(floor, name, "floor", stages)
    outcome = Replay(reader, floor, [Source(str(data / "events.jsonl.gz"))], output).run()
    return Spent(outcome.cpu_s, outcome.wall_s, output.changes), stages


def catch_up(bench: Bench, lines: list[bytes]) -> Spent:
    """A worker that catches up with all events. What its start takes is measured before and taken off."""
    with bench.workers() as (one,):
        start_cpu_s = one.cpu_s()
    bench.play(lines)
    with bench.workers() as (one,):
        begun = time.monotonic()
        wait(lambda: through([one], len(lines)), [one])
        changes = one.total('floorwalker_alerts_total{confirmed="true"')
        return Spent(one.cpu_s() - start_cpu_s, time.monotonic() - begun, int(changes))


def peer(bench: Bench, reader: str, job: str, registry: Path, events: int) -> Spent:
    """Another way of reading the topics, in a process of its own."""
    os.environ["DATADIR"] = str(bench.config.parent)
    found = run_module("tests.bench.live_peer", reader, job, bench.config, registry, events)
    return Spent(**found)


def measure(folder: Path, bootstrap: str, days: int) -> None:
    """Both tables."""
    write(Simulation(seed=1, days=days), folder)
    lines, registry = recorded(folder), folder / "registry.json"
    bench = Bench(folder, bootstrap, "catchup", registry)
    caught = catch_up(bench, lines)
    alone, stages = plain(folder, bench.configuration)

    def by(reader: str, job: str) -> Spent:
        return peer(bench, reader, job, registry, len(lines))

    whole = {
        "plain loop over the file": alone,
        "bare aiokafka loop, no facts between": by("bare", "whole"),
        "worker: topics, facts, alerts, snapshots": caught,
        "stock Faust, event by event, no facts between": by("stock", "whole"),
    }
    nothing = {
        "bare aiokafka loop": by("bare", "nothing"),
        "Faust with batches": by("batches", "nothing"),
        "stock Faust": by("stock", "nothing"),
    }
    show(f"The whole job: {len(lines):,} events, {load_now()}", whole, len(lines))
    parts = ", ".join(f"{stage} {ns / 1e3 / len(lines):.1f}" for stage, ns in sorted(stages.items()))
    hop = 1e6 * (caught.cpu_s - alone.cpu_s) / len(lines) / HOPS
    console().print(f"plain loop, µs an event: {parts}; worker beyond it, an event and hop: {hop:.1f}\n")
    show("Delivery alone: nothing is done with the events", nothing, len(lines))


def show(title: str, rows: dict[str, Spent], events: int) -> None:
    """One table."""
    table = Table("", "events a CPU-second", "events a second", "µs CPU an event", "changes", box=None)
    for name, spent in rows.items():
        table.add_row(
            name, f"{events / spent.cpu_s:,.0f}", f"{events / spent.wall_s:,.0f}",
            f"{1e6 * spent.cpu_s / events:.1f}", str(spent.changes or ""),
        )  # fmt: skip
    console().print(title, table, "", sep="\n")
