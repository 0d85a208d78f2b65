"""The configuration: every number an operator may change, its default, and why that is the default.

A YAML file, overridden by the environment: `FLOORWALKER_BUDGET__TICKET_DAYS=500` sets `budget.ticket_days`.
Nothing else in the product reads files or the environment for its configuration.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct
from msgspec.structs import replace

from streams.records.alerts import Severity
from streams.records.digest import digest as _digest
from streams.records.digest import in_force
from streams.records.explain import Impossible
from streams.records.registry import Idle, Lateness, Registry

Dimension: TypeAlias = Literal["channel", "queue", "language", "agent", "version", "model", "source"]
Cut: TypeAlias = Annotated[tuple[Dimension, ...], Meta(max_length=4)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Days: TypeAlias = Annotated[float, Meta(ge=1.0, le=1e6)]
HOUR_S = 3600


class Signals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is watched; false switches a signal off everywhere."""

    escalation: bool = True
    """Share of conversations handed to a person."""
    unresolved: bool = True
    """Share of conversations that end unresolved or abandoned."""
    trouble: bool = True
    """Unresolved, tool error or objection together: one test where each alone is too thin."""
    csat: bool = True
    """Customers' satisfaction, repeated respondents set aside."""
    nps: bool = True
    """Willingness to recommend."""
    tool_error: bool = True
    """Share of conversations with a failed tool call."""
    refusal: bool = True
    """Share of conversations in which the AI declines."""
    latency: bool = True
    """How long customers wait for an answer."""
    length: bool = True
    """Words in an answer."""
    sentiment: bool = True
    """Sentiment scores of conversations; carries little, so it counts beside others."""
    returned: bool = True
    """Customers who come back soon after a conversation that counted as contained."""
    volume: bool = True
    """Conversations begun, against the season and the opening hours."""
    silence: bool = True
    """A source that should speak and does not."""
    boundary: bool = True
    """Actions, data, amounts and subjects against the registry."""
    shadow_ai: bool = True
    """Tenants, agents, versions, models and sources that the registry does not know."""
    leakage: bool = True
    """Personal data, secrets and instructions in answers, against what the conversation had supplied."""
    disclosure: bool = True
    """An AI that denies being one when a customer asks."""
    integrity: bool = True
    """Surveys that look manipulated."""


class Budget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many false alarms are acceptable; thresholds of all statistical tests follow from it."""

    ticket_days: Days = 1000.0
    """Opening days to one false ticket per segment and signal. 300 finds little more, at many times the false
    tickets; 1000 stayed below 0.03 a tenant and day."""
    page_days: Days = 5000.0
    """The same for a page. What passes it rises from ticket to page; costs about 2 in 80 finds."""
    head_start: Annotated[float, Meta(ge=0.0, le=1e6)] = 20.0
    """Evidence that a new version begins with: it is suspected sooner, at up to head_start / ticket_days
    false tickets per version and signal. 0: none."""

    def __post_init__(self) -> None:
        if self.page_days < self.ticket_days:
            raise Impossible(
                ("page_days",), "less than ticket_days: pages would be more frequent than tickets"
            )
        if self.head_start >= self.ticket_days:
            raise Impossible(("head_start",), "not below ticket_days: every new version would alarm at once")


class Severities(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Severity at which an incident of each kind opens: page (wakes somebody), ticket (today), info.

    What one event proves and cannot wait pages; statistics open as tickets and rise by `budget.page_days`.
    """

    escalation_rate: Severity = "ticket"
    satisfaction: Severity = "ticket"
    sentiment: Severity = "ticket"
    response_drift: Severity = "ticket"
    replication: Severity = "ticket"
    groundedness: Severity = "ticket"
    injection: Severity = "ticket"
    leakage: Severity = "page"
    boundary: Severity = "page"
    shadow_ai: Severity = "ticket"
    feedback_integrity: Severity = "ticket"
    containment: Severity = "ticket"
    volume: Severity = "ticket"
    silence: Severity = "page"
    disclosure: Severity = "ticket"
    pipeline: Severity = "ticket"


