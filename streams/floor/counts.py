"""What a floor has seen, in numbers: shown, compared, never decided by."""

from __future__ import annotations

from msgspec import Struct


class Counts(Struct):
    """Since the log began. gaps: parcels that did not join; lost: positions that no longer existed; parked:
    facts of parked tenants, passed over; failed_instants: facts of which nothing could be said at once."""

    facts: int = 0
    repeats: int = 0
    copies: int = 0
    late: int = 0
    late_by_idle: int = 0
    unknown_origins: int = 0
    gaps: int = 0
    lost: int = 0
    slots: int = 0
    early_closings: int = 0
    parked: int = 0
    failed_instants: int = 0
