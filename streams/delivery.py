"""The configuration of delivery: who is told what, and how. Part of `streams.settings`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from detectors.hours import parse_hours
from streams.records.explain import Impossible
from streams.records.matchers import parse_matcher

Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Url: TypeAlias = Annotated[str, Meta(pattern=r"^https?://[^\s@]+$", max_length=2000)]
"""Without user and password: a secret has a file of its own."""
Seconds: TypeAlias = Annotated[float, Meta(ge=0.0, le=604_800.0)]
Timeout: TypeAlias = Annotated[float, Meta(ge=0.1, le=120.0)]
Labels: TypeAlias = dict[Annotated[str, Meta(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")], str]

DIGEST_LEAST_S = 10.0  # more often it is no digest


class Common(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every receiver has."""

    secret_file: str | None = None
    """File with its key, token or secret address; or the variable FLOORWALKER_SECRET_ and its name."""
    timeout_s: Timeout = 10.0
    """For one request: who takes longer is asked again later."""
    updates_s: Seconds = 60.0
    """Between two updates of one alert; what is more severe, confirmed or over is told at once."""


class Digested(Common, frozen=True, kw_only=True):
    """A receiver that can be told many alerts in one message."""

    digest_s: Seconds = 0.0
    """What does not page is collected for so long and told at once, on round times; 0: each by itself."""

    def __post_init__(self) -> None:
        if 0 < self.digest_s < DIGEST_LEAST_S:
            raise Impossible(("digest_s",), f"less than {DIGEST_LEAST_S:g}; 0 tells each alert by itself")


class Alertmanager(Common, frozen=True, kw_only=True, tag="alertmanager"):
    """Prometheus Alertmanager, API v2. It groups, silences, escalates and sends mail in its own right."""

    url: Url
    """Without /api/v2/alerts."""
    repost_s: Annotated[float, Meta(ge=0.2, le=3600.0)] = 60.0
    """How often open alerts are posted again: it forgets them at a restart, and what ends without word."""
    labels: Labels = {}
    """Added to every alert."""
    link: Url | None = None
    """What its pages name as the source of an alert; `{incident}` in it is the path of its dashboard, as in
    `http://grafana:3000{incident}`."""


class PagerDuty(Common, frozen=True, kw_only=True, tag="pagerduty"):
    """PagerDuty Events v2. Its secret is the routing key."""

    url: Url = "https://events.pagerduty.com/v2/enqueue"
    link: Url | None = None
    """Shown beside an incident; `{incident}` as above."""


class Slack(Digested, frozen=True, kw_only=True, tag="slack"):
    """Slack. Its secret is a bot token (xoxb-...): updates go into a thread; or the address of an incoming
    webhook, which knows no threads."""

    channel: Annotated[str, Meta(max_length=100)] = ""
    """Channel id; a bot token needs one."""
    url: Url = "https://slack.com/api"


class Webhook(Digested, frozen=True, kw_only=True, tag="webhook"):
    """Any address that takes JSON, signed as Standard Webhooks has it. Its secret begins with whsec_."""

    url: Url


class Log(Digested, frozen=True, kw_only=True, tag="log"):
    """One line of JSON on standard output each."""


class Apprise(Digested, frozen=True, kw_only=True, tag="apprise"):
    """Anything that the library apprise speaks to (an optional extra). Its secret is the address."""


Receiver: TypeAlias = Alertmanager | PagerDuty | Slack | Webhook | Log | Apprise


class Route(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where alerts go. The first route that matches decides, unless it says `more`."""

    match: tuple[str, ...] = ()
    """Such as severity=page, tenant=~"acme.*", kind!=volume; all must hold. None: every alert."""
    to: tuple[Name, ...]
    """Names of receivers; none: nobody is told."""
    more: bool = False
    """Go on with the routes below."""

    def __post_init__(self) -> None:
        _parsed(self.match)


def _parsed(match: Sequence[str]) -> None:
    for index, text in enumerate(match):
        try:
            parse_matcher(text)
        except ValueError as error:
            raise Impossible(("match", index), str(error)) from None


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A maintenance window: what it means is not told while it is on; it is recorded all the same."""

    match: Annotated[tuple[str, ...], Meta(min_length=1)]
    """As in routes; all must hold, of all of an alert."""
    weekly: str = ""
    """Hours of the week, such as Sun 02:00-04:00, or Sun 02:00-04:00 Europe/Berlin: without a zone, that of
    the opening hours of the tenant that `match` names. Empty: all the time."""
    begins: Annotated[datetime, Meta(tz=True)] | None = None
    """None: it is on already."""
    until: Annotated[datetime, Meta(tz=True)]
    """When it expires for good, which is told `ending_s` before."""
    owner: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Annotated[str, Meta(min_length=1, max_length=500)]

    def __post_init__(self) -> None:
        _parsed(self.match)
        if self.weekly:
            try:
                parse_hours(self.weekly if len(self.weekly.split()) > 2 else f"{self.weekly} UTC")
            except ValueError as error:
                raise Impossible(("weekly",), str(error)) from None
        if self.begins is not None and self.begins >= self.until:
            raise Impossible(("until",), "not after begins")


class Notify(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Delivery of alerts to people and their tools; nothing here changes what is detected."""

    receivers: dict[Name, Receiver] = {}
    """By a name of your own. Without any, `floorwalker notify` has nothing to do."""
    routes: tuple[Route, ...] = ()
    """None: everybody hears everything."""
    windows: dict[Name, Window] = {}
    """Maintenance windows, by a name of your own."""
    group_slots: Annotated[int, Meta(ge=0, le=240)] = 2
    """Alerts of one kind in several tenants that open within so many slots are one message; 0: never."""
    waiting: Annotated[int, Meta(ge=10, le=1_000_000)] = 10_000
    """Alerts that wait for one receiver; beyond, the oldest of the least severe are given up and counted."""
    remembered: Annotated[int, Meta(ge=100, le=10_000_000)] = 200_000
    """Deliveries that are remembered, so that a repeat does not ring again; once over, 0.2 KB each."""
    incidents: Annotated[int, Meta(ge=100, le=1_000_000)] = 20_000
    """Alerts in hand at once, about 4 KB each."""
    dead_s: Annotated[float, Meta(ge=1.0, le=86_400.0)] = 60.0
    """A receiver that takes nothing for so long is an alert of its own, told through the others."""
    ending_s: Seconds = 900.0
    """How long before its end a silence is told to end."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 9465
    """Port of metrics and health, on live.host; 0: not served."""

    def __post_init__(self) -> None:
        for index, route in enumerate(self.routes):
            for place, name in enumerate(route.to):
                if name not in self.receivers:
                    raise Impossible(("routes", index, "to", place), f"there is no receiver {name}")
