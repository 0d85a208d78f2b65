"""What delivery says about itself: alerts of kind `pipeline`, told through the receivers that are well."""

from __future__ import annotations

from streams.delivery import Notify
from streams.notify.desk import Desk
from streams.records.alerts import rfc3339
from streams.records.pages import Matter, Trouble, matter

OWN: tuple[Trouble, ...] = (
    "receiver_away", "receiver_gone", "receiver_refuses", "given_up", "silence_ends"
)  # fmt: skip
"""Of these no worker speaks."""
LASTING_S = 3600.0  # what happened at one moment stays an alert for so long


class Troubles:
    """Those that there are now."""

    def __init__(self, notify: Notify) -> None:
        self._notify = notify
        self._dropped, self._dropped_at = 0, -LASTING_S

    def look(self, desk: Desk, now: float) -> dict[Matter, str]:
        """Each with its summary. now: seconds since 1970."""
        found: dict[Matter, str] = {}
        for name, post in desk.posts.items():
            since = post.line.circuit.since
            if since and now - since >= self._notify.dead_s:
                said = f"receiver {name} takes no alerts since {rfc3339(round(since * 1e6))}"
                found[matter("receiver_away", receiver=name)] = said
            if post.gone:
                said = f"receiver {name} wants no alerts any more"
                found[matter("receiver_gone", receiver=name)] = said
            if now - post.refused_at < LASTING_S:
                said = f"receiver {name} refuses some alerts for good"
                found[matter("receiver_refuses", receiver=name)] = said
            if now - post.dropped_at < LASTING_S:
                said = f"alerts that waited for receiver {name} were given up"
                found[matter("given_up", receiver=name)] = said
        if desk.book.dropped > self._dropped:
            self._dropped, self._dropped_at = desk.book.dropped, now
        if now - self._dropped_at < LASTING_S:
            found[matter("given_up")] = f"{self._dropped} alerts were given up: more are open than are kept"
        for silence in desk.mutes.ending(now, self._notify.ending_s):
            kind = "maintenance window" if silence.planned else "silence"
            said = f"the {kind} of {silence.author} ends at {rfc3339(silence.until)}: {silence.reason}"
            found[matter("silence_ends", silence=silence.id)] = said
        return found
