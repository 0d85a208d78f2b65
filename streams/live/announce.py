"""Publishing what changes detection: the origins, and registries, each as a control with its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import structlog

from streams.broker import Topic
from streams.errors import ConfigError
from streams.live.app import connection
from streams.live.controls import publish, published_origins, published_registry, registry_change
from streams.live.names import Names
from streams.live.topics import origins
from streams.live.worker import Worker
from streams.load import Configuration
from streams.records.controls import Control
from streams.records.facts import MICROS

_log = structlog.get_logger()
AHEAD_US = 120 * MICROS  # how far ahead a change is put in force: every log hears of it before


async def announce(
    configuration: Configuration, topics: Mapping[str, Topic], controls: Sequence[Control]
) -> list[Control]:
    """Publish the origins, and the registry if it is not the one last published. Returns what was new.

    The first registry is in force from the beginning; that of a later start from two minutes on, as if it had
    been reloaded.
    """
    told: list[Control] = []
    now = origins(topics, configuration.settings.kafka)
    if published_origins(controls) != now:
        told.append(now)
    registry, known = configuration.registry, published_registry(controls)
    if registry is not None and (known is None or known.digest != registry.digest):
        effective = 0 if known is None else time.time_ns() // 1000 + AHEAD_US
        told.append(registry_change(registry, effective, "at the start"))
    topic = Names.of(configuration.settings.kafka).controls
    for control in told:
        _log.info("published", control=control.id)
        await publish(connection(configuration), topic, control)
    return told


def reload(worker: Worker, configured: Callable[[], Configuration], *, wall: bool) -> None:
    """Publish the registry as its file now has it. A mistake in it changes nothing, and is logged."""
    try:
        registry = configured().registry
    except ConfigError as error:
        _log.error("not reloaded", said=str(error))
        return
    if registry is None:
        _log.error("not reloaded", said="no registry is configured")
        return
    now = worker.clock.high()
    change = registry_change(
        registry, (max(now, time.time_ns() // 1000) if wall else now) + AHEAD_US, "reloaded"
    )
    _log.info("published", control=change.id, effective=change.effective)
    worker.publish(change)
