"""Matchers: which alerts are meant, in the notation of Prometheus: `tenant=acme`, `queue=~"bill.*"`.

Routes, silences and acknowledgements are scoped by them. Patterns run on RE2 and must match all of a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias, cast

from msgspec import Struct

from detectors.text.engine import Pattern, pattern
from streams.records.alerts import Alert
from streams.records.explain import meant

Operator: TypeAlias = Literal["=", "!=", "=~", "!~"]
OWN = ("id", "kind", "severity", "signal")
DIMENSIONS = (
    "tenant", "queue", "channel", "agent", "version", "model", "source", "language", "customer", "action",
)  # fmt: skip
NAMES = OWN + DIMENSIONS
LENGTH = 500  # of one matcher; longer ones are programs
PATTERNS = 1000  # compiled ones that are kept: more than routes and silences together have

_FORM = re.compile(r"([^=!~\s]+)\s*(=~|!~|!=|=)\s*(.*)", re.DOTALL)


class Matcher(Struct, frozen=True):
    """One condition on a field of an alert. A field that is missing has the empty value."""

    name: str
    operator: Operator
    value: str

    def holds(self, value: str) -> bool:
        """Whether one value satisfies it."""
        if self.operator in ("=", "!="):
            return (value == self.value) == (self.operator == "=")
        found = _compiled(self.value).search(value) is not None
        return found == (self.operator == "=~")


@lru_cache(maxsize=PATTERNS)
def _compiled(text: str) -> Pattern:
    return pattern(rf"\A(?:{text})\z", any_case=False)


def parse_matcher(text: str) -> Matcher:
    """A matcher from its notation; ValueError says what is wrong with it.

    >>> parse_matcher('queue=~"bill.*"')
    Matcher(name='queue', operator='=~', value='bill.*')
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or len(text) > LENGTH:
        raise ValueError(f"{text[:80]!r} is not NAME=VALUE, NAME!=VALUE, NAME=~PATTERN or NAME!~PATTERN")
    name, operator, value = found.groups()
    if name not in NAMES:
        raise ValueError(f"alerts have no {name!r}{meant(name, NAMES)}")
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    if operator in ("=~", "!~"):
        try:
            _compiled(value)
        except Exception as fault:  # the engine's own error type; whatever it is, the pattern does not serve
            raise ValueError(f"{value!r} is not a pattern that RE2 takes") from fault
    return Matcher(name, cast(Operator, operator), value)


def values(alert: Alert, name: str) -> tuple[str, ...]:
    """What an alert has there; the empty text where it has nothing."""
    if name in OWN:
        return (str(getattr(alert, name)),)
    found = alert.scope.get(name, "")
    return (found,) if isinstance(found, str) else tuple(found) or ("",)


def meets_any(alert: Alert, matchers: Iterable[Matcher]) -> bool:
    """Whether each matcher holds for one of the values at least: this trouble is there too, among others."""
    return all(any(map(m.holds, values(alert, m.name))) for m in matchers)


def meets_all(alert: Alert, matchers: Iterable[Matcher]) -> bool:
    """Whether each matcher holds for every value: nothing of this trouble lies elsewhere."""
    return all(all(map(m.holds, values(alert, m.name))) for m in matchers)


def parse_matchers(texts: Sequence[str]) -> tuple[Matcher, ...]:
    """All of them; ValueError as `parse_matcher`."""
    return tuple(map(parse_matcher, texts))
