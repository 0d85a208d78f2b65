"""Precision over time: of the alerts that people judged, how many were trouble, by kind, detector and period.

Planned and new-normal alerts said something true that nobody needed: they are shown, and count neither way.
Intervals are Wilson's: with few verdicts they are wide, and say so.

Reference: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from streams.records.alerts import rfc3339
from streams.records.controls import VerdictGiven
from streams.verdicts.given import moment

Period: TypeAlias = Literal["all", "month", "week", "day"]
Z = 1.96  # 95 %
DAY_US = 86_400_000_000
MONDAY_US = 4 * DAY_US  # the first one since 1970


class Row(Struct):
    """One kind and detector in one period. alerts: opened, judged or not."""

    period: str
    kind: str
    detector: str
    alerts: int = 0
    real: int = 0
    expected: int = 0
    false: int = 0
    normal: int = 0

    @property
    def precision(self) -> float | None:
        """Share of trouble among what was trouble or nothing; None where nobody said either."""
        judged = self.real + self.false
        return self.real / judged if judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the precision."""
        judged = self.real + self.false
        return wilson(self.real, judged) if judged else None


def wilson(k: int, n: int) -> tuple[float, float]:
    """
    >>> [round(x, 3) for x in wilson(9, 10)]
    [0.596, 0.982]
    """
    p, d = k / n, 1 + Z * Z / n
    centre, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (centre - half) / d, (centre + half) / d


def tally(
    alerts: Mapping[str, dict[str, Any]], verdicts: Iterable[VerdictGiven], by: Period = "month"
) -> list[Row]:
    """Rows in the order of period, kind and detector. alerts: by id, any record of each; of several verdicts
    on one alert the last counts."""
    rows: dict[tuple[str, str, str], Row] = {}

    def row(opened: int, kind: str, detector: str) -> Row:
        key = (period(opened, by), kind, detector)
        return rows.setdefault(key, Row(*key))

    last = {given.alert: given for given in sorted(verdicts, key=lambda one: (one.effective, one.id))}
    for name, alert in alerts.items():
        if name not in last:
            row(moment(alert["opened_at"]), alert["kind"], alert["detector"]).alerts += 1
    for given in last.values():
        found = row(given.opened, given.about, given.detector)
        found.alerts += 1
        setattr(found, given.verdict, getattr(found, given.verdict) + 1)
    return [rows[key] for key in sorted(rows)]


def period(time: int, by: Period) -> str:
    """
    >>> [period(1_775_459_138_287_000, by) for by in ("all", "month", "week", "day")]
    ['', '2026-04', '2026-04-06', '2026-04-06']
    """
    if by == "week":
        time -= (time - MONDAY_US) % (7 * DAY_US)
    return {"all": "", "month": rfc3339(time)[:7]}.get(by, rfc3339(time)[:10])
