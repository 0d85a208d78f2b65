"""Controls: records that change what is detected, in force everywhere from a stated event time on.

Each has an id (forwarded into a log once), and `effective`: event time in microseconds; the first slot that
starts at or after it is the first under the new rule. Silences and acknowledgements act in delivery and are
not controls of the floor.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from streams.records.alerts import Kind
from streams.records.registry import Registry

Word: TypeAlias = Literal["real", "expected", "false", "normal"]


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


class VerdictGiven(Struct, frozen=True, kw_only=True, tag="verdict", tag_field="kind"):
    """What an alert was, as a person judged it. It says all that its effect needs: alerts are not kept.

    real: trouble. expected: planned, and quiet from `since` `until`. false: nothing was wrong. normal: what
    was seen since `since` is the new normal.
    """

    id: str
    effective: int
    alert: str
    verdict: Word
    tenant: str
    about: Kind
    signal: str
    scope: dict[str, str]
    """Of the alert, without the tenant."""
    detector: str = ""
    opened: int = 0
    """When the alert opened, microseconds."""
    since: int = 0
    until: int = 0
    conversations: tuple[str, ...] = ()
    """Named by the alert as examples."""
    author: str = ""
    reason: str = ""


Change: TypeAlias = RegistryChange | VerdictGiven
"""What changes what is detected, from its effective time on."""
Control: TypeAlias = Origins | Mark | Change
