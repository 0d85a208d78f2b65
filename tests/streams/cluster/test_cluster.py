"""The proof that everything else rests on: whatever happens in a cluster, it says what a replay says.

Readers and floors are the product's own; the broker is in memory; one seed decides who goes next, what is
lost, and who dies at which failpoint. A test's number is its seed. `CLUSTER_SEEDS=1000` runs so many of each
kind, `CLUSTER_SEEDS=77:78` the one that failed.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from streams.floor.floor import Floor
from streams.reading import Record, Rejection
from streams.records.alerts import Alert
from streams.records.controls import Control, RegistryChange, VerdictGiven, Word
from streams.records.readings import Readings
from streams.replay.run import Replay
from streams.replay.sources import Source
from tests.streams.cluster.arrivals import Disorder, arrivals, fast_clock
from tests.streams.cluster.cluster import CHANCES, Cluster, Plan
from tests.streams.cluster.parts import make_floor, make_reader
from tests.streams.cluster.slice import SECOND, SETTINGS, TOPICS, events, moment, registry
from tests.streams.cluster.straight import Outcome, Told, again, confirmed, learnt, straight

ORDERLY = Disorder()


def seeds(count: int) -> pytest.MarkDecorator:
    """So many seeds, or as the environment says."""
    first, _, last = os.environ.get("CLUSTER_SEEDS", str(count)).rpartition(":")
    return pytest.mark.parametrize("seed", range(int(first or 0), int(last)))


def plan(rng: Random, **fields: Any) -> Plan:
    """A plan with one, two or eight partitions of each topic."""
    partitions = {topic: rng.choice((1, 2, 8)) for topic in sorted(TOPICS.values())}
    return Plan(
        **{
            "partitions": partitions,
            "logs": rng.choice((1, 1, 2)),
            "any_partitioner": rng.random() < 0.5,
            "marks": rng.randrange(4),
            "backlog": rng.random() < 0.3 and not {"controls", "real_time"} & fields.keys(),
            **fields,
        }
    )


def run(
    seed: int, disorder: Disorder = ORDERLY, make: Callable[[], Floor] = make_floor, **fields: Any
) -> Cluster:
    rng = Random(seed)
    return Cluster(seed, plan(rng, **fields), arrivals(events(), disorder, rng), make_reader, make).run()


@cache
def in_order(disorder: Disorder = ORDERLY, controls: tuple[Control, ...] = ()) -> Outcome:
    """The straight replay of one file, in order of time, each event once, stamped with its true time."""
    sent = zip(events(), fast_clock(events(), disorder), strict=True)
    records = [Record("events", 0, i, one.body, (), true.time) for i, (true, one) in enumerate(sent)]
    return straight(make_reader(), make_floor(), records, controls)


def of_topics(cluster: Cluster, controls: tuple[Control, ...] = (), until: int | None = None) -> Outcome:
    """The straight replay of the same topics, in order of arrival."""
    records = [record for rows in cluster.topics.records.values() for record in rows]
    records.sort(key=lambda r: (r.timestamp or 0, r.topic, r.partition, r.offset))
    return straight(make_reader(), make_floor(), records, controls, until)


# -- what holds ------------------------------------------------------------------------------------------


def holds(cluster: Cluster, oracle: Outcome) -> None:
    """Everything that is promised of a run, against its oracle."""
    told = [alert for _, (alert, _) in cluster.alerts.rows]
    said = confirmed(told)
    assert sorted(said) == sorted(oracle.told), "confirmed records"
    assert said == oracle.told, "the bytes of confirmed records"
    floors = [process.floor for process in cluster.floors]
    assert learnt(floors) == oracle.learnt, "what was learnt"
    every_instant_is_settled(told)
    accounts_balance(cluster, floors)


def every_instant_is_settled(told: list[Alert]) -> None:
    said = {alert.id for alert in told if not alert.confirmed and alert.state == "open"}
    assert said - settled(told) == set(), "instants neither confirmed nor withdrawn"


def settled(told: list[Alert]) -> set[str]:
    """Ids of what was confirmed, or withdrawn."""
    opened = {alert.id for alert in told if alert.confirmed and alert.state == "open"}
    return opened | {alert.id for alert in told if "withdrawn" in alert.evidence}


def accounts_balance(cluster: Cluster, floors: list[Floor], tenants: int = 3) -> None:
    """Facts and rejected records are what was sent, each once."""
    sent = sum(len(rows) for rows in cluster.topics.records.values())
    rejected = {(r.topic, r.partition, r.offset) for _, r in cluster.dead.rows}
    counts = [floor.counts for floor in floors]
    assert sum(c.facts for c in counts) + len(rejected) == sent
    assert [c.lost for c in counts] == [0] * len(counts)
    assert [desk.hold.facts for floor in floors for desk in floor.desks.values()] == [0] * tenants


def distinct_events(cluster: Cluster) -> int:
    """Facts without copies."""
    return sum(process.floor.counts.facts - process.floor.counts.copies for process in cluster.floors)


# -- the runs --------------------------------------------------------------------------------------------


def test_the_slice_has_something_of_everything() -> None:
    """Or the proof would prove little."""
    told = in_order().told
    states = Counter(state for _, state, _ in told)
    assert states["open"] >= 5
    assert states["updated"] >= 5
    assert states["resolved"] >= 1
    kinds = {json.loads(row)["kind"] for row in told.values()}
    assert kinds >= {"boundary", "shadow_ai", "escalation_rate", "satisfaction"}


class Kept:
    """What a replay tells, kept."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.rejected_records = 0

    def alert(self, change: Alert) -> None:
        self.alerts.append(change)

    def rejected(self, _: Rejection) -> None:
        self.rejected_records += 1

    def drawn(self, _: Readings) -> None:
        raise AssertionError("nobody asked for it")


