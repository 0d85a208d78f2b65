"""What travels in a log survives it, and parcels are told apart from controls."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.records.controls import Mark, Origins, RegistryChange
from streams.records.facts import Dims, Passed
from streams.records.parcels import Entry, LogRecord, Origin, Parcel, decode_record, encode_record
from streams.records.registry import Registry

POSITIONS = st.integers(0, 2**62)
FACTS = st.builds(
    Passed,
    time=st.integers(0, 2**52),
    phase=st.integers(0, 5),
    turn=st.integers(0, 9),
    source=st.text(max_size=4),
    id=st.text(max_size=4),
    tenant=st.text(max_size=4),
    dims=st.builds(Dims, channel=st.text(max_size=4)),
    step=st.text(max_size=4),
)
PARCELS = st.builds(
    Parcel,
    st.builds(Origin, st.text(max_size=4), st.text(max_size=4), st.integers(0, 99)),
    POSITIONS,
    POSITIONS,
    POSITIONS,
    st.booleans(),
    st.booleans(),
    st.lists(st.builds(Entry, POSITIONS, POSITIONS, FACTS), max_size=4).map(tuple),
)


@settings(deadline=None)
@given(PARCELS)
def test_parcels_survive_the_log(parcel: Parcel) -> None:
    encoded = encode_record(parcel)
    assert decode_record(encoded) == parcel
    assert encode_record(decode_record(encoded)) == encoded


@pytest.mark.parametrize(
    "control",
    [
        Origins(id="o", topics={"cc.transcripts": ("t1", 8)}),
        Mark(id="m", until=5, positions={"cc.transcripts": [1, 2]}, last=True),
        RegistryChange(id="r", effective=5, registry=Registry()),
    ],
    ids=lambda control: type(control).__name__,
)
def test_controls_survive_the_log(control: LogRecord) -> None:
    assert decode_record(encode_record(control)) == control


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xc0", b"\x81\xa4kind\xa6parsel", b"\xff" * 9])
def test_anything_else_is_an_error(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_record(data)


def test_origins_are_ordered_by_topic_then_incarnation_then_partition() -> None:
    mixed = [Origin("b"), Origin("a", "x"), Origin("a", "", 1), Origin("a")]
    assert sorted(mixed) == [Origin("a"), Origin("a", "", 1), Origin("a", "x"), Origin("b")]
