"""The pages as people meet them: in a real Chromium, at a desk and on a telephone; forms filled in and sent.

Pictures go to the folder that PICTURES names, to be looked at.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from streams.records.controls import VerdictGiven
from streams.replay.controls import read_controls
from streams.verdicts.book import last
from tests.streams.web.chromium import BROWSER, Tab, tab
from tests.streams.web.made import GOLDEN, site

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium: apt-get install chromium")
TOKEN = "correct horse battery staple"
# Of text against what is behind it, as WCAG reckons; 4.5 is what it asks for.
CONTRAST = """(() => {
  const light = c => {
    const [r, g, b] = c.match(/[\\d.]+/g).map(v => v / 255)
      .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  return Math.min(...[...document.querySelectorAll('p, a, td, th, label, legend, .page, .ticket, .info')]
    .map(e => light(getComputedStyle(e).color))
    .map(ink => (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05)));
})()"""
TITLES = {"past": "Past incidents", "verdicts": "Verdicts", "replays/alerts": "Replay alerts"}
UNLABELLED = """[...document.querySelectorAll('input:not([type=hidden]), select')]
  .filter(e => !document.querySelector(`label[for="${e.id}"]`)).length"""


def pictures(folder: Path) -> Path:
    found = Path(os.environ.get("PICTURES", folder))
    found.mkdir(parents=True, exist_ok=True)
    return found


async def is_fit_to_read(page: Tab) -> None:
    assert await page.ask("document.querySelectorAll('h1').length") == 1
    assert await page.ask("document.documentElement.lang") == "en"
    assert await page.ask(CONTRAST) >= 4.5
    assert await page.ask(UNLABELLED) == 0
    assert await page.ask("document.documentElement.scrollWidth <= innerWidth"), "nothing to scroll sideways"
    assert await page.ask("getComputedStyle(document.querySelector('h1')).fontSize") == "24px", "styled"


@pytest.mark.parametrize(("name", "width", "scheme"), [("desk", 1100, "light"), ("phone", 400, "dark")])
def test_a_verdict_is_given_by_hand(tmp_path: Path, name: str, width: int, scheme: str) -> None:
    alerts = last(GOLDEN.read_bytes().splitlines())
    alert = next(one for one in alerts.values() if one["kind"] == "escalation_rate")

    async def steps(home: str, page: Tab) -> None:
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        await page.do("Emulation.setEmulatedMedia", features=media)
        await page.do(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        await page.go(home)
        await is_fit_to_read(page)
        await page.ask(f"document.querySelector('#token').value = '{TOKEN}'")
        await page.ask("document.querySelector('button').click()")
        await page.until("document.querySelector('h1')?.textContent == 'Open incidents'")
        for path, title in TITLES.items():
            await page.go(f"{home}{path}")
            assert await page.ask("document.querySelector('h1').textContent") == title
            await is_fit_to_read(page)
            await page.picture(pictures(tmp_path) / f"{name}-{path.replace('/', '-')}.png")
        await page.go(f"{home}alert/{alert['id']}")
        await is_fit_to_read(page)
        await page.picture(pictures(tmp_path) / f"{name}-alert.png")
        await page.ask(
            "document.querySelector('#v-false').click(); document.querySelector('#f-by').value = 'jo';"
            "document.querySelector('#f-reason').value = 'survey was mailed twice';"
            "document.querySelector('fieldset button').click()"
        )
        await page.until("document.body?.innerText.includes('false, by jo: survey was mailed twice')")

    async def run() -> None:
        async with TestServer(site(tmp_path, TOKEN)) as server, tab(tmp_path / "profile", width) as page:
            await steps(str(server.make_url("/")), page)

    asyncio.run(run())
    (given,) = read_controls(tmp_path / "controls.jsonl")
    assert isinstance(given, VerdictGiven)
    assert (given.alert, given.verdict) == (alert["id"], "false")
