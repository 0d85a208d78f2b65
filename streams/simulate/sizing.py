"""How large an incident and its twin become: place, share, length, ramp, and the scope that explains them."""

import math
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from streams.simulate.chance import token
from streams.simulate.effects import LISTED, UNLISTED, Effect, Window
from streams.simulate.floor import Tenant, agent_of
from streams.simulate.settings import Simulation
from streams.simulate.troubles import FORBIDDEN, Half, Range, Trouble
from streams.simulate.visits import share_of
from streams.simulate.when import HOUR

SMALL = 100.0
"""Tenants with fewer conversations a day get longer windows."""
ENOUGH = 1.6
"""The longest window must be expected to touch so many times the least."""
RAMPED, LONGEST_RAMP_S = 0.4, 7200
"""Share of windows that begin gradually, where their type may; and over how long at most."""


class Draft(Struct, frozen=True):
    """A window whose time is still open; `length` in open ms."""

    window: Window
    closed: bool
    length: int


def places(tenant: Tenant, trouble: Trouble) -> list[dict[str, str]]:
    """Where at this tenant the trouble can happen."""
    options: dict[str, list[dict[str, str]]] = {
        "tenant": [{}],
        "queue": [{"queue": q.id} for q in tenant.queues if q.share >= 0.2],
        "agent": [{"agent": a.id} for a in tenant.agents],
        "grounded": [{"agent": a.id} for a in tenant.agents if a.grounded],
        "paying": [{"agent": a.id} for a in tenant.agents if any(x.limit for x in a.actions)],
        "source": [{"source": s} for s in tenant.sources.values() if share_of(tenant, {"source": s}) > 0.2],
    }
    return options[trouble.place]


class Site(Struct, frozen=True):
    """Where a pair goes."""

    simulation: Simulation
    tenant: Tenant
    hourly: float
    """The tenant's usual conversations in an open hour by day."""
    trouble: Trouble
    place: dict[str, str]


def draft(site: Site, rng: Random, name: str, version: str) -> Draft | None:
    """One side of the pair (`I..` or `T..`); None where too few come by for it to show."""
    twin, tenant, trouble = name.startswith("T"), site.tenant, site.trouble
    half = trouble.twin if twin else trouble.harm
    effect = half.effects[int(rng.random() * len(half.effects))]
    planned = effect.version == LISTED
    effect = replace(effect, version=version) if effect.version in (LISTED, UNLISTED) else effect
    share, boost = rng.uniform(*half.share), rng.uniform(*half.boost)
    touched = site.hourly * share_of(tenant, site.place) * (share or boost or 1.0)
    hours = _hours(rng, trouble, half, touched, 2.0 if tenant.daily < SMALL else 1.0)
    if hours is None:
        return None
    ramp = trouble.ramp and rng.random() < RAMPED
    window = Window(
        id=name,
        pair="P" + name[1:],
        type=trouble.type,
        twin=twin,
        tenant=tenant.id,
        onset=0,
        end=0,
        ramp_s=min(LONGEST_RAMP_S, int(hours * 3600 * rng.uniform(0.2, 0.5))) if ramp else 0,
        place=site.place,
        scope=_scope(site, effect, name),
        share=share,
        boost=boost,
        visits=_count(rng, half.visits),
        people=_count(rng, half.people),
        surveys=_count(rng, half.surveys),
        mute=site.place["source"] if half.mute else "",
        effect=effect,
        planned=planned,
        notes=half.notes,
    )
    return Draft(window, half.when == "closed", int(hours * HOUR))


def _count(rng: Random, between: Range) -> int:
    return round(rng.uniform(*between))


def _hours(rng: Random, trouble: Trouble, half: Half, hourly: float, stretch: float) -> float | None:
    """Open hours until so many conversations are touched; None where the type allows no such length."""
    low, high = trouble.hours
    least, most = trouble.touched
    if half.visits[1] or half.surveys[1]:
        return rng.uniform(low, high)
    if high * stretch * hourly < ENOUGH * least:
        return None
    return min(high * stretch, max(low, math.exp(rng.uniform(math.log(least), math.log(most))) / hourly))


def _scope(site: Site, effect: Effect, name: str) -> dict[str, str]:
    """The narrowest scope: the place, and what of the effect explains it more closely."""
    scope, trouble = {"tenant": site.tenant.id, **site.place}, site.trouble
    if effect.source:
        del scope["agent"]
    scope.update((key, getattr(effect, key)) for key in trouble.named if getattr(effect, key, ""))
    if "customer" in trouble.named and effect.attack != "lookalike":
        scope["customer"] = stranger(site.simulation, name, 0)
    if effect.act not in ("", "allowed", "several"):
        limited = next(a for a in agent_of(site.tenant, site.place["agent"]).actions if a.limit)
        scope["action"] = FORBIDDEN if effect.act == "name" else limited.name
    return scope


def stranger(simulation: Simulation, window: str, index: int) -> str:
    """The customer id of somebody who comes only in this window."""
    return token("u", simulation.seed, "stranger", window, index)
