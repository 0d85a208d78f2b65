"""What a caller may ask of the simulator; every default is the plain case."""

from datetime import date

from msgspec import Struct


class Disorder(Struct, frozen=True, kw_only=True):
    """How badly the stream arrives. Shares are of events, 0..1; all 0 by default: time-ordered, each once.

    None of these changes the underlying events: copies and damaged records are added, arrival is delayed.
    Only a fast clock rewrites times, those of its own source.
    """

    duplicates: float = 0.0
    """Share of events delivered a second time, 0..300 s after the first."""
    swapped: float = 0.0
    """Share of events arriving out of order, 0..`swapped_s` behind their time."""
    swapped_s: float = 30.0
    """Largest delay of a swapped event, seconds, 0..120 (below the allowed lateness)."""
    late: float = 0.0
    """Share of events arriving more than the allowed lateness behind their time."""
    lateness_s: float = 120.0
    """Allowed lateness, seconds: late events come `lateness_s`+60 .. +1800 s behind their time."""
    malformed: float = 0.0
    """Share of extra records that break the contract: bad JSON, wrong types, missing fields, out of range."""
    unknown: float = 0.0
    """Share of extra records in a version nobody knows (CloudEvents type `floorwalker.turn.v9`)."""
    fast_source: str = ""
    """Source whose clock runs ahead; empty: none."""
    fast_s: float = 0.0
    """How far that clock is ahead, seconds, 0..600."""


class Simulation(Struct, frozen=True, kw_only=True):
    """One run of the simulated floor."""

    seed: int
    days: int
    """Length, days, >= 1."""
    rate: float = 1.0
    """Traffic as a multiple of the tenants' usual volume, > 0."""
    start: date = date(2026, 5, 4)
    """First day (UTC). A Monday keeps the holidays on working days."""
    troubles: bool | tuple[str, ...] = True
    """True: all types, as many as fit. False: a quiet floor. A list: these, one pair for each mention."""
    mood: float = 1.0
    """Multiple of the tenants' own day-to-day and two-hourly mood of outcomes, >= 0 (0: none)."""
    season: float = 1.0
    """Multiple of the tenants' own hourly and weekly season of outcomes, >= 0 (0: none)."""
    disorder: Disorder = Disorder()


def check(simulation: Simulation) -> None:
    """Raise ValueError with the name of the setting that is out of its range."""
    d = simulation.disorder
    shares = {"duplicates": d.duplicates, "swapped": d.swapped, "late": d.late, "malformed": d.malformed}
    for name, value in {**shares, "unknown": d.unknown}.items():
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"disorder.{name}: {value} is not within 0..1")
    least = {"mood": simulation.mood, "season": simulation.season, "disorder.swapped_s": d.swapped_s}
    for name, value in {**least, "disorder.lateness_s": d.lateness_s, "disorder.fast_s": d.fast_s}.items():
        if not 0.0 <= value < float("inf"):
            raise ValueError(f"{name}: {value} is negative or no number")
    if simulation.days < 1:
        raise ValueError(f"days: {simulation.days} is less than 1")
    if not 0.0 < simulation.rate < float("inf"):
        raise ValueError(f"rate: {simulation.rate} is not above 0")
