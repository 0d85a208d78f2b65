"""Weekly windows: hours of the week in which a silence holds, on the clock of the tenant that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.hours import parse_hours
from streams.records.matchers import parse_matchers
from streams.records.registry import Registry


def zoned(weekly: str, matchers: Sequence[str], registry: Registry | None) -> str:
    """A weekly window with its zone: where none is named, that of the opening hours of the tenant that the
    matchers name. ValueError says what is missing or wrong.

    >>> zoned("Sun 02:00-04:00 Europe/Berlin", ["tenant=acme"], None)
    'Sun 02:00-04:00 Europe/Berlin'
    """
    if len(weekly.split()) == 2:
        named = [m.value for m in parse_matchers(matchers) if m.name == "tenant" and m.operator == "="]
        entry = registry.tenant(named[0]) if registry and len(named) == 1 else None
        if entry is None or entry.hours is None:
            raise ValueError(
                f"{weekly!r} names no zone, and no tenant whose opening hours name one; such as {weekly} UTC"
            )
        weekly = f"{weekly} {entry.calendar().zone}"
    parse_hours(weekly)
    return weekly
