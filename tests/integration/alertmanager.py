"""A real Alertmanager and the receiver behind it."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.integration.live import free_ports

CONFIG = """
route: {receiver: hook, group_by: [kind], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: hook, webhook_configs: [{url: "%s", send_resolved: true}]}]
"""


class Listener:
    """Takes POSTs. plan: statuses to answer with first; then 200. heard: bodies that were taken."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.away = False
        listener = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not listener.away:
                    listener.heard.append(json.loads(body))
                    listener.headers.append({key.lower(): value for key, value in self.headers.items()})
                self.send_response(503 if listener.away else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Alertmanager:
    """Started by the project's script, on a port of its own."""

    def __init__(self, script: Path, binary: str, folder: Path) -> None:
        self.listener = Listener()
        folder.mkdir()
        config = folder / "alertmanager.yml"
        config.write_text(CONFIG % self.listener.url)
        port = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self._script = script
        self._environ = os.environ | {
            "ALERTMANAGER_PORT": str(port), "ALERTMANAGER_DATA": str(folder / "data"),
            "ALERTMANAGER_CONFIG": str(config), "ALERTMANAGER_BINARY": binary,
        }  # fmt: skip

    def start(self) -> str:
        """Returns why it cannot be had; empty: it runs."""
        done = subprocess.run(
            [self._script, "start"], env=self._environ, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        return done.stderr.strip() or "it did not start" if done.returncode else ""

    def halt(self) -> None:
        """Down, to be started again."""
        subprocess.run([self._script, "stop"], env=self._environ, check=True, timeout=60)

    def stop(self) -> None:
        self.halt()
        self.listener.close()

    def alerts(self) -> list[dict[str, Any]]:
        """What it holds to be firing."""
        with urllib.request.urlopen(f"{self.url}/api/v2/alerts", timeout=5) as answer:  # noqa: S310 - ours
            found: list[dict[str, Any]] = json.loads(answer.read())
        return found

    def ids(self) -> list[str]:
        return sorted(alert["labels"]["id"] for alert in self.alerts())

    def told(self, status: str) -> list[str]:
        """Ids in its notifications, of a status, each as often as it was told."""
        alerts = [alert for body in self.listener.heard for alert in body["alerts"]]
        return [alert["labels"]["id"] for alert in alerts if alert["status"] == status]
