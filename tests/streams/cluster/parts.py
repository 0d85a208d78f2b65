"""The product's own parts as the cluster uses them: every process of a run makes its own."""

from __future__ import annotations

from functools import partial

from streams.floor.floor import Floor
from streams.reading import Reader, ReadLimits, Record, Rejection, Secrets, read
from streams.records.facts import Fact
from streams.records.registry import Registry
from tests.streams.cluster.slice import SETTINGS, registry

_known: dict[tuple[bytes, int | None], Fact | Rejection] = {}
_read = partial(read, secrets=Secrets.public(), limits=ReadLimits())


def read_once(record: Record) -> Fact | Rejection:
    """`read`, remembered: it is a function of the record, and every seed reads the same ones."""
    key = (record.value, record.timestamp)
    found = _known.get(key)
    if found is None:
        if len(_known) > 50_000:
            _known.clear()
        found = _known[key] = _read(record)
    if isinstance(found, Rejection):
        place = (record.topic, record.partition, record.offset)
        return Rejection(found.reason, found.field, found.detail, *place)
    return found


def make_reader(logs: int = 1) -> Reader:
    return Reader(read_once, logs)


def make_floor(rules: Registry | None = None, idle_rule: bool = False) -> Floor:
    return Floor(SETTINGS, rules or registry(), idle_rule=idle_rule)
