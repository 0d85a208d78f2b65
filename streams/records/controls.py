"""Controls: records that change what is detected, in force everywhere from a stated event time on.

Each has an id (forwarded into a log once), and `effective`: event time in microseconds; the first slot that
starts at or after it is the first under the new rule. Silences and acknowledgements act in delivery and are
not controls of the floor.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from streams.records.registry import Registry


class Origins(Struct, frozen=True, kw_only=True, tag="origins", tag_field="kind"):
    """The set of origins that hold event time back. No slot closes before the first of these."""

    id: str
    topics: dict[str, tuple[str, int]]
    """Topic -> (topic id, number of partitions)."""


class Mark(Struct, frozen=True, kw_only=True, tag="mark", tag_field="kind"):
    """Everything before `until` (microseconds) lies before these positions: origins that have reached theirs
    no longer hold slots back up to `until`."""

    id: str
    until: int
    positions: dict[str, list[int]]
    """Topic -> end position of each partition."""
    last: bool = False
    """No more events follow: slots close through that of the last event."""


class RegistryChange(Struct, frozen=True, kw_only=True, tag="registry", tag_field="kind"):
    """A new registry."""

    id: str
    effective: int
    registry: Registry
    author: str = ""
    reason: str = ""


Control: TypeAlias = Origins | Mark | RegistryChange
