"""The audit log: what was said, muted, taken on and changed, each entry bound to the one before it.

An entry carries the hash of its predecessor, and its own over both: flip, cut or move one, and the chain does
not join. With a key (the installation's) nobody else can make it join again. Every process that writes begins
a chapter that names the last entry it found; a process that was taken for dead and was not goes on in its own
chapter. What a chain cannot show is that its end was cut off: keep its `head` somewhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

BEGIN = "begin"  # the first entry of a chapter
NO_HASH = ""
LATE_MOST = 64  # entries of an overtaken process after another one began: what it had under way

_encode = msgspec.json.Encoder(order="deterministic").encode


class Entry(Struct, frozen=True, kw_only=True):
    """writer: names the chapter. number: in it, from 1. at: RFC 3339, wall clock. what: a few fixed words.

    body: particulars; ids, names and reasons, no texts of customers. before: hash of the entry before it in
    its chapter; of the first one: of the last entry there was. hash: of all that.
    """

    writer: str
    number: int
    at: str
    what: str
    body: dict[str, Any]
    before: str
    hash: str = NO_HASH


class Head(Struct, frozen=True):
    """Where a chain ends. entries: how many it has."""

    entries: int
    hash: str


class Fault(Struct, frozen=True):
    """Where a chain does not join, and how. place: of the entry, from 1."""

    place: int
    why: str


def encode_entry(entry: Entry) -> bytes:
    """One line of JSON."""
    return _encode(entry)


decode_entry = msgspec.json.Decoder(Entry).decode


def sealed(entry: Entry, key: bytes) -> Entry:
    """The same with its hash. key: of the installation; empty: none."""
    said = _encode(replace(entry, hash=NO_HASH))
    return replace(entry, hash=blake2b(said, digest_size=20, key=key, person=b"audit").hexdigest())


class Chapter:
    """What one process writes. last: hash of the last entry that there was when it began; empty: none."""

    def __init__(self, writer: str, last: str, key: bytes) -> None:
        self._writer, self._before, self._key, self._number = writer, last, key, 0

    def add(self, what: str, at: str, body: Mapping[str, Any]) -> Entry:
        """The next entry."""
        self._number += 1
        entry = Entry(
            writer=self._writer, number=self._number, at=at, what=what, body=dict(body), before=self._before
        )  # fmt: skip
        found = sealed(entry, self._key)
        self._before = found.hash
        return found


def verify(
    lines: Iterable[bytes], key: bytes, known: Head | None = None, *, all_of_it: bool = True
) -> tuple[Head, list[Fault]]:
    """The head of a chain, and where it does not join.

    known: a head that was kept elsewhere: the chain must still hold it at its place. all_of_it: whether the
    lines begin where the log began; a copy of its end does not.
    """
    faults: list[Fault] = []
    chapters: dict[str, tuple[int, str]] = {}
    hashes: list[str] = []
    for place, line in enumerate(lines, start=1):
        why, found = _look(line, key, chapters, hashes, all_of_it=all_of_it)
        if why:
            faults.append(Fault(place, why))
        hashes.append(found)
    if known is not None and known.hash not in hashes[known.entries - 1 : known.entries]:
        faults.append(
            Fault(known.entries, "is not the entry that was kept as head: the end was cut or rewritten")
        )
    return Head(len(hashes), hashes[-1] if hashes else NO_HASH), faults


def _look(
    line: bytes, key: bytes, chapters: dict[str, tuple[int, str]], hashes: list[str], *, all_of_it: bool
) -> tuple[str, str]:
    """What is wrong with one entry, and its hash."""
    try:
        entry = decode_entry(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "is no entry", NO_HASH
    known = chapters.get(entry.writer)
    chapters[entry.writer] = (entry.number, entry.hash)
    if sealed(entry, key).hash != entry.hash or _encode(entry) != line:
        return "was changed, or the key is another one", entry.hash
    if known is not None:
        joins = entry.before == known[1] and entry.number == known[0] + 1
        return "" if joins else "does not follow the one before it in its chapter", entry.hash
    if entry.what != BEGIN or entry.number != 1:
        first = not all_of_it and not hashes
        return "" if first else "its chapter has no beginning", entry.hash
    # A process that was overtaken may have written a little after the entry that this chapter names.
    recent = hashes[-LATE_MOST:] or ([NO_HASH] if all_of_it else [entry.before])
    return (
        "" if entry.before in recent else "begins a chapter, but not at the end of what was there",
        entry.hash,
    )
