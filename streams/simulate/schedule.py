"""When which trouble happens where: windows of a tenant never overlap, and the beginning is quiet."""

from collections.abc import Iterable, Sequence
from itertools import pairwise, repeat
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from streams.simulate.arrivals import typical_hourly
from streams.simulate.chance import stream
from streams.simulate.effects import Window
from streams.simulate.floor import Hours, Tenant, agent_of
from streams.simulate.settings import Simulation
from streams.simulate.sizing import Draft, Site, draft, places
from streams.simulate.troubles import BY_TYPE, CATALOGUE, Trouble
from streams.simulate.when import DAY, HOUR, Span, advance, bounds, open_spans

LIVELY = (7 * 60, 22 * 60)
"""Local minutes within which troubles begin, also where the tenant never closes."""
GAP_H = {False: (1.5, 4.0), True: (1.5, 5.0)}
"""Hours between windows of a tenant, in a run of two weeks or more (True) or a shorter one."""
MARGIN = HOUR // 2
SLACK = 3 * HOUR
"""A window begins at most so long after it could."""
OWN = 20
"""Versions of the windows' own have higher minor numbers than this."""


class Lane(Struct):
    """One tenant's time line while it fills up."""

    tenant: Tenant
    spans: list[Span]
    free: int
    """From here on nothing is placed yet."""
    versions: int = 0
    """Versions of their own that its windows have asked for."""

    def version(self, place: dict[str, str]) -> str:
        """A version number that this tenant has not used yet."""
        self.versions += 1
        return (
            f"{agent_of(self.tenant, place['agent']).major}.{OWN + self.versions}" if "agent" in place else ""
        )


def schedule(simulation: Simulation, tenants: Sequence[Tenant]) -> tuple[Window, ...]:
    """All windows of the run by onset; none on a quiet floor. ValueError for an unknown type."""
    if simulation.troubles is False:
        return ()
    rng, found = stream(simulation.seed, "schedule"), list[Window]()
    begin = bounds(simulation)[0] + quiet(simulation)
    lanes = [Lane(t, open_spans(lively(t.hours), simulation), begin) for t in tenants]
    for round_ in _rounds(simulation, rng):
        before = len(found)
        for trouble in round_:
            found += _pair(simulation, rng, lanes, trouble, len(found) // 2)
        if len(found) == before:
            break
    return tuple(sorted(found, key=lambda w: (w.onset, w.id)))


def quiet(simulation: Simulation) -> int:
    """The quiet time at the beginning: the first week, of a short run the first third; ms."""
    return 7 * DAY if simulation.days >= 14 else simulation.days * DAY // 3


def lively(hours: Hours) -> Hours:
    """The opening hours without the night."""
    return replace(hours, opens=max(hours.opens, LIVELY[0]), closes=min(hours.closes, LIVELY[1]))


def _rounds(simulation: Simulation, rng: Random) -> Iterable[list[Trouble]]:
    """What to place, in turn: the whole catalogue over and over, or what was asked for once."""
    if isinstance(simulation.troubles, bool):
        return (rng.sample(CATALOGUE, len(CATALOGUE)) for _ in repeat(None))
    unknown = [t for t in simulation.troubles if t not in BY_TYPE]
    if unknown:
        raise ValueError(f"troubles: {unknown[0]!r} is none of {', '.join(sorted(BY_TYPE))}")
    return iter([[BY_TYPE[t] for t in simulation.troubles]])


def _pair(
    simulation: Simulation, rng: Random, lanes: list[Lane], trouble: Trouble, number: int
) -> list[Window]:
    """An incident and its twin on the emptiest lane that has room for both; nothing where none has."""
    for lane in sorted(rng.sample(lanes, len(lanes)), key=lambda x: x.free):
        tenant, options = lane.tenant, places(lane.tenant, trouble)
        if trouble.twin.when == "closed" and tenant.hours.closes == 1440:
            continue
        hourly = typical_hourly(replace(tenant, hours=lively(tenant.hours)), simulation)
        for place in rng.sample(options, len(options)):
            pair = _both(Site(simulation, tenant, hourly, trouble, place), rng, lane, number)
            if pair:
                lane.free = pair[-1].end
                return pair
    return []


def _both(site: Site, rng: Random, lane: Lane, number: int) -> list[Window]:
    """Both sides of a pair, one after the other in any order; nothing where one does not fit."""
    pair, free = list[Window](), lane.free
    for name in rng.sample([f"I{number:02d}", f"T{number:02d}"], 2):
        plan = draft(site, rng, name, lane.version(site.place))
        window = plan and _fit(site.simulation, rng, lane.spans, plan, free)
        if not window:
            return []
        pair.append(window)
        free = window.end
    return pair


def _fit(simulation: Simulation, rng: Random, spans: list[Span], plan: Draft, free: int) -> Window | None:
    """The draft at its time, some hours after `free`; None when the run ends before."""
    free += int(rng.uniform(*GAP_H[simulation.days >= 14]) * HOUR)
    span = _closed(spans, free) if plan.closed else _open(rng, spans, free, plan.length)
    if span is None or span[1] > bounds(simulation)[1] - HOUR:
        return None
    return replace(plan.window, onset=span[0], end=span[1])


def _open(rng: Random, spans: list[Span], free: int, length: int) -> Span | None:
    """So much open time from then on, within one day if a day is long enough for it."""
    for a, b in spans:
        latest = b - length if length <= b - a else b - MARGIN
        earliest = max(a, free)
        if earliest <= latest:
            onset = earliest + int(rng.random() * min(latest - earliest, SLACK))
            end = advance(spans, onset, length)
            return (onset, end) if end else None
    return None


def _closed(spans: list[Span], free: int) -> Span | None:
    """The first closing time from then on."""
    gaps = pairwise(spans)
    return next(((b + MARGIN, c - MARGIN) for (_, b), (c, _) in gaps if b >= free), None)
