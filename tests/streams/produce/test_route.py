from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.produce.route import TOPICS, Route, route

TIME = '"time":"2026-04-06T10:00:00Z"'
AT = datetime(2026, 4, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "topic"), sorted(TOPICS.items()))
def test_events_go_by_type_and_conversation(kind: str, topic: str) -> None:
    line = f'{{"type":"{kind}","id":"e1",{TIME},"conversation":"c1","respondent":"r1"}}'
    assert route(line.encode()) == Route(topic, b"c1", AT)


@pytest.mark.parametrize(
    ("line", "topic", "key"),
    [
        (f'{{"type":"score","id":"e1",{TIME},"respondent":"r1"}}', "sentiment", b"r1"),
        (f'{{"type":"score","id":"e1",{TIME}}}', "sentiment", b"e1"),
        (f'{{"type":"score","id":"e1",{TIME},"conversation":null,"respondent":""}}', "sentiment", b"e1"),
        # mistakes: by what can be read of them
        ('{"type":"action","id":7,"conversation":"c1"}', "actions", b"c1"),
        ('{"type":"action","time":"yesterday"}', "actions", None),
        ('{"type":"song","conversation":"c1"}', "transcripts", b"c1"),
        ('{"type":["turn"],"conversation":{}}', "transcripts", None),
        ("[]", "transcripts", None),
        ("", "transcripts", None),
        # envelopes
        (
            f'{{"specversion":"1.0","type":"floorwalker.session.v1","id":"e1",{TIME},"data":{{"conversation":"c1"}}}}',
            "sessions",
            b"c1",
        ),
        ('{"specversion":"1.0","type":"floorwalker.turn.v1","id":"e1","data":"x"}', "transcripts", b"e1"),
    ],
)
def test_everything_else_goes_where_it_belongs_best(line: str, topic: str, key: bytes | None) -> None:
    found = route(line.encode())
    assert (found.topic, found.key) == (topic, key)
    assert found.time == (AT if TIME in line else None)


@given(st.binary(max_size=200))
def test_anything_has_a_route(value: bytes) -> None:
    assert route(value).topic in TOPICS.values()


def test_deep_nesting_has_a_route() -> None:
    assert route(b"[" * 100_000) == Route("transcripts", None, None)
    assert route(b'{"a":' * 100_000) == Route("transcripts", None, None)
