"""Growth: partitions that are added to topics of events while workers run.

Readers get them by themselves: the group hears of them and deals anew. But what holds event time back is a
control, and until it names them, slots close without waiting for what lies there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from streams.broker import Topic
from streams.live.topics import inputs, origins
from streams.records.controls import Origins
from streams.settings import Kafka


class Growth:
    """Compares partitions as they are counted with those that were published. topics: as they were then."""

    def __init__(self, topics: Mapping[str, Topic], kafka: Kafka) -> None:
        self._kafka = kafka
        self._known = {name: topics[name] for name in inputs(kafka)}

    def look(self, count: Callable[[str], int | None]) -> Origins | None:
        """The set of origins to publish; None where nothing has grown. count: of a topic, None: not known.

        >>> from streams.live.growth import Growth
        >>> kafka = Kafka()
        >>> growth = Growth({name: Topic(name, "id", 2) for name in inputs(kafka)}, kafka)
        >>> found = growth.look(lambda topic: 3 if topic == "cc.actions" else 2)
        >>> found.topics["cc.actions"], growth.look(lambda topic: 2)
        (('id', 3), None)
        """
        counted = {name: count(name) or 0 for name in self._known}
        grown = {name: number for name, number in counted.items() if number > self._known[name].partitions}
        if not grown:
            return None
        for name, number in grown.items():
            self._known[name] = replace(self._known[name], partitions=number)
        return origins(self._known, self._kafka)
