"""What people see while a command runs and after it: consoles, safe text, and a bar for long work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from streams.records.alerts import rfc3339

WIDTH = 120  # of tables that go to a file or pipe


class Step(Protocol):
    """Moves a bar."""

    def __call__(self, done: int, items: int, reached: int) -> None:
        """done: of the total. items: events so far. reached: event time, microseconds; 0: none yet."""


def console(*, stderr: bool = False) -> Console:
    """Standard output or error; as wide as the terminal, where it is one."""
    found = Console(stderr=stderr, highlight=False)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, width=WIDTH)


def plain(text: str) -> Text:
    """Text from events or alerts, safe for a terminal: no markup, and nothing that moves the cursor.

    >>> str(plain("[red]\\x1b[2J"))
    '[red]�[2J'
    """
    return Text("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))


@contextmanager
def progress(title: str, total: int) -> Iterator[Step]:
    """A bar with event time and speed on standard error, where that is a terminal. total 0: not known."""
    screen = console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[reached]}  {task.fields[speed]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
        task = bars.add_task(title, total=total or None, reached="", speed="")
        begun = perf_counter()

        def step(done: int, items: int, reached: int) -> None:
            speed = f"{items / max(perf_counter() - begun, 1e-3):,.0f} events/s"
            moment = rfc3339(reached)[:16].replace("T", " ") if reached else ""
            bars.update(task, completed=done, reached=moment, speed=speed)

        yield step
