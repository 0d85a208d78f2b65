"""The records of one eventful day, as they were when somebody last looked at them.

To renew after an intended change: `python -m tests.streams.floor.test_golden`, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

from streams.records.alerts import encode_alert
from tests.streams.floor.made import NEXT, at, eventful, warmed

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "eventful_day.jsonl"


def told() -> list[str]:
    """Instants first, then what closings confirmed, each in order."""
    run = warmed().feed(eventful(), until=at(NEXT + 2), instants=True)
    return [encode_alert(change).decode() for change in [*run.instants, *run.changes]]


def test_the_records_are_those_of_last_time() -> None:
    assert told() == GOLDEN.read_text().splitlines()


if __name__ == "__main__":
    GOLDEN.write_text("".join(line + "\n" for line in told()))
