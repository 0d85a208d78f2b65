"""Vocabulary: words that an agent has not used lately, among those of its sampled answers.

Novelty of wording is no harm, and alarms nobody; but who looks into an incident wants to know of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

MOST = 20_000  # words of all agents of one tenant; beyond, those unused for longest are new again; 2 MB


class Vocabulary:
    """The words of one tenant's agents, by keyed hash, in the order last used.

    >>> known = Vocabulary()
    >>> known.novelty("helper", (1, 2)), known.novelty("helper", (2, 3)), known.novelty("other", (2,))
    (1.0, 0.5, 1.0)
    """

    def __init__(self) -> None:
        self._used: dict[int, None] = {}

    def novelty(self, agent: str, words: Sequence[int]) -> float:
        """Share of these words that are new for the agent, which has used them now."""
        salt = int.from_bytes(blake2b(agent.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        keys = [salt ^ word for word in words]
        new = sum(key not in self._used for key in keys)
        for key in keys:
            self._used.pop(key, None)
            self._used[key] = None
        while len(self._used) > MOST:
            del self._used[next(iter(self._used))]
        return new / len(keys)

    def state(self) -> Any:
        """Plain values."""
        return list(self._used)

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._used = dict.fromkeys(state)
