"""`/metrics`, `/healthz`, `/readyz`, `/blind`, from a thread of their own: whatever the loop does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from streams.errors import Stop

TIMEOUT_S = 5.0  # of one request: who asks and then says nothing does not keep a thread
JSON = "application/json"
PLAIN = "text/plain; charset=utf-8"

Condition = Callable[[], str]
"""Empty: it is well. Otherwise what is not, in a few fixed words."""


def serve(
    host: str, port: int, registry: CollectorRegistry, healthy: Condition, ready: Condition,
    blind: Callable[[], bytes] = lambda: b"[]",
) -> ThreadingHTTPServer:
    """Answer until the process ends. port 0: any free one. Stop where the address cannot be had.

    blind: what cannot see, as JSON.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_S
        server_version, sys_version = "floorwalker", ""

        def do_GET(self) -> None:
            match self.path.partition("?")[0]:
                case "/metrics":
                    self._say(200, generate_latest(registry), CONTENT_TYPE_LATEST)
                case "/healthz":
                    self._say_condition(healthy())
                case "/readyz":
                    self._say_condition(ready())
                case "/blind":
                    self._say(200, blind(), JSON)
                case _:
                    self._say(404, b"metrics, healthz, readyz, blind\n", PLAIN)

        def _say_condition(self, wrong: str) -> None:
            self._say(503 if wrong else 200, f"{wrong or 'ok'}\n".encode(), PLAIN)

        def _say(self, code: int, body: bytes, kind: str) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Who scrapes is no news."""

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        raise Stop(f"live.host {host}, live.port {port}: {error.strerror or error}") from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="web", daemon=True).start()
    return server
