"""Receiver `alertmanager`: Prometheus Alertmanager, API v2 (https://prometheus.io/docs/alerting/latest/alerts_api/).

It keeps nothing over a restart and ends what is not said again: open alerts are posted every `repost_s` with
an end four times as far ahead, ended ones for five minutes more. An alert there is its labels: they hold what
does not change, and the severity. Grouping is its own: group by `kind`, and the same trouble in many tenants
is one message.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import msgspec

from streams.delivery import Alertmanager
from streams.notify.notices import Answer, Notice, Refused, Summary, Told
from streams.notify.receivers.base import meaning, post
from streams.notify.words import clean, details, title
from streams.records.alerts import RANK, rfc3339
from streams.records.facts import MICROS
from streams.records.links import linked
from streams.records.matchers import values

AHEAD = 4  # times repost_s: three posts may be lost before an alert seems to be over
ENDED_S = 300.0  # an end is said for so long: it may have been lost at a restart
ENDED_MOST = 10_000  # ends that are said again, 3 KB each
BATCH = 64  # alerts in one post: 200 KB at the most
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

_encode = msgspec.json.Encoder(order="deterministic").encode


class AlertmanagerSender:
    """token: sent as a bearer token, where there is one. clock: seconds since 1970."""

    together = BATCH
    at_once = 1  # what is said later must not be overtaken

    def __init__(
        self,
        settings: Alertmanager,
        token: str,
        session: aiohttp.ClientSession,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings, self._session, self._clock = settings, session, clock
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._url = settings.url.rstrip("/") + "/api/v2/alerts"
        self._ended: OrderedDict[str, tuple[float, Notice]] = OrderedDict()

    async def tell(self, notices: Sequence[Notice]) -> list[Answer]:
        """One post for all. Where it is refused, one each: only the bad one of them is refused for good."""
        answer = await self._post(notices)
        if isinstance(answer, Refused) and len(notices) > 1:
            answers = [await self._post([notice]) for notice in notices]
        else:
            answers = [answer] * len(notices)
        for notice, told in zip(notices, answers, strict=True):
            self._ended.pop(notice.key, None)
            if notice.step == "resolve" and isinstance(told, Told):
                self._ended[notice.key] = (self._clock() + ENDED_S, notice)
        while len(self._ended) > ENDED_MOST:
            self._ended.popitem(last=False)
        return answers

    async def sum_up(self, summary: Summary) -> Answer:
        """Never asked: Alertmanager makes its own digests."""
        raise NotImplementedError

    async def repeat(self, standing: Sequence[Notice]) -> Answer:
        """Say again what is open, and what ended lately. Returns the first answer that is not well."""
        now = self._clock()
        self._ended = OrderedDict((key, found) for key, found in self._ended.items() if found[0] > now)
        notices = [*standing, *(notice for _, notice in self._ended.values())]
        for start in range(0, len(notices), BATCH):
            answer = await self._post(notices[start : start + BATCH])
            if not isinstance(answer, Told | Refused):
                return answer
        return Told()

    async def _post(self, notices: Sequence[Notice]) -> Answer:
        now = self._clock()
        body = _encode([one for notice in notices for one in posted(notice, self._settings, now)])
        return meaning(await post(self._session, self._url, body, self._headers, self._settings.timeout_s))


def posted(notice: Notice, settings: Alertmanager, now: float) -> list[dict[str, Any]]:
    """An alert as it takes it; and where it has become more severe, the end of what it was before."""
    alert = notice.alert
    over = notice.step == "resolve"
    ahead = rfc3339(round((now + AHEAD * settings.repost_s) * MICROS))
    said = {name.replace(" ", "_"): text for name, text in details(notice)}
    found: dict[str, Any] = {
        "labels": labels(notice, settings, alert.severity),
        "annotations": {"summary": title(notice), **said},
        "startsAt": alert.opened_at,
        "endsAt": alert.at if over else ahead,
    }
    if settings.link:
        found["generatorURL"] = linked(settings.link, alert)
    before: list[dict[str, Any]] = []
    if notice.step == "update" and notice.loud:
        lower = [name for name, rank in RANK.items() if rank < RANK[alert.severity]]
        end = {"endsAt": rfc3339(round(now * MICROS))}
        before = [found | {"labels": labels(notice, settings, name)} | end for name in lower]
    return [*before, found]


def labels(notice: Notice, settings: Alertmanager, severity: str) -> dict[str, str]:
    """Their names are checked here: older versions refuse others than these, newer ones take any."""
    alert = notice.alert
    found = {
        **settings.labels,
        "alertname": "Floorwalker",
        "id": notice.key,
        "kind": alert.kind,
        "severity": severity,
        "signal": clean(alert.signal),
        "tenant": clean(" and ".join(values(alert, "tenant"))),
    }
    return {name: value for name, value in found.items() if value and NAME.fullmatch(name)}
