"""The canary: reserved tenants whose only conversation does what it may not, so that an alert must come.

One tenant a log, watched for nothing but that violation, as `info`: whoever delivers or shows alerts leaves
them out. They meet the same topics, reader, floor and outbox as everybody's events, and no tenant of anybody.
"""

from __future__ import annotations

import re
from typing import Any

from streams.records.registry import Agent, Registry, Tenant

PREFIX = "floorwalker-canary-"
AGENT = "canary"
SOURCE = "floorwalker/canary"
_RESERVED = re.compile(re.escape(PREFIX) + r"\d{1,6}")


def is_canary(tenant: Any) -> bool:
    """Whether this is a reserved tenant.

    >>> is_canary("floorwalker-canary-3"), is_canary("floorwalker-canary-x"), is_canary("A"), is_canary(None)
    (True, False, False, False)
    """
    return isinstance(tenant, str) and _RESERVED.fullmatch(tenant) is not None


def rules(tenant: str) -> Registry:
    """What is allowed there: an agent that may do nothing."""
    # Late or not, a violation is told: without a lateness of its own its slot need not wait.
    entry = Tenant(agents=(Agent(id=AGENT, actions=frozenset()),), sources=(SOURCE,), lateness_s=0.0)
    return Registry(tenants={tenant: entry})


def probe(tenant: str, name: str, time: str) -> dict[str, Any]:
    """The event that must raise an alert: an action of this name, at this time (RFC 3339)."""
    return {
        "id": f"{tenant}/{name}",
        "type": "action",
        "time": time,
        "source": SOURCE,
        "tenant": tenant,
        "conversation": f"{tenant}/{name}",
        "agent": {"kind": "ai", "id": AGENT},
        "call": name,
        "name": name,
        "status": "ok",
    }
