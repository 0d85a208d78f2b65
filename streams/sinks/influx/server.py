"""Server: one InfluxDB, 1.x or 2.x, through its client. What answers is found out by the first real write.

Version 2 takes writes at `/api/v2/write`; early 1.x knows no such path and answers with a page that is not
JSON. Health pages say too little: some that are well refuse writes, and some that refuse to speak take them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from influxdb_client import InfluxDBClient, WritePrecision
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException
from msgspec import Struct
from urllib3.exceptions import HTTPError

from streams.sinks.influx.outcomes import Later, Wrong

TIMEOUT_MS = 10_000  # a server that takes longer for a batch is not well
DROPPED = re.compile(r"partial write: .*dropped[ =](\d+)", re.DOTALL)
WRONG = (400, 413, 422)  # the batch is wrong, not the moment; 1.x says 400, 2.x 422; a part may be stored
REFUSED = (401, 403, 404)  # somebody has to mend a token or make a database
SAID_LENGTH = 200


class Address(Struct, frozen=True, kw_only=True):
    """Where to write. token: of version 2, or `user:password`; empty: none. database: also the bucket."""

    url: str
    database: str
    org: str
    token: str = ""
    ca_file: str | None = None

    def __repr__(self) -> str:  # secrets stay out of logs
        return f"Address({self.url} {self.database})"


class Server:
    """One database there. Not for several threads."""

    def __init__(self, address: Address, version: Literal[1, 2] | None = None) -> None:
        self.address, self.version = address, version
        self.client = InfluxDBClient(
            address.url, address.token or "none", org=address.org, timeout=TIMEOUT_MS, enable_gzip=True,
            ssl_ca_cert=address.ca_file,
        )  # fmt: skip
        self._writes = self.client.write_api(write_options=SYNCHRONOUS)

    def write(self, lines: str) -> None:
        """Write lines of microseconds, at least one. Raises `Later` or `Wrong`."""
        if self.version is None:
            self.version = self._probe(lines)
        else:
            self._guarded(self._write_2 if self.version == 2 else self._write_1, lines)

    def _probe(self, lines: str) -> Literal[1, 2]:
        """Writes, and says which version took it."""
        try:
            self._write_2(lines)
        except (ApiException, HTTPError, OSError) as fault:
            if isinstance(fault, ApiException) and fault.status == 404 and not _body(fault).startswith("{"):
                self._guarded(self._write_1, lines)
                return 1
            raise outcome(fault, self.address) from None
        return 2

    def _guarded(self, write: Callable[[str], None], lines: str) -> None:
        try:
            write(lines)
        except (ApiException, HTTPError, OSError) as fault:
            raise outcome(fault, self.address) from None

    def _write_2(self, lines: str) -> None:
        self._writes.write(self.address.database, self.address.org, lines, WritePrecision.US)

    def _write_1(self, lines: str) -> None:
        self.client.api_client.call_api(
            "/write", "POST", query_params=[("db", self.address.database), ("precision", "u")],
            header_params={"Content-Type": "text/plain; charset=utf-8", **self.headers()},
            body=lines.encode(), auth_settings=[],
        )  # fmt: skip

    def query(self, text: str) -> list[dict[str, Any]]:
        """InfluxQL, as a list of result objects; both versions speak it. `Wrong` where it is refused: a
        server may answer 200 and say so inside."""
        try:
            found = self.client.api_client.call_api(
                "/query", "POST", query_params=[("db", self.address.database), ("epoch", "ms"), ("q", text)],
                header_params={"Accept": "application/json", **self.headers()}, auth_settings=[],
                response_type=object, _return_http_data_only=True,
            )  # fmt: skip
        except (ApiException, HTTPError, OSError) as fault:
            raise outcome(fault, self.address) from None
        results: list[dict[str, Any]] = found["results"]
        for result in results:
            if "error" in result:
                raise Wrong(str(result["error"])[:SAID_LENGTH], None)
        return results

    def headers(self) -> dict[str, str]:
        """Who we are: a token, or user and password."""
        token = self.address.token
        if not token:
            return {}
        if ":" in token:
            return {"Authorization": "Basic " + base64.b64encode(token.encode()).decode()}
        return {"Authorization": f"Token {token}"}

    def close(self) -> None:
        """Let go of connections."""
        self._writes.close()
        self.client.close()


def outcome(fault: Exception, address: Address) -> Later | Wrong:
    """What a fault of the client asks for."""
    if not isinstance(fault, ApiException):
        where = urlsplit(address.url).netloc
        return Later(f"{where} cannot be reached ({type(fault).__name__})")
    body = _body(fault)
    said = f"{fault.status} {' '.join(body.split())[:SAID_LENGTH]}"
    if fault.status in WRONG:
        part = DROPPED.search(body)
        return Wrong(said, int(part[1]) if part else None)
    if fault.status in REFUSED:
        return Later(said, refused=True)
    after = (fault.headers or {}).get("Retry-After", "")
    return Later(said, after_s=float(after) if after.isdecimal() else 0.0)


def _body(fault: ApiException) -> str:
    body = fault.body or ""
    return (body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)).strip()
