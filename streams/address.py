"""Addresses of brokers on the command line."""

from __future__ import annotations

from msgspec.structs import replace

from streams.errors import ConfigError
from streams.load import Configuration

SCHEME = "kafka://"


def at(address: str, configuration: Configuration) -> Configuration:
    """The configuration with the brokers of an address of the command line, `kafka://HOST:PORT[,HOST:PORT]`."""
    servers = address.removeprefix(SCHEME).rstrip("/")
    if not address.startswith(SCHEME) or not servers:
        raise ConfigError(address, "an address is kafka://HOST:PORT")
    try:
        kafka = replace(configuration.settings.kafka, bootstrap=servers)
    except ValueError as error:
        raise ConfigError(address, str(error)) from None
    return replace(configuration, settings=replace(configuration.settings, kafka=kafka))
