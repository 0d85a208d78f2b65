"""Draws every dashboard of a running Grafana in Chromium, keeps the pictures, and says what went wrong.

`python infra/grafana/pictures.py URL OUT QUERY...` where each QUERY goes to every dashboard, such as
`var-source=floorwalker-replay`, or `incident:var-incident=...` to one. Needs Debian's chromium and, in the
Python that runs this, playwright.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

BOARDS = ("overview", "agent", "feedback", "content", "incident", "monitor")
CHROMIUM = "/usr/bin/chromium"
WIDTH, LONGEST = 1500, 3200  # pixels; a dashboard scrolls, a picture does not
WAIT_MS = 120_000  # on a busy machine
SETTLE_MS = 3_000  # a dashboard that refreshes is never idle
HARMLESS = ("favicon", "/avatar/", "live/ws", "/api/user/", "gravatar", "/api/frontend-metrics")


def draw(page: Any, url: str, out: Path) -> list[str]:
    """One dashboard. Returns what was wrong with it."""
    wrong: list[str] = []

    def answered(answer: Any) -> None:
        if answer.status >= 400 and not any(part in answer.url for part in HARMLESS):
            wrong.append(f"{answer.status} {answer.url}")

    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("response", answered)
    page.set_viewport_size({"width": WIDTH, "height": LONGEST})
    page.goto(url, wait_until="domcontentloaded", timeout=WAIT_MS)
    page.wait_for_selector("[data-panelid], .react-grid-item", timeout=WAIT_MS)
    page.wait_for_timeout(SETTLE_MS)
    page.wait_for_function("!document.querySelector('[aria-label=\"Panel loading bar\"]')", timeout=WAIT_MS)
    page.wait_for_timeout(SETTLE_MS)
    bottom = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.react-grid-item')]"
        ".map(e => e.getBoundingClientRect().bottom))"
    )
    page.screenshot(path=str(out), clip={"x": 0, "y": 0, "width": WIDTH, "height": min(bottom + 16, LONGEST)})
    for item in page.query_selector_all(".react-grid-item"):
        title = (item.query_selector("h2, [data-testid^='data-testid Panel header'] h6") or item).inner_text()
        if "No data" in item.inner_text():
            wrong.append(f"no data: {title.splitlines()[0] if title else '?'}")
        if item.query_selector("[data-testid='data-testid Panel status error'], .panel-info-corner--error"):
            wrong.append(f"error: {title.splitlines()[0] if title else '?'}")
    return wrong


def main(url: str, out: Path, queries: list[str]) -> int:
    """All of them; 1 where anything was wrong."""
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    failed = False
    with sync_playwright() as playwright:
        # As root, as in containers, Chromium starts without its sandbox only: it sees our own pages alone.
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for name in BOARDS:
            own = [query.partition(":")[2] for query in queries if query.startswith(f"{name}:")]
            query = "&".join(own + [query for query in queries if query.partition(":")[0] not in BOARDS])
            page = browser.new_page()
            wrong = draw(page, f"{url}/d/floorwalker-{name}/{name}?{query}&kiosk", out / f"{name}.png")
            page.close()
            failed = failed or bool(wrong)
            print(f"{name}: {out / name}.png", *wrong, sep="\n  ")  # noqa: T201 - what it is run for
        browser.close()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
