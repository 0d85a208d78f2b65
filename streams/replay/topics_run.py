"""Replay of what lies on topics: of events, by the reader and one floor; of facts, log by log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import chain
from types import TracebackType

import msgspec

from streams.broker import Topic, admin, describe
from streams.build import build_floor, build_reader
from streams.errors import Stop
from streams.load import Configuration
from streams.records.controls import Change, Control, Mark, Origins
from streams.records.facts import MICROS
from streams.replay.asked import Asked
from streams.replay.kafka_source import opened
from streams.replay.log_run import LogReplay, within
from streams.replay.run import Outcome, Output, Progress, Replay
from streams.replay.sources import Window
from streams.settings import Kafka

_decoder: msgspec.json.Decoder[Control] = msgspec.json.Decoder(Control)


class TopicReplay:
    """A replay with its sources open; leave the context when done.

    size: how many records lie in the range.
    """

    def __init__(self, configuration: Configuration, asked: Asked) -> None:
        self._configuration, self._asked = configuration, asked
        self._open = ExitStack()
        self.size = 0

    def __enter__(self) -> TopicReplay:
        kafka, asked = self._configuration.settings.kafka, self._asked
        topics = self._topics([kafka.named("facts")] if asked.facts else kafka.inputs())
        self._controls = self._stamped_controls(kafka)
        early = round(self._configuration.settings.future_s * MICROS)
        by_append = asked.written or (asked.facts and not asked.recorded)  # then idle origins go by it, too
        self._window = Window(asked.start, asked.stop, by_append, early)
        self._partitions = self._open.enter_context(
            opened(
                self._configuration,
                topics,
                Window() if self._trims else self._window,
                timestamps=asked.facts or not asked.recorded,
            )
        )
        self.size = sum(partition.size for partition in self._partitions)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._open.__exit__(kind, error, trace)

    @property
    def _trims(self) -> bool:
        """Whether logs are read whole, and cut fact by fact: when they were written says nothing of when."""
        return self._asked.facts and self._asked.recorded and not self._asked.written

    def run(self, output: Output, progress: Callable[[Progress], None]) -> Outcome:
        """Everything in the range."""
        return (self._logs if self._asked.facts else self._events)(output, progress)

    def _events(self, output: Output, progress: Callable[[Progress], None]) -> Outcome:
        asked, configuration = self._asked, self._configuration
        return Replay(
            build_reader(configuration),
            build_floor(configuration),
            self._partitions,
            output,
            controls=self._changes() if asked.controls is None else asked.controls,
            instants=asked.instants,
            progress=progress,
        ).run()

    def _logs(self, output: Output, progress: Callable[[Progress], None]) -> Outcome:
        asked = self._asked
        changes = self._changes() if asked.controls is None else asked.controls
        return LogReplay(
            partial(build_floor, self._configuration, idle_rule=not asked.recorded),
            self._partitions,
            output,
            controls=[*self._origins(), *changes],
            replaced=asked.controls is not None,
            trim=partial(within, window=self._window) if self._trims else lambda record: record,
            instants=asked.instants,
            progress=progress,
        ).run()

    def _changes(self) -> list[Change]:
        """What was published to change what is detected."""
        return [control for _, control in self._controls if not isinstance(control, Origins | Mark)]

    def _origins(self) -> list[Origins]:
        """The set of origins in force where the logs begin here; the logs hold those that came later."""
        sets = [(stamp, control) for stamp, control in self._controls if isinstance(control, Origins)]
        if self._asked.start is not None and not self._trims:
            before = [entry for entry in sets if entry[0] <= self._asked.start]
            return [(before or sets)[-1 if before else 0][1]] if sets else []
        return [sets[0][1]] if sets else []

    def _topics(self, names: Sequence[str]) -> list[Topic]:
        with admin(self._configuration) as client:
            found = describe(client, names)
        if not found:
            servers = self._configuration.settings.kafka.bootstrap
            raise Stop(f"kafka {servers}: there is no topic {names[0]}; is kafka.prefix right?")
        return [found[name] for name in names if name in found]

    def _stamped_controls(self, kafka: Kafka) -> list[tuple[int, Control]]:
        """Controls with the time at which each was published. What is none was reported by the workers."""
        with admin(self._configuration) as client:
            topics = describe(client, [kafka.named("controls")])
        found: list[tuple[int, Control]] = []
        with opened(self._configuration, list(topics.values()), Window()) as partitions:
            for record in chain.from_iterable(partitions):
                try:
                    control = _decoder.decode(record.value)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue
                if not isinstance(control, Mark):
                    found.append((record.timestamp or 0, control))
        return found
