"""Every metric of a worker, by name. Labels name topics, partitions, logs, sources, and
parked tenants; never people or texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from faust.types import TP
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from streams.floor.floor import Floor
from streams.floor.watch import Closing
from streams.reading import Taken
from streams.records.alerts import Alert
from streams.records.parcels import Origin
from streams.sinks.influx.writer import Counts

DISORDER_S = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
SOURCES = 200  # of which disorder is measured one by one; more share the label `others`


class HasFloor(Protocol):
    """A log with its floor."""

    floor: Floor


OF_LOGS: tuple[tuple[str, str, Callable[[Floor], float]], ...] = (
    # What floors took, since the log began.
    ("log_facts", "Facts taken", lambda floor: floor.counts.facts),
    ("log_late", "Facts that came too late for rates", lambda floor: floor.counts.late),
    ("log_late_by_idle", "Facts late only by an idle decision", lambda floor: floor.counts.late_by_idle),
    ("log_duplicates", "Second deliveries dropped", lambda floor: floor.counts.copies),
    ("log_repeats", "Facts read again after a restart of a reader", lambda floor: floor.counts.repeats),
    ("log_gaps", "Parcels that did not join", lambda floor: floor.counts.gaps),
    ("log_lost", "Positions that no longer existed", lambda floor: floor.counts.lost),
    ("log_slots", "Slots closed", lambda floor: floor.counts.slots),
    (
        "log_early_closings",
        "Slots closed at the bound of held facts",
        lambda f: f.counts.early_closings,
    ),
    (
        "log_failed_instants",
        "Facts that failed to be judged at once",
        lambda f: f.counts.failed_instants,
    ),
    ("log_parked_facts", "Facts of parked tenants, passed over", lambda floor: floor.counts.parked),
    # How they stand.
    ("log_parked_tenants", "Tenants that stand aside: their closing raised", lambda floor: len(floor.parked)),
    ("log_held_facts", "Facts that wait for their slot to close", lambda floor: floor.held()),
    ("log_event_time_seconds", "Highest event time in the log", lambda floor: floor.tide.newest() / 1e6),
    ("log_low_time_seconds", "Highest event time of its slowest origin", lambda f: f.tide.low() / 1e6),
)


class Metrics:
    """Counts for one process; `registry` is what `/metrics` shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._sources: dict[str, None] = {}
        self._totals: dict[str, tuple[int, int]] = {}
        self._make_reading()
        self._make_logs()
        self._make_state()

    def _make_reading(self) -> None:
        """What came, and what it was."""
        origin = ("topic", "partition")
        self.records = self._counter("records", "Records read", origin)
        self.facts = self._counter("facts", "Facts made of them", origin)
        self.rejects = self._counter("rejected", "Records that are no events", ("topic", "reason"))
        self.lost_records = self._counter("lost", "Records that no longer existed when they were due", origin)
        self.lag = self._gauge("lag_records", "Records that wait to be read", origin)
        self.read_time = self._gauge("read_event_time_seconds", "Highest event time read", origin)
        self.paused = self._gauge("paused", "1 while this origin waits for slower ones", origin)
        # How far events of a source lie behind the highest time of their origin: what lateness_s must cover.
        self.disorder = Histogram(
            "floorwalker_disorder_seconds", "Lag of an event behind its origin", ("source",),
            buckets=DISORDER_S, registry=self.registry,
        )  # fmt: skip

    def _make_logs(self) -> None:
        """What the floors did, and said."""
        log = ("log",)
        self.log_lag = self._gauge("log_lag_records", "Records of the log that wait", log)
        self._of_logs = [(self._gauge(name, text, log), value) for name, text, value in OF_LOGS]
        self.parked = self._gauge(
            "parked_since_seconds",
            "Event time from which a tenant is not watched",
            ("log", "tenant"),
        )
        self.blind = self._gauge(
            "blind_since_seconds",
            "Event time since which a detector cannot see; 0: never could",
            ("log", "tenant", "detector", "why"),
        )
        self.verdicts = self._gauge(
            "verdicts",
            "Alerts by what people said they were, the last word on each",
            ("kind", "detector", "verdict"),
        )
        self.degraded = self._counter("degraded", "Closings at which a bound was hit", ("bound",))
        self.failed = self._counter("failed_facts", "Facts that could not be folded", ())
        self.alerts = self._counter("alerts", "Changes of alerts sent", ("kind", "state", "confirmed"))

    def _make_state(self) -> None:
        """State and recovery, and the worker itself."""
        log = ("log",)
        self.cold_starts = self._counter("cold_starts", "Logs begun without a snapshot", ())
        self.snapshot_bytes = self._gauge("snapshot_bytes", "Size of the last snapshot in its topic", log)
        self.snapshot_time = self._gauge("snapshot_time_seconds", "When the last snapshot was complete", log)
        self.recovery_s = self._gauge("recovery_seconds", "How long the last assignment of logs took", ())
        self.restored = self._gauge("restored_logs", "Logs read from snapshots at the last assignment", ())
        self.waiting = self._gauge("sends_waiting", "Sends not acknowledged", ("part",))
        self.points = self._gauge("influx_points", "Points for dashboards, by what became of them", ("fate",))
        self.undrawn_s = self._gauge("influx_failing_seconds", "How long the database has taken nothing", ())
        self.assigned = self._gauge("assigned", "Partitions of this worker", ("topic",))

    def _counter(self, name: str, text: str, labels: tuple[str, ...]) -> Counter:
        return Counter(f"floorwalker_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, labels: tuple[str, ...]) -> Gauge:
        return Gauge(f"floorwalker_{name}", text, labels, registry=self.registry)

    def read(self, origin: Origin, records: int, taken: Taken) -> None:
        """A batch was read."""
        place = (origin.topic, str(origin.partition))
        self.records.labels(*place).inc(records)
        self.facts.labels(*place).inc(sum(len(parcel.entries) for _, parcel in taken.parcels))
        came, refused = self._totals.get(origin.topic, (0, 0))
        self._totals[origin.topic] = (came + records, refused + len(taken.rejections))
        for rejection in taken.rejections:
            self.rejects.labels(origin.topic, rejection.reason).inc()
        for _, parcel in taken.parcels:  # one event of each parcel: a sample that costs nothing
            entry = parcel.entries[-1]
            self.disorder.labels(self._source(entry.fact.source)).observe(entry.lag / 1e6)

    def _source(self, name: str) -> str:
        if name not in self._sources:
            if len(self._sources) >= SOURCES:
                return "others"
            self._sources[name] = None
        return name

    def lost(self, origin: Origin, number: int) -> None:
        """Records that the topic no longer had."""
        self.lost_records.labels(origin.topic, str(origin.partition)).inc(number)

    def closed(self, closing: Closing) -> None:
        """A slot was closed."""
        for bound in closing.degraded:
            self.degraded.labels(bound).inc()
        self.failed.inc(len(closing.failed))

    def said(self, change: Alert) -> None:
        """A change of an alert was sent."""
        self.alerts.labels(change.kind, change.state, str(change.confirmed).lower()).inc()

    def kept(self, log: int, size: int, at: float) -> None:
        """A snapshot is complete. at: seconds since 1970."""
        self.snapshot_bytes.labels(str(log)).set(size)
        self.snapshot_time.labels(str(log)).set(at)

    def recovered(self, seconds: float, logs: int) -> None:
        """An assignment is complete."""
        self.recovery_s.set(seconds)
        self.restored.set(logs)

    def stand(
        self, positions: Mapping[TP, int], ends: Mapping[TP, int], highest: Mapping[TP, int],
        held: Collection[TP], logs: Mapping[int, HasFloor],
    ) -> None:  # fmt: skip
        """Where everything is, once a second. Partitions that went to others are shown no more."""
        for gauge in (self.lag, self.read_time, self.paused, self.assigned, self.log_lag):
            gauge.clear()
        for tp, position in positions.items():
            self.assigned.labels(tp.topic).inc()
            if tp in highest:
                place = (tp.topic, str(tp.partition))
                self.lag.labels(*place).set(max(0, ends.get(tp, position) - position))
                self.read_time.labels(*place).set(highest[tp] / 1e6)
                self.paused.labels(*place).set(tp in held)
            elif tp.partition in logs and ends.get(tp) is not None and tp.topic.endswith("facts"):
                self.log_lag.labels(str(tp.partition)).set(max(0, ends[tp] - position))
        self._stand_logs(logs)

    def _stand_logs(self, logs: Mapping[int, HasFloor]) -> None:
        for gauge in (*(gauge for gauge, _ in self._of_logs), self.parked):
            gauge.clear()
        self.verdicts.clear()
        for given in next((log.floor.verdicts() for log in logs.values()), ()):  # all logs see all of them
            self.verdicts.labels(given.about, given.detector, given.verdict).inc()
        for number, log in logs.items():
            for gauge, value in self._of_logs:
                gauge.labels(str(number)).set(value(log.floor))
            for tenant, how in log.floor.parked.items():
                self.parked.labels(str(number), tenant).set(how.slot_start / 1e6)

    def unseeing(self, rows: Iterable[dict[str, Any]]) -> None:
        """Detectors that cannot see."""
        self.blind.clear()
        for row in rows:
            since = datetime.fromisoformat(row["since"]).timestamp() if row["since"] else 0.0
            self.blind.labels(str(row["log"]), row["tenant"], row["detector"], row["why"]).set(since)

    def wait(self, waiting: Mapping[str, int]) -> None:
        """Sends that are not acknowledged, by part."""
        for part, number in waiting.items():
            self.waiting.labels(part).set(number)

    def drawn(self, counts: Counts) -> None:
        """What became of the points for dashboards."""
        for fate in ("written", "dropped", "wrong", "waiting"):
            self.points.labels(fate).set(getattr(counts, fate))
        self.undrawn_s.set(counts.failing_s)

    def totals(self) -> dict[str, tuple[int, int]]:
        """Records and rejected ones of each topic."""
        return {topic: (came, refused) for topic, (came, refused) in self._totals.items()}
