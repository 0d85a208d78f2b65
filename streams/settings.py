"""The configuration: every number an operator may change, its default, and why that is the default.

A YAML file, overridden by the environment: `FLOORWALKER_BUDGET__TICKET_DAYS=500` sets `budget.ticket_days`.
Nothing else in the product reads files or the environment for its configuration.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct
from msgspec.structs import asdict

from streams.delivery import Notify
from streams.records.alerts import RUNBOOKS, Severity
from streams.records.digest import digest as _digest
from streams.records.digest import in_force
from streams.records.explain import Impossible
from streams.records.registry import Idle, Lateness, Registry

Dimension: TypeAlias = Literal["channel", "queue", "language", "agent", "version", "model", "source"]
Cut: TypeAlias = Annotated[tuple[Dimension, ...], Meta(max_length=4)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=1_000_000_000)]
# What Kafka allows, short enough that a prefix fits before it.
TopicName: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,120}$")]
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
    """Customers who come back soon with what had counted as settled."""
    objection: bool = True
    """Customers who contradict or correct the AI, and who ask the same again."""
    gave_up: bool = True
    """Customers who leave unhelped: say so, break off, or leave a question standing."""
    style: bool = True
    """Sentences and questions in an answer, and its language."""
    groundedness: bool = True
    """Claims and commitments that the passages an answer rests on do not support."""
    volume: bool = True
    """Conversations begun, against the season and the opening hours."""
    silence: bool = True
    """A source that should speak and does not."""
    boundary: bool = True
    """Actions, data, amounts and subjects against the registry."""
    shadow_ai: bool = True
    """Tenants, agents, versions, models and sources that the registry does not know."""
    leakage: bool = True
    """Personal data, secrets and instructions in answers, against what the conversation had supplied. Reading
    every word, for this, groundedness, disclosure and injection, takes nearly half of all time; with all four
    off it is not done."""
    disclosure: bool = True
    """An AI that denies being one when a customer asks, evades, or does not say so where it must."""
    injection: bool = True
    """Campaigns and persistent actors that try to steer the AI, and attacks that worked."""
    replication: bool = True
    """New answers that spread over conversations which end worse than others."""
    integrity: bool = True
    """Surveys that look manipulated."""


WORDS = ("leakage", "disclosure", "injection", "groundedness")
"""Signals that need every word checked."""


class Budget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many false alarms are acceptable; thresholds of all statistical tests follow from it."""

    ticket_days: Days = 1000.0
    """Opening days to one false ticket per segment and signal. 300 finds little more, at many times the false
    tickets; 1000 stayed below 0.03 a tenant and day."""
    page_days: Days = 5000.0
    """The same for a page. What passes it rises from ticket to page; costs about 2 in 80 finds."""
    page_harm: Annotated[float, Meta(ge=0.0, le=1e6)] = 5.0
    """Conversations (or points of a score) beyond the usual that a page asks for beside the evidence: what is
    sure but small can wait until morning."""
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
    tenant_answers: Count = 100
    """New answers of one tenant that are watched at once; more spread anew in a day only when all is new."""
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
    excerpts: bool = False
    """Whether alerts carry a few redacted excerpts of what was said, under `evidence.examples`. Facts and
    snapshots then hold excerpts too. What the gate does not know to be personal is not redacted, and names
    least surely: allow it only where those who read alerts may read conversations."""
    excerpt_chars: Annotated[int, Meta(ge=20, le=500)] = 160
    """Longest excerpt."""
    excerpts_most: Annotated[int, Meta(ge=1, le=10)] = 3
    """Excerpts kept per incident."""


