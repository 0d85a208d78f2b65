"""The command `floorwalker deadletters`: which records were no events, and why."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import typer
from rich.table import Table

from streams.address import at
from streams.load import load
from streams.options import ConfigFile
from streams.screen import console, plain
from streams.sinks.deadletters import DeadLetter
from streams.sinks.ledger import Pile, outstanding, unplaced

To = Annotated[
    str | None,
    typer.Option("--to", metavar="kafka://HOST:PORT", help="The brokers; else as configured."),
]
OfTopic = Annotated[str | None, typer.Option("--topic", metavar="NAME", help="Only of this topic.")]
OfReason = Annotated[str | None, typer.Option("--reason", metavar="WORD", help="Only for this reason.")]
Again = Annotated[
    bool,
    typer.Option(
        "--replay",
        help="Send those again, to their own topic, that this version can read; others stay as they are.",
    ),
]


def deadletters(
    to: To = None,
    topic: OfTopic = None,
    reason: OfReason = None,
    replay: Again = False,
    config: ConfigFile = None,
) -> None:
    """Show which records were no events, and why; send them again after a fix.

    Events that failed behind the reader have no place any more: they are shown, and not sent again.

    What comes again comes late: it enters no rate, and still reaches the checks of content and conduct.

    **floorwalker deadletters --config config/floorwalker.yaml --reason bad_time --replay**
    """
    # Other commands start sooner without the client.
    from streams.deadletters.again import send_again
    from streams.deadletters.letters import letters

    configuration = load(config, os.environ)
    if to is not None:
        configuration = at(to, configuration)
    without_place: list[DeadLetter] = []
    piles = [
        pile
        for pile in outstanding(_placed(letters(configuration), without_place))
        if topic in (None, pile.place.topic) and reason in (None, pile.reason)
    ]
    strays = [
        letter for letter in unplaced(without_place) if topic is None and reason in (None, letter.reason)
    ]
    console().print(_table(piles, strays) if piles or strays else "no dead letters")
    if replay and piles:
        done = send_again(configuration, piles)
        told = ", ".join(f"{done[what]:,} {what}" for what in ("sent again", "still rejected", "gone"))
        console(stderr=True).print(told)


def _placed(letters: Iterable[DeadLetter], others: list[DeadLetter]) -> Iterator[DeadLetter]:
    """Letters that say where their records lie; keeps the few that do not, so that none is read twice."""
    for letter in letters:
        if letter.topic:
            yield letter
        else:
            others.append(letter)


def _table(piles: Sequence[Pile], strays: Sequence[DeadLetter]) -> Table:
    table = Table("topic", "reason", "field", "rule", "records", "where: partition, first to last offset")
    for pile in piles:
        where = f"{pile.place.partition}: {pile.ranges[0][0]} to {pile.ranges[-1][1] - 1}"
        texts = (pile.place.topic, pile.reason, pile.field, pile.detail, f"{pile.count:,}", where)
        table.add_row(*map(plain, texts))
    for letter in strays:
        where = f"tenant {letter.tenant}, slot {letter.slot}: {' '.join(letter.events)}"
        table.add_row(*map(plain, ("", letter.reason, "", letter.detail, f"{letter.count:,}", where)))
    return table
