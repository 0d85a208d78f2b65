"""What `floorwalker check` finds around the monitor, without connecting anywhere."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import certifi
import pytest

from streams.check import Row
from streams.check_around import around
from streams.errors import ConfigError
from streams.load import load

WEBHOOK = "notify: {receivers: {desk: {type: webhook, url: 'https://desk.example/'}}}"
ROUTED = """
notify:
  receivers: {all: {type: log}, other: {type: alertmanager, url: "http://am.example:9093"}}
  routes: [{to: [all]}, {match: [severity=page], to: [all]}]
  windows:
    nightly:
      {match: [kind=volume], weekly: "Sun 02:00-04:00 UTC", until: 2027-01-01T00:00:00Z, owner: jo, reason: x}
"""


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("it connects")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def looked(folder: Path, text: str, **environ: str) -> dict[str, Row]:
    (folder / "config.yaml").write_text(text)
    rows = around(load(str(folder / "config.yaml"), environ), environ)
    return {f"{row.section}.{row.name}": row for row in rows}


def test_by_default_nothing_is_around(tmp_path: Path) -> None:
    states = {name: row.state for name, row in looked(tmp_path, "").items()}
    assert states == {"influx.url": "off", "notify.receivers": "off", "web.token": "note"}


def test_what_is_there_is_on(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret-token\n")
    influx = f"influx: {{url: 'https://db.example', token_file: token, ca_file: {certifi.where()}}}"
    found = looked(tmp_path, influx + "\n" + WEBHOOK, FLOORWALKER_SECRET_DESK="whsec_" + 44 * "A",
                   FLOORWALKER_WEB_TOKEN=20 * "t")  # fmt: skip
    assert {row.state for row in found.values()} == {"on"}
    assert "secret" not in str(found)


def test_what_is_of_no_use_is_a_warning(tmp_path: Path) -> None:
    found = looked(tmp_path, ROUTED + "influx: {url: 'http://db.example'}")
    warned = {name for name, row in found.items() if row.state == "warning"}
    assert warned == {
        "influx.url", "notify.receivers.other", "notify.receivers.other.url",
        "notify.routes[1]",
    }  # fmt: skip
    assert found["notify.windows.nightly"].text == (
        "kind=volume: Sun 02:00-04:00 UTC, until 2027-01-01T00:00:00.000Z"
    )


@pytest.mark.parametrize(
    ("text", "environ", "said"),
    [
        (WEBHOOK, {}, "notify.receivers.desk.secret_file: missing"),
        (WEBHOOK, {"FLOORWALKER_SECRET_DESK": "short"}, "notify.receivers.desk: its secret is not whsec_"),
        ("influx: {url: 'https://h', ca_file: config.yaml}", {}, "influx.ca_file: .* holds no certificates"),
        ("influx: {url: 'https://h', ca_file: none.pem}", {}, "influx.ca_file: .*No such file"),
        ("influx: {url: 'https://h'}", {"FLOORWALKER_INFLUX_TOKEN": "a\nb"}, "influx.token_file: holds no"),
        ("", {"FLOORWALKER_WEB_TOKEN": "short"}, "FLOORWALKER_WEB_TOKEN: a token of less than"),
        (ROUTED.replace(" UTC", ""), {}, r"notify\.windows\.nightly\.weekly: .* names no zone"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_named_by_its_key(
    tmp_path: Path, text: str, environ: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        looked(tmp_path, text, **environ)
