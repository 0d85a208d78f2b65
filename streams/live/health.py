"""Health: a worker's metrics as one row of numbers, for where they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.samples import Sample

EVERY_S = 10.0  # between rows
PREFIX = "floorwalker_"
OVER: Mapping[str, Callable[[Iterable[float]], float]] = {
    # Times are told by the place that is furthest behind; all else is summed.
    "log_low_time_seconds": min,
    "log_event_time_seconds": max,
    "read_event_time_seconds": max,
    "snapshot_time_seconds": min,
    "parked_since_seconds": min,
}


def figures(registry: CollectorRegistry) -> dict[str, float]:
    """One number for each metric, whatever its labels; of histograms sum and count.

    >>> from prometheus_client import Gauge
    >>> registry = CollectorRegistry()
    >>> lag = Gauge("floorwalker_lag_records", "", ("topic",), registry=registry)
    >>> lag.labels("a").set(2), lag.labels("b").set(3)
    (None, None)
    >>> figures(registry)
    {'lag_records': 5.0}
    """
    found: dict[str, list[float]] = {}
    for family in registry.collect():
        for sample in family.samples:
            if _counts(sample):
                found.setdefault(sample.name.removeprefix(PREFIX), []).append(sample.value)
    return {name: float(OVER.get(name, sum)(values)) for name, values in found.items()}


def _counts(sample: Sample) -> bool:
    return not sample.name.endswith(("_bucket", "_created"))
