"""Failpoints: named places where a test can kill the process, each right after an effect.

Random kills alone prove little: the gap between two effects is rarely hit. `FAILPOINT=alert_sent:3` in the
environment kills the process, as kill -9 would, when it passes that place for the third time.
"""

from __future__ import annotations

import os
import signal
from typing import Literal, TypeAlias, get_args

VARIABLE = "FAILPOINT"
Place: TypeAlias = Literal[
    "parcel_sent",  # acknowledged by its log; not committed
    "input_committed",
    "instant_sent",  # acknowledged; the snapshot does not know it yet
    "alert_sent",  # the same for changes of a closing
    "shard",  # one shard of a snapshot is acknowledged, not all
    "manifest",  # the snapshot is complete; its position not committed
    "commit",
]
DeliveryPlace: TypeAlias = Literal[
    "receiver_told",  # it answered; nobody wrote that down yet
    "delivery_written",  # that is acknowledged; what follows from it is not done
]
PLACES: tuple[Place, ...] = get_args(Place)
"""Of a worker."""
DELIVERY_PLACES: tuple[DeliveryPlace, ...] = get_args(DeliveryPlace)
"""Of `floorwalker notify`."""


def _asked(text: str) -> tuple[str, int]:
    name, _, count = text.partition(":")
    if name and name not in (places := PLACES + DELIVERY_PLACES):
        raise ValueError(f"{VARIABLE}: no such failpoint: {name!r}; there are {', '.join(places)}")
    return name, int(count or 1)


class Failpoints:
    """Counts passes. asked: as the variable says; empty: never kills."""

    def __init__(self, asked: str = "") -> None:
        self._name, self._left = _asked(asked)

    def passed(self, place: Place | DeliveryPlace) -> None:
        """Says that the process is there."""
        if place == self._name:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
