"""One file per mistake in `tests/data/events`: the record, and the reason and field it is rejected with."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from streams.reading import ReadLimits, Record, Rejection, Secrets, read

FOLDER = Path(__file__).parents[2] / "data" / "events"
FILES = sorted(FOLDER.glob("*.json"))
FORBIDDEN = ("hello", "helper", "webchat", "robot", "hologram", "yesterday", "example")


def record_of(case: dict[str, Any]) -> Record:
    headers = {name: value.encode() for name, value in case.get("headers", {}).items()}
    headers |= {name: base64.b64decode(value) for name, value in case.get("header_base64", {}).items()}
    return Record("cc.test", 3, 41, _value(case), tuple(headers.items()), case.get("timestamp"))


def _value(case: dict[str, Any]) -> bytes:
    if "base64" in case:
        return base64.b64decode(case["base64"])
    if "raw" in case:
        return str(case["raw"]).encode()
    event = dict(case["value"])
    if "repeat_text" in case:
        event["text"] *= case["repeat_text"]
    return json.dumps(event, ensure_ascii=False).encode()


def test_there_are_mistakes() -> None:
    assert len(FILES) > 100


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_mistake_is_rejected_with_reason_and_field(file: Path) -> None:
    case = json.loads(file.read_text(encoding="utf-8"))
    found = read(record_of(case), Secrets.public(), ReadLimits())
    assert isinstance(found, Rejection), "was read as a fact"
    assert (found.reason, found.field) == (case["reason"], case["field"])
    assert (found.topic, found.partition, found.offset) == ("cc.test", 3, 41)
    assert found.detail
    assert len(found.detail) < 100


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rejection_repeats_nothing_of_the_record(file: Path) -> None:
    found = read(record_of(json.loads(file.read_text(encoding="utf-8"))), Secrets.public(), ReadLimits())
    assert isinstance(found, Rejection)
    assert not [word for word in FORBIDDEN if word in found.field + found.detail]
