"""Spans and times as people write them on the command line: `--for 2h`, `--until 2026-04-06T10:00:00Z`."""

from __future__ import annotations

import re

import msgspec

from streams.errors import ConfigError
from streams.reading.decode import micros
from streams.records.events import Time
from streams.records.facts import MICROS

UNITS = {"m": 60, "h": 3600, "d": 86_400}
LONGEST_S = 366 * 86_400  # what should be quiet for longer is a setting, not a silence
_SPAN = re.compile(r"(\d+(?:\.\d+)?)([mhd])")


def end(span: str | None, until: str | None, begun: int, now: int) -> int:
    """When it ends, microseconds; ConfigError where that is not said, said twice, over or far away.

    >>> end("2h", None, 0, 0)
    7200000000
    """
    if (span is None) == (until is None):
        raise ConfigError("--for, --until", "one of them says how long")
    if span is not None:
        match = _SPAN.fullmatch(span)
        if match is None:
            raise ConfigError("--for", f"{span!r} is not a span such as 30m, 2h or 1.5d")
        found = begun + round(float(match[1]) * UNITS[match[2]] * MICROS)
    else:
        found = moment("--until", str(until))
    if found <= max(now, begun):
        raise ConfigError("--for, --until", "it would be over already")
    if found > now + LONGEST_S * MICROS:
        raise ConfigError("--for, --until", "longer than a year: leave such alerts out of the routes")
    return found


def moment(option: str, text: str) -> int:
    """A time, microseconds; ConfigError names the option where it is none."""
    try:
        return micros(msgspec.convert(text, Time))
    except msgspec.ValidationError:
        raise ConfigError(option, f"{text!r} is not RFC 3339 with an offset") from None
