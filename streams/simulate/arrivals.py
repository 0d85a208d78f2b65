"""When customers come: opening hours, the hour, the weekday and the day's own luck."""

from collections.abc import Iterator
from random import Random

from streams.simulate.chance import around, poisson, stream
from streams.simulate.floor import Tenant
from streams.simulate.settings import Simulation
from streams.simulate.when import DAY, HOUR, SECOND, Span, local

CELL = 900 * SECOND
"""Within a cell the intensity is constant."""
LAST_CALL = 900 * SECOND
"""Nobody is let in so shortly before closing."""
DAY_SPREAD = 0.07
"""Standard deviation of a day's traffic, in logs."""
Cell = tuple[int, float]
"""Its beginning (ms), and the conversations expected in it."""


def cells(tenant: Tenant, simulation: Simulation, spans: list[Span], begin: int) -> list[Cell]:
    """The open cells of the day that begins at `begin`, with what is usual there."""
    hours = tenant.hours
    usual = sum(tenant.by_hour[(m // 60) % 24] for m in range(hours.opens, hours.closes, 60))
    luck = around(stream(simulation.seed, "traffic", tenant.id, begin), 1.0, DAY_SPREAD)
    each = tenant.daily * simulation.rate * luck * CELL / HOUR / usual
    rows = []
    for at in range(begin, begin + DAY, CELL):
        if any(a <= at and (at + CELL + LAST_CALL <= b or b - a >= DAY) for a, b in spans):
            clock = local(hours, at)
            rows.append((at, each * tenant.by_hour[clock.hour] * tenant.by_weekday[clock.weekday()]))
    return rows


def times(rng: Random, day: list[Cell], factor: float = 1.0) -> Iterator[int]:
    """Poisson arrivals over these cells, each cell `factor` times as busy."""
    for at, expected in day:
        for _ in range(poisson(rng, expected * factor)):
            yield at + int(rng.random() * CELL)


def typical_hourly(tenant: Tenant, simulation: Simulation) -> float:
    """Conversations in an average open hour."""
    return tenant.daily * simulation.rate * 60 / (tenant.hours.closes - tenant.hours.opens)


def releases(simulation: Simulation, tenant: Tenant, agent: str) -> list[int]:
    """Days (since the start) on which this agent gets a harmless new version, every 8 to 15 days."""
    rng, day, found = stream(simulation.seed, "releases", tenant.id, agent), 0, list[int]()
    while (day := day + rng.randrange(8, 16)) < simulation.days:
        found.append(day)
    return found
