"""Whom the book gives up: never first whose end is owed, then by severity, then what is over."""

from __future__ import annotations

from typing import Any

from streams.notify.notices import Later
from streams.notify.room import to_give_up
from tests.streams.notify.made import Told1, alert, notify, steps

AWAY = Later("away")


def held(*changes: Any) -> Told1:
    told = Told1(notify(incidents=100))
    told.take(*changes)
    return told


def test_the_least_severe_go_first_and_of_those_what_is_over() -> None:
    told = held(
        alert("page over"), alert("page over", "resolved", 60), alert("page open"),
        alert("ticket open", severity="ticket"),
        alert("ticket over", severity="ticket"), alert("ticket over", "resolved", 60, severity="ticket"),
        alert("older info", severity="info"), alert("info", severity="info"),
    )  # fmt: skip
    order = to_give_up(told.desk.book, 1000, lambda key: key == "older info")
    assert order == [
        "info", "ticket over", "ticket open", "page over", "page open", "older info"
    ]  # fmt: skip


def test_an_end_that_is_owed_is_told_though_the_book_was_full() -> None:
    told = Told1(notify(incidents=100))
    told.take(alert("owed", severity="info", kind="volume"))
    assert steps(told.told()) == [("owed", "open")]
    told.take(alert("owed", "resolved", 60, severity="info", kind="volume"), now=60)
    for number in range(300):
        told.take(alert(f"a{number}", kind="volume", opened=100.0 * number), now=61)
    assert len(told.desk.book) <= 100
    assert told.desk.book.dropped == len(told.desk.book.given_up()) == 201
    assert ("owed", "resolve") in steps(told.told(now=62))


def test_what_is_given_up_leaves_nothing_behind() -> None:
    told = Told1(notify(incidents=100))
    for number in range(150):
        told.take(alert(f"a{number}", kind="volume", tenant=f"t{number}"))
        if number == 120:
            told.told(answer=AWAY)
    post = told.desk.posts["pager"]
    assert len(post.line) <= len(told.desk.book) == 100


def test_what_was_over_before_anybody_delivered_is_no_loss() -> None:
    told = Told1(notify(incidents=100))
    told.desk.fresh = True
    for number in range(300):
        change = alert(f"a{number}", kind="volume", opened=100.0 * number)
        told.take(change, alert(f"a{number}", "resolved", 100 * number + 60, kind="volume"))
    told.take(alert("open", severity="info", kind="volume"), now=40_000)
    assert told.desk.book.dropped == 0
    assert told.desk.book.find("open") is not None
    assert len(told.desk.posts["pager"].line) <= len(told.desk.book) <= 100
