"""Moved: which features of the answers changed with an incident, and whether other versions moved as well.

Whoever reads "answers became shorter" wants to know what else changed: the series of all features are at
hand, those included that never alarm by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from detectors.mix import Mix
from detectors.scan import Tally
from streams.floor.cuts import Cuts, covers
from streams.floor.pool import POOLED
from streams.floor.series import Recent
from streams.floor.signals import TESTS
from streams.records.alerts import rounded

CLEAR = 4.0  # standard errors: of a dozen features none gets there by chance
LEAST = 8  # observations
MOST = 6  # features named
KIND = "response_drift"
MIX = "mix"  # which answers are given; has no direction


def moved(
    scope: dict[str, str],
    since: Callable[[int], list[Recent]],
    cuts: Cuts,
    mix: Mix | None = None,
    day: int = 0,
) -> list[dict[str, Any]]:
    """Features inside the scope that moved since the onset, those that moved most first. since: observations
    of a test from the onset on. mix: of answers, looked at from this day on."""
    found: dict[str, tuple[float, dict[str, Any]]] = {}
    if mix is not None and "agent" in scope:
        change = mix.change(scope["agent"], scope.get("version"), day)
        if change is not None and change[0] >= CLEAR:
            told: dict[str, Any] = {"feature": MIX, "standard_errors": rounded(round(change[0], 1))}
            found[MIX] = (change[0], {**told, "share": rounded(round(change[1], 2))})
    for index, test in enumerate(TESTS):
        if test.signal.kind != KIND or test.signal.name == POOLED:
            continue
        here, elsewhere = Tally(), Tally()
        for recent in since(index):
            dims = cuts.places[recent.place].dims
            if covers(scope, dims):
                here.add(recent.x, recent.mean, recent.var)
            elif "version" in scope and dims.agent == scope["agent"]:
                elsewhere.add(recent.x, recent.mean, recent.var)
        if abs(errors(here)) >= CLEAR:
            name = test.signal.name
            told = {"feature": name, "standard_errors": rounded(round(errors(here), 1))}
            if elsewhere.n:
                told["other_versions"] = rounded(round(errors(elsewhere), 1))
            found[name] = (abs(errors(here)), told)
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    return [told for _, (_, told) in ranked[:MOST]]


def errors(tally: Tally) -> float:
    """How far the sum lies from the expected one, in standard errors; 0 for too few."""
    if tally.n < LEAST or tally.var <= 0.0:
        return 0.0
    return (tally.x - tally.mean) / math.sqrt(tally.var)
