from __future__ import annotations

from typing import Any

import msgspec
import pytest

from streams.records.controls import Word
from streams.records.registry import Registry
from streams.verdicts.proposal import difference, proposed
from tests.streams.floor.made import SHOP

TREE: dict[str, Any] = {"tenants": {"shop": SHOP}}


def alert(kind: str, signal: str, reason: str = "", **scope: str) -> dict[str, Any]:
    return {
        "kind": kind, "signal": signal, "scope": {"tenant": "shop", **scope}, "evidence": {"reason": reason},
        "since": "2026-12-24T09:00:00.000Z",
    }  # fmt: skip


CASES: dict[str, tuple[dict[str, Any], Word, str]] = {
    "action": (alert("boundary", "action", agent="pine", action="Wipe"), "false", '"Wipe"'),
    "data": (alert("boundary", "data", "data not allowed: card, iban", agent="pine"), "false", '"iban"'),
    "amount": (
        alert("boundary", "amount", "amount 80 above the limit 50", agent="pine", action="Refund"),
        "expected", '"Refund": 80.0',
    ),
    "subject": (alert("boundary", "subject", agent="pine", action="Look"), "normal", '"subject": "any"'),
    "version": (alert("shadow_ai", "version", agent="pine", version="2"), "false", '"2"'),
    "agent": (alert("shadow_ai", "agent", agent="elm"), "false", '"id": "elm"'),
    "source": (alert("shadow_ai", "source", source="web/lab"), "false", '"web/lab"'),
    "tenant": (alert("shadow_ai", "tenant", tenant="mill"), "expected", '"mill"'),
    "closed that day": (alert("volume", "volume_low"), "expected", '"2026-12-24"'),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_a_registry_would_say(name: str) -> None:
    found, word, line = CASES[name]
    before = msgspec.json.encode(TREE)
    new = proposed(TREE, found, word)
    added = [row for row in difference(TREE, new, "r.json").splitlines() if row.startswith("+ ")]
    assert any(line in row for row in added)
    assert msgspec.json.encode(TREE) == before, "nothing is changed silently"
    msgspec.convert(new, Registry)


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (CASES["action"][0], "real"),
        (alert("escalation_rate", "escalation"), "false"),
        (alert("volume", "volume_low"), "false"),
        (alert("boundary", "action", agent="nobody", action="x"), "false"),
    ],
)
def test_where_a_registry_has_nothing_to_say(found: dict[str, Any], word: Word) -> None:
    assert difference(TREE, proposed(TREE, found, word), "r.json") == ""
