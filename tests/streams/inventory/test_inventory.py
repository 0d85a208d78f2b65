"""What is connected, allowed, done and unused: facts beside a registry, and the command over a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.cli import main
from streams.inventory import tally as tallies
from streams.inventory.entries import AgentEntry, TenantEntry, entries
from streams.inventory.tally import OTHERS, tally
from streams.records.facts import Fact
from streams.records.registry import Registry
from tests.streams.floor.made import acted, at, said

DECK: dict[str, Any] = {
    "agents": [
        {
            "id": "pine", "versions": ["1.0", "1.1"], "models": ["lm-1"], "actions": ["Look", "Refund"],
            "data": ["order", "payment"], "limits": {"Refund": 50}, "subject": "own",
            "reviewed": "2026-03-01",
        },
        {"id": "moss"},
    ],
    "sources": [{"id": "web/prod", "owner": "web team", "reviewed": "2026-02-01"}, "mail/prod"],
}  # fmt: skip
BOT: dict[str, Any] = {"agent": "pine", "version": "1.0", "model": "lm-1", "queue": "orders", "ai": True}


def facts() -> list[Fact]:
    return [
        said(at(0, 9), **BOT),
        acted(at(0, 10), **BOT, name="Look", data=("order",), subject="bob", customer="ada"),
        acted(at(0, 11), **BOT, name="Look", status="error"),
        acted(at(0, 12), **BOT, name="Refund", amount=30.0),
        acted(at(0, 12), **BOT, name="Refund", status="denied", amount=900.0),
        acted(at(0, 13), **BOT, name="Export", status="started"),
        acted(at(0, 13), **BOT, name="Export"),
        said(at(0, 14), role="human", agent="anna", ai=False),
        said(at(0, 15), agent="lab", ai=True, source="hotfix/test"),
    ]


def taken(shop: dict[str, Any] | None = DECK) -> TenantEntry:
    registry = None if shop is None else msgspec.convert({"tenants": {"shop": shop}}, Registry)
    return entries(tally(facts()), registry)[0]


def agent(tenant: TenantEntry, name: str) -> AgentEntry:
    return next(one for one in tenant.agents if one.id == name)


def test_what_it_did_stands_beside_what_it_may() -> None:
    pine = agent(taken(), "pine")
    look, refund = (next(a for a in pine.actions if a.id == name) for name in ("Look", "Refund"))
    assert (look.events, look.failed, look.others, look.data) == (2, 1, 1, ("order",))
    assert (refund.denied, refund.largest, refund.limit) == (1, 30.0, 50.0)
    assert pine.unused() == {"versions": ["1.1"], "data": ["payment"]}
    assert str(pine.reviewed) == "2026-03-01"


def test_what_nobody_registered_is_told_from_what_is_not_checked() -> None:
    tenant = taken()
    allowed = {one.id: one.allowed for one in tenant.agents}
    assert allowed == {"anna": None, "lab": False, "moss": True, "pine": True}  # people need no entry
    export = next(a for a in agent(tenant, "pine").actions if a.id == "Export")
    assert (export.allowed, export.events) == (False, 1)  # its start is not another call
    assert {one.id: one.allowed for one in tenant.sources} == {
        "hotfix/test": False, "mail/prod": True, "web/prod": True,
    }  # fmt: skip
    assert agent(tenant, "moss").events == 0
    web = next(one for one in tenant.sources if one.id == "web/prod")
    assert (web.owner, str(web.reviewed), web.events) == ("web team", "2026-02-01", 8)


def test_without_a_registry_nothing_is_known_to_be_allowed() -> None:
    tenant = taken(None)
    assert tenant.registered is None
    assert all(one.allowed is None for one in (*tenant.sources, *tenant.agents))
    assert agent(tenant, "pine").unused() == {}


def test_made_up_names_do_not_take_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MOST", 3)
    found = tally(said(at(0), agent=f"a{i}", ai=True) for i in range(50))["shop"]
    assert list(found.agents) == ["a0", "a1", "a2", OTHERS]
    assert found.agents[OTHERS].events == 47


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = [
        {"id": f"e{i}", "type": "action", "time": f"2026-05-04T0{i}:00:00Z", "source": "web/prod",
         "tenant": "shop", "conversation": "c", "call": "k", "name": name, "status": "ok",
         "agent": {"kind": "ai", "id": "pine", "version": "1.0"}}
        for i, name in enumerate(["Look", "Look", "Refund"])
    ]  # fmt: skip
    (tmp_path / "e.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    (tmp_path / "r.json").write_text(json.dumps({"tenants": {"shop": DECK}}))
    call = ["inventory", str(tmp_path / "e.jsonl"), "--registry", str(tmp_path / "r.json")]
    assert main([*call, "--json"]) == 0
    shop = json.loads(capsys.readouterr().out)["tenants"][0]
    assert shop["agents"][1]["unused"]["models"] == ["lm-1"]
    assert shop["sources"][1]["reviewed"] == "2026-02-01"
    assert main(call) == 0
    shown = capsys.readouterr().out
    assert "never reviewed" in shown
    assert "reviewed 2026-03-01" in shown
    assert main([*call, "--from", "2026-05-04T02:00:00Z", "--json"]) == 0
    actions = json.loads(capsys.readouterr().out)["tenants"][0]["agents"][1]["actions"]
    assert {one["id"]: one["events"] for one in actions} == {"Look": 0, "Refund": 1}
    assert main(["inventory", str(tmp_path / "none.jsonl")]) == 2
