from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from influxdb_client import Point as Theirs
from influxdb_client import WritePrecision

from streams.sinks.influx.lines import TAG_LENGTH, TEXT_LENGTH, UNKNOWN, Point, line

NAMES = st.text(alphabet="abc,= \"'éß中.:/(){}-_#", min_size=1, max_size=20).filter(lambda name: name.strip())


@given(tag=NAMES, text=NAMES, number=st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_line_is_the_one_that_the_client_would_make(tag: str, text: str, number: float) -> None:
    theirs = Theirs("m").tag("queue", tag).field("text", text).field("x", number).time(7, WritePrecision.US)
    ours = line(Point("m", [("queue", tag)], {"text": text, "x": number}, 7))
    assert _read(ours) == _read(theirs.to_line_protocol())


def _read(text: str) -> tuple[str, float, str]:
    """What stands before the last field, its number (which may be written in several ways), the time."""
    head, _, rest = text.rpartition(",x=")
    number, _, time = rest.partition(" ")
    return head, float(number), time


@given(st.text(), st.text())
def test_whatever_stands_in_a_name_a_line_stays_one_line(tag: str, text: str) -> None:
    found = line(Point("m", [("queue", tag), ("run", "live")], {"text": text, "n": 1}, 7))
    assert len(found.splitlines()) == 1
    assert found.endswith(",n=1.0 7")
    assert ",run=live text=" in found  # no name swallows what stands behind it


def test_names_and_texts_are_cut() -> None:
    found = line(Point("m", [("queue", "q" * 500)], {"text": "t" * 5000}, 7))
    assert "q" * (TAG_LENGTH - 1) + "… " in found
    assert "t" * (TEXT_LENGTH - 1) + '…"' in found


def test_an_empty_name_is_written_as_unknown_and_a_trailing_backslash_escapes_nothing() -> None:
    assert line(Point("m", [("a", ""), ("b", "x\\")], {"n": 1}, 7)) == f"m,a={UNKNOWN},b=x/ n=1.0 7"


def test_what_is_no_number_is_left_out_and_a_point_without_fields_is_no_line() -> None:
    assert line(Point("m", [], {"a": math.inf, "b": None, "c": True}, 7)) == "m c=1.0 7"
    assert line(Point("m", [], {"a": math.nan}, 7)) == ""
    assert line(Point("m", [], {}, 7)) == ""
