"""Facts survive their encoding, and stay as small as the design counts on."""

from __future__ import annotations

import gc

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.records.facts import Acted, Dims, Fact, HandedOff, Known, Passed, Said, Scored

FACT: msgspec.msgpack.Decoder[Fact] = msgspec.msgpack.Decoder(Fact)
KINDS = (Said, HandedOff, Scored, Acted, Passed)

LABELS = st.text(max_size=8)
MAYBE = st.none() | LABELS
NUMBERS = st.none() | st.floats(allow_nan=False)
HASHES = st.integers(0, 2**64 - 1)
DIMS = st.builds(Dims, LABELS, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, LABELS)
KNOWN = {
    "time": st.integers(946_684_800_000_000, 4_102_444_800_000_000),
    "phase": st.integers(0, 5),
    "turn": st.integers(0, 2**31),
    "source": LABELS,
    "id": LABELS,
    "tenant": LABELS,
    "dims": DIMS,
    "conversation": MAYBE,
    "customer": MAYBE,
    "ai": st.none() | st.booleans(),
}
FLAG = st.booleans()
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(
        Said,
        role=LABELS,
        final=FLAG,
        words=st.integers(0, 32768),
        refusal=FLAG,
        objection=FLAG,
        latency_ms=NUMBERS,
        confidence=NUMBERS,
        **KNOWN,
    ),
    st.builds(HandedOff, stage=LABELS, direction=LABELS, trigger=LABELS, **KNOWN),
    st.builds(
        Scored,
        metric=LABELS,
        value=st.floats(-1, 1),
        scope=LABELS,
        rater=LABELS,
        respondent=HASHES,
        comment=HASHES,
        via=MAYBE,
        answered_after_s=NUMBERS,
        **KNOWN,
    ),
    st.builds(
        Acted,
        call=LABELS,
        name=LABELS,
        status=LABELS,
        effect=MAYBE,
        data=st.lists(LABELS, max_size=3).map(tuple),
        amount=NUMBERS,
        subject=MAYBE,
        latency_ms=NUMBERS,
        **KNOWN,
    ),
    st.builds(Passed, step=LABELS, resolution=MAYBE, **KNOWN),
)


@settings(deadline=None)
@given(FACTS)
def test_encoding_is_undone_by_decoding(fact: Fact) -> None:
    encoded = msgspec.msgpack.encode(fact)
    assert FACT.decode(encoded) == fact
    assert msgspec.msgpack.encode(FACT.decode(encoded)) == encoded


def test_tags_and_field_order_never_change() -> None:
    """Facts lie in logs for months: fields are appended, never moved."""
    known = ("time", "phase", "turn", "source", "id", "tenant", "dims", "conversation", "customer", "ai")
    assert Known.__struct_fields__ == known
    assert [kind.__struct_config__.tag for kind in KINDS] == ["t", "e", "s", "a", "x"]
    for kind in KINDS:
        assert kind.__struct_fields__[: len(known)] == known
    assert Dims.__struct_fields__ == ("channel", "queue", "language", "agent", "version", "model", "source")


def test_collector_does_not_track_facts() -> None:
    fact = Passed(time=1, phase=0, turn=0, source="s", id="i", tenant="t", dims=Dims(), step="started")
    assert not gc.is_tracked(fact)
    assert not gc.is_tracked(fact.dims)
