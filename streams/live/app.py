"""The Faust app: made by a function, with the few settings that batches and our own commits need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import faust
from faust.types.auth import CredentialsT

from streams.broker import client_options, security_context
from streams.live.batches import QUEUE_BATCHES, Batch, BatchScheduler, BatchSchema, Resume, install
from streams.load import Configuration

HEARTBEATS = 4  # in the time of a session: one may be lost without consequence
METADATA_MS = 10_000  # until added partitions are noticed: well within the lateness, so nothing there is late
OUTAGE_S = 1200.0  # a send that the brokers did not take for so long ends the process
REQUEST_BYTES = 1_000_000  # a broker's usual limit; parcels and shards are half of it
REBALANCE_S = 60.0  # how long the others wait for a worker to finish what it has in hand


def connection(configuration: Configuration) -> dict[str, Any]:
    """What clients of aiokafka are given."""
    options = client_options(configuration)
    del options["bootstrap_timeout_ms"]
    return options


def credentials(configuration: Configuration) -> CredentialsT | None:
    """What Faust is given."""
    kafka = configuration.settings.kafka
    context = security_context(kafka)
    if kafka.sasl is not None:
        return faust.SASLCredentials(
            username=kafka.username, password=configuration.kafka_password, ssl_context=context,
            mechanism=kafka.sasl.upper(),
        )  # fmt: skip
    return faust.SSLCredentials(context=context) if context is not None else None


class App(faust.App):
    """Faust's app without its directories: there are no tables, and nothing is kept on disk."""

    def _create_directories(self) -> None:
        pass


def build_app(configuration: Configuration, resume: Resume) -> faust.App:
    """An app that delivers batches and commits nothing by itself. resume: see `batches.install`."""
    kafka, session_s = configuration.settings.kafka, configuration.settings.live.session_s
    app = App(
        kafka.app,
        broker=[f"kafka://{server.strip()}" for server in kafka.bootstrap.split(",")],
        broker_credentials=credentials(configuration),
        broker_session_timeout=session_s,
        broker_heartbeat_interval=session_s / HEARTBEATS,
        broker_rebalance_timeout=REBALANCE_S,
        broker_request_timeout=max(90.0, 2 * session_s),
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=METADATA_MS,
        producer_acks=-1,
        producer_compression_type="lz4",
        producer_max_request_size=REQUEST_BYTES,
        producer_request_timeout=OUTAGE_S,
        ConsumerScheduler=BatchScheduler,
        stream_buffer_maxsize=QUEUE_BATCHES,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        autodiscover=False,
        store="memory://",
    )
    install(app, resume)
    return app


def add_agent(
    app: faust.App, name: str, topics: tuple[str, ...], take: Callable[[Batch], Awaitable[None]]
) -> None:
    """An agent that passes each batch of its topics to `take`, one at a time."""
    channel = app.topic(*topics, schema=BatchSchema(), acks=False)

    async def agent(stream: Any) -> None:
        async for batch in stream:
            await take(batch)

    app.agent(channel, name=name)(agent)
