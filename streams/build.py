"""The composition root: every shell builds its reader and its floor here, from one configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from detectors.content.recital import Known
from detectors.text.keyed import Hasher
from streams.floor.aside import Aside
from streams.floor.floor import Floor
from streams.load import Configuration
from streams.reading import Reader, ReadLimits, Record, Rejection, Secrets, read
from streams.records.facts import Fact
from streams.records.parcels import Origin
from streams.records.registry import Tenant
from streams.scan import Scanner
from streams.settings import WORDS


def build_read(
    configuration: Configuration, *, content: bool | None = None
) -> Callable[[Record], Fact | Rejection]:
    """What makes one record a fact, or says why it is none. content: as for `build_secrets`."""
    secrets = build_secrets(configuration, content=content)
    return partial(read, secrets=secrets, limits=build_limits(configuration))


def build_reader(
    configuration: Configuration, logs: int = 1, start: Mapping[Origin, int] | None = None
) -> Reader:
    """A reader for so many logs. start: committed positions; other origins start at 0."""
    return Reader(build_read(configuration), logs, start)


def build_limits(configuration: Configuration) -> ReadLimits:
    """What a record may be."""
    settings = configuration.settings
    return ReadLimits(settings.limits.record_bytes, settings.limits.text_bytes, settings.future_s)


def build_scanner(configuration: Configuration, *, redacted: bool = False) -> Scanner:
    """A scan. redacted: whether its lines carry the text, redacted."""
    secrets, limits = build_secrets(configuration, content=True), build_limits(configuration)
    return Scanner(secrets, limits, configuration.registry, redacted=redacted)


def build_secrets(configuration: Configuration, *, content: bool | None = None) -> Secrets:
    """The key, and what the registry's AIs must not say. All else in a registry is judged in the floor.

    content: whether words are checked; None: where a signal of theirs is on.
    """
    signals = configuration.settings.signals
    if content is None:
        content = any(getattr(signals, name) for name in WORDS)
    secrets = Secrets(configuration.key) if configuration.key else Secrets.public()
    tenants = configuration.registry.tenants if configuration.registry else {}
    known = {name: known_of(tenant, secrets.hasher(name)) for name, tenant in tenants.items()}
    stated = {name: one for name, one in known.items() if one is not None}
    allowed = configuration.settings.examples
    excerpt = allowed.excerpt_chars if allowed.excerpts and content else 0
    return Secrets(secrets.key, stated, content, copies=signals.replication, excerpt=excerpt)


def known_of(tenant: Tenant, hashed: Hasher) -> Known | None:
    """What the AIs of a tenant must not say; None where the registry names nothing."""
    instructions = [agent.instructions for agent in tenant.agents if agent.instructions]
    canaries = [canary for agent in tenant.agents for canary in agent.canaries]
    return Known(instructions, canaries, hashed) if instructions or canaries else None


def build_floor(configuration: Configuration, *, idle_rule: bool = False) -> Floor:
    """The floor of one log. idle_rule: whether quiet origins may be passed over by the wall clock (live).
    Its closings carry readings where these are written somewhere.

    What it keeps goes into snapshots, so it is given no secrets.
    """
    registry = configuration.registry.public() if configuration.registry else None
    return Floor(configuration.settings, registry, idle_rule=idle_rule, drawn=_drawn(configuration))


def build_aside(configuration: Configuration, floor: Floor, tenant: str, *, idle_rule: bool = False) -> Aside:
    """What reads again a tenant that is parked on a floor."""
    registry = configuration.registry.public() if configuration.registry else None
    parked = floor.parked[tenant]
    return Aside(
        tenant, parked, floor.seat, configuration.settings, registry, idle_rule=idle_rule,
        drawn=_drawn(configuration),
    )  # fmt: skip


def _drawn(configuration: Configuration) -> bool:
    """Whether what closes is to be shown somewhere."""
    return configuration.settings.influx.url is not None
