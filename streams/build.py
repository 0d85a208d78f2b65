"""The composition root: every shell builds its reader and its floor here, from one configuration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from streams.floor.floor import Floor
from streams.load import Configuration
from streams.reading import Reader, ReadLimits, Secrets, read
from streams.records.parcels import Origin


def build_reader(
    configuration: Configuration, logs: int = 1, start: Mapping[Origin, int] | None = None
) -> Reader:
    """A reader for so many logs. start: committed positions; other origins start at 0."""
    settings = configuration.settings
    limits = ReadLimits(settings.limits.record_bytes, settings.limits.text_bytes, settings.future_s)
    secrets = Secrets(configuration.key) if configuration.key else Secrets.public()
    return Reader(partial(read, secrets=secrets, limits=limits), logs, start)


def build_floor(configuration: Configuration, *, idle_rule: bool = False) -> Floor:
    """The floor of one log. idle_rule: whether quiet origins may be passed over by the wall clock (live)."""
    return Floor(configuration.settings, configuration.registry, idle_rule=idle_rule)
