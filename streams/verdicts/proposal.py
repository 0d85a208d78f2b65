"""A proposal: the registry that would make an alert unnecessary, as a difference for a person to review.

Nothing here puts anything in force; `floorwalker publish` does, with the file that was reviewed.
"""

from __future__ import annotations

import json
from copy import deepcopy
from difflib import unified_diff
from typing import Any

from streams.records.controls import Word

NAMED = {"action": "actions", "version": "versions", "model": "models"}  # rule -> list of an agent
CLOSED = ("volume", "silence")


def proposed(tree: Any, alert: dict[str, Any], word: Word) -> Any:
    """The registry's document with what this alert asks for. The same where a registry cannot say it."""
    found = deepcopy(tree) if isinstance(tree, dict) else {}
    tenants = found.setdefault("tenants", {})
    entry = tenants.get(alert["scope"].get("tenant", ""))
    if alert["kind"] == "shadow_ai" and alert["signal"] == "tenant" and word != "real":
        tenants.setdefault(alert["scope"]["tenant"], {})
    elif entry is not None and word == "expected" and alert["kind"] in CLOSED:
        _add(entry, "holidays", alert["since"][:10])
    elif entry is not None and word != "real" and alert["kind"] in ("boundary", "shadow_ai"):
        _allow(entry, alert)
    return found


def difference(tree: Any, new: Any, name: str) -> str:
    """A unified difference of two documents, keys as they stand; empty where they are equal."""
    before, after = (json.dumps(one, indent=2, default=str).splitlines(keepends=True) for one in (tree, new))
    return "".join(unified_diff(before, after, name, f"{name} (proposed)"))


def _allow(entry: dict[str, Any], alert: dict[str, Any]) -> None:
    scope, rule, reason = alert["scope"], alert["signal"], alert["evidence"].get("reason", "")
    if "source" in scope:
        _add(entry, "sources", scope["source"])
    if rule == "agent":
        _add(entry, "agents", {"id": scope["agent"]})
    agent = next((one for one in entry.get("agents", ()) if one.get("id") == scope.get("agent")), None)
    if agent is None:
        return
    if rule in NAMED:
        _add(agent, NAMED[rule], scope[rule])
    elif rule == "data":
        for name in reason.partition(": ")[2].split(", "):
            _add(agent, "data", name)
    elif rule == "amount":
        amount = reason.removeprefix("amount ").partition(" ")[0]
        agent.setdefault("limits", {})[scope["action"]] = float(amount)
    elif rule == "subject":
        agent["subject"] = "any"


def _add(holder: dict[str, Any], key: str, value: Any) -> None:
    known = holder.setdefault(key, [])
    if value not in known:
        known.append(value)
