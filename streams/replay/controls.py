"""Controls from a file: one JSON object a line, as they stand in the topic of controls."""

from __future__ import annotations

from pathlib import Path

import msgspec

from streams.errors import ConfigError
from streams.records.controls import Change, Control, Mark, Origins
from streams.records.mutes import Mute

_decoder: msgspec.json.Decoder[Control | Mute] = msgspec.json.Decoder(Control | Mute)


def read_controls(path: Path) -> list[Change]:
    """The changes of what is detected, in order; ConfigError names file and line of what is none.

    Origins and marks are passed over: they speak of topics, and a replay of files has its own; so is what is
    said about alerts.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(str(path), error.strerror or str(error)) from error
    changes: list[Change] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            control = _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}:{number}", str(error)) from error
        if not isinstance(control, Origins | Mark | Mute):
            changes.append(control)
    return changes
