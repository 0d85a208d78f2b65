"""Who comes with what: one visit is all that is settled before the conversation begins."""

from random import Random

import msgspec
from msgspec import Struct

from streams.simulate import texts_bank, texts_network, texts_shop
from streams.simulate.arrivals import releases
from streams.simulate.chance import stream, token, weighted
from streams.simulate.effects import NONE, Effect, Window
from streams.simulate.floor import Agent, Queue, Tenant, agent_of
from streams.simulate.settings import Simulation
from streams.simulate.when import DAY, bounds

INTENTS = {i.name: i for i in (*texts_shop.INTENTS, *texts_network.INTENTS, *texts_bank.INTENTS)}
HOT = {**texts_shop.HOT, **texts_network.HOT, **texts_bank.HOT}
POOL = 60
"""Customers of a tenant, as a multiple of its daily conversations."""
FIRST_SHARE = 0.1
"""Share of traffic a new version gets at first; it has all of it after one day."""


class Visit(Struct, frozen=True, kw_only=True):
    """One conversation to be."""

    key: str
    """Names its random streams, and so its id."""
    at: int
    tenant: Tenant
    queue: Queue
    channel: str
    intent: str
    agent: Agent
    version: str
    customer: str
    effect: Effect = NONE
    window: str = ""
    """The window that touches it."""
    again: bool = False
    """Whether the customer returns with an unsolved matter."""

    @property
    def source(self) -> str:
        """What sends its events."""
        return self.effect.source or self.tenant.sources[self.channel]


def customer_id(simulation: Simulation, tenant: Tenant, rng: Random) -> str:
    """One of the tenant's customers."""
    pool = int(POOL * tenant.daily * simulation.rate)
    return token("u", simulation.seed, tenant.id, "customer", rng.randrange(pool))


def visit(simulation: Simulation, tenant: Tenant, key: str, at: int, place: dict[str, str]) -> Visit:
    """A visit at this time, anywhere in `place`; chance comes from its key alone."""
    rng = stream(simulation.seed, "visit", key)
    queue, channel = _where(rng, tenant, place)
    agent = agent_of(tenant, queue.agent)
    return Visit(
        key=key,
        at=at,
        tenant=tenant,
        queue=queue,
        channel=channel,
        agent=agent,
        intent=queue.intents[int(rng.random() * len(queue.intents))],
        version=version_at(simulation, tenant, agent, at, rng),
        customer=customer_id(simulation, tenant, rng),
    )


def _where(rng: Random, tenant: Tenant, place: dict[str, str]) -> tuple[Queue, str]:
    """A queue and a channel of the tenant that lie in the place."""
    options = [
        (q, channel, q.share * weight / sum(q.channels.values()))
        for q in tenant.queues
        for channel, weight in q.channels.items()
        if all(
            v == {"queue": q.id, "agent": q.agent, "source": tenant.sources[channel]}[k]
            for k, v in place.items()
        )
    ]
    index = weighted(rng, {i: row[2] for i, row in enumerate(options)})
    return options[index][0], options[index][1]


def share_of(tenant: Tenant, place: dict[str, str]) -> float:
    """The share of the tenant's traffic that lies in the place, 0..1."""
    return sum(
        q.share * weight / sum(q.channels.values())
        for q in tenant.queues
        for channel, weight in q.channels.items()
        if all(
            v == {"queue": q.id, "agent": q.agent, "source": tenant.sources[channel]}[k]
            for k, v in place.items()
        )
    )


def version_at(simulation: Simulation, tenant: Tenant, agent: Agent, at: int, rng: Random) -> str:
    """The version this visit meets; a release takes over within a day."""
    minor, draw = 0, rng.random()
    for day in releases(simulation, tenant, agent.id):
        age = (at - bounds(simulation)[0]) / DAY - day
        minor += age >= 0 and draw < FIRST_SHARE + age
    return f"{agent.major}.{minor}"


def inside(v: Visit, place: dict[str, str]) -> bool:
    """Whether this visit lies in the place."""
    return all(
        value == {"queue": v.queue.id, "agent": v.agent.id, "source": v.tenant.sources[v.channel]}[key]
        for key, value in place.items()
    )


def strike(simulation: Simulation, v: Visit, window: Window | None) -> Visit:
    """The visit as the window in force leaves it; untouched in most cases."""
    if window is None or not window.share or v.window or not inside(v, window.place):
        return v
    rng = stream(simulation.seed, "strike", window.id, v.key)
    if rng.random() >= window.share * window.strength(v.at):
        return v
    return touched(v, window)


def touched(v: Visit, window: Window) -> Visit:
    """The visit under the window's effect."""
    version = window.effect.version or v.version
    return msgspec.structs.replace(v, effect=window.effect, window=window.id, version=version)
