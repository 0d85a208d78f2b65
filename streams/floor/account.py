"""Account: what a statistical incident says was observed, expected and normal, and who carries the excess."""

from __future__ import annotations

import math
from typing import Any

from detectors.scan import Tally
from streams.floor.cuts import Cuts
from streams.floor.incident import Incident
from streams.floor.scope import Place
from streams.floor.series import Recent
from streams.floor.signals import Test

SPREAD = 2.0  # standard errors: the interval that was normal
DIMENSIONS = ("queue", "agent", "version", "channel", "source", "model")


def harmed(test: Test, recent: Recent) -> bool:
    """Whether this observation belongs to the trouble: any of a moved level, only bad outcomes of a rate."""
    return test.signal.levels or recent.x > recent.mean


def add(incident: Incident, test: Test, recent: Recent) -> None:
    """Count one observation into the incident's figures."""
    incident.n += recent.whole
    incident.observed_sum += recent.raw
    incident.usual_sum += recent.usual
    incident.variance_sum += recent.var * recent.per_x * recent.per_x
    n = max(incident.n, 1)
    observed, usual = incident.observed_sum / n, incident.usual_sum / n
    error = SPREAD * math.sqrt(incident.variance_sum) / n
    low, high = usual - error, usual + error
    if test.signal.log:
        observed, usual, low, high = map(math.exp, (observed, usual, low, high))
    if test.signal.unit != "score":
        low = max(low, 0.0)
    incident.observed, incident.expected, incident.interval = observed, usual, (low, high)


def contributions(place: Place, cuts: Cuts) -> list[dict[str, Any]]:
    """For each dimension that the scope leaves open, the value that carries most of the excess."""
    excess = place.tally.x - place.tally.mean
    found = []
    for name in DIMENSIONS:
        tallies: dict[str, Tally] = {}
        for recent in place.members:
            value = getattr(cuts.places[recent.place].dims, name)
            if value is not None:
                tallies.setdefault(value, Tally()).add(recent.x, recent.mean, recent.var)
        if name in place.scope or not tallies or excess == 0:
            continue
        value = max(sorted(tallies), key=lambda v: abs(tallies[v].x - tallies[v].mean))
        share = (tallies[value].x - tallies[value].mean) / excess
        found.append({"dimension": name, "value": value, "share_of_excess": round(share, 2)})
    return found
