"""Excerpts: what was said, redacted, of the conversations heard last; for examples in alerts.

There are none unless the operator allows them, not even those that facts or a snapshot still hold. The last
turn in which the reader found something stands for its conversation, else the last one of its sample.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, convert, to_builtins

from streams.records.facts import Said

CONVERSATIONS = 1000  # of a tenant, 0.3 KB each: those that end with an incident's evidence are among them


class Excerpt(Struct, frozen=True, array_like=True):
    """Some of one turn. found: whether the reader found something in it."""

    role: str
    text: str
    found: bool

    def shown(self, conversation: str) -> dict[str, str]:
        """As it stands in an alert's evidence."""
        return {"conversation": conversation, "role": self.role, "text": self.text}


class Excerpts:
    """By conversation, in the order last heard."""

    def __init__(self, allowed: bool) -> None:
        self.allowed = allowed
        self._kept: dict[str, Excerpt] = {}

    def hear(self, fact: Said) -> None:
        """Keep the excerpt of a turn, if it has one and shows more than what is kept."""
        if not (fact.excerpt and self.allowed) or fact.conversation is None:
            return
        found = fact.refusal or fact.objection or fact.checks is not None
        known = self._kept.get(fact.conversation)
        if known is not None and known.found and not found:
            return
        self._kept.pop(fact.conversation, None)
        self._kept[fact.conversation] = Excerpt(fact.role, fact.excerpt, found)
        if len(self._kept) > CONVERSATIONS:
            del self._kept[next(iter(self._kept))]

    def of(self, conversation: str) -> dict[str, str] | None:
        """The example that a conversation gives; None: none."""
        kept = self._kept.get(conversation)
        return None if kept is None else kept.shown(conversation)

    def state(self) -> Any:
        """Plain values."""
        return to_builtins(list(self._kept.items()))

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._kept = dict(convert(state, list[tuple[str, Excerpt]])) if self.allowed else {}