class IdleTimes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long without events until a conversation has ended, seconds by channel, where the registry does not
    say. People answer calls and chats within minutes, messages within hours, mail within days."""

    voice: Idle = 1800.0
    chat: Idle = 1800.0
    sms: Idle = 14400.0
    social: Idle = 14400.0
    email: Idle = 604800.0
    other: Idle = 1800.0


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What memory may be used for. What happens at a limit is counted and marked `degraded`."""

    held_facts: Count = 500_000
    """Facts that wait for their slot to close: 50 MB. At 1,000 events a second 135 s hold 135,000."""
    tenants: Count = 1_000
    """Tenants of one log; more are watched together as one, so that made-up names do not take the memory."""
    conversations: Count = 100_000
    """Open conversations of one tenant, 0.6 KB each on average."""
    ended: Count = 250_000
    """Ended conversations of one tenant, kept for scores that come later (7 days), 0.3 KB each."""
    customers: Count = 1_000_000
    """Customers of one tenant remembered for half a day, 0.2 KB each."""
    tenant_segments: Count = 2_000
    """Segments of one tenant; more go into an overflow segment, so that no tenant crowds out others."""
    tenant_sources: Count = 500
    """Sources of one tenant that are watched for silence: names sent by mistake must not take the memory."""
    tenant_incidents: Count = 200
    """Open incidents of one tenant; more than anybody reads."""
    text_bytes: Annotated[int, Meta(ge=1, le=32_768)] = 32_768
    """Longest text of a turn in UTF-8; the events contract allows no more."""
    record_bytes: Annotated[int, Meta(ge=1024, le=64 << 20)] = 1 << 20
    """Largest record that is read: a broker's usual limit."""


class Examples(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an incident keeps for whoever looks into it."""

    conversations: Annotated[int, Meta(ge=0, le=100)] = 5
    """Conversation ids kept per incident: enough to see a pattern, few enough to open them all."""


class Kafka(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the live topics are."""

    bootstrap: str = "localhost:9092"
    """HOST:PORT, several separated by commas."""

    def __post_init__(self) -> None:
        for server in self.bootstrap.split(","):
            host, _, port = server.strip().rpartition(":")
            if not host or not port.isdecimal() or int(port) > 65535:
                raise Impossible(("bootstrap",), f"{server.strip()!r} is not HOST:PORT")


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it."""

    slot_s: Annotated[int, Meta(ge=1, le=HOUR_S)] = 15
    """Event time is cut into slots of so many seconds; divides an hour. Rates wait for one slot more than
    lateness; shorter slots cost more closings, of which 240 an hour and tenant are cheap."""
    lateness_s: Lateness = 120.0
    """How far an event may lag behind its origin and still count in rates, seconds, where the registry does
    not say."""
    future_s: Annotated[float, Meta(ge=0.0, le=86400.0)] = 600.0
    """How far an event may be ahead of its record's timestamp, seconds; the events contract says 600."""
    idle_s: IdleTimes = IdleTimes()
    registry: str | None = None
    """Registry file, relative to this one. None: boundary and shadow_ai are off."""
    key_file: str | None = None
    """File with the secret for keyed hashes, relative to this one; or the variable FLOORWALKER_KEY. None:
    hashes are not secret, and whoever has them can find short texts again by guessing."""
    cuts: Annotated[tuple[Cut, ...], Meta(min_length=1, max_length=12)] = (
        (),
        ("queue",),
        ("agent",),
        ("agent", "version"),
        ("source",),
    )
    """By what a tenant is cut into segments; [] is the tenant as a whole. These earned their keep on replays;
    each more costs memory, time and false alarms."""
    signals: Signals = Signals()
    budget: Budget = Budget()
    severities: Severities = Severities()
    limits: Limits = Limits()
    examples: Examples = Examples()
    kafka: Kafka = Kafka()

    def __post_init__(self) -> None:
        if HOUR_S % self.slot_s:
            raise Impossible(("slot_s",), f"{self.slot_s} does not divide an hour")
        for index, cut in enumerate(self.cuts):
            if len(set(cut)) < len(cut):
                raise Impossible(("cuts", index), "a dimension is there twice")
            if any(set(cut) == set(other) for other in self.cuts[:index]):
                raise Impossible(("cuts", index), "this cut is there twice")


def settings_digest(settings: Settings) -> str:
    """Digest of what bears on detection: not of paths and addresses, in which two equal runs may differ."""
    return _digest(replace(settings, registry=None, key_file=None, kafka=Kafka()))


def digest(settings: Settings, registry: Registry | None) -> str:
    """What alerts carry as `config`."""
    return in_force(settings_digest(settings), registry.digest if registry else None)
