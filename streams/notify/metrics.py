"""Every metric of `floorwalker notify`, by name. Labels name receivers, never people or texts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from streams.notify.desk import Desk

DELAY_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600)


class Metrics:
    """Counts for one process; `registry` is what `/metrics` shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        by = ("receiver",)
        self.changes = self._counter("changes", "Changes of alerts read", ())
        self.unread = self._counter(
            "unreadable", "Records of the topics of alerts and controls that are none", ()
        )
        self.answers = self._counter("answers", "What receivers answered", ("receiver", "answer"))
        self.delay = Histogram(
            "floorwalker_notify_delay_seconds", "From the record of an alert to the answer of a receiver", by,
            buckets=DELAY_S, registry=self.registry,
        )  # fmt: skip
        self.waiting = self._gauge("waiting", "Alerts that wait for a receiver", by)
        self.away = self._gauge("away", "1 while a receiver takes nothing", by)
        self.incidents = self._gauge("incidents", "Alerts in hand", ())
        self.given_up = self._gauge("given_up", "Alerts given up as more were in hand than are kept", ())
        self.rows = self._gauge("deliveries_remembered", "Deliveries remembered", ())
        self.silences = self._gauge("silences", "Silences that hold or will hold", ())
        self.leads = self._gauge("leads", "1 where this process delivers, 0 where it stands by", ())

    def stand(self, desk: Desk) -> None:
        """How things are, once a second."""
        for name, post in desk.posts.items():
            self.waiting.labels(name).set(len(post.line))
            self.away.labels(name).set(post.gone or post.line.circuit.away)
        self.incidents.set(len(desk.book))
        self.given_up.set(desk.book.dropped)
        self.rows.set(len(desk.delivered))
        self.silences.set(len(desk.mutes.silences()))

    def _counter(self, name: str, text: str, labels: tuple[str, ...]) -> Counter:
        return Counter(f"floorwalker_notify_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, labels: tuple[str, ...]) -> Gauge:
        return Gauge(f"floorwalker_notify_{name}", text, labels, registry=self.registry)
