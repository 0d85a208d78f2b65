"""Receiver `webhook`: JSON, signed as Standard Webhooks 1.0 has it (https://www.standardwebhooks.com).

What is signed is `id.timestamp.body`, so that nobody else can change it or send it again later. The id is the
same for every repeat of a message: who has seen it drops it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import aiohttp
import msgspec

from streams.delivery import Webhook
from streams.errors import ConfigError
from streams.notify.notices import Answer, Notice, Summary
from streams.notify.receivers.base import meaning, post

PREFIX = "whsec_"
LEAST_KEY_BYTES = 24  # as the specification has it
BODY_BYTES = 20_000  # what the specification advises at the most
TYPES = {"open": "alert.opened", "update": "alert.updated", "resolve": "alert.resolved"}

_encode = msgspec.json.Encoder(order="deterministic").encode


class WebhookSender:
    """key: of the signature. clock: seconds since 1970."""

    together = 1
    at_once = 8

    def __init__(
        self,
        settings: Webhook,
        key: bytes,
        session: aiohttp.ClientSession,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings, self._key, self._session, self._clock = settings, key, session, clock

    async def tell(self, notices: Sequence[Notice]) -> list[Answer]:
        """A request each."""
        return [await self._post(notice.message, event(notice)) for notice in notices]

    async def sum_up(self, summary: Summary) -> Answer:
        """One event with all."""
        data = {"opened": summary.opened, "ended": summary.ended}
        at = max(alert.at for alert in (*summary.opened, *summary.ended))
        return await self._post(summary.message, {"type": "alert.digest", "timestamp": at, "data": data})

    async def _post(self, message: str, what: Any) -> Answer:
        body, stamp = _encode(what), str(int(self._clock()))
        headers = {
            "webhook-id": message,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(self._key, message, stamp, body),
        }
        return meaning(await post(self._session, self._settings.url, body, headers, self._settings.timeout_s))


def event(notice: Notice) -> dict[str, Any]:
    """The event of one notice; what is too long loses its evidence first, then the others of its group."""
    data: dict[str, Any] = {
        "key": notice.key, "alert": msgspec.to_builtins(notice.alert), "acked_by": notice.acked_by,
        "others": msgspec.to_builtins(notice.others),
    }  # fmt: skip
    found = {"type": TYPES[notice.step], "timestamp": notice.alert.at, "data": data}
    if len(_encode(found)) > BODY_BYTES:
        for alert in (data["alert"], *data["others"]):
            alert["evidence"] = {}
        data["cut"] = True
    if len(_encode(found)) > BODY_BYTES:
        data["others"] = [
            {"id": other.id, "scope": {"tenant": other.scope.get("tenant", "")}} for other in notice.others
        ]
    return found


def signature(key: bytes, message: str, stamp: str, body: bytes) -> str:
    """The header `webhook-signature`.

    >>> signature(b"k" * 24, "m", "0", b"{}")
    'v1,x0K0S50TpP1OKvGy7OsVgX0ZINzn/U8t6lETILjrsyY='
    """
    signed = hmac.digest(key, f"{message}.{stamp}.".encode() + body, sha256)
    return "v1," + base64.b64encode(signed).decode()


def key_of(secret: str, where: str) -> bytes:
    """The key in a secret `whsec_...`; ConfigError names the receiver, and never shows the secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or len(key) < LEAST_KEY_BYTES:
        raise ConfigError(where, f"its secret is not {PREFIX} and base64 of {LEAST_KEY_BYTES} bytes or more")
    return key
