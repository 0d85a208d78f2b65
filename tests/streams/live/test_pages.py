"""Pages that outlive the worker that opened them: none lost, none twice."""

from __future__ import annotations

import pytest
from faust.types import TP

from streams.live.names import Names
from streams.live.pages import LASTING_US, Pages
from streams.live.troubles import BLIND_S, REJECT_WINDOW_S
from streams.records.alerts import Alert, encode_alert
from streams.records.pages import Matter, matter, told
from streams.settings import Kafka, Live, Settings

SETTINGS = Settings(live=Live(stuck_s=300.0))
STUCK = matter("stuck_origin", topic="cc.actions", partition=1)
PARKED = matter("parked", log=2, tenant="acme")
REJECTS = matter("rejects", topic="cc.actions", partition=0)
COLD = matter("cold_start", log=2)


class Worker:
    """Pages of one worker, with its partitions; what it says goes to all that are given."""

    def __init__(self, *logs: int, inputs: int = 0) -> None:
        self.pages = Pages(SETTINGS, Names.of(Kafka()))
        self.at = {TP("fw.facts", log): 10 for log in logs}
        self.at |= {TP("cc.actions", number): 10 for number in range(inputs)}
        self.ends = dict(self.at)

    def look(self, now: float, *troubles: Matter) -> list[tuple[str, str]]:
        whole = matter("rejects", topic="cc.actions")
        found = {whole if one.trouble == "rejects" else one: "a trouble" for one in troubles}
        self.said = self.pages.look(found, self.at, self.ends, now, round(now * 1e6))
        return [(one.id, one.state) for one in self.said]

    def through(self, begin: float, end: float) -> list[tuple[str, str]]:
        """What is said while nothing is wrong, with a look every five seconds."""
        looks = [begin + 5.0 * n for n in range(int((end - begin) / 5.0) + 1)]
        return [change for now in (*looks, end) for change in self.look(now)]

    def hear(self, *said: Alert) -> Worker:
        for one in said:
            self.pages.hear(encode_alert(one))
        return self


@pytest.mark.parametrize(
    ("about", "after_s"), [(STUCK, 300.0), (PARKED, 0.0), (REJECTS, REJECT_WINDOW_S)]
)
def test_who_takes_over_resolves_what_was_open_once_it_would_have_seen_it(
    about: Matter, after_s: float
) -> None:
    killed = Worker(0, 2, inputs=2)
    assert killed.look(0.0, about) == [(about.id, "open")]
    next_one = Worker(0, 2, inputs=2).hear(*killed.said)
    begun = 1000.0
    assert after_s == 0.0 or next_one.through(begun, begun + after_s - 1) == []
    assert next_one.look(begun + after_s) == [(about.id, "resolved")]
    assert next_one.look(begun + after_s + 1) == []


def test_what_is_still_wrong_is_not_said_again() -> None:
    killed = Worker(2)
    killed.look(0.0, PARKED)
    next_one = Worker(2).hear(*killed.said)
    assert next_one.look(1000.0, PARKED) == []
    assert next_one.look(1001.0) == [(PARKED.id, "resolved")]


def test_a_log_that_was_not_read_to_where_it_ended_may_still_show_it() -> None:
    killed = Worker(2)
    killed.look(0.0, PARKED)
    next_one = Worker(2).hear(*killed.said)
    next_one.ends = {TP("fw.facts", 2): 50}
    assert next_one.look(1000.0) == []
    next_one.at = {TP("fw.facts", 2): 50}
    assert next_one.look(1001.0) == [(PARKED.id, "resolved")]


def test_only_whose_partition_it_is_speaks() -> None:
    one, other = Worker(0, inputs=1), Worker(2)
    assert one.look(0.0, PARKED, STUCK, REJECTS, COLD) == [(REJECTS.id, "open"), (STUCK.id, "open")]
    assert other.look(0.0, PARKED, STUCK, REJECTS) == [(PARKED.id, "open")]
    one.hear(*other.said)
    assert one.look(10_000.0, STUCK, REJECTS) == []
    one.at = one.ends = {TP("fw.facts", 2): 9}  # the partitions changed hands: nothing is over by that
    assert one.look(10_001.0, PARKED) == []


def test_a_flood_in_the_partitions_of_another_worker_is_told_by_that_worker() -> None:
    one, other = Worker(0, inputs=1), Worker(2)
    other.at = other.ends = {TP("cc.actions", number): 10 for number in (1, 2)}
    assert one.look(0.0) == []
    of_the_other = matter("rejects", topic="cc.actions", partition=1)
    assert other.look(0.0, REJECTS) == [(of_the_other.id, "open")]
    one.hear(*other.said)
    assert one.look(10_000.0) == []
    assert other.through(10_000.0, 10_000.0 + REJECT_WINDOW_S) == [(of_the_other.id, "resolved")]


def test_after_a_time_without_a_look_all_is_looked_for_anew() -> None:
    worker = Worker(0, inputs=2)
    worker.look(1000.0, STUCK)
    assert worker.look(1001.0 + BLIND_S) == []
    assert worker.look(1002.0 + BLIND_S) == []


def test_a_flood_keeps_its_name_when_more_partitions_come() -> None:
    worker = Worker(0)
    worker.at = worker.ends = {TP("cc.actions", 1): 10}
    [(opened, _)] = worker.look(0.0, REJECTS)
    worker.at = worker.ends = {TP("cc.actions", number): 10 for number in range(3)}
    assert worker.look(5.0, REJECTS) == []
    assert worker.look(6.0 + REJECT_WINDOW_S, REJECTS) == []
    assert opened == matter("rejects", topic="cc.actions", partition=1).id


def test_news_of_a_worker_whose_clock_is_behind_count() -> None:
    worker, behind = Worker(2), Worker(2)
    worker.look(1000.0, PARKED)
    worker.hear(*worker.said)
    worker.look(1001.0)
    worker.hear(*worker.said)
    behind.look(900.0, PARKED)
    worker.hear(*behind.said)
    assert worker.look(1002.0) == [(PARKED.id, "resolved")]


def test_what_happened_once_ends_after_its_time_whoever_said_it() -> None:
    page = told(COLD, "open", "log 2 starts without its state", 7_000_000, 7_000_000)
    worker = Worker(2).hear(page)
    over = (7_000_000 + LASTING_US) / 1e6
    assert worker.look(over - 1) == []
    assert worker.look(over) == [(COLD.id, "resolved")]


def test_the_echo_of_what_was_said_is_no_news() -> None:
    worker = Worker(2)
    worker.look(1000.0, PARKED)
    opened = worker.said
    assert worker.look(2000.0) == [(PARKED.id, "resolved")]
    worker.hear(*opened)
    assert worker.look(3000.0) == []


def test_pages_of_topics_that_are_no_longer_read_end_too() -> None:
    gone = matter("rejects", topic="cc.former", partition=3)
    worker = Worker(0).hear(told(gone, "open", "most of it", 7, 7))
    assert worker.through(1000.0, 999.0 + REJECT_WINDOW_S) == []
    assert worker.look(1000.0 + REJECT_WINDOW_S) == [(gone.id, "resolved")]


def test_what_is_no_page_of_a_worker_is_passed_over() -> None:
    worker = Worker(0)
    for record in (None, b"", b'"pipeline/1"', b"\xff pipeline/1"):
        worker.pages.hear(record)
    worker.hear(told(matter("receiver_away", receiver="x"), "open", "away", 7, 7))
    assert worker.look(10_000.0) == []
