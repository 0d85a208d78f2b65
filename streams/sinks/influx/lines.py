"""Lines: one point as InfluxDB's line protocol. https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol

Names of queues and agents come from events and so from anybody: whatever stands in them, a line stays one
line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

TAG_LENGTH = 100  # of a name; more only fills the index
TEXT_LENGTH = 1000  # of a text field; a sentence is 200
UNKNOWN = "(unknown)"
Tags: TypeAlias = Sequence[tuple[str, str]]
Fields: TypeAlias = Mapping[str, float | str | None]


class Point(Struct, frozen=True, gc=False):
    """One point. tags: all that the measurement has, in a fixed order. fields: numbers are written as floats,
    so that no field ever changes its type; None and what is not finite is left out. time: microseconds."""

    measurement: str
    tags: Tags
    fields: Fields
    time: int


def line(point: Point) -> str:
    r"""One line without its end; empty for a point that has no field.

    >>> line(Point("m", [("queue", "a b,c=d")], {"n": 3, "text": 'say "hi"'}, 7))
    'm,queue=a\\ b\\,c\\=d n=3.0,text="say \\"hi\\"" 7'
    >>> line(Point("m", [("queue", "")], {"x": math.nan}, 7))
    ''
    """
    fields = ",".join(f"{name}={_field(value)}" for name, value in point.fields.items() if _is_there(value))
    if not fields:
        return ""
    tags = "".join(f",{name}={_tag(value)}" for name, value in point.tags)
    return f"{point.measurement}{tags} {fields} {point.time}"


def _is_there(value: float | str | None) -> bool:
    return value is not None and (isinstance(value, str) or math.isfinite(value))


def _field(value: float | str | None) -> str:
    if not isinstance(value, str):
        return repr(float(value or 0.0))
    clean = _clean(value, TEXT_LENGTH).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{clean}"'


@lru_cache(maxsize=10_000)  # names repeat in every slot
def _tag(value: str) -> str:
    # A backslash before the comma that ends a tag would swallow it: there is no way to escape it.
    clean = _clean(value, TAG_LENGTH).replace("\\", "/") or UNKNOWN
    return clean.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def _clean(text: str, length: int) -> str:
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= length else clean[: length - 1] + "…"
