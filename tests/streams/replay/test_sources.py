from __future__ import annotations

import gzip
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streams.errors import ConfigError, Stop
from streams.reading import Record
from streams.replay import sources
from streams.replay.sources import Source, batches, event_time, numbered


def event(minute: int, name: str = "e") -> bytes:
    return b'{"id":"%s","time":"2026-04-06T10:%02d:00Z"}\n' % (name.encode(), minute)


def write(path: Path, content: bytes) -> Source:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return Source(str(path))


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_offsets_are_lines_and_empty_lines_count_but_do_not_appear(tmp_path: Path, name: str) -> None:
    source = write(tmp_path / name, b'\n{"a":1}\n \t\r\n{"b":2}')
    assert source.done == 0
    assert list(source) == [Record(source.name, 0, 1, b'{"a":1}\n'), Record(source.name, 0, 3, b'{"b":2}')]
    assert source.lines == 4
    assert source.done == source.size > 0


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b"{}\n{}\n")

    monkeypatch.setattr(sys, "stdin", Stdin)
    source = Source("-")
    assert [record.offset for record in source] == [0, 1]
    assert (source.done, source.size) == (0, 0)


def test_one_source_keeps_its_own_order(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", event(5) + event(1) + event(3))
    assert [record.offset for _, record in numbered([source])] == [0, 1, 2]


def test_several_sources_are_merged_by_time(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", event(1) + event(4) + event(3) + event(9))
    b = write(tmp_path / "b.jsonl.gz", event(2) + b"no event\n" + event(4) + event(8))
    assert [(index, record.offset) for index, record in numbered([a, b])] == [
        (0, 0),
        (1, 0),
        (1, 1),  # unreadable: right behind the one before it
        (0, 1),  # at equal times the source named first
        (0, 2),  # late already in its own source: comes when its turn does
        (1, 2),
        (1, 3),
        (0, 3),
    ]


def test_batches_hold_at_most_so_many(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", event(1) * 7)
    assert [len(batch) for batch in batches([source], 3)] == [3, 3, 1]


def test_of_a_line_without_end_only_the_head_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_LINE_BYTES", 10)
    source = write(tmp_path / "a.jsonl", b"x" * 35 + b"\n{}\n" + b"y" * 35)
    found = [(record.offset, record.value) for record in source]
    assert found == [(0, b"x" * 10), (1, b"{}\n"), (2, b"y" * 10)]


@pytest.mark.parametrize(("name", "message"), [("gone.jsonl", "No such file"), ("a.csv", "a .jsonl or")])
def test_what_cannot_be_a_source_is_named_before_any_work(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        Source(str(tmp_path / name))
    assert name in str(raised.value)


def test_a_truncated_file_names_file_and_line(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(event(i % 60, str(i * i)) for i in range(9000)))
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Stop, match=r"cut\.jsonl\.gz: gzip data ends too soon, after line \d\d+"):
        list(Source(str(path)))


@pytest.mark.parametrize("content", [b"plain text", gzip.compress(b"{}\n" * 99, mtime=0)[:10] + b"\xff" * 40])
def test_damaged_compression_names_file_and_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(Stop, match=r"bad\.jsonl\.gz: gzip data is damaged after line 0"):
        list(Source(str(path)))


@pytest.mark.parametrize(
    ("value", "headers", "expected"),
    [
        (b'{"time":"2026-04-06T10:05:00+02:00"}', (), datetime(2026, 4, 6, 8, 5, tzinfo=UTC)),
        (
            b'{"text":"no time"}',
            (("ce_time", b"2026-04-06T10:05:00Z"),),
            datetime(2026, 4, 6, 10, 5, tzinfo=UTC),
        ),
        (b'{"time":"2026-04-06T10:05:00"}', (), None),
        (b'{"time":5}', (), None),
        (b"\xff", (("ce_time", b"\xff"),), None),
        (b"", (), None),
        (b'{"a":' * 100_000, (), None),
    ],
)
def test_the_time_of_a_record(
    value: bytes, headers: tuple[tuple[str, bytes], ...], expected: datetime | None
) -> None:
    assert event_time(Record("t", 0, 0, value, headers)) == expected
