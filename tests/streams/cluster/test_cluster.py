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
from random import Random
from typing import Any

import pytest

from streams.floor.floor import Floor
from streams.reading import Reader, ReadLimits, Record, Rejection, Secrets, read
from streams.records.alerts import Alert
from streams.records.controls import Control, RegistryChange
from streams.records.facts import Fact
from streams.records.registry import Registry
from tests.streams.cluster.arrivals import Disorder, arrivals, fast_clock
from tests.streams.cluster.cluster import CHANCES, Cluster, Plan
from tests.streams.cluster.slice import SECOND, SETTINGS, TOPICS, events, moment, registry
from tests.streams.cluster.straight import Outcome, Told, again, confirmed, learnt, straight

ORDERLY = Disorder()


def seeds(count: int) -> pytest.MarkDecorator:
    """So many seeds, or as the environment says."""
    first, _, last = os.environ.get("CLUSTER_SEEDS", str(count)).rpartition(":")
    return pytest.mark.parametrize("seed", range(int(first or 0), int(last)))


# -- parts -----------------------------------------------------------------------------------------------

_known: dict[tuple[bytes, int | None], Fact | Rejection] = {}
_read = partial(read, secrets=Secrets.public(), limits=ReadLimits())


def read_once(record: Record) -> Fact | Rejection:
    """`read`, remembered: it is a function of the record, and every seed reads the same ones."""
    key = (record.value, record.timestamp)
    found = _known.get(key)
    if found is None:
        if len(_known) > 50_000:
            _known.clear()
        found = _known[key] = _read(record)
    if isinstance(found, Rejection):
        place = (record.topic, record.partition, record.offset)
        return Rejection(found.reason, found.field, found.detail, *place)
    return found


def make_reader(logs: int = 1) -> Reader:
    return Reader(read_once, logs)


def make_floor(rules: Registry | None = None, idle_rule: bool = False) -> Floor:
    return Floor(SETTINGS, rules or registry(), idle_rule=idle_rule)


def plan(rng: Random, **fields: Any) -> Plan:
    """A plan with one, two or eight partitions of each topic."""
    partitions = {topic: rng.choice((1, 2, 8)) for topic in sorted(TOPICS.values())}
    return Plan(
        **{
            "partitions": partitions,
            "logs": rng.choice((1, 1, 2)),
            "any_partitioner": rng.random() < 0.5,
            "marks": rng.randrange(4),
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
    waiting: dict[str, Alert] = {}
    for alert in told:
        if not alert.confirmed and alert.state == "open":
            waiting[alert.id] = alert
        elif alert.confirmed or "withdrawn" in alert.evidence:
            waiting.pop(alert.id, None)
    assert not waiting, "instants neither confirmed nor withdrawn"


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


@seeds(100)
def test_kills_rebalances_zombies_and_expired_parcels(seed: int) -> None:
    cluster = run(seed)
    holds(cluster, in_order())
    assert distinct_events(cluster) == len(events())


@seeds(20)
def test_two_logs_of_which_one_fails(seed: int) -> None:
    holds(run(seed, logs=2, log_fails=True), in_order())


@seeds(30)
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


@seeds(20)
def test_a_source_whose_clock_is_fast(seed: int) -> None:
    disorder = Disorder(fast="web/bank", fast_s=180.0)
    holds(run(seed, disorder), in_order(disorder))


@pytest.mark.parametrize("lateness_s", [5, 120])
@seeds(12)
def test_a_registry_in_force_from_its_slot(seed: int, lateness_s: int) -> None:
    """Other rules, and another lateness, which shuffled facts exceed now or no longer."""
    stricter = RegistryChange(id="r", effective=moment(1470.2), registry=registry(lateness_s=lateness_s))
    back = RegistryChange(id="s", effective=moment(1500), registry=registry(lateness_s=40, agents=()))
    cluster = run(seed, controls=(stricter, back), partitions=dict.fromkeys(TOPICS.values(), 2))
    oracle = of_topics(cluster, (stricter, back))
    assert lateness_s > 50 or oracle.floor.counts.late > 10
    holds(cluster, oracle)


@seeds(20)
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
    every_instant_is_settled(told)
    accounts_balance(cluster, floors, tenants=2)  # nothing is held: time went on without records


def of_tenant(told: Told, tenant: str) -> Told:
    return {key: row for key, row in told.items() if json.loads(row)["scope"]["tenant"] == tenant}


@pytest.mark.parametrize("point", sorted(CHANCES))
@seeds(4)
def test_killed_at_each_named_point(point: str, seed: int) -> None:
    cluster = run(seed, kill=0.5, kills=8, points=frozenset([point]), expire=0.0)
    holds(cluster, in_order())
    assert cluster.killed[point] > 0
