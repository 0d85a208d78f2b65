"""Controls: read by every worker before its first event, published where something changed, and forwarded.

`cc.controls` holds one JSON object a record. Whoever is assigned its partition forwards each into every log;
floors obey a control once, so forwarding again after a crash does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaProducer

from streams.live.batches import Batch
from streams.live.compacted import read_to_end
from streams.live.names import Names
from streams.live.outbox import Outbox
from streams.records.controls import Control, Mark, Origins, RegistryChange
from streams.records.mutes import Mute
from streams.records.parcels import encode_record
from streams.records.registry import Registry

_log = structlog.get_logger()
_decoder: msgspec.json.Decoder[Control | Mute] = msgspec.json.Decoder(Control | Mute)
encode_control = msgspec.json.Encoder(order="deterministic").encode


def decode_control(data: bytes | None) -> Control | Mute | None:
    """What a record of the topic says; None where it is nothing that is known, which changes nothing."""
    try:
        return _decoder.decode(data or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


async def read_controls(connection: Mapping[str, Any], topic: str) -> list[Control]:
    """All controls of detection, in order, each id once."""
    found: dict[str, Control] = {}
    async for record in read_to_end(connection, topic, [0]):
        control = decode_control(record.value)
        if control is not None and not isinstance(control, Mute):
            found.setdefault(control.id, control)
    return list(found.values())


async def publish(connection: Mapping[str, Any], topic: str, control: Control) -> None:
    """Append a control and wait until the brokers have it."""
    producer = AIOKafkaProducer(**connection, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topic, encode_control(control), key=control.id.encode())
    finally:
        await producer.stop()


def standing(controls: Iterable[Control]) -> list[Control]:
    """What a floor that starts cold must know before its log says so: origins and registries, no marks."""
    return [control for control in controls if not isinstance(control, Mark)]


def published_origins(controls: Iterable[Control]) -> Origins | None:
    """The last set of origins."""
    return next((c for c in reversed(list(controls)) if isinstance(c, Origins)), None)


def published_registry(controls: Iterable[Control]) -> Registry | None:
    """The registry that is in force at last."""
    changes = [c for c in controls if isinstance(c, RegistryChange)]
    return max(changes, key=lambda c: (c.effective, c.id)).registry if changes else None


def registry_change(registry: Registry, effective: int, reason: str) -> RegistryChange:
    """The control that puts a registry in force, without its secrets. effective: event time, microseconds."""
    name = f"registry-{registry.digest}-{effective}"
    return RegistryChange(id=name, effective=effective, registry=registry.public(), reason=reason)


class ControlsAgent:
    """Forwards controls into all logs, where this worker is the one that does it."""

    def __init__(self, outbox: Outbox, names: Names, logs: int) -> None:
        self._outbox, self._names, self._logs = outbox, names, logs
        self.position = -1
        """Offset of the next control to forward; -1: another worker forwards."""

    async def take(self, batch: Batch) -> None:
        """Forward all controls of a batch."""
        for record in batch:
            if self.position < 0 or record.offset < self.position:
                continue
            control = decode_control(record.value)
            if control is None:
                _log.error("not a control", topic=batch.topic, offset=record.offset)
            elif not isinstance(control, Mute):  # what is said about alerts is for delivery alone
                value = encode_record(control)
                for log in range(self._logs):
                    await self._outbox.send(self._names.facts, value, partition=log)
            self.position = record.offset + 1