class Topics(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of the topics, each behind `kafka.prefix`."""

    transcripts: TopicName = "cc.transcripts"
    escalations: TopicName = "cc.escalations"
    sentiment: TopicName = "cc.sentiment"
    actions: TopicName = "cc.actions"
    sessions: TopicName = "cc.sessions"
    facts: TopicName = "fw.facts"
    """What readers made of events: the log that everything later is a function of."""
    clock: TopicName = "fw.clock"
    """How far the floors are in event time."""
    snapshots: TopicName = "fw.snapshots"
    alerts: TopicName = "cc.alerts"
    deadletter: TopicName = "cc.deadletter"
    controls: TopicName = "cc.controls"
    delivered: TopicName = "fw.delivered"
    """What receivers were told last of each alert."""
    audit: TopicName = "fw.audit"
    """What was said, muted, acknowledged and changed, in a chain of hashes."""


INPUTS = ("transcripts", "escalations", "sentiment", "actions", "sessions")
"""Fields of `kafka.topics` by which events come in."""


class Kafka(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the live topics are, how to reach them, and how those are made that do not exist yet."""

    bootstrap: str = "localhost:9092"
    """HOST:PORT, several separated by commas."""
    app: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,100}$")] = "floorwalker"
    """Name of the consumer groups: workers that share it share the work."""
    security: Literal["plaintext", "tls"] = "plaintext"
    ca_file: str | None = None
    """Certificates (PEM) of whom to trust; None: those of the system."""
    cert_file: str | None = None
    """This client's certificate (PEM), where the brokers ask for one."""
    key_file: str | None = None
    """Its key (PEM)."""
    sasl: Literal["plain", "scram-sha-256", "scram-sha-512"] | None = None
    username: str | None = None
    password_file: str | None = None
    """File with the password; or the variable FLOORWALKER_KAFKA_PASSWORD."""
    prefix: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{0,100}$")] = ""
    """Before every topic's name: several installations on one cluster."""
    topics: Topics = Topics()
    input_partitions: Annotated[int, Meta(ge=1, le=1000)] = 8
    """Of an input topic that is made here; existing ones may have any number."""
    logs: Annotated[int, Meta(ge=1, le=256)] = 8
    """Partitions of the facts topic; tenants are spread over them, and no more workers share the floor. Fixed
    once facts are there: with another number tenants would move between logs."""
    replication: Annotated[int, Meta(ge=-1, le=10)] = -1
    """Copies of what is made here; -1: as the brokers have it."""
    input_days: Annotated[float, Meta(gt=0.0, le=36500.0)] = 7.0
    """How long topics of events and dead letters made here keep their records: text lies there."""
    facts_days: Annotated[float, Meta(ge=7.0, le=36500.0)] = 7.0
    """How long facts are kept, 7 days or more: a worker that was away longer starts anew."""

    def __post_init__(self) -> None:
        for server in self.bootstrap.split(","):
            host, _, port = server.strip().rpartition(":")
            if not host or not port.isdecimal() or int(port) > 65535:
                raise Impossible(("bootstrap",), f"{server.strip()!r} is not HOST:PORT")
        self._check_security()
        names = [getattr(self.topics, name) for name in self.topics.__struct_fields__]
        for name, field in zip(names, self.topics.__struct_fields__, strict=True):
            if names.count(name) > 1:
                raise Impossible(("topics", field), f"two topics are called {name}")

    def named(self, field: str) -> str:
        """Full name of a topic, by its field in `topics`."""
        return f"{self.prefix}{getattr(self.topics, field)}"

    def inputs(self) -> tuple[str, ...]:
        """Full names of the topics by which events come in."""
        return tuple(map(self.named, INPUTS))

    def _check_security(self) -> None:
        for name in ("ca_file", "cert_file", "key_file"):
            if self.security == "plaintext" and getattr(self, name) is not None:
                raise Impossible((name,), "means nothing without security: tls")
        if self.key_file is None and self.cert_file is not None:
            raise Impossible(("cert_file",), "needs key_file beside it")
        if self.cert_file is None and self.key_file is not None:
            raise Impossible(("key_file",), "needs cert_file beside it")
        if self.sasl is not None and self.username is None:
            raise Impossible(("username",), "missing: sasl needs one")
        if self.sasl is None and self.username is not None:
            raise Impossible(("username",), "means nothing without sasl")
        if self.sasl == "plain" and self.security == "plaintext":
            raise Impossible(("sasl",), "plain would send the password readable: use scram, or security: tls")


