"""The composition root: every shell builds its reader and its floor here, from one configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from streams.floor.floor import Floor
from streams.load import Configuration
from streams.reading import Reader, ReadLimits, Record, Rejection, Secrets, read
from streams.records.facts import Fact
from streams.records.parcels import Origin


def build_read(configuration: Configuration) -> Callable[[Record], Fact | Rejection]:
    """What makes one record a fact, or says why it is none."""
    settings = configuration.settings
    limits = ReadLimits(settings.limits.record_bytes, settings.limits.text_bytes, settings.future_s)
    secrets = Secrets(configuration.key) if configuration.key else Secrets.public()
    return partial(read, secrets=secrets, limits=limits)


def build_reader(
    configuration: Configuration, logs: int = 1, start: Mapping[Origin, int] | None = None
) -> Reader:
    """A reader for so many logs. start: committed positions; other origins start at 0."""
    return Reader(build_read(configuration), logs, start)


def build_floor(configuration: Configuration, *, idle_rule: bool = False) -> Floor:
    """The floor of one log. idle_rule: whether quiet origins may be passed over by the wall clock (live).

    What it keeps goes into snapshots, so it is given no secrets.
    """
    registry = configuration.registry.public() if configuration.registry else None
    return Floor(configuration.settings, registry, idle_rule=idle_rule)