def test_the_oracle_is_what_replaying_files_says(tmp_path: Path) -> None:
    """Of one file in order of time, and of several that hold parts of it."""
    for parts in (1, 3):
        files = [tmp_path / f"{part}-of-{parts}.jsonl" for part in range(parts)]
        for part, file in enumerate(files):
            file.write_bytes(b"".join(sent.body + b"\n" for sent in events()[part::parts]))
        kept = Kept()
        Replay(make_reader(), make_floor(), [Source(str(file)) for file in files], kept).run()
        assert confirmed(kept.alerts) == in_order().told


@seeds(80)
def test_kills_rebalances_zombies_and_expired_parcels(seed: int) -> None:
    cluster = run(seed)
    holds(cluster, in_order())
    assert distinct_events(cluster) == len(events())


@seeds(16)
def test_two_logs_of_which_one_fails(seed: int) -> None:
    holds(run(seed, logs=2, log_fails=True), in_order())


@seeds(16)
def test_late_facts_under_two_interleavings(seed: int) -> None:
    disorder = Disorder(late=0.05)
    one = run(seed, disorder, any_partitioner=False)
    oracle = of_topics(one)
    assert oracle.floor.counts.late > 10
    holds(one, oracle)
    arrived = arrivals(events(), disorder, _after_plan(seed))
    other = Cluster(seed + 1_000_000, one.plan, arrived, make_reader, make_floor).run()
    assert other.topics.records == one.topics.records
    holds(other, oracle)


def _after_plan(seed: int) -> Random:
    rng = Random(seed)
    plan(rng)
    return rng


@seeds(16)
def test_a_source_whose_clock_is_fast(seed: int) -> None:
    disorder = Disorder(fast="web/bank", fast_s=180.0)
    holds(run(seed, disorder), in_order(disorder))


@pytest.mark.parametrize("lateness_s", [5, 120])
@seeds(6)
def test_a_registry_in_force_from_its_slot(seed: int, lateness_s: int) -> None:
    """Other rules, and another lateness, which shuffled facts exceed now or no longer."""
    stricter = RegistryChange(id="r", effective=moment(1470.2), registry=registry(lateness_s=lateness_s))
    back = RegistryChange(id="s", effective=moment(1500), registry=registry(lateness_s=40, agents=()))
    cluster = run(seed, controls=(stricter, back), partitions=dict.fromkeys(TOPICS.values(), 2))
    oracle = of_topics(cluster, (stricter, back))
    assert lateness_s > 50 or oracle.floor.counts.late > 10
    holds(cluster, oracle)


