"""Why a record is not an event: the reasons, and how a decoder's message becomes one of them.

What is said names the place and the rule, never what stood there: dead letters, logs and pages repeat it.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from msgspec import Struct

Reason: TypeAlias = Literal[
    "too_large",  # the record, or its text, is longer than the limit
    "too_deep",  # nested deeper than any event
    "not_utf8",
    "not_json",
    "wrong_type",
    "missing_field",
    "out_of_range",  # a number, a length, or a word that is none of those allowed
    "bad_time",  # not RFC 3339 with an offset
    "time_in_future",  # too far ahead of the record's own timestamp
    "unknown_type",
    "unknown_version",
    "bad_envelope",  # CloudEvents 1.0, but not as it should be
    "internal",  # a fault of the reader's own
]


class Rejection(Struct, frozen=True, gc=False):
    """A record that is no event, and where it lies.

    field: JSON path such as `$.agent.id`, the header's name (`ce_time`) for an attribute of a CloudEvent in
    binary mode, "" for the record as a whole. detail: the rule that was broken.
    """

    reason: Reason
    field: str
    detail: str
    topic: str
    partition: int
    offset: int


class Flaw(Exception):  # noqa: N818 - it is a finding about the record, no error of the program
    """Ends the reading of one record: it is rejected for this reason, the stream goes on."""

    def __init__(self, reason: Reason, field: str, detail: str) -> None:
        super().__init__(reason, field, detail)
        self.reason, self.field, self.detail = reason, field, detail


_PLACE = re.compile(r"^(?P<said>.*?)(?: - at (?:`key` in )?`(?P<field>\$[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(\w+)`$")


def flaw_of(message: str) -> Flaw:
    """The flaw that a validation message of msgspec tells of.

    >>> flaw_of("Object missing required field `kind` - at `$.agent`").field
    '$.agent.kind'
    """
    match = _PLACE.match(message)
    said, field = (match["said"], match["field"] or "") if match else (message, "")
    if missing := _MISSING.match(said):
        return Flaw("missing_field", f"{field or '$'}.{missing[1]}", "required")
    if field == "$.type" and said.startswith("Invalid value"):
        return Flaw("unknown_type", field, "not a type of event")
    if said.startswith("Invalid enum value"):
        return Flaw("out_of_range", field, "not one of the words allowed")
    if "RFC3339" in said or "timezone" in said:
        return Flaw("bad_time", field, "must be RFC 3339 with an offset")
    if "out of range" in said:
        return Flaw("out_of_range", field, "a number this large cannot be kept")
    if not said.startswith("Expected"):
        return Flaw("wrong_type", field, "not what the contract says")
    detail = said.replace("`", "")
    return Flaw("wrong_type" if ", got" in said or field == "$.type" else "out_of_range", field, detail)