class Live(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a worker runs; nothing here changes what is detected."""

    snapshot_s: Annotated[float, Meta(ge=0.1, le=3600.0)] = 60.0
    """Between snapshots of a log: what a restart reads again. One costs milliseconds, or more, by size."""
    session_s: Annotated[float, Meta(ge=0.5, le=300.0)] = 10.0
    """Silence after which the brokers give a worker's partitions to others: so long a crash stays unnoticed.
    Brokers allow no less than 6 unless told so; with little more a pause looks like a crash."""
    ahead_s: Annotated[float, Meta(ge=1.0, le=86400.0)] = 600.0
    """How far an origin may be read ahead of the slowest in event time: bounds what a catch-up holds."""
    stalled_s: Annotated[float, Meta(ge=1.0, le=86400.0)] = 60.0
    """A worker that has records to read and takes none for so long ends itself, to be started again."""
    stuck_s: Annotated[float, Meta(ge=1.0, le=86400.0)] = 300.0
    """An origin that holds all others back for so long pages."""
    selftest_s: Annotated[float, Meta(ge=0.0, le=86400.0)] = 0.0
    """Between self-tests: hidden events of reserved tenants, one a log, on the topic of actions, whose alert
    must come back. 3600 pages within the hour when alerts do not get through. 0: none; others that read the
    topic of actions would meet them. With `--clock wall` only."""
    host: str = "127.0.0.1"
    """Where metrics and health are served: they name topics and sources, so to this machine only."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 9464
    """Port of metrics and health; 0: not served."""


DatabaseName: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,60}$")]


class Influx(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where closed slots, alerts and the health of workers are written, for dashboards; nothing here changes
    what is detected. The token (or `user:password` of version 1) comes from token_file or from the variable
    FLOORWALKER_INFLUX_TOKEN."""

    url: Annotated[str, Meta(pattern=r"^https?://[^/@?#\s]+/?$")] | None = None
    """http(s)://HOST:PORT of an InfluxDB, 1.x or 2.x; None: nothing is written."""
    database: DatabaseName = "floorwalker"
    """Database of version 1, bucket of version 2. `_hourly` and `_replay` behind it name the other two."""
    org: str = "floorwalker"
    """Organisation of version 2."""
    token_file: str | None = None
    ca_file: str | None = None
    """Certificates (PEM) of whom to trust; None: those of the system."""
    keep_days: Annotated[float, Meta(ge=1.0, le=36500.0)] = 30.0
    """How long slots are kept by `floorwalker influx init`."""
    hourly_days: Annotated[float, Meta(ge=1.0, le=36500.0)] = 730.0
    """How long the sums of hours are kept: two years, to compare seasons."""
    waiting_points: Annotated[int, Meta(ge=10_000, le=100_000_000)] = 300_000
    """Points that wait while the database is away, 0.3 KB each; beyond, the oldest are dropped and counted:
    ten minutes of 500 points a second."""

    def __post_init__(self) -> None:
        if self.url is None and self.token_file is not None:
            raise Impossible(("token_file",), "means nothing without url")
        if self.ca_file is not None and not (self.url or "").startswith("https"):
            raise Impossible(("ca_file",), "means nothing without an https url")


ASIDE = frozenset({"registry", "key_file", "kafka", "live", "influx", "notify"})
"""Settings that bear on no result: where things are, how workers run, who is told."""


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
    runbooks: Annotated[str, Meta(min_length=1, max_length=500)] = RUNBOOKS
    """Where the runbooks stand, one page a kind, for the links in alerts: a folder or an address."""
    kafka: Kafka = Kafka()
    live: Live = Live()
    influx: Influx = Influx()
    notify: Notify = Notify()

    def __post_init__(self) -> None:
        if HOUR_S % self.slot_s:
            raise Impossible(("slot_s",), f"{self.slot_s} does not divide an hour")
        for index, cut in enumerate(self.cuts):
            if len(set(cut)) < len(cut):
                raise Impossible(("cuts", index), "a dimension is there twice")
            if any(set(cut) == set(other) for other in self.cuts[:index]):
                raise Impossible(("cuts", index), "this cut is there twice")


def settings_digest(settings: Settings) -> str:
    """Digest of what bears on detection: not of paths, addresses and the ways of workers, in which two equal
    runs may differ."""
    return _digest({name: value for name, value in asdict(settings).items() if name not in ASIDE})


def shape(settings: Settings) -> str:
    """Digest of what the floor's state depends on: with other slots or cuts it means something else."""
    return _digest([settings.slot_s, settings.cuts])


def digest(settings: Settings, registry: Registry | None) -> str:
    """What alerts carry as `config`."""
    return in_force(settings_digest(settings), registry.digest if registry else None)
