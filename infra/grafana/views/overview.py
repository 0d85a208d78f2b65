"""What is wrong now."""

from __future__ import annotations

from infra.grafana.panels import (
    NORMAL,
    OPENED,
    PAGE,
    STILL,
    TICKET,
    WELL,
    Json,
    at_last,
    banded,
    dashboard,
    in_band,
    incidents,
    lines,
    over_time,
    stat,
    target,
)
from infra.grafana.views.shared import SCORE, WHOLE, counted_open, evidence_of, newest, unseen_now


def overview() -> Json:
    """What is wrong now, worst first; then whether each part of the floor is as it should be."""
    open_now = f"{OPENED} AND {STILL}"
    panels = [
        counted_open("Pages open", "rank", 2, PAGE),
        counted_open("Tickets open", "rank", 1, TICKET),
        stat(
            "Nearest to an alarm", at_last('SELECT max("score")', "fw_signal"), [(None, WELL), (1.0, TICKET), (2.0, PAGE)],
            SCORE, decimals=2,
        ),
        unseen_now(),
        stat(
            "Conversations", at_last('SELECT sum("begun")', "fw_intake"), [(None, NORMAL)], "Begun in this stretch.",
        ),
        newest(),
        incidents("Open now: worst first", open_now, 6),
        banded("Handed to a person", "escalation", "percentunit", WHOLE, min=0),
        banded("Conversations that end in trouble (signs of it in each)", "trouble", "short", WHOLE, min=0),
        banded("Satisfaction of customers", "csat", "percentunit", WHOLE, max=1),
        banded("Wait for an answer", "latency", "ms", WHOLE, people="exp", min=0),
        _traffic(),
        evidence_of("How close each queue is to an alarm", "\"cut\" = 'queue'", "queue"),
        incidents("What began in this time", "$timeFilter", 7),
    ]  # fmt: skip
    return dashboard("overview", "What is wrong now, and whether the floor is as it should be.", panels, [])


def _traffic() -> Json:
    columns = ", ".join(
        f'sum("{field}") AS "{name}"'
        for field, name in (("count", "observed"), ("expected", "expected"), ("low", "low"), ("high", "high"))
    )
    found = lines(
        "Conversations begun in a quarter of an hour", [target(over_time(f"SELECT {columns}", "fw_traffic"))],
        "short", says="Grey: what this time of the week leads one to expect.", min=0,
    )  # fmt: skip
    found["fieldConfig"]["overrides"] = in_band()
    return found
