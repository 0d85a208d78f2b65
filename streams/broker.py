"""Reaching the brokers: addresses, TLS, SASL, and their errors in words that say what to do.

For the command line, for making topics and for replay (kafka-python); the worker's own client takes the same
`security_context` and password.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from kafka import KafkaAdminClient
from kafka import errors as kafka_errors
from msgspec import Struct

from streams.errors import ConfigError, Stop
from streams.load import Configuration
from streams.settings import Kafka

CONNECT_MS = 10_000  # a broker that is there answers within a second, also on a busy machine
COORDINATOR_S = 30.0  # a busy machine needs a few seconds; what takes longer is a fault that is told
COORDINATOR_ERRORS = (
    kafka_errors.CoordinatorNotAvailableError,
    kafka_errors.CoordinatorLoadInProgressError,
    kafka_errors.NotCoordinatorError,
)
UNKNOWN_TOPIC = 3
T = TypeVar("T")
CLIENT = "floorwalker"


class Topic(Struct, frozen=True):
    """A topic as the brokers know it. id: of this incarnation; one that is made anew has another."""

    name: str
    id: str
    partitions: int


def security_context(kafka: Kafka) -> ssl.SSLContext | None:
    """Whom to trust and who we are; None without TLS. ConfigError names the file that does not serve."""
    if kafka.security == "plaintext":
        return None
    try:
        context = ssl.create_default_context(cafile=kafka.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"kafka.ca_file: {kafka.ca_file}", _why(error)) from None
    if kafka.cert_file is not None:
        try:
            # A key that asks for a passphrase would otherwise ask at the terminal.
            context.load_cert_chain(kafka.cert_file, kafka.key_file, password="")
        except (OSError, ssl.SSLError, ValueError) as error:
            where = f"kafka.cert_file: {kafka.cert_file}, key_file: {kafka.key_file}"
            raise ConfigError(where, _why(error)) from None
    return context


def client_options(configuration: Configuration) -> dict[str, Any]:
    """What every client of kafka-python is given."""
    kafka = configuration.settings.kafka
    # Without a handler its warnings about every attempt to connect would go to standard error.
    logging.getLogger("kafka").addHandler(logging.NullHandler())
    encryption = "SSL" if kafka.security == "tls" else "PLAINTEXT"
    found: dict[str, Any] = {
        "bootstrap_servers": [server.strip() for server in kafka.bootstrap.split(",")],
        "bootstrap_timeout_ms": CONNECT_MS,
        "client_id": CLIENT,
        "ssl_context": security_context(kafka),
        "security_protocol": f"SASL_{encryption}" if kafka.sasl else encryption,
    }
    if kafka.sasl:
        found |= {
            "sasl_mechanism": kafka.sasl.upper(),
            "sasl_plain_username": kafka.username,
            "sasl_plain_password": configuration.kafka_password,
        }
    return found


@contextmanager
def reaching(configuration: Configuration) -> Iterator[None]:
    """Turns the client's errors into one line that names the brokers and what to look at."""
    kafka = configuration.settings.kafka
    servers = kafka.bootstrap
    try:
        yield
    except (kafka_errors.SaslAuthenticationFailedError, kafka_errors.AuthorizationError) as error:
        asked = "check kafka.sasl, username and password, and what this user may do"
        raise Stop(f"kafka {servers}: refused: {_why(error)}; {asked}") from error
    except kafka_errors.KafkaTimeoutError as error:
        # Over TLS the client does not get to see that a password was refused, only that the line was cut.
        also = ", kafka.sasl, username and password" if kafka.sasl else ""
        raise Stop(
            f"kafka {servers}: no answer in time ({_why(error)}); is the broker running, and are "
            f"kafka.bootstrap, kafka.security{also} right?"
        ) from error
    except kafka_errors.KafkaError as error:
        raise Stop(f"kafka {servers}: {_why(error)}") from error


@contextmanager
def admin(configuration: Configuration) -> Iterator[KafkaAdminClient]:
    """A client for topics."""
    with reaching(configuration):
        client = KafkaAdminClient(**client_options(configuration))
        try:
            yield client
        finally:
            client.close()


def of_group(ask: Callable[[], T]) -> T:
    """Ask the coordinator of a consumer group, with patience: a broker that has just started makes its topic
    of offsets first, and after a change of leader it has to be found again."""
    deadline = time.monotonic() + COORDINATOR_S
    while True:
        try:
            return ask()
        except COORDINATOR_ERRORS:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def describe(client: KafkaAdminClient, names: Iterable[str]) -> dict[str, Topic]:
    """Those of the named topics that exist."""
    found: dict[str, Topic] = {}
    for topic in client.describe_topics(list(names)):
        if topic["error_code"] == UNKNOWN_TOPIC:
            continue
        if topic["error_code"]:
            raise kafka_errors.for_code(topic["error_code"])(topic["name"])
        found[topic["name"]] = Topic(topic["name"], str(topic["topic_id"]), len(topic["partitions"]))
    return found


def _why(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).removeprefix(f"{type(error).__name__}: ") or type(error).__name__
