"""The edge of the simulator: three files in a directory."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from streams.simulate.disorder import disordered
from streams.simulate.floor import Tenant
from streams.simulate.plan import floor
from streams.simulate.registry import registry
from streams.simulate.run import Event, simulate
from streams.simulate.settings import Simulation
from streams.simulate.tenants import TENANTS
from streams.simulate.truth import Touch, truth

LEVEL = 6
"""Compression of the events; the file carries neither a name nor a time."""


class Written(Struct, frozen=True):
    """What was written: records (extra ones included), windows, bytes of the compressed events."""

    records: int
    windows: int
    size: int


def write(simulation: Simulation, out: Path, tenants: Sequence[Tenant] = TENANTS) -> Written:
    """Write `events.jsonl.gz`, `registry.json`, `truth.json` into `out`, day by day."""
    plan = floor(simulation, tenants)
    out.mkdir(parents=True, exist_ok=True)
    (out / "registry.json").write_bytes(_json(registry(simulation, tenants, plan.windows)))
    touches: list[Touch] = []

    def events() -> Iterator[Event]:
        for batch in simulate(plan):
            touches.extend(batch.touches)
            yield from batch.events

    records = 0
    with open(out / "events.jsonl.gz", "wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as packed:
        for body in disordered(events(), simulation):
            packed.write(body + b"\n")
            records += 1
    (out / "truth.json").write_bytes(_json(truth(simulation, tenants, plan.windows, touches)))
    return Written(records, len(plan.windows), (out / "events.jsonl.gz").stat().st_size)


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
