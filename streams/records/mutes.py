"""Mutes: what people say about alerts. They act in delivery, at once, and never change what is detected.

They lie in the topic of controls beside those that change detection, and no floor hears of them. Times are
microseconds since 1970 by the wall clock.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Silence(Struct, frozen=True, kw_only=True, tag="silence", tag_field="kind"):
    """Alerts that all matchers mean are not told from `since` to `until`; they are recorded all the same.

    planned: a maintenance window. weekly: only in these hours of the week, as `detectors.hours` reads them;
    empty: all the time. The same id said again replaces the earlier one.
    """

    id: str
    matchers: tuple[str, ...]
    since: int
    until: int
    author: str
    reason: str
    planned: bool = False
    weekly: str = ""


class Lift(Struct, frozen=True, kw_only=True, tag="lift", tag_field="kind"):
    """A silence, or an acknowledgement of the alert `of`, ends now."""

    id: str
    of: str
    author: str
    reason: str = ""


class Ack(Struct, frozen=True, kw_only=True, tag="ack", tag_field="kind"):
    """Somebody has taken on the alert `of`: until it resolves, becomes more severe, or `until` has passed,
    what changes about it is not told."""

    id: str
    of: str
    until: int
    author: str
    reason: str = ""


Mute: TypeAlias = Silence | Lift | Ack
