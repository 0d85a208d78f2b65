"""What came to a topic since it was last asked: what is kept fresh need not read all of it again."""

from __future__ import annotations

from contextlib import closing

from msgspec import Struct

from streams.errors import Stop
from streams.load import Configuration

POLL_MS = 500
POLL_RECORDS = 2000


class More(Struct, frozen=True):
    """records: in order within a partition. anew: these are all there are; what came before is void."""

    records: list[bytes]
    anew: bool


class Since:
    """One topic, by its name in `kafka.topics`. Reads in no consumer group."""

    def __init__(self, configuration: Configuration, field: str) -> None:
        self._configuration = configuration
        self._name = configuration.settings.kafka.named(field)
        self._topic_id = ""
        self._next: dict[int, int] = {}

    def more(self) -> More:
        """Up to the end that the topic has now; Stop where brokers or topic are not there. A call that fails
        changes nothing."""
        # Other commands start sooner without the client.
        from kafka import KafkaConsumer, TopicPartition

        from streams.broker import admin, client_options, describe, reaching

        with admin(self._configuration) as client:
            topic = describe(client, [self._name]).get(self._name)
        if topic is None:
            raise Stop(f"topic {self._name} does not exist: the first worker or producer makes it")
        anew = topic.id != self._topic_id
        known = {} if anew else self._next
        tps = [TopicPartition(self._name, number) for number in range(topic.partitions)]
        options = client_options(self._configuration) | {"isolation_level": "read_committed"}
        with reaching(self._configuration), closing(KafkaConsumer(**options, group_id=None)) as consumer:
            consumer.assign(tps)
            begins, ends = consumer.beginning_offsets(tps), consumer.end_offsets(tps)
            for tp in tps:
                consumer.seek(tp, max(begins[tp], known.get(tp.partition, 0)))
            records: list[bytes] = []
            while any(consumer.position(tp) < ends[tp] for tp in tps):  # by position: compaction leaves gaps
                for found in consumer.poll(POLL_MS, max_records=POLL_RECORDS).values():
                    records += [record.value for record in found if record.value is not None]
            following = {tp.partition: consumer.position(tp) for tp in tps}
        self._topic_id, self._next = topic.id, following
        return More(records, anew)
