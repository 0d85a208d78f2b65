"""The post of one receiver: its line, its groups, what is collected for its digest, and how it is."""

from __future__ import annotations

from collections.abc import Callable

from streams.delivery import Digested, Notify, Receiver
from streams.notify.groups import Groups
from streams.notify.line import Line
from streams.records.alerts import RANK

DIGEST = "digest"  # stands in a line for all that is collected; ids of alerts are hashes


class Post:
    """What is known of one receiver. slot_s: of the floors. chance: uniform in [0, 1), for jitter."""

    def __init__(
        self, receiver: Receiver, notify: Notify, slot_s: float, chance: Callable[[], float]
    ) -> None:
        self.receiver = receiver
        self.line = Line(notify.waiting, chance)
        self.groups = Groups(0.0 if receiver_groups(receiver) else notify.group_slots * slot_s)
        self.digest_s = receiver.digest_s if isinstance(receiver, Digested) else 0.0
        self.collected: dict[str, None] = {}
        self.round = 0
        self.owed: dict[str, None] = {}  # driven out of the line, and held to be open: their ends are owed
        self.gone = False
        self.refused_at = 0.0
        self.dropped_at = 0.0

    def forget(self, key: str) -> None:
        """Nothing is left to tell about it."""
        self.line.forget(key)
        self.collected.pop(key, None)

    def tell_together(self, now: float) -> None:
        """What was collected is due on round times."""
        if self.digest_s and int(now // self.digest_s) > self.round:
            self.round = int(now // self.digest_s)
            if self.collected:
                self.line.add(DIGEST, RANK["ticket"])


def receiver_groups(receiver: Receiver) -> bool:
    """Whether a receiver groups by itself, by the label that we give it."""
    return receiver.__struct_config__.tag == "alertmanager"
