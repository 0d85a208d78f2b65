"""Maintenance windows of the configuration, as the silences that they are."""

from __future__ import annotations

from streams.errors import ConfigError
from streams.load import Configuration
from streams.records.facts import MICROS
from streams.records.mutes import Silence
from streams.records.windows import zoned


def configured(configuration: Configuration) -> list[Silence]:
    """All of them; ConfigError names the one whose zone cannot be told."""
    found: list[Silence] = []
    for name, window in configuration.settings.notify.windows.items():
        try:
            weekly = zoned(window.weekly, window.match, configuration.registry) if window.weekly else ""
        except ValueError as error:
            raise ConfigError(f"notify.windows.{name}.weekly", str(error)) from None
        begins = window.begins
        found.append(
            Silence(
                id=f"window-{name}", matchers=window.match, weekly=weekly,
                since=0 if begins is None else round(begins.timestamp() * MICROS),
                until=round(window.until.timestamp() * MICROS),
                author=window.owner, reason=window.reason, planned=True,
            )
        )  # fmt: skip
    return found
