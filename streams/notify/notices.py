"""What a receiver is given, and what it may answer."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal, TypeAlias

from msgspec import Struct

from streams.records.alerts import Alert

Step: TypeAlias = Literal["open", "update", "resolve"]


class Notice(Struct, frozen=True, kw_only=True):
    """One thing to tell about one alert, or about the same trouble in several tenants.

    key: the id of the alert, of the first one where they are several: whatever a receiver keeps goes by it.
    alert: as it is now. others: the same trouble elsewhere, those that are open. loud: it deserves attention,
    not only a note beside. acked_by: who has it in hand. thread: what this receiver answered at the first
    telling. message: equal for every repeat of this notice.
    """

    key: str
    step: Step
    alert: Alert
    message: str
    others: tuple[Alert, ...] = ()
    loud: bool = True
    acked_by: str = ""
    thread: str = ""


class Summary(Struct, frozen=True, kw_only=True):
    """Many alerts in one message: what opened and what is over since the last one, most severe first."""

    opened: tuple[Alert, ...]
    ended: tuple[Alert, ...]
    message: str


class Told(Struct, frozen=True):
    """The receiver has it. thread: what it calls this alert, if it calls it anything."""

    thread: str = ""


class Later(Struct, frozen=True):
    """Not now. after_s: how long it asked to be left alone; None: it did not say."""

    why: str
    after_s: float | None = None


class Refused(Struct, frozen=True):
    """It will never take this message; others it may."""

    why: str


class Gone(Struct, frozen=True):
    """It wants nothing any more, until this process is started again."""

    why: str


Answer: TypeAlias = Told | Later | Refused | Gone


def message_id(*parts: object) -> str:
    """A name for one message to one receiver: whoever sees it twice has seen a repeat.

    >>> message_id("a", 1) == message_id("a", 1) != message_id("a1", "")
    True
    """
    text = "\x00".join(map(str, parts))
    return "msg_" + blake2b(text.encode(), digest_size=12, person=b"message").hexdigest()
