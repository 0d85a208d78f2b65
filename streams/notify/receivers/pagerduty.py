"""Receiver `pagerduty`: Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview).

The key of an alert is its `dedup_key`: triggers of one key are one incident, until it is resolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aiohttp
import msgspec

from streams.delivery import PagerDuty
from streams.notify.notices import Answer, Notice, Summary, Told
from streams.notify.receivers.base import meaning, post
from streams.notify.words import clean, details, place, title
from streams.records.links import linked

KEY_LENGTH = 255  # these three as the API has them
SUMMARY_LENGTH = 1024
EVENT_BYTES = 512 * 1024
SEVERITIES = {"page": "critical", "ticket": "warning", "info": "info"}

_encode = msgspec.json.Encoder(order="deterministic").encode


class PagerDutySender:
    """key: the routing key of the integration."""

    together = 1
    at_once = 4

    def __init__(self, settings: PagerDuty, key: str, session: aiohttp.ClientSession) -> None:
        self._settings, self._key, self._session = settings, key, session

    async def tell(self, notices: Sequence[Notice]) -> list[Answer]:
        """A trigger or a resolve each; an acknowledgement where somebody has it in hand."""
        return [await self._tell(notice) for notice in notices]

    async def sum_up(self, summary: Summary) -> Answer:
        """Never asked: an incident is one alert."""
        raise NotImplementedError

    async def _tell(self, notice: Notice) -> Answer:
        action = "resolve" if notice.step == "resolve" else "trigger"
        answer = await self._post(event(notice, self._key, action, self._settings.link))
        if isinstance(answer, Told) and notice.acked_by and action == "trigger":
            return await self._post(event(notice, self._key, "acknowledge", None))
        return answer

    async def _post(self, what: dict[str, Any]) -> Answer:
        body = _encode(what)
        if len(body) > EVENT_BYTES:
            what["payload"]["custom_details"] = {}
            body = _encode(what)
        return meaning(await post(self._session, self._settings.url, body, {}, self._settings.timeout_s))


def event(notice: Notice, key: str, action: str, link: str | None) -> dict[str, Any]:
    """One event. Of a resolve and an acknowledgement only the key is read."""
    alert = notice.alert
    found: dict[str, Any] = {
        "routing_key": key,
        "event_action": action,
        "dedup_key": notice.key[:KEY_LENGTH],
    }
    if action != "trigger":
        return found
    found["payload"] = {
        "summary": title(notice)[:SUMMARY_LENGTH],
        "source": clean(place(alert)) or "floorwalker",
        "severity": SEVERITIES[alert.severity],
        "timestamp": alert.opened_at,
        "component": clean(alert.signal),
        "group": alert.kind,
        "class": alert.kind,
        "custom_details": dict(details(notice)),
    }
    found["client"] = "Floorwalker"
    if link:
        found["links"] = [{"href": linked(link, alert), "text": "Floorwalker"}]
    return found
