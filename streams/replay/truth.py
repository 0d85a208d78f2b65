"""Truth: the labels of a recorded or simulated replay. Scoring reads them; the monitor never does."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from streams.errors import ConfigError
from streams.records.events import Time

GRACE_S = 3600.0  # the evidence of an incident is still being decided after its last conversation


class Window(Struct, frozen=True, kw_only=True):
    """An incident, or its twin: the same volume, ramp and place with nothing wrong."""

    id: str
    type: str
    twin: bool
    tenant: str
    onset: Time
    end: Time
    accepted_kinds: list[str]
    neutral_kinds: list[str]
    scope: dict[str, str]
    also: dict[str, dict[str, float]]
    """Share of its conversations by other dimensions."""
    conversation_times: list[float]
    """When each of its conversations began, seconds since onset."""

    @property
    def span(self) -> tuple[float, float]:
        """From onset until the last moment at which an opening still belongs to it, seconds since 1970."""
        return self.onset.timestamp(), self.end.timestamp() + GRACE_S


class Truth(Struct, frozen=True, kw_only=True):
    """The labels of one replay."""

    tenants: list[str]
    open: list[tuple[Time, Time]]
    windows: list[Window]
    incidents_applied: bool = True
    """False where only the schedule was kept: every alert is false."""

    @property
    def hours(self) -> list[tuple[float, float]]:
        """Opening hours, seconds since 1970."""
        return [(begin.timestamp(), end.timestamp()) for begin, end in self.open]

    @property
    def labelled(self) -> list[Window]:
        """The windows that were really there."""
        return self.windows if self.incidents_applied else []


def read_truth(path: Path) -> Truth:
    """Raises ConfigError naming the file, and the field that is wrong."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Truth)
    except OSError as error:
        raise ConfigError(str(path), error.strerror or str(error)) from error
    except msgspec.DecodeError as error:
        raise ConfigError(str(path), str(error)) from error


def overlap(begin: float, end: float, spans: list[tuple[float, float]]) -> float:
    """How much of [begin, end) lies in the spans, which are in order and apart.

    >>> overlap(0.0, 10.0, [(-5.0, 2.0), (8.0, 20.0)])
    4.0
    """
    return sum(max(0.0, min(end, stop) - max(begin, start)) for start, stop in spans)


def quiet_days(truth: Truth) -> float:
    """Opening days of single tenants outside all their windows; one day is as long as the first one open."""
    if not truth.hours:
        return 0.0
    day = truth.hours[0][1] - truth.hours[0][0]
    return sum(_quiet(truth, tenant) for tenant in truth.tenants) / day


def _quiet(truth: Truth, tenant: str) -> float:
    """Seconds of opening hours in which nothing happened to this tenant."""
    seconds = 0.0
    spans = sorted(window.span for window in truth.labelled if window.tenant == tenant)
    for begin, end in truth.hours:
        free = begin  # everything before lies in a window or was counted
        for start, stop in spans:
            seconds += max(0.0, min(start, end) - free)
            free = max(free, min(stop, end))
        seconds += end - free
    return seconds
