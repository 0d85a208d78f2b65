"""The web application: who may enter, which page is which, and forms that only this page can have sent.

A session is a cookie that other sites' requests do not carry; each form carries a code made of it. Without a
token the page answers on loopback only, and only to requests that name it so: no other name leads here.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from pathlib import Path
from typing import cast, get_args
from urllib.parse import urlsplit

from aiohttp import web

from streams.errors import Stop
from streams.records.controls import Word
from streams.verdicts.tally import tally
from streams.web import pages
from streams.web.desk import Desk
from streams.web.html import Html, joined, tag

COOKIE = "floorwalker"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MAX_FORM_BYTES = 16_384  # a name and a reason
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
NOT_FOUND = "There is no such page"
STYLE = Path(__file__).with_name("style.css")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """desk: what is shown and done. token: who has it may enter; None: everybody on this machine."""

    def __init__(self, desk: Desk, token: str | None, runbooks: Path | None = None) -> None:
        self._desk, self._token, self._runbooks = desk, token, runbooks
        self._secret = secrets.token_bytes(32)  # of this run: a restart asks everybody again

    def app(self) -> web.Application:
        """The application."""
        app = web.Application(middlewares=[self._guard], client_max_size=MAX_FORM_BYTES)
        app.add_routes([
            web.get("/", self._open), web.get("/past", self._past), web.get("/verdicts", self._verdicts),
            web.get("/replays", self._replays), web.get("/replays/{replay}", self._replay),
            web.get("/replays/{replay}/{id}", self._replayed), web.get("/style.css", self._style),
            web.get("/alert/{id}", self._alert), web.post("/alert/{id}/verdict", self._judge),
            web.post("/alert/{id}/silence", self._silence), web.get("/login", self._login),
            web.post("/login", self._enter),
        ])  # fmt: skip
        return app

    # -- who may enter -------------------------------------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            answer = await self._admitted(request, handler)
        except web.HTTPException as refused:
            answer = _html(pages.page(refused.reason), refused.status)
            if "Location" in refused.headers:
                answer.headers["Location"] = refused.headers["Location"]
        except Stop as stop:
            answer = _html(pages.page("That did not work", tag("p", str(stop), role="alert")), 400)
        answer.headers.update(HEADERS)
        return answer

    async def _admitted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._token is None and (urlsplit(f"//{request.host}").hostname or "") not in (
            *LOOPBACK, "::1",
        ):  # fmt: skip
            raise web.HTTPForbidden(reason="This page is for this machine")
        if request.path not in ("/login", "/style.css") and not self._known(request):
            raise web.HTTPSeeOther("/login")
        if request.method == "POST" and request.path != "/login":
            form = await request.post()
            sent = str(form.get("csrf", "")).encode()
            if not hmac.compare_digest(sent, self._csrf(request).encode()):
                raise web.HTTPForbidden(reason="This form is too old; go back, reload, and try again")
        return await handler(request)

    def _known(self, request: web.Request) -> bool:
        if self._token is None:
            return True
        cookie = request.cookies.get(COOKIE, "")
        name, _, seal = cookie.partition(".")
        return bool(name) and hmac.compare_digest(seal.encode(), self._sealed("session", name).encode())

    def _csrf(self, request: web.Request) -> str:
        return self._sealed("form", request.cookies.get(COOKIE, ""))

    def _sealed(self, what: str, name: str) -> str:
        return blake2b(f"{what}\0{name}".encode(), key=self._secret, digest_size=24).hexdigest()

    async def _login(self, _: web.Request) -> web.Response:
        return _html(pages.login_form(failed=False))

    async def _enter(self, request: web.Request) -> web.Response:
        form = await request.post()
        if self._token is None or not hmac.compare_digest(
            str(form.get("token", "")).encode(), self._token.encode()
        ):
            await asyncio.sleep(1.0)  # guessing is slow
            return _html(pages.login_form(failed=True), 403)
        name = secrets.token_urlsafe(16)
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.set_cookie(
            COOKIE, f"{name}.{self._sealed('session', name)}", httponly=True, samesite="Strict",
            secure=request.secure, path="/",
        )  # fmt: skip
        return answer

    # -- pages ---------------------------------------------------------------------------------------------

    async def _open(self, _: web.Request) -> web.Response:
        alerts = await asyncio.to_thread(self._desk.alerts)
        found = [alert for alert in alerts.values() if alert["state"] != "resolved"]
        return _html(pages.listed("Open incidents", found, "As of the last seconds; reload for news."))

    async def _past(self, _: web.Request) -> web.Response:
        alerts = await asyncio.to_thread(self._desk.alerts)
        found = [alert for alert in alerts.values() if alert["state"] == "resolved"]
        return _html(pages.listed("Past incidents", found, "As long as the topic of alerts keeps them."))

    async def _verdicts(self, _: web.Request) -> web.Response:
        alerts = await asyncio.to_thread(self._desk.alerts)
        verdicts = await asyncio.to_thread(self._desk.verdicts)
        return _html(pages.precision(tally(alerts, verdicts, "month")))

    async def _alert(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        alert = (await asyncio.to_thread(self._desk.alerts)).get(name)
        if alert is None:
            raise web.HTTPNotFound(reason=NOT_FOUND)
        said = [one for one in await asyncio.to_thread(self._desk.verdicts) if one.alert == name]
        judged = f"{said[-1].verdict}, by {said[-1].author}: {said[-1].reason}" if said else ""
        code = self._csrf(request)
        forms = pages.verdict_form(name, alert["kind"], code)
        if self._desk.live:
            forms = joined(forms, pages.silence_form(name, code))
        return _html(pages.shown(alert, judged, forms, self._runbook(alert["kind"])))

    def _runbook(self, kind: str) -> str:
        path = None if self._runbooks is None else self._runbooks / f"{Path(kind).name}.md"
        return path.read_text() if path is not None and path.is_file() else ""

    async def _replays(self, _: web.Request) -> web.Response:
        items = (tag("li", tag("a", name, href=f"/replays/{name}")) for name in self._desk.replays())
        listed = tag("ul", *items)
        return _html(pages.page("Replays", tag("p", "What replays wrote as --alerts, by file."), listed))

    async def _replay(self, request: web.Request) -> web.Response:
        name = request.match_info["replay"]
        alerts = await asyncio.to_thread(self._desk.replay, name)
        if alerts is None:
            raise web.HTTPNotFound(reason=NOT_FOUND)
        note = "What the monitor would have said."
        return _html(pages.listed(f"Replay {name}", list(alerts.values()), note, f"/replays/{name}/"))

    async def _replayed(self, request: web.Request) -> web.Response:
        alerts = await asyncio.to_thread(self._desk.replay, request.match_info["replay"]) or {}
        alert = alerts.get(request.match_info["id"])
        if alert is None:
            raise web.HTTPNotFound(reason=NOT_FOUND)
        return _html(pages.shown(alert, "", Html(), self._runbook(alert["kind"])))

    async def _style(self, _: web.Request) -> web.Response:
        return web.Response(text=STYLE.read_text(), content_type="text/css")

    # -- what is done --------------------------------------------------------------------------------------

    async def _judge(self, request: web.Request) -> web.Response:
        form = {name: str(value).strip() for name, value in (await request.post()).items()}
        word, name = form.get("verdict", ""), request.match_info["id"]
        if word not in get_args(Word) or not form.get("by") or not form.get("reason"):
            raise web.HTTPBadRequest(reason="A verdict, a name and a reason are needed")
        await self._there(name)
        await asyncio.to_thread(
            self._desk.judge, name, cast(Word, word), form["by"], form["reason"], form.get("until", "")
        )
        return web.Response(status=303, headers={"Location": f"/alert/{name}"})

    async def _silence(self, request: web.Request) -> web.Response:
        form = {name: str(value).strip() for name, value in (await request.post()).items()}
        name, hours = request.match_info["id"], form.get("hours", "")
        if not self._desk.live or hours not in pages.SILENCES or not form.get("by") or not form.get("reason"):
            raise web.HTTPBadRequest(reason="A length, a name and a reason are needed")
        await self._there(name)
        await asyncio.to_thread(self._desk.silence, name, int(hours), form["by"], form["reason"])
        return web.Response(status=303, headers={"Location": f"/alert/{name}"})

    async def _there(self, name: str) -> None:
        if name not in await asyncio.to_thread(self._desk.alerts):
            raise web.HTTPNotFound(reason=NOT_FOUND)


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
