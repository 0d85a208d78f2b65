"""The web page: who may enter, what it shows, and that its forms do what they say."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from streams.cli import main
from streams.records.controls import VerdictGiven
from streams.records.mutes import Silence
from streams.replay.controls import read_controls
from streams.verdicts.book import last
from streams.web.desk import Desk
from streams.web.html import tag
from tests.streams.web.made import GOLDEN, desk, site

TOKEN = "correct horse battery staple"
Steps = Callable[["Browser"], Awaitable[None]]


class Browser:
    """Keeps cookies, follows nothing."""

    def __init__(self, client: TestClient) -> None:  # type: ignore[type-arg]
        self._client = client

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        return await self._read(await self._client.get(path, allow_redirects=False, headers=headers))

    async def post(self, path: str, **form: str) -> tuple[int, str]:
        return await self._read(await self._client.post(path, allow_redirects=False, data=form))

    async def _read(self, answer: ClientResponse) -> tuple[int, str]:
        assert "script" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return answer.status, await answer.text()

    async def csrf(self, path: str) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', (await self.get(path))[1])
        assert found is not None
        return found[1]


def visit(folder: Path, steps: Steps, token: str | None = None, alerts: bytes | None = None) -> None:
    async def run() -> None:
        async with TestClient(TestServer(site(folder, token, alerts))) as client:
            await steps(Browser(client))

    asyncio.run(run())


def ids(state: str = "") -> list[str]:
    alerts = last(GOLDEN.read_bytes().splitlines())
    return [name for name, alert in alerts.items() if state in alert["state"]]


def test_pages(tmp_path: Path) -> None:
    async def steps(browser: Browser) -> None:
        code, text = await browser.get("/past")
        assert code == 200
        assert all(f'href="/alert/{name}"' in text for name in ids("resolved"))
        for name in ids():
            code, text = await browser.get(f"/alert/{name}")
            assert code == 200
            assert "<h1>" in text
            assert "<summary>Runbook</summary>" in text
        for path in ("/", "/verdicts", "/replays", "/replays/alerts", f"/replays/alerts/{ids()[0]}"):
            assert (await browser.get(path))[0] == 200, path
        for path in ("/alert/none", "/nowhere", "/replays/..%2Falerts", "/replays/none"):
            assert (await browser.get(path))[0] == 404, path

    visit(tmp_path, steps)


def test_a_verdict_is_given_with_name_and_reason_and_shown(tmp_path: Path) -> None:
    path = f"/alert/{ids()[0]}"

    async def steps(browser: Browser) -> None:
        csrf = await browser.csrf(path)
        form = {"csrf": csrf, "verdict": "false", "by": "jo", "reason": "tested <b>"}
        for wrong in ({"by": ""}, {"reason": ""}, {"verdict": "maybe"}):
            assert (await browser.post(f"{path}/verdict", **{**form, **wrong}))[0] == 400
        assert not (tmp_path / "controls.jsonl").exists()
        assert (await browser.post(f"{path}/verdict", **form))[0] == 303
        assert "false, by jo: tested &lt;b&gt;" in (await browser.get(path))[1]
        code, text = await browser.post(f"{path}/verdict", **{**form, "until": "2026-05-20T00:00:00Z"})
        assert (code, "goes with expected" in text) == (400, True)

    visit(tmp_path, steps)
    (given,) = read_controls(tmp_path / "controls.jsonl")
    assert isinstance(given, VerdictGiven)
    assert (given.alert, given.verdict, given.author) == (ids()[0], "false", "jo")


def test_forms_of_other_sites_are_refused(tmp_path: Path) -> None:
    path = f"/alert/{ids()[0]}/verdict"

    async def steps(browser: Browser) -> None:
        form = {"verdict": "false", "by": "jo", "reason": "x"}
        assert (await browser.post(path, **form))[0] == 403
        assert (await browser.post(path, **form, csrf="0" * 48))[0] == 403

    visit(tmp_path, steps)
    assert not (tmp_path / "controls.jsonl").exists()


def test_without_a_token_only_this_machine_by_its_own_name(tmp_path: Path) -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.get("/"))[0] == 200
        assert (await browser.get("/", Host="evil.example"))[0] == 403, "a name that was made to lead here"

    visit(tmp_path, steps)


def test_with_a_token_nobody_enters_without_it(tmp_path: Path) -> None:
    async def steps(browser: Browser) -> None:
        for path in ("/", f"/alert/{ids()[0]}", "/replays"):
            assert (await browser.get(path))[0] == 303
        assert (await browser.get("/", Cookie="floorwalker=x.y"))[0] == 303
        assert (await browser.post(f"/alert/{ids()[0]}/verdict"))[0] == 303
        assert (await browser.post("/login", token="x"))[0] == 403  # noqa: S106 - a wrong guess
        assert (await browser.post("/login", token=TOKEN))[0] == 303
        assert (await browser.get("/", Host="floor.example"))[0] == 200

    visit(tmp_path, steps, TOKEN)


def test_names_are_no_markup(tmp_path: Path) -> None:
    alert = json.loads(GOLDEN.read_text().splitlines()[-1])
    evil = '"><script>alert(1)</script>\u202e'
    alert |= {"summary": evil, "signal": evil, "action": evil, "scope": {"tenant": evil, "queue": [evil]}}
    alert["evidence"] |= {
        "explanation": evil, "conversations": [evil], "cause": {"kind": evil},
        "by": [{"dimension": evil, "value": evil, "share_of_excess": 1.0, "share": 1.0}],
        "changed": [{"what": evil, "value": evil, "at": evil, "minutes_before": 1}],
        "examples": [{"conversation": evil, "role": evil, "text": evil}],
    }  # fmt: skip

    async def steps(browser: Browser) -> None:
        for path in ("/past", f"/alert/{alert['id']}", "/verdicts"):
            text = (await browser.get(path))[1]
            assert "<script" not in text
            assert "\u202e" not in text
            assert ("Examples, redacted" in text) == path.startswith("/alert/")

    visit(tmp_path, steps, alerts=json.dumps(alert).encode())


def test_a_silence_names_kind_and_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Silence] = []
    monkeypatch.setattr(Desk, "_publish", lambda _, mute: said.append(mute))
    alerts = last(GOLDEN.read_bytes().splitlines())
    name = next(name for name, alert in alerts.items() if alert["kind"] == "escalation_rate")
    mute = desk(tmp_path, live=True).silence(name, 4, "jo", "known")
    assert said == [mute]
    assert mute.matchers == ('tenant="shop"', 'kind="escalation_rate"', 'queue="orders"', 'agent="pine"')
    assert mute.until - mute.since == 4 * 3600 * 1_000_000
    assert msgspec.json.decode(msgspec.json.encode(mute), type=Silence) == mute


def test_the_self_test_is_hidden(tmp_path: Path) -> None:
    alert = json.loads(GOLDEN.read_text().splitlines()[-1])
    alert["scope"]["tenant"] = "floorwalker-canary-3"
    assert desk(tmp_path, json.dumps(alert).encode()).alerts() == {}


def test_attributes_are_escaped() -> None:
    assert tag("a", "x", href='"><b>') == '<a href="&quot;&gt;&lt;b&gt;">x</a>'


def test_mistakes_of_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["web", "--host", "0.0.0.0"]) == 2  # noqa: S104 - refused
    assert "token" in capsys.readouterr().err
    monkeypatch.setenv("FLOORWALKER_WEB_TOKEN", "short")
    assert main(["web"]) == 2
    assert "can be guessed" in capsys.readouterr().err


def test_a_silence_of_the_monitors_own_trouble_means_that_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_publish", lambda *_: None)
    alert = json.loads(GOLDEN.read_text().splitlines()[-1]) | {"kind": "pipeline", "scope": {}, "id": "7"}
    mute = desk(tmp_path, json.dumps(alert).encode(), live=True).silence("7", 4, "jo", "known")
    assert mute.matchers == ('kind="pipeline"', 'id="7"')


def test_what_is_no_alert_is_passed_over(tmp_path: Path) -> None:
    event = b'{"id":"e-1","type":"turn","time":"2026-04-06T07:00:00Z"}'
    assert desk(tmp_path, event).alerts() == {}
