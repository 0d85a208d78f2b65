"""What every receiver is, and one request over HTTP with what its answer means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

import aiohttp
from msgspec import Struct

from streams.notify.notices import Answer, Gone, Later, Notice, Refused, Summary, Told

JSON = "application/json"
ANSWER_BYTES = 4096  # of an answer that are read: enough for its reason
OWN_FAULTS = (400, 413, 422)
"""What is wrong with this one message. Every other refusal is about the address or the secret: it is tried
again until somebody has mended that."""


class Sender(Protocol):
    """One receiver. together: notices that one request takes. at_once: requests that may be under way."""

    together: int
    at_once: int

    async def tell(self, notices: Sequence[Notice]) -> list[Answer]:
        """Tell each; one answer each. Never raises for what a network or a receiver does."""

    async def sum_up(self, summary: Summary) -> Answer:
        """Tell many alerts in one message."""


class Reply(Struct, frozen=True):
    """What a server answered. status 0: nothing; then `body` says why."""

    status: int
    body: bytes
    after_s: float | None = None

    @property
    def why(self) -> str:
        """For logs: the status, never the body, which may repeat what was sent."""
        return f"status {self.status}" if self.status else self.body.decode()


def meaning(reply: Reply) -> Answer:
    """What an answer asks for."""
    if 200 <= reply.status < 300:
        return Told()
    if reply.status == 410:
        return Gone(reply.why)
    return Refused(reply.why) if reply.status in OWN_FAULTS else Later(reply.why, reply.after_s)


async def post(
    session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float
) -> Reply:
    """One POST; redirects are not followed, since they would carry the secret elsewhere."""
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with session.post(
            url, data=body, headers={"Content-Type": JSON, **headers}, timeout=timeout, allow_redirects=False
        ) as answer:
            said = await answer.content.read(ANSWER_BYTES)
            return Reply(answer.status, said, retry_after(answer.headers.get("Retry-After")))
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as fault:
        return Reply(0, type(fault).__name__.encode())


def retry_after(text: str | None) -> float | None:
    """Seconds that a header asks to wait; None where it says nothing that can be understood.

    >>> retry_after("7"), retry_after("soon")
    (7.0, None)
    """
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None
