"""Where alerts and verdicts are found and verdicts go: topics, or files of a replay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

from streams.errors import ConfigError, Stop
from streams.load import Configuration
from streams.records.alerts import Alert
from streams.records.controls import Control, VerdictGiven
from streams.since import Since

_encode = msgspec.json.Encoder(order="deterministic").encode
_controls: msgspec.json.Decoder[Control] = msgspec.json.Decoder(Control)


class Book(Protocol):
    """Alerts said so far, verdicts on them, and a place for more."""

    def alerts(self) -> dict[str, dict[str, Any]]:
        """The last confirmed record of each alert, by id; where there is none, the last of all."""
        ...

    def verdicts(self) -> list[VerdictGiven]:
        """In the order given."""
        ...

    def give(self, verdict: VerdictGiven) -> None:
        """Put one in force."""
        ...


class Files:
    """Alerts as `replay` wrote them, controls as it reads them."""

    def __init__(self, alerts: Path, controls: Path) -> None:
        self._alerts, self._controls = alerts, controls

    def alerts(self) -> dict[str, dict[str, Any]]:
        """See `Book`."""
        return last(_lines(self._alerts))

    def verdicts(self) -> list[VerdictGiven]:
        """See `Book`."""
        lines = _lines(self._controls) if self._controls.exists() else ()
        return list(_verdicts(lines, {}).values())

    def give(self, verdict: VerdictGiven) -> None:
        """A line more."""
        try:
            with self._controls.open("ab") as file:
                file.write(_encode(verdict) + b"\n")
        except OSError as error:
            raise ConfigError(str(self._controls), error.strerror or str(error)) from error


class OnTopics:
    """The live topics."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._new_alerts = Since(configuration, "alerts")
        self._new_controls = Since(configuration, "controls")
        self._alerts: dict[str, dict[str, Any]] = {}
        self._verdicts: dict[str, VerdictGiven] = {}

    def alerts(self) -> dict[str, dict[str, Any]]:
        """See `Book`. Reads what came since it was last asked."""
        more = self._new_alerts.more()
        self._alerts = last(more.records, {} if more.anew else self._alerts)
        return self._alerts

    def verdicts(self) -> list[VerdictGiven]:
        """See `Book`. Reads what came since it was last asked."""
        more = self._new_controls.more()
        self._verdicts = _verdicts(more.records, {} if more.anew else self._verdicts)
        return list(self._verdicts.values())

    def give(self, verdict: VerdictGiven) -> None:
        """Publish, and wait until the brokers have it."""
        from streams.writer import writing

        topic = self._configuration.settings.kafka.named("controls")
        with writing(self._configuration) as writer:
            if not writer.send(topic, verdict.id.encode(), _encode(verdict), partition=0):
                raise Stop("the verdict is larger than brokers take")


def last(
    records: Iterable[bytes], known: Mapping[str, dict[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """The last record of each alert; what is none is passed over. known: of the records before these."""
    found: dict[str, dict[str, Any]] = dict(known or {})
    for record in records:
        try:
            alert = msgspec.json.decode(record)
            msgspec.convert(alert, Alert)  # a folder of replays may hold events too
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        name, confirmed = alert["id"], alert.get("confirmed", True)
        if confirmed or not found.get(name, {}).get("confirmed", False):
            found[name] = alert
    return found


def _verdicts(records: Iterable[bytes], known: Mapping[str, VerdictGiven]) -> dict[str, VerdictGiven]:
    found = dict(known)
    for record in records:
        try:
            control = _controls.decode(record)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if isinstance(control, VerdictGiven):
            found.setdefault(control.id, control)
    return found


def _lines(path: Path) -> list[bytes]:
    try:
        return [line for line in path.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise ConfigError(str(path), error.strerror or str(error)) from error
