"""The visits of a day: the usual ones, additional traffic, and those that a window sends itself."""

from msgspec.structs import replace

from streams.simulate import arrivals
from streams.simulate.chance import pick, stream
from streams.simulate.effects import Window
from streams.simulate.floor import Tenant
from streams.simulate.plan import Floor
from streams.simulate.sizing import stranger
from streams.simulate.visits import Visit, inside, share_of, touched, visit
from streams.simulate.when import DAY, Span, overlap


def expected(plan: Floor, tenant: Tenant, day: int, windows: list[Window]) -> list[Visit]:
    """The visits of the day: the usual ones, additional traffic, and those of the windows themselves."""
    simulation = plan.simulation
    cells = arrivals.cells(tenant, simulation, plan.spans[tenant.id], day)
    rng = stream(simulation.seed, "arrivals", tenant.id, day)
    usual = [
        visit(simulation, tenant, f"{tenant.id}-{day}-{i}", at, {})
        for i, at in enumerate(sorted(arrivals.times(rng, cells)))
    ]
    extra: list[Visit] = []
    for w in windows:
        extra += _boosted(plan, tenant, day, w, cells) + _own(plan, tenant, day, w, usual)
    return usual + extra


def _boosted(plan: Floor, tenant: Tenant, day: int, w: Window, cells: list[arrivals.Cell]) -> list[Visit]:
    """Additional traffic in the window's place, on top of the usual."""
    if not w.boost:
        return []
    rng, found = stream(plan.simulation.seed, "boost", w.id, day), list[Visit]()
    for at in arrivals.times(rng, cells, w.boost * share_of(tenant, w.place)):
        if rng.random() < w.strength(at):
            v = visit(plan.simulation, tenant, f"{w.id}-{day}-{len(found)}", at, w.place)
            found.append(touched(v, w))
    return found


def _own(plan: Floor, tenant: Tenant, day: int, w: Window, usual: list[Visit]) -> list[Visit]:
    """The window's own visits on this day: from its own people, or from customers seen earlier today."""
    spans, found = overlap(plan.spans[tenant.id], w.onset, w.end), list[Visit]()
    for index in range(w.visits):
        rng = stream(plan.simulation.seed, "own", w.id, index)
        at, who = _moment(spans, rng.random()), int(rng.random() * w.people) if w.people else index
        if not day <= at < day + DAY:
            continue
        v = visit(plan.simulation, tenant, f"{w.id}-{index}", at, w.place if w.people else {})
        customer = stranger(plan.simulation, w.id, who)
        earlier = [u for u in usual if u.at < at - 1_800_000 and inside(u, w.place) and u.intent != v.intent]
        if w.place and earlier:
            customer = pick(rng, earlier).customer
        found.append(touched(replace(v, customer=customer), w))
    return found


def _moment(spans: list[Span], share: float) -> int:
    """The moment at this share of the open time."""
    left = share * sum(b - a for a, b in spans)
    for a, b in spans:
        if left < b - a:
            return a + int(left)
        left -= b - a
    return spans[-1][1] - 1
