"""What a replay is asked for, beside its sources."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from streams.records.controls import Change


class Asked(Struct, frozen=True, kw_only=True):
    """What is to be replayed.

    start, stop: of the window, microseconds. written: by when it was written, not when it happened. facts:
    the logs of facts, not the events. recorded: time comes from the events alone, as with the worker's
    `--clock events`. controls: instead of those on the topic. instants: also what was said before its slot
    closed.
    """

    start: int | None = None
    stop: int | None = None
    written: bool = False
    facts: bool = False
    recorded: bool = False
    controls: Sequence[Change] | None = None
    instants: bool = False
