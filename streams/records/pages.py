"""What Floorwalker says about itself: alerts of kind `pipeline`, by processing time, outside parity."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Literal, TypeAlias

from msgspec import Struct

from streams.records.alerts import SUMMARY_LENGTH, Alert, Severity, State, rfc3339, runbook

DETECTOR = "pipeline/1"
Trouble: TypeAlias = Literal[
    "cold_start",  # a log began without its state
    "damaged_snapshot",  # another one is in use
    "stuck_origin",  # an origin does not get on and holds all others back
    "gap",  # parcels that do not join
    "lost",  # records that no longer existed when they were due
    "rejects",  # most of a topic is no event
    "canary",  # the self-test raised no alert
    "receiver_away",  # it takes no alerts
    "receiver_refuses",  # it refuses some for good
    "receiver_gone",  # it wants none any more
    "given_up",  # alerts that waited for a receiver, or were in hand, beyond the bound
    "silence_ends",  # soon, and what it means may ring again
    "parked",  # a tenant is not watched: its closing raised
]
ACTIONS: dict[Trouble, str] = {
    "canary": "Events or alerts do not get through: see the worker's log, its lag, and cc.alerts.",
    "cold_start": "Baselines begin anew: see where the snapshots went; expect missed alerts for days.",
    "damaged_snapshot": "See who writes to the topic of snapshots; an older one is in use.",
    "stuck_origin": "See whether a worker reads this partition, and why it does not get on.",
    "gap": "Facts were lost between readers and floor: stop the workers, run floorwalker reread.",
    "lost": "Raise the retention of this topic, or run more workers.",
    "parked": "Report the fault; a worker with a mended program reads this tenant again from where it stood.",
    "rejects": "Look at floorwalker deadletters, then at the producer of this topic.",
    "receiver_away": "See whether it runs and its secret is right: floorwalker notify --test asks it.",
    "receiver_refuses": "See the log of notify for what it said, then its address and settings.",
    "receiver_gone": "It answered 410: take it out of the configuration, or give it a new address.",
    "given_up": "Look at floorwalker alerts for what is open; mend the receiver.",
    "silence_ends": "Prolong it or mend what it was for: floorwalker silence list.",
}
LIGHTER: dict[Trouble, Severity] = {
    "receiver_refuses": "ticket",
    "receiver_gone": "ticket",
    "silence_ends": "info",
}
"""Troubles that wake nobody."""


class Matter(Struct, frozen=True, order=True):
    """What a page is about: a trouble and its place, such as a topic, a partition, a log."""

    trouble: Trouble
    place: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """The alert's id: one for each matter, so that a restart says the same again."""
        name = "\x00".join([self.trouble, *(f"{key}={value}" for key, value in self.place)])
        return blake2b(name.encode(), digest_size=10, person=b"pipeline").hexdigest()


def matter(trouble: Trouble, **place: object) -> Matter:
    """
    >>> matter("cold_start", log=3).place
    (('log', '3'),)
    """
    return Matter(trouble, tuple(sorted((key, str(value)) for key, value in place.items())))


def told(about: Matter, state: State, summary: str, since: int, now: int) -> Alert:
    """One change of a pipeline alert. since, now: microseconds since 1970."""
    return Alert(
        id=about.id,
        state=state,
        kind="pipeline",
        severity=LIGHTER.get(about.trouble, "page"),
        scope={},
        since=rfc3339(since),
        opened_at=rfc3339(since),
        at=rfc3339(now),
        signal=about.trouble,
        observed=None,
        expected=None,
        interval=None,
        unit="",
        affected=0,
        evidence=dict(about.place),
        summary=summary[:SUMMARY_LENGTH],
        action=ACTIONS[about.trouble],
        detector=DETECTOR,
        config="",
        runbook=runbook("pipeline"),
    )


class Pager:
    """Opens a page when a trouble begins and resolves it when it is over. own: troubles of which only this
    process and its forerunners speak, so that their pages may be taken over."""

    def __init__(self, own: Collection[Trouble] = ()) -> None:
        self._own = own
        self._open: dict[Matter, tuple[int, str]] = {}
        self._said: dict[Matter, str] = {}

    def adopt(self, change: Alert) -> None:
        """Know of what an earlier process said: it is not said again, and is resolved when it is over.

        Pages of others are passed over: only they know when those are over. So is the echo of what was said
        here: more may have been said since.
        """
        trouble = next((name for name in self._own if name == change.signal), None)
        if change.detector != DETECTOR or trouble is None:
            return
        about = matter(trouble, **change.evidence)
        if about in self._said:  # before the echo of what was said here, all is older than that
            if change.at == self._said[about]:
                del self._said[about]
            return
        if change.state == "resolved":
            self._open.pop(about, None)
        else:
            since = round(datetime.fromisoformat(change.since).timestamp() * 1_000_000)
            self._open[about] = (since, change.summary)

    def is_open(self, about: Matter) -> bool:
        """Whether it was said, and not yet that it is over."""
        return about in self._open

    def look(
        self, troubles: Mapping[Matter, str], now: int,
        is_over: Callable[[Matter, int], bool] = lambda _, __: True,
    ) -> list[Alert]:  # fmt: skip
        """Changes to tell. troubles: all that there are now, each with its summary. is_over: whether one that
        is not among them, with the time it began, is over; microseconds since 1970, as now."""
        changes: list[Alert] = []
        for about, summary in sorted(troubles.items()):
            if about not in self._open:
                self._open[about] = (now, summary)
                changes.append(self._tell(about, "open", summary, now, now))
        for about in sorted(self._open.keys() - troubles.keys()):
            if is_over(about, self._open[about][0]):
                since, summary = self._open.pop(about)
                changes.append(self._tell(about, "resolved", summary, since, now))
        return changes

    def _tell(self, about: Matter, state: State, summary: str, since: int, now: int) -> Alert:
        change = told(about, state, summary, since, now)
        self._said[about] = change.at
        return change
