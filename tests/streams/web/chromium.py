"""A real Chromium without a driver package: started headless, told what to do over its own protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START_S, STEP_S = 60.0, 60.0


class Tab:
    """One tab of it."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket, self._number = socket, 0

    async def do(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol, and its answer."""
        self._number += 1
        await self._socket.send_str(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            said = json.loads(await self._socket.receive_str(timeout=STEP_S))
            if said.get("id") == self._number:
                assert "error" not in said, said
                answer: dict[str, Any] = said["result"]
                return answer

    async def ask(self, expression: str) -> Any:
        """What an expression says in the page."""
        found = await self.do("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def go(self, address: str) -> None:
        """Open a page, and wait until it is there."""
        await self.do("Page.navigate", url=address)
        await self.until("document.readyState == 'complete' && location.href != 'about:blank'")

    async def until(self, expression: str) -> None:
        """Wait until something holds in the page."""
        for _ in range(int(STEP_S / 0.1)):
            if await self.ask(expression):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(expression)

    async def picture(self, path: Path) -> None:
        """The whole page."""
        shot = await self.do("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@asynccontextmanager
async def tab(folder: Path, width: int = 1100) -> AsyncIterator[Tab]:
    """A tab of a browser of its own; both are gone afterwards."""
    assert BROWSER is not None
    process = await asyncio.create_subprocess_exec(
        BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
        f"--user-data-dir={folder}", f"--window-size={width},900", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        port = folder / "DevToolsActivePort"
        for _ in range(int(START_S / 0.1)):
            if port.exists() and port.read_text().strip():
                break
            await asyncio.sleep(0.1)
        number = port.read_text().split()[0]
        async with ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{number}/json/list") as answer:
                (page, *_) = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Tab(socket)
    finally:
        process.terminate()
        await process.wait()
