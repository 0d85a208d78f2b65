"""One worker, then two, on the same backlog: what two are worth.

Tenants are spread evenly over the logs. Beside the wall clock, which shares its cores with the broker and
whoever else is there, stands what two would be worth with a core each: the CPU time of the one, over that of
the busier of the two.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.table import Table

from streams.reading.reader import log_of
from streams.screen import console
from tests.bench.live_stage import Bench, load_now, through, wait

LOGS = 4
BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
TURNS_A_SECOND = 200  # of event time
SESSION_S = 60.0  # workers stand still while the backlog is written


def tenants(each: int) -> list[str]:
    """Names of which every log gets as many."""
    found: dict[int, list[str]] = {log: [] for log in range(LOGS)}
    number = 0
    while any(len(names) < each for names in found.values()):
        name = f"S{number}"
        number += 1
        log = found[log_of(name, LOGS)]
        if len(log) < each:
            log.append(name)
    return [name for names in found.values() for name in names]


def turns(number: int) -> list[bytes]:
    """Turns of conversations of ten."""
    names, lines = tenants(2), []
    for n in range(number):
        at = BEGIN + timedelta(seconds=n / TURNS_A_SECOND)
        conversation = n // (10 * len(names)) * len(names) + n % len(names)
        event = {
            "id": f"e{n}", "type": "turn", "time": at.isoformat(), "source": "web", "channel": "chat",
            "tenant": names[n % len(names)], "conversation": f"c{conversation}", "queue": "main",
            "turn": n // len(names) % 10, "role": ("customer", "ai")[n // len(names) % 2],
            "text": f"I would like to know when order {n} will arrive, please.", "latency_ms": 800,
            "agent": {"kind": "ai", "id": "helper", "version": "1"}, "customer": f"u{conversation}",
        }  # fmt: skip
        lines.append(json.dumps(event).encode())
    return lines


def catch_up(bench: Bench, lines: list[bytes], workers: int) -> tuple[float, list[float]]:
    """Wall seconds until all is done, and CPU seconds of each worker; the start taken off."""
    with bench.workers(workers) as running:
        idle = [one.cpu_s() for one in running]
        for one in running:  # none begins before the others
            one.process.pause()
        bench.play(lines)
        for one in running:
            one.process.go_on()
        begun = time.monotonic()
        wait(lambda: through(running, len(lines)), running)
        took = time.monotonic() - begun
        return took, [one.cpu_s() - spent for one, spent in zip(running, idle, strict=True)]


def measure(folder: Path, bootstrap: str, number: int) -> None:
    """One row a number of workers."""
    registry = folder / "any.json"
    registry.write_text('{"tenants": {}}')
    lines = turns(number)
    table = Table(
        "workers", "events a second", "CPU s of each", "worth", "worth with a core each", "", box=None
    )
    base: tuple[float, float] | None = None
    for workers in (1, 2):
        bench = Bench(folder, bootstrap, f"scaling{workers}", registry, logs=LOGS, session_s=SESSION_S)
        took, spent = catch_up(bench, lines, workers)
        base = base or (took, max(spent))
        table.add_row(
            str(workers), f"{len(lines) / took:,.0f}", " ".join(f"{s:.1f}" for s in spent),
            f"{base[0] / took:.2f}", f"{base[1] / max(spent):.2f}", load_now(),
        )  # fmt: skip
    console().print(f"From one worker to two, {len(lines):,} events", table, "", sep="\n")
