"""The simulated floor, day by day: pure, and in memory no more than a day at a time."""

import heapq
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.simulate.arrivals import LAST_CALL
from streams.simulate.chance import stream
from streams.simulate.climate import mood_at, moods
from streams.simulate.conversation import Played, converse
from streams.simulate.effects import Window
from streams.simulate.floor import Tenant
from streams.simulate.outcome import comes_back_after
from streams.simulate.plan import Floor
from streams.simulate.survey import brigade
from streams.simulate.traffic import expected
from streams.simulate.truth import Touch
from streams.simulate.visits import Visit, strike
from streams.simulate.when import DAY, bounds

_encode = msgspec.json.Encoder().encode


class Event(NamedTuple):
    """One record in the order of the floor: by time, then by key."""

    at: int
    key: str
    source: str
    body: bytes


class Batch(Struct, frozen=True):
    """One day: its events in order of time, and what the windows touched."""

    events: list[Event]
    touches: list[Touch]


def simulate(plan: Floor) -> Iterator[Batch]:
    """All events, one batch a day; each batch follows the one before in time."""
    begin, end = bounds(plan.simulation)
    waiting: list[Event] = []
    for day in range(begin, end, DAY):
        touches: list[Touch] = []
        for tenant in plan.tenants:
            waiting += tenant_day(plan, tenant, day, touches)
        waiting.sort()
        ready = [e for e in waiting if e.at < day + DAY]
        waiting = waiting[len(ready) :]
        yield Batch(ready, touches)


def tenant_day(plan: Floor, tenant: Tenant, day: int, touches: list[Touch]) -> Iterator[Event]:
    """Everything that begins on this day at this tenant; conversations may run on into the next."""
    simulation = plan.simulation
    windows = [w for w in plan.windows if w.tenant == tenant.id and w.onset < day + DAY and w.end > day - DAY]
    climate = moods(simulation, tenant, day)
    queue = [(v.at, v.key, v) for v in expected(plan, tenant, day, windows)]
    heapq.heapify(queue)
    while queue:
        at, _, v = heapq.heappop(queue)
        v = strike(simulation, v, next((w for w in windows if w.onset <= at < w.end), None))
        if any(w.mute == v.source and w.onset <= at < w.end for w in windows):
            touches += [
                Touch(w.id, "", at, {}) for w in windows if w.mute == v.source and w.onset <= at < w.end
            ]
            continue
        played = converse(simulation.seed, v, mood_at(climate, at))
        if v.window:
            touches.append(_touch(v, played))
        if back := _return(plan, v, played, day):
            heapq.heappush(queue, (back.at, back.key, back))
        yield from _events(windows, played.events)
    for w in windows:
        if w.surveys and day <= w.onset < day + DAY:
            rows = brigade(simulation.seed, tenant, w)
            touches += [Touch(w.id, "", at, {"queue": row["queue"]}) for at, row in rows]
            yield from _events(windows, rows)


def _events(windows: list[Window], rows: list[tuple[int, dict[str, Any]]]) -> Iterator[Event]:
    """Encoded, without what a silent source would have sent."""
    muted = [w for w in windows if w.mute]
    for at, row in rows:
        if not any(w.mute == row["source"] and w.onset <= at < w.end for w in muted):
            yield Event(at, row["id"], row["source"], _encode(row))


def _touch(v: Visit, played: Played) -> Touch:
    dims = {
        "queue": v.queue.id,
        "channel": v.channel,
        "agent": v.effect.agent or v.agent.id,
        "version": v.version,
        "model": v.effect.model or v.agent.model,
        "source": v.source,
        "customer": v.customer,
        "language": v.tenant.language,
    }
    return Touch(v.window, played.id, v.at, dims, played.actions)


def _return(plan: Floor, v: Visit, played: Played, day: int) -> Visit | None:
    """The customer's second visit, if there is one while the tenant is open today."""
    rng = stream(plan.simulation.seed, "return", v.key)
    after = comes_back_after(rng, v, played.end)
    if after is None or v.key.count("+") > 2:
        return None
    at = played.ended + after
    if at >= day + DAY or not any(a <= at < b - LAST_CALL for a, b in plan.spans[v.tenant.id]):
        return None
    harm = v.window if v.effect.comes_back else ""
    effect = replace(v.effect, comes_back=False)
    return replace(
        v, key=v.key + "+", at=at, again=True, window=harm, effect=effect if harm else type(effect)()
    )
