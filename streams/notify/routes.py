"""Routes: which receivers an alert is for."""

from __future__ import annotations

from collections.abc import Sequence

from streams.delivery import Notify, Route
from streams.records.alerts import Alert
from streams.records.matchers import Matcher, meets_any, parse_matchers


class Routes:
    """The configured routes, in order."""

    def __init__(self, notify: Notify) -> None:
        self._everybody = tuple(notify.receivers)
        self._routes: Sequence[tuple[tuple[Matcher, ...], Route]] = [
            (parse_matchers(route.match), route) for route in notify.routes
        ]

    def of(self, alert: Alert) -> tuple[str, ...]:
        """Names of receivers, each once, in the order of the routes. A receiver hears no alert about itself:
        it could only hear it when it is over."""
        found = dict.fromkeys(self._everybody if not self._routes else self._matching(alert))
        if alert.kind == "pipeline":
            found.pop(str(alert.evidence.get("receiver", "")), None)
        return tuple(found)

    def _matching(self, alert: Alert) -> list[str]:
        found: list[str] = []
        for matchers, route in self._routes:
            if meets_any(alert, matchers):
                found += route.to
                if not route.more:
                    break
        return found
