"""Receivers as local servers that behave as the real ones do, as far as delivery can see."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from aiohttp import web

KEY = b"k" * 24
SECRET = "whsec_" + base64.b64encode(KEY).decode()
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@dataclass
class Fake:
    """One server. plan: statuses to answer with first. rings: how often somebody was woken, by alert.

    heard: bodies that were taken, in order.
    """

    url: str = ""
    plan: list[int] = field(default_factory=list)
    after_s: str = ""
    rings: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)
    asked: int = 0
    open: dict[str, Any] = field(default_factory=dict)
    slow_s: float = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        self.asked += 1
        await asyncio.sleep(self.slow_s)
        status = self.plan.pop(0) if self.plan else 200
        if status != 200:
            return web.Response(status=status, headers={"Retry-After": self.after_s} if self.after_s else {})
        body = await request.read()
        return self.take(request, body)

    def take(self, request: web.Request, body: bytes) -> web.Response:
        raise NotImplementedError

    def ring(self, key: str) -> None:
        self.rings.append(key)


class FakePagerDuty(Fake):
    """A trigger opens an incident or joins the open one; after a resolve the next trigger opens a new one."""

    def take(self, _: web.Request, body: bytes) -> web.Response:
        event = json.loads(body)
        key = event["dedup_key"]
        bad = (
            event["routing_key"] != SECRET
            or len(key) > 255
            or len(body) > 512 * 1024
            or (event["event_action"] == "trigger" and not 0 < len(event["payload"]["summary"]) <= 1024)
        )
        if bad:
            return web.json_response({"status": "invalid event"}, status=400)
        self.heard.append(event)
        if event["event_action"] == "trigger" and key not in self.open:
            self.open[key] = event
            self.ring(key)
        elif event["event_action"] == "resolve" and self.open.pop(key, None):
            self.ended.append(key)
        return web.json_response({"status": "success", "dedup_key": key}, status=202)


class FakeSlack(Fake):
    """Messages outside threads ring."""

    def take(self, request: web.Request, body: bytes) -> web.Response:
        said = json.loads(body)
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if len(json.dumps(said)) > 40_000 or not said["text"]:
            return web.json_response({"ok": False, "error": "msg_too_long"})
        self.heard.append(said)
        thread = said.get("thread_ts")
        ts = f"17{len(self.heard)}.0001"
        if thread is None:
            self.ring(ts)
        elif "resolved" in said["text"]:
            self.ended.append(thread)
        return web.json_response({"ok": True, "ts": ts})


class FakeHook(Fake):
    """An incoming webhook of Slack."""

    def take(self, _: web.Request, body: bytes) -> web.Response:
        self.heard.append(json.loads(body))
        return web.Response(text="ok")


class FakeWebhook(Fake):
    """Checks the signature, and drops what it has seen."""

    def take(self, request: web.Request, body: bytes) -> web.Response:
        name, stamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        signed = hmac.digest(KEY, f"{name}.{stamp}.".encode() + body, sha256)
        fresh = abs(datetime.now(UTC).timestamp() - int(stamp)) < 300
        if not fresh or request.headers["webhook-signature"] != "v1," + base64.b64encode(signed).decode():
            return web.Response(status=401)
        event = json.loads(body)
        if name in self.open:
            return web.Response()
        self.open[name] = event
        self.heard.append(event)
        match event["type"]:
            case "alert.opened":
                self.ring(event["data"]["key"])
            case "alert.resolved":
                self.ended.append(event["data"]["key"])
        return web.Response()


class FakeAlertmanager(Fake):
    """Refuses a post with one bad alert and keeps the good ones; notifies of what fires and what ended."""

    def take(self, request: web.Request, body: bytes) -> web.Response:
        assert request.path == "/api/v2/alerts"
        bad = False
        for alert in json.loads(body):
            if not all(LABEL.fullmatch(name) and value for name, value in alert["labels"].items()):
                bad = True
                continue
            self.heard.append(alert)
            identity = json.dumps(alert["labels"], sort_keys=True)
            key = alert["labels"]["id"]
            if datetime.fromisoformat(alert["endsAt"]) > datetime.now(UTC):
                if identity not in self.open:
                    self.open[identity] = alert
                    self.ring(key)
            elif self.open.pop(identity, None):
                self.ended.append(key)
        return web.json_response({}, status=400 if bad else 200)


@asynccontextmanager
async def serving(fake: Fake) -> AsyncIterator[Fake]:
    """The server on a free port."""
    app = web.Application(client_max_size=4 << 20)
    app.router.add_post("/{path:.*}", fake.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    fake.url = f"http://127.0.0.1:{port}"
    try:
        yield fake
    finally:
        await runner.cleanup()
