"""Matters: what customers came for when their conversation counted as contained, so that who comes back with
the same is seen. Others come back with something new, and were helped.
"""

from __future__ import annotations

from typing import Any

from msgspec import convert, to_builtins

from detectors.content.style import same
from detectors.structs import ArrayLeaf
from streams.floor.conversations import Conversation
from streams.records.facts import MICROS

WITHIN_US = 24 * 3600 * MICROS  # who comes back later may have a new reason for it
ONCE_US = 12 * 3600 * MICROS  # one customer's returns count once in so long
MOST = 100_000  # customers of one tenant; beyond, the longest ago are forgotten; 0.3 KB each
ONGOING = ("handed_off", "unresolved")  # ends that promise nothing


class Matter(ArrayLeaf):
    """What a customer came for last. at: when it counted as settled; back: when a return was last seen."""

    at: int
    topic: int
    gist: tuple[int, ...]
    back: int = -(2**62)


class Matters:
    """The settled matters of one tenant's customers, in the order settled."""

    def __init__(self) -> None:
        self._settled: dict[str, Matter] = {}

    def settle(self, ended: Conversation, time: int) -> None:
        """A conversation is over: settled, unless it says otherwise."""
        course = ended.course
        if ended.customer is None or not (course.topic or course.gist):
            return
        known = self._settled.pop(ended.customer, None)
        if ended.handed_off_at is not None or ended.resolution in ONGOING:
            return
        matter = Matter(time, course.topic, course.gist)
        if known is not None:
            matter.back = known.back
        self._settled[ended.customer] = matter
        if len(self._settled) > MOST:
            del self._settled[next(iter(self._settled))]

    def back(self, asked: Conversation, time: int) -> bool | None:
        """Whether a customer whose matter has just become known comes back with the same; None where a
        repeat of a return is no news."""
        known = self._settled.get(asked.customer or "")
        if known is None or not (0 <= time - known.at < WITHIN_US):
            return False
        course = asked.course
        again = course.topic == known.topic if course.topic and known.topic else same(course.gist, known.gist)
        if not again:
            return False
        if time - known.back < ONCE_US:
            return None
        known.back = time
        return True

    def forget(self, now: int) -> None:
        """Drop what is too long ago."""
        while self._settled:
            customer = next(iter(self._settled))
            if now - self._settled[customer].at < WITHIN_US:
                return
            del self._settled[customer]

    def state(self) -> Any:
        """Plain values."""
        return to_builtins([[customer, matter] for customer, matter in self._settled.items()])

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._settled = {customer: convert(matter, Matter) for customer, matter in state}
