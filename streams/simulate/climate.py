"""How outcomes vary with nothing wrong: the hour, the weekday, each day's and each two hours' mood."""

import math

from streams.simulate.chance import stream
from streams.simulate.floor import Tenant
from streams.simulate.settings import Simulation
from streams.simulate.when import DAY, HOUR, local

WEEK = (0.6, 0.2, -0.2, -0.3, 0.1, 0.5, 0.7)
"""Season by weekday, Monday first, as multiples of the tenant's amplitude."""


def moods(simulation: Simulation, tenant: Tenant, begin: int) -> list[float]:
    """Log odds of a bad outcome, added in each of the 24 hours (UTC) of the day that begins at `begin`."""
    rng = stream(simulation.seed, "mood", tenant.id, begin)
    spread, amplitude = tenant.mood * simulation.mood, tenant.season * simulation.season
    today = spread * rng.gauss(0.0, 1.0)
    phases = [spread * rng.gauss(0.0, 1.0) for _ in range(12)]
    rows = []
    for hour in range(24):
        clock = local(tenant.hours, begin + hour * HOUR)
        tide = math.sin(2 * math.pi * (clock.hour - 12) / 24) + WEEK[clock.weekday()]
        rows.append(today + phases[hour // 2] + amplitude * tide)
    return rows


def mood_at(moods_of_day: list[float], at: int) -> float:
    """The log odds in force at this moment of the day (a carried-over moment takes its hour's)."""
    return moods_of_day[at % DAY // HOUR]
