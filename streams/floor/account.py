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
DIMENSIONS = ("queue", "agent", "version", "channel", "source", "model", "language")
CARRIERS = 3  # values named of each dimension
LEAST_SHARE = 0.1  # of the excess, for a second or third one to be named


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
    """For each dimension that the scope leaves open, the values that carry most of the excess.

    share_of_excess: above 1 where others are better than usual. share: of the observations; a value that
    carries most of the excess because most of the traffic is its own explains nothing.
    """
    excess = place.tally.x - place.tally.mean
    found: list[dict[str, Any]] = []
    for name in DIMENSIONS:
        if name in place.scope or not place.members or excess == 0:
            continue
        tallies: dict[str, Tally] = {}
        for recent in place.members:
            value = getattr(cuts.places[recent.place].dims, name)
            if value:
                tallies.setdefault(value, Tally()).add(recent.x, recent.mean, recent.var)
        shares = {value: (tally.x - tally.mean) / excess for value, tally in tallies.items()}
        carriers = sorted(shares, key=lambda value: (-abs(shares[value]), value))[:CARRIERS]
        found += [
            {
                "dimension": name,
                "value": value,
                "share_of_excess": round(shares[value], 2),
                "share": round(tallies[value].n / place.tally.n, 2),
            }
            for value in carriers
            if value == carriers[0] or abs(shares[value]) >= LEAST_SHARE
        ]
    return found
