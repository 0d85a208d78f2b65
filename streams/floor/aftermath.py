"""Aftermath: what becomes of conversations after their end: a low score, a return with the same matter.

A return counts six hours after the end, whether there was one or not: were returns counted as they come and
the others later, the first hours of any answer would look bad. Scores come when they come, low or not.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from msgspec import convert, to_builtins

from detectors.structs import Array, Frozen
from streams.floor.conversations import Conversation
from streams.floor.series import null_of
from streams.records.facts import MICROS, Dims

LATER = ("low", "returned")
"""Ends that a conversation comes to after it is over."""
LOW_BELOW = 0.5  # of a score: the worse half of its scale
WAIT_US = 6 * 3600 * MICROS  # most who were not helped are back by then
MOST = 20_000  # conversations waited for, those with answers to be judged, and those scored; 0.3 KB


class Due(Array):
    """A conversation that is over. at: when its return is decided; back: whether its customer came back."""

    at: int
    conversation: str
    customer: str
    dims: Dims
    topic: int
    back: bool = False


class Later(Frozen):
    """A late end, decided. keys: new answers that are judged by it; end: its number among `LATER`; bad:
    whether the conversation came to it."""

    conversation: str
    end: int
    bad: bool
    dims: Dims
    topic: int
    keys: tuple[int, ...]

    @property
    def null(self) -> str:
        """What its expectation depends on."""
        return null_of(self.dims)


class Aftermath:
    """The conversations of one tenant that are over, and what is still to be known of them."""

    def __init__(self) -> None:
        self._waiting: deque[Due] = deque()
        self._last: dict[str, Due] = {}  # customer -> the last of them
        self._judged: dict[str, tuple[int, ...]] = {}  # conversation -> keys, for scores
        self._scored: dict[str, None] = {}

    def judge(self, conversation: str, keys: tuple[int, ...]) -> None:
        """New answers are to be judged by what becomes of a conversation."""
        if keys:
            self._judged[conversation] = self._judged.pop(conversation, ()) + keys
            if len(self._judged) > MOST:
                del self._judged[next(iter(self._judged))]

    def over(self, conversation: Conversation, now: int) -> None:
        """A conversation that counts has ended."""
        customer = conversation.customer
        if customer is None or conversation.handed_off_at is not None:
            return  # of a handoff nobody expects that it settled anything
        due = Due(now + WAIT_US, conversation.key, customer, conversation.dims, conversation.course.topic)
        self._waiting.append(due)
        self._last[customer] = due
        if len(self._waiting) > MOST:
            self._forget(self._waiting.popleft())

    def back(self, customer: str) -> None:
        """A customer came back with the same."""
        due = self._last.get(customer)
        if due is not None:
            due.back = True

    def scored(
        self, conversation: str, dims: Dims, topic: int, heard: tuple[int, ...] = (), *, low: bool
    ) -> Later | None:
        """A score came in; heard: keys, while it is open. Only its first counts: marks of one customer are
        one observation, however many a survey asks for."""
        if conversation in self._scored:
            return None
        self._scored[conversation] = None
        if len(self._scored) > MOST:
            del self._scored[next(iter(self._scored))]
        return Later(conversation, 0, low, dims, topic, self._judged.get(conversation, ()) + heard)

    def decided(self, now: int) -> list[Later]:
        """Returns that are decided by now."""
        found: list[Later] = []
        while self._waiting and self._waiting[0].at <= now:
            due = self._waiting.popleft()
            self._forget(due)
            keys = self._judged.get(due.conversation, ())
            found.append(Later(due.conversation, 1, due.back, due.dims, due.topic, keys))
        return found

    def _forget(self, due: Due) -> None:
        if self._last.get(due.customer) is due:
            del self._last[due.customer]

    def state(self) -> Any:
        """Plain values."""
        judged = [[name, list(keys)] for name, keys in self._judged.items()]
        return [to_builtins(list(self._waiting)), judged, list(self._scored)]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        waiting, judged, *scored = state  # older snapshots do not know what was scored
        self._waiting = deque(convert(waiting, list[Due]))
        self._last = {due.customer: due for due in self._waiting}
        self._judged = {name: tuple(keys) for name, keys in judged}
        self._scored = {name: None for names in scored for name in names}
