"""What delivery costs: hours of 5,000 changes a minute through the desk; receivers that answer, or do not.

    .venv/bin/python tests/bench/delivery_bench.py [--hours 2] [--remembered 200000]

Time is simulated. Prints changes per CPU-second, and the memory after each quarter: it must not grow.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path
from random import Random

import msgspec
import shipped  # noqa: F401 - before the next

from streams.delivery import Notify
from streams.notify.desk import Desk
from streams.notify.notices import Later, Told
from streams.records.alerts import Alert, rfc3339

MINUTE = 5000
BEGIN = 1_790_000_000
LASTS_S = 600  # an alert, until it is over


def change(number: int, state: str, now: float) -> Alert:
    opened = rfc3339(round((BEGIN + number * 60 / MINUTE * 3) * 1e6))
    return Alert(
        id=f"a{number:08}", state=state, kind="volume", severity="ticket" if number % 5 else "page",  # type: ignore[arg-type]
        scope={"tenant": f"t{number % 500}", "queue": "billing"}, since=opened, opened_at=opened,
        at=rfc3339(round((BEGIN + now) * 1e6)), signal="volume_high", observed=0.4, expected=0.1,
        interval=None, unit="per conversation", affected=number % 100, evidence={"conversations": ["c"] * 5},
        summary="Far more traffic than usual for the time", action="Look at what began then.",
        detector="volume/1", config="c" * 16,
    )  # fmt: skip


def drain(desk: Desk, name: str, now: float, *, well: bool) -> None:
    while (job := desk.next(name, now)) is not None:
        if job.notice is None:
            for row in job.rows:
                desk.delivered.put(row)
            desk.settled(job, reached=False)
        elif desk.answered(job, Told() if well else Later("status 503"), now) is not None:
            desk.settled(job)


def run(hours: float, away: bool, remembered: int) -> None:
    receivers = {"log": {"type": "log"}, "pager": {"type": "log"}}
    settings = msgspec.convert({"receivers": receivers, "remembered": remembered}, Notify)
    desk = Desk(settings, 15.0, Random(1).random)
    begun, offset, quarter = time.process_time(), 0, max(1, int(hours * 15))
    for minute in range(int(hours * 60)):
        for place in range(MINUTE):
            now = minute * 60 + place * 60 / MINUTE
            # A third each: openings, updates, ends.
            number, part = divmod(minute * MINUTE + place, 3)
            old = number - LASTS_S * MINUTE // 180
            state, of = [("open", number), ("updated", number), ("resolved", old)][part]
            if of >= 0:
                desk.take(change(of, state, now), (0, offset), BEGIN + now)
                offset += 1
            if place % 50 == 0:
                desk.look(BEGIN + now)
                drain(desk, "log", BEGIN + now, well=True)
                drain(desk, "pager", BEGIN + now, well=not away)
                desk.delivered.spill()
        if minute % quarter == quarter - 1:
            size = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20
            post = desk.posts["pager"]
            print(
                f"  minute {minute + 1:4}: {size} MB, {len(desk.book)} in hand, "
                f"{len(desk.delivered)} remembered, {len(post.line)} wait"
            )
    spent = time.process_time() - begun
    print(f"  {offset / spent:,.0f} changes per CPU-second")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--remembered", type=int, default=Notify().remembered)
    asked = parser.parse_args()
    for away in (False, True):
        print("one receiver is away" if away else "both receivers answer")
        run(asked.hours, away, asked.remembered)
