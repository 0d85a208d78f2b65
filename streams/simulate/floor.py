"""The nouns of the floor: tenants, queues, agents, actions, opening hours."""

from msgspec import Struct


class Action(Struct, frozen=True):
    """A tool call an agent may make."""

    name: str
    effect: str
    """`read` or `write`."""
    data: tuple[str, ...]
    """Classes of data it touches."""
    limit: float = 0.0
    """Largest amount it may move, in the tenant's currency; 0: it moves no money."""


class Agent(Struct, frozen=True):
    """An AI agent as its tenant configured it."""

    id: str
    model: str
    major: int
    """Versions are `major`.0, `major`.1, ..."""
    latency_ms: float
    """Median answer time."""
    actions: tuple[Action, ...]
    instructions: str
    canary: str = ""
    grounded: bool = False
    """Whether its turns carry what it was given to answer from."""


class Queue(Struct, frozen=True):
    """A line of business. Probabilities are per conversation, on an average day, each in 0..1."""

    id: str
    agent: str
    share: float
    """Share of the tenant's traffic."""
    channels: dict[str, float]
    """Channel to weight."""
    intents: tuple[str, ...]
    escalate: float
    fail: float
    abandon: float


class Hours(Struct, frozen=True):
    """Opening hours: weekdays 0 (Monday) .. 6, minutes of the local day, IANA zone, closed dates."""

    first: int
    last: int
    opens: int
    closes: int
    """Up to 1440, midnight."""
    zone: str
    holidays: tuple[int, ...] = ()
    """Days since the start of the run on which the tenant is closed."""


class Tenant(Struct, frozen=True):
    """One customer of the platform."""

    id: str
    brand: str
    daily: float
    """Conversations on an average open day at rate 1."""
    hours: Hours
    by_hour: tuple[float, ...]
    """24 weights of traffic by local hour."""
    by_weekday: tuple[float, ...]
    """7 multiples of traffic, Monday first."""
    sources: dict[str, str]
    """Channel to source; `survey` is the source of surveys."""
    queues: tuple[Queue, ...]
    agents: tuple[Agent, ...]
    humans: int
    """People in its teams."""
    survey: float
    """Share of conversations that answer a survey, 0..1; `nps` of these are NPS."""
    nps: float
    sentiment: float
    """Share of customer turns with a model's sentiment score, 0..1."""
    season: float
    """Amplitude of the season of outcomes, log odds."""
    mood: float
    """Standard deviation of each day's and each two hours' mood of outcomes, log odds."""
    language: str = "en"


def agent_of(tenant: Tenant, agent: str) -> Agent:
    """The tenant's agent of this id."""
    return next(a for a in tenant.agents if a.id == agent)


def queue_of(tenant: Tenant, queue: str) -> Queue:
    """The tenant's queue of this id."""
    return next(q for q in tenant.queues if q.id == queue)
