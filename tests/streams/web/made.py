"""A site over the alerts of a file, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web

from streams.load import load
from streams.verdicts.book import Files
from streams.web.app import Site
from streams.web.desk import Desk

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "eventful_day.jsonl"
RUNBOOKS = Path(__file__).parents[3] / "infra" / "runbooks"


def desk(folder: Path, alerts: bytes | None = None, **more: Any) -> Desk:
    (folder / "replays").mkdir(exist_ok=True)
    path = folder / "replays" / "alerts.jsonl"
    path.write_bytes(GOLDEN.read_bytes() if alerts is None else alerts)
    book = Files(path, folder / "controls.jsonl")
    return Desk(load(None, {}), book, folder / "replays", **{"live": False, **more})


def site(folder: Path, token: str | None = None, alerts: bytes | None = None) -> web.Application:
    return Site(desk(folder, alerts), token, RUNBOOKS).app()
