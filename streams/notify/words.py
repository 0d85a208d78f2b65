"""Words for people: one alert in a title, its facts in a few lines.

Names of segments are what producers sent, so anybody's text: control and direction characters go here; each
receiver escapes what is left for its channel.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from streams.notify.notices import Notice, Summary
from streams.records.alerts import Alert
from streams.records.matchers import DIMENSIONS, values

TITLE_LENGTH = 300
VALUE_LENGTH = 120  # of one name; the whole one is in the alert
MEMBERS = 10  # of a group, named one by one
LINES = 50  # of a digest; more are counted

STEPS = {"open": "", "update": "update: ", "resolve": "resolved: "}


def clean(text: str, length: int = VALUE_LENGTH) -> str:
    """One line that shows what it says: no control, direction or other invisible characters, no line breaks.

    >>> clean("a\\r\\nb\\u202ec\\x1b[31m")
    'a b c [31m'
    """
    seen = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text[: 4 * length])
    line = " ".join(seen.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def place(alert: Alert) -> str:
    """Where, in words."""
    named = [(name, values(alert, name)) for name in DIMENSIONS if name in alert.scope]
    return ", ".join(f"{name} {clean(' and '.join(found))}" for name, found in named)


def title(notice: Notice) -> str:
    """One line."""
    alert = notice.alert
    before = f"[{alert.severity}] {STEPS[notice.step]}"
    doubt = "" if alert.confirmed else "unconfirmed: "
    more = f" (and in {len(notice.others)} more)" if notice.others else ""
    return before + doubt + clean(alert.summary, TITLE_LENGTH - len(before + doubt + more)) + more


def details(notice: Notice) -> list[tuple[str, str]]:
    """Name and value of what is known, the first to look at first."""
    alert = notice.alert
    found = [
        ("what", alert.kind.replace("_", " ")),
        ("where", place(alert)),
        ("since", alert.since),
        ("observed", _measured(alert)),
        ("affected", f"{alert.affected} conversations" if alert.affected else ""),
        ("first check", clean(alert.action, 2 * VALUE_LENGTH)),
        ("also in", _others(notice.others)),
        ("in hand", clean(notice.acked_by)),
        ("withdrawn", clean(str(alert.evidence.get("withdrawn", "")))),
        ("id", alert.id),
    ]
    return [(name, value) for name, value in found if value]


def lines(notice: Notice) -> str:
    """The details as text, one a line, to stand below the title."""
    return "\n".join(f"{name}: {value}" for name, value in details(notice))


def digest_title(summary: Summary) -> str:
    """One line."""
    return f"{len(summary.opened)} alerts opened, {len(summary.ended)} ended"


def digest_lines(summary: Summary) -> list[str]:
    """One line an alert."""
    said = [f"opened: [{a.severity}] {clean(a.summary, TITLE_LENGTH)}" for a in summary.opened]
    said += [f"ended: {clean(a.summary, TITLE_LENGTH)}" for a in summary.ended]
    more = [f"and {len(said) - LINES} more"] if len(said) > LINES else []
    return said[:LINES] + more


def _measured(alert: Alert) -> str:
    if alert.observed is None:
        return ""
    said = f"{alert.observed:g} {alert.unit}".rstrip()
    if alert.expected is not None:
        said += f", expected {alert.expected:g}"
    if alert.interval is not None:
        said += f" ({alert.interval[0]:g} to {alert.interval[1]:g})"
    return said


def _others(alerts: Sequence[Alert]) -> str:
    named = [place(alert) for alert in alerts[:MEMBERS]]
    more = [f"{len(alerts) - MEMBERS} more"] if len(alerts) > MEMBERS else []
    return "; ".join(named + more)
