"""The audit log: every flip, cut and move is found; what a chain cannot show, a kept head does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.sinks.audit import BEGIN, Chapter, Head, encode_entry, verify

KEY = b"k" * 32


def written(chapters: int = 3, each: int = 5, key: bytes = KEY) -> list[bytes]:
    lines: list[bytes] = []
    last = ""
    for number in range(chapters):
        chapter = Chapter(f"w{number}", last, key)
        for place in range(each):
            entry = chapter.add("told" if place else BEGIN, f"{place}", {"alert": f"a{place}"})
            lines.append(encode_entry(entry))
            last = entry.hash
    return lines


def faults(lines: list[bytes], known: Head | None = None, key: bytes = KEY) -> list[int]:
    return [fault.place for fault in verify(lines, key, known)[1]]


def test_what_was_written_joins() -> None:
    head, found = verify(written(), KEY)
    assert (head.entries, found) == (15, [])
    assert faults(written(key=b""), key=b"") == []
    assert verify([], KEY) == (Head(0, ""), [])


@given(st.data())
def test_every_flip_is_found(data: st.DataObject) -> None:
    lines = written()
    place = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[place]) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(lines[place])
    changed[at] ^= flip
    lines[place] = bytes(changed)
    assert faults(lines)


def test_every_cut_but_that_of_the_end_is_found() -> None:
    whole = written()
    for start in range(len(whole)):
        for stop in range(start + 1, len(whole)):
            assert faults(whole[:start] + whole[stop:]), (start, stop)


def test_a_kept_head_shows_that_the_end_was_cut() -> None:
    whole = written()
    head, _ = verify(whole, KEY)
    assert faults(whole + written()[:0], head) == []
    assert faults(whole[:-1]) == []
    assert faults(whole[:-1], head) == [15]


def test_every_move_is_found() -> None:
    whole = written()
    for one in range(len(whole)):
        for other in range(one + 1, len(whole)):
            moved = list(whole)
            moved[one], moved[other] = moved[other], moved[one]
            assert faults(moved), (one, other)
    assert faults([*whole[5:], *whole[:5]])
    assert faults([whole[0], *whole])


def test_without_the_key_nobody_makes_it_join_again() -> None:
    assert faults(written(key=b"another" * 4))


def test_a_process_that_was_overtaken_goes_on_in_its_own_chapter() -> None:
    zombie = Chapter("z", "", KEY)
    lines = [zombie.add(BEGIN, "t", {}), zombie.add("told", "t", {"alert": "a"})]
    new = Chapter("n", lines[-1].hash, KEY)
    lines += [zombie.add("told", "t", {"alert": "b"}), new.add(BEGIN, "t", {}), zombie.add("told", "t", {})]
    lines += [new.add("told", "t", {"alert": "b"})]
    assert faults([encode_entry(entry) for entry in lines]) == []
