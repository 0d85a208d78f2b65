"""Margin: how soon an alarm could have come at this volume, and how little less would have stayed silent.

No sequential test whose false alarms are a budget A apart can be sure before about ln(A)/KL observations, KL
being what one observation says on average. The least change is found by making the worst conversations as
usual, one after the other, until the alarm would not have come.

Reference: Lorden, "Procedures for reacting to a change in distribution", Annals of Mathematical Statistics 42
(1971), for the limit.
"""

from __future__ import annotations

import math
from typing import Any

from detectors.scan import Tally
from streams.floor.scope import LEAST, Place, evidence, matters, mixture, needed_effect_sd
from streams.floor.series import Recent
from streams.floor.signals import Test
from streams.records.alerts import rounded


def speed(place: Place, needed: float, open_s: float) -> dict[str, Any]:
    """How many conversations and minutes of opening time the alarm took, and the fewest it could have.

    needed: nats that the threshold asks for. open_s: opening time from the onset to the alarm, seconds.
    """
    took = max(1, sum(recent.whole for recent in place.members))
    best = evidence(place.members)[1]
    nats_each = math.fsum(recent.logs[best] for recent in place.members) / took
    fewest = max(LEAST, math.ceil(needed / nats_each)) if nats_each > 0 else took
    minutes = open_s / 60
    return {
        "conversations": took,
        "minutes": rounded(round(minutes, 1)),
        "fewest_conversations": min(fewest, took),
        "fewest_minutes": rounded(round(minutes * min(fewest, took) / took, 1)),
    }


def least_change(test: Test, place: Place, spare: float) -> dict[str, Any]:
    """How many of the worst conversations would have had to be as usual for silence, and what would then
    have been observed. spare: nats beyond those needed."""
    towards = -1.0 if test.shifts[0] < 0 else 1.0
    members = sorted(place.members, key=lambda recent: -towards * (recent.x - recent.mean))
    sums = [math.fsum(recent.logs[k] for recent in members) for k in range(len(test.shifts))]
    enough = mixture(sums) - spare
    tally = Tally(place.tally.n, place.tally.x, place.tally.mean, place.tally.var)
    raw = math.fsum(recent.raw for recent in members)
    count = 0
    for recent in members:
        if mixture(sums) < enough or not matters(test, tally, needed_effect_sd(place.scope)):
            break
        excess = recent.x - recent.mean
        sums = [total - shift * excess for total, shift in zip(sums, test.shifts, strict=True)]
        tally.x -= excess
        raw -= recent.raw - recent.usual
        count += 1
    return {"conversations": count, "observed": _shown(test, members, raw)}


def _shown(test: Test, members: list[Recent], raw: float) -> float:
    mean = raw / max(1, sum(recent.whole for recent in members))
    return rounded(math.exp(mean) if test.signal.log else mean)
