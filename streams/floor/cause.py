"""Cause: what is behind an incident, stated only where the evidence names it.

What is new and carries the excess comes before what merely carries it; with neither nothing is said, for a
wrong cause at night costs more than none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NEW = ("version", "model", "agent", "source")
PLACES = ("customer", "source", "queue", "channel", "language", "agent")  # the narrowest explanation first
CARRIES = 0.6  # of the excess, for something new to be its cause
ALL_BUT_ALL = 0.8  # of the excess, for something old to be its place
MORE_THAN_ITS_SHARE = 0.25  # of the observations: who has all the traffic has all the excess, too
SOON_MIN = 180  # minutes between a change and what it caused
BEFORE_MIN = -15  # an onset is an estimate


def cause(scope: dict[str, str], evidence: dict[str, Any]) -> dict[str, str]:
    """What is behind it: `kind` and names; empty where nothing points anywhere.

    >>> cause({"agent": "a", "version": "2"}, {"by": []})
    {'kind': 'new_version', 'agent': 'a', 'version': '2'}
    >>> cause({}, {"by": [{"dimension": "queue", "value": "q", "share_of_excess": 0.9, "share": 0.3}]})
    {'kind': 'one_queue', 'queue': 'q'}
    >>> cause({}, {"by": []})
    {}
    """
    return next(_causes(scope, evidence), {}) if "by" in evidence else {}


def _causes(scope: dict[str, str], evidence: dict[str, Any]) -> Iterator[dict[str, str]]:
    carried = {(row["dimension"], row["value"]): row for row in evidence["by"]}
    soon = [row for row in evidence.get("changed", ()) if BEFORE_MIN <= row["minutes_before"] <= SOON_MIN]
    if "version" in scope:
        yield {"kind": "new_version", "agent": scope["agent"], "version": scope["version"]}
    for row in soon:
        what, value = row["what"], row["value"]
        share = carried[what, value]["share_of_excess"] if (what, value) in carried else 0.0
        if what in NEW and (scope.get(what) == value or share >= CARRIES):
            yield {"kind": f"new_{what}", **({"agent": row["agent"]} if "agent" in row else {}), what: value}
    for row in soon:
        if row["what"] == "silence":
            yield {"kind": "silent_source", "source": row["value"]}
    for row in soon:
        if row["what"] == "registry":
            yield {"kind": "registry_change", "altered": row["value"]}
    for name in PLACES:
        if name in scope:
            yield {"kind": f"one_{name}", name: scope[name]}
    for (name, value), row in carried.items():
        most = row["share_of_excess"]
        if name in PLACES and most >= ALL_BUT_ALL and most - row["share"] >= MORE_THAN_ITS_SHARE:
            yield {"kind": f"one_{name}", name: value}
