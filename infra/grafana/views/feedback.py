"""Satisfaction, and who says so."""

from __future__ import annotations

from infra.grafana.panels import (
    NORMAL,
    OBSERVED,
    PAGE,
    TICKET,
    WELL,
    Json,
    at_last,
    banded,
    colour,
    dashboard,
    incidents,
    lines,
    over_time,
    override,
    stat,
    target,
)
from infra.grafana.views.shared import WHOLE, counted_open


def feedback() -> Json:
    """Satisfaction, and whether the surveys behind it are genuine."""
    kept = '(sum("total") - sum("aside_total")) / (sum("answers") - sum("aside"))'
    means = f'SELECT sum("total") / sum("answers") AS "all answers", {kept} AS "those that count"'
    both = lines(
        "Satisfaction with and without the answers set aside", [target(over_time(means, "fw_surveys"))],
        "percentunit", 12, 8,
        "Grey: all answers. Blue: without those of respondents who answered within the day, or that look made. "
        "Where they part, somebody pulls at the surveys.", max=1,
    )  # fmt: skip
    both["fieldConfig"]["overrides"] = [
        override("all answers", colour(NORMAL)), override("those that count", colour(OBSERVED)),
    ]  # fmt: skip
    aside = (
        'SELECT sum("aside") AS "set aside", sum("orphans") AS "to no conversation", sum("answers") AS "all"'
    )
    counted = lines(
        "Answers, and those that look made", [target(over_time(aside, "fw_surveys"))], "short", 12, 8,
        "Repeated and suspect answers, and answers to no conversation that anybody saw.", drawStyle="bars",
        fillOpacity=60, lineWidth=0, min=0,
    )  # fmt: skip
    counted["fieldConfig"]["overrides"] = [
        override("set aside", colour(TICKET)), override("to no conversation", colour(PAGE)),
        override("all", colour(NORMAL)),
    ]  # fmt: skip
    panels = [
        stat("Answers", at_last('SELECT sum("answers")', "fw_surveys"), [(None, NORMAL)], "Of customers.", 6),
        stat("Set aside", at_last('SELECT sum("aside") / sum("answers")', "fw_surveys"),
             [(None, WELL), (0.1, TICKET), (0.3, PAGE)], "Share that enters no mean.", 6, unit="percentunit"),
        stat("To no conversation", at_last('SELECT sum("orphans") / sum("answers")', "fw_surveys"),
             [(None, WELL), (0.1, TICKET), (0.3, PAGE)], "Share that names none that anybody saw.", 6,
             unit="percentunit"),
        counted_open("Manipulation open", "kind", "feedback_integrity", TICKET, 6),
        both, counted,
        banded("Satisfaction in its band", "csat", "percentunit", WHOLE, max=1),
        lines("Satisfaction by queue",
              [target(over_time('SELECT sum("total") / sum("n")', "fw_signal",
                                "\"signal\" = 'csat' AND \"cut\" = 'queue'", "queue"), "$tag_queue")],
              "percentunit", max=1, says="One line for each queue, observed alone.", showPoints="always"),
        incidents("Satisfaction and its surveys: what began in this stretch",
                  "(\"kind\" = 'feedback_integrity' OR \"kind\" = 'satisfaction') AND $timeFilter"),
    ]  # fmt: skip
    return dashboard(
        "feedback", "Whether customers are content, and whether it is customers who say so.", panels, [], 48
    )
