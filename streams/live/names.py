"""Names of the topics that a worker reads and writes, prefix included."""

from __future__ import annotations

from msgspec import Struct

from streams.live.topics import inputs
from streams.settings import Kafka


class Names(Struct, frozen=True):
    """One name for each use; `inputs` are those that carry events."""

    inputs: tuple[str, ...]
    facts: str
    snapshots: str
    clock: str
    alerts: str
    controls: str
    deadletters: str

    @classmethod
    def of(cls, kafka: Kafka) -> Names:
        """As configured."""
        before, topics = kafka.prefix, kafka.topics
        return cls(
            inputs(kafka),
            before + topics.facts,
            before + topics.snapshots,
            before + topics.clock,
            before + topics.alerts,
            before + topics.controls,
            before + topics.deadletter,
        )