@cache
def opened() -> list[Alert]:
    """What the slice opens at the shop in its second stretch of trouble, statistics only."""
    found = [msgspec.json.decode(row, type=Alert) for row in in_order().told.values()]
    wanted = [a for a in found if a.state == "open" and a.scope["tenant"] == "shop" and "nats" in a.evidence]
    return sorted(wanted, key=lambda alert: (alert.opened_at, alert.id))


@seeds(6)
def test_verdicts_in_force_from_their_slot(seed: int) -> None:
    """However many workers, kills and restarts there are: each verdict takes effect at the same slot."""
    words: tuple[Word, ...] = ("false", "normal", "expected")
    verdicts = tuple(
        VerdictGiven(
            id=word, effective=moment(1488 + 4 * number), alert=alert.id, verdict=word, tenant="shop",
            about=alert.kind, signal=alert.signal, since=moment(1455), until=moment(1515),
            scope={name: str(value) for name, value in alert.scope.items() if name != "tenant"},
        )
        for number, (word, alert) in enumerate(zip(words, opened() * 3, strict=False))
    )  # fmt: skip
    cluster = run(seed, controls=verdicts, partitions=dict.fromkeys(TOPICS.values(), 2))
    oracle = of_topics(cluster, verdicts)
    assert oracle.told != of_topics(cluster).told, "they change something"
    holds(cluster, oracle)


@seeds(12)
def test_quiet_topics_over_restarts(seed: int) -> None:
    """Records come by the clock, no marks: the idle rule decides, from the log alone."""
    some = tuple(
        sent for sent in events() if moment(9) <= sent.time < moment(15) and sent.type != "escalation"
    )
    rng = Random(seed)
    quiet = plan(rng, marks=0, real_time=True, kills=6)
    make = partial(make_floor, idle_rule=True)
    cluster = Cluster(seed, quiet, arrivals(some, ORDERLY, rng), make_reader, make).run()
    told = [alert for _, (alert, _) in cluster.alerts.rows]
    floors = [process.floor for process in cluster.floors]
    for floor in floors:
        assert floor.counts.late_by_idle == 0
        for tenant, desk in floor.desks.items():
            until = (desk.next or 0) * SETTINGS.slot_s * SECOND
            oracle = of_topics(cluster, until=until)
            assert of_tenant(confirmed(told), tenant) == of_tenant(oracle.told, tenant)
            assert learnt([floor])[tenant] == oracle.learnt[tenant]
    once_more = [alert for log in cluster.logs for alert in again(make(), log.rows)]
    assert confirmed(once_more) == confirmed(told), "idle decisions are in the log"
    for number, alert in enumerate(once_more):
        assert alert.confirmed or alert.id in settled(once_more[number:]), "an instant is settled afterwards"
    every_instant_is_settled(told)
    accounts_balance(cluster, floors, tenants=2)  # nothing is held: time went on without records


def of_tenant(told: Told, tenant: str) -> Told:
    return {key: row for key, row in told.items() if json.loads(row)["scope"]["tenant"] == tenant}


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("failed send", {"expire": 0.03}),
        ("commit", {"expire": 0.03}),
        ("seek", {}),
        ("alerts first", {"expire": 0.1, "kills": 0}),
    ],
)
def test_a_shell_that_breaks_a_rule_is_found_out(rule: str, fields: dict[str, Any]) -> None:
    """The proof can fail: each rule in `processes` is needed, and few seeds show it."""
    assert any(is_found_out(seed, rule, fields) for seed in range(30))


def is_found_out(seed: int, rule: str, fields: dict[str, Any]) -> bool:
    try:
        holds(run(seed, broken=frozenset([rule]), ghost=0.0, **fields), in_order())
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("point", sorted(CHANCES))
@seeds(3)
def test_killed_at_each_named_point(point: str, seed: int) -> None:
    cluster = run(seed, kill=0.5, kills=8, points=frozenset([point]), expire=0.0)
    holds(cluster, in_order())
    assert cluster.killed[point] > 0
