"""Receiver `apprise`: anything that the library of that name speaks to. An optional extra.

Its own queue knows no retries (it fails at the first 503); ours does, so one failure is just a later attempt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from streams.errors import ConfigError
from streams.notify.notices import Answer, Later, Notice, Summary, Told
from streams.notify.words import digest_lines, digest_title, lines, title

TURNS = 4  # requests that one message may take; a service that then still hangs is left to its thread
TYPES = {"open": "failure", "update": "warning", "resolve": "success"}


class AppriseSender:
    """secret: the address, such as mailtos://user:password@host. name: of the receiver, for errors.
    timeout_s: for one connection, and for one answer."""

    together = 1
    at_once = 1

    def __init__(self, secret: str, name: str, timeout_s: float) -> None:
        try:
            import apprise
        except ImportError:
            raise ConfigError(
                f"notify.receivers.{name}", "apprise is not installed: pip install floorwalker[apprise]"
            ) from None
        self._client: Any = apprise.Apprise()
        if not self._client.add(secret):
            raise ConfigError(f"notify.receivers.{name}", "its secret is no address that apprise knows")
        for service in self._client:
            service.socket_connect_timeout = service.socket_read_timeout = timeout_s
        self._longest_s = TURNS * timeout_s

    async def tell(self, notices: Sequence[Notice]) -> list[Answer]:
        """A message each."""
        return [await self._send(title(one), lines(one), TYPES[one.step]) for one in notices]

    async def sum_up(self, summary: Summary) -> Answer:
        """One message with a line for each alert."""
        return await self._send(digest_title(summary), "\n".join(digest_lines(summary)), "info")

    async def _send(self, subject: str, body: str, kind: str) -> Answer:
        try:
            async with asyncio.timeout(self._longest_s):
                done = await asyncio.to_thread(
                    self._client.notify, title=subject, body=body, notify_type=kind, body_format="text"
                )
        except Exception as fault:  # a plug-in's own; whatever it is, the message is not delivered
            return Later(type(fault).__name__)
        return Told() if done else Later("apprise could not deliver it")
