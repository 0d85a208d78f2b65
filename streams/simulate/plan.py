"""What is settled before the first event: tenants, windows, opening hours."""

from collections.abc import Sequence

from msgspec import Struct

from streams.simulate.effects import Window
from streams.simulate.floor import Tenant
from streams.simulate.schedule import schedule
from streams.simulate.settings import Simulation, check
from streams.simulate.tenants import TENANTS
from streams.simulate.when import Span, open_spans


class Floor(Struct, frozen=True):
    """What is settled before the first event."""

    simulation: Simulation
    tenants: tuple[Tenant, ...]
    windows: tuple[Window, ...]
    spans: dict[str, list[Span]]


def floor(simulation: Simulation, tenants: Sequence[Tenant] = TENANTS) -> Floor:
    """Settle tenants, windows and hours. ValueError when a setting is out of its range."""
    check(simulation)
    spans = {t.id: open_spans(t.hours, simulation) for t in tenants}
    return Floor(simulation, tuple(tenants), schedule(simulation, tenants), spans)
