"""What a replay says at its end, as tables: the summary of the run, and its score where there are labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median

from rich.table import Table
from rich.text import Text

from streams.records.alerts import RANK
from streams.replay.run import Outcome
from streams.replay.score import Found, Score, Tally, Verdict
from streams.replay.story import Story
from streams.replay.truth import Window
from streams.screen import plain

GRADES = ("exact", "wide", "narrow", "wrong")


def summary(story: Story, outcome: Outcome) -> list[Table]:
    """Alerts by kind and severity, and what became of the events."""
    return [_alerts(story), _events(story, outcome)]


def _alerts(story: Story) -> Table:
    severities = sorted(RANK, key=RANK.__getitem__, reverse=True)
    table = _table("Alerts", ["kind"], [*severities, "still open"])
    rows = story.by_kind()
    for kind, row in rows.items():
        table.add_row(kind, *(_count(row[column]) for column in (*severities, "open")))
    total = [sum(row[column] for row in rows.values()) for column in (*severities, "open")]
    table.add_section()
    table.add_row("all", *(str(number) for number in total), style="bold")
    return table


def _events(story: Story, outcome: Outcome) -> Table:
    counts = outcome.counts
    table = _table("Events", ["what"], ["number"])
    table.add_row("read", f"{outcome.records:,}")
    table.add_row("rejected", f"{outcome.rejected.total():,}")
    for reason, number in sorted(outcome.rejected.items()):
        table.add_row(f"  {reason}", f"{number:,}", style="dim")
    table.add_row("late", f"{counts.late:,}")
    table.add_row("duplicates", f"{counts.copies:,}")
    if counts.parked:
        table.add_row("of parked tenants", f"{counts.parked:,}")
    if story.instants:
        table.add_row("alert records said at once", f"{story.instants:,}")
    speed = outcome.records / outcome.cpu_s if outcome.cpu_s else 0.0
    table.add_row("seconds", f"{outcome.wall_s:,.1f}")
    table.add_row("events per CPU-second", f"{speed:,.0f}")
    return table


def scores(score: Score) -> list[Table]:
    """Per type of incident: how many were caught, how soon, how exactly; and how often it cried wolf."""
    table = _table("Score", ["type"], ["caught", "twins alarmed", "minutes", "conversations", *GRADES])
    for kind, tally in score.by_type.items():
        table.add_row(plain(kind), *_tally(tally))
    table.add_section()
    table.add_row("all", *_tally(score.total), style="bold")
    table.caption = (
        "minutes of opening hours, and conversations of the incident, until it was found: median / 90 %"
    )
    return [table, _false(score)]


def _tally(tally: Tally) -> list[str]:
    return [
        f"{tally.caught}/{tally.incidents}",
        f"{tally.alarmed}/{tally.twins}",
        _spread(tally.delays_min),
        _spread(tally.conversations),
        *(_count(tally.scopes[grade]) for grade in GRADES),
    ]


def _false(score: Score) -> Table:
    table = _table("False alarms", ["what"], ["number"])
    for verdict in Verdict:
        table.add_row(f"openings: {verdict.name.lower()}", str(score.verdicts[verdict]))
    table.add_row("precision", "-" if score.precision is None else f"{score.precision:.2f}")
    table.add_row("quiet tenant-days", f"{score.tenant_days:.1f}")
    for severity in ("page", "ticket"):
        table.add_row(f"false {severity}s per quiet tenant-day", f"{score.false_per_day(severity):.3f}")
    return table


def findings(score: Score) -> list[Table]:
    """What was found, when, and how long after it began; then what was not."""
    table = _table(
        f"What was found: {len(score.found)} of {score.total.incidents}", ["began", "what, and when"]
    )
    for found in sorted(score.found, key=lambda found: found.window.onset):
        table.add_row(_moment(found.window.onset), _found(found))
    return [table, *([_missed(score.missed)] if score.missed else [])]


def _found(found: Found) -> Text:
    """Two lines: what happened and where; when it was found, how long after it began, and what was said."""
    when = datetime.fromtimestamp(found.opening.time, UTC)
    same_day = when.date() == found.window.onset.astimezone(UTC).date()
    moment = when.strftime("%H:%M") if same_day else _moment(when)
    what = Text.assemble((plain(found.window.type).plain, "bold"), "  ", plain(_scope(found.window.scope)))
    said = Text.assemble(
        ("found ", "green"),
        moment,
        (" after ", "green"),
        _minutes(found.delay_min),
        "  ",
        plain(found.opening.summary),
    )
    return Text("\n").join([what, said])


def _missed(windows: Sequence[Window]) -> Table:
    table = _table("What was not found", ["began", "what", "where"], ["conversations it touched"])
    for window in sorted(windows, key=lambda window: window.onset):
        touched = str(len(window.conversation_times))
        table.add_row(_moment(window.onset), plain(window.type), plain(_scope(window.scope)), touched)
    return table


def _scope(scope: dict[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in scope.items())


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%a %d %b %H:%M")


def _minutes(minutes: float) -> str:
    """
    >>> _minutes(42.4), _minutes(150.0)
    ('42 min', '2 h 30 min')
    """
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def _spread(numbers: Sequence[float]) -> str:
    if not numbers:
        return "-"
    high = sorted(numbers)[math.ceil(0.9 * len(numbers)) - 1]
    return f"{median(numbers):.0f} / {high:.0f}"


def _count(number: int) -> str:
    return str(number) if number else "·"


def _table(title: str, left: Sequence[str], right: Sequence[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", caption_justify="left")
    for name in left:
        table.add_column(name, overflow="fold")
    for name in right:
        table.add_column(name, justify="right")
    return table
