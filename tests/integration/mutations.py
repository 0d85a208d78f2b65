"""Records as broken producers, careless proxies and attackers send them: events, and what became of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any, TypeAlias

from msgspec import Struct

Headers: TypeAlias = list[tuple[str, bytes]]
OVERSIZE = 70_000  # bytes; the tests' workers read less
JUNK: list[Any] = [
    None, True, False, 0, -1, 2**31, -(2**63), 2**64, 10**400, 1e308, -1e-308, 0.1, "", "\0", "\ud800",
    "🙂" * 9, "1", "NaN", "' OR 1=1 --", "{{7*7}}", "<b>", "../../etc", "a" * 5000, [], {}, [[]], [{}],
    {"": {}}, [None] * 99, {"id": "x"}, "2026-13-45T99:99:99Z", "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "now",
]  # fmt: skip
TOKENS = [
    b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x00", b'"', b"\\", b"{", b"}", b"[",
    b"]", b",", b"1e999", b"-", b"9" * 400, b"NaN", b"Infinity", b"null", b"\\ud800", b"\xef\xbb\xbf",
    b"\x1f\x8b\x08", b"//",
]  # fmt: skip


class Sent(Struct, frozen=True):
    """One record. value None: a tombstone."""

    value: bytes | None
    headers: Headers = []


Mutation: TypeAlias = Callable[[Random, bytes], Sent]


def as_it_is(_: Random, line: bytes) -> Sent:
    return Sent(line)


def flipped(chance: Random, line: bytes) -> Sent:
    """Some bits."""
    found = bytearray(line)
    for _ in range(chance.choice((1, 1, 2, 8))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return Sent(bytes(found))


def cut(chance: Random, line: bytes) -> Sent:
    """Truncated, at either end, or a piece out of the middle."""
    start, stop = sorted(chance.choices(range(len(line) + 1), k=2))
    return Sent(chance.choice((line[:start], line[stop:], line[:start] + line[stop:])))


def spliced(chance: Random, line: bytes) -> Sent:
    """Bytes that do not belong there."""
    at = chance.randrange(len(line) + 1)
    token = chance.choice(TOKENS) * chance.choice((1, 1, 1, 40))
    return Sent(line[:at] + token + line[at + chance.choice((0, 0, len(token))) :])


def twice(chance: Random, line: bytes) -> Sent:
    """More than one event in a record."""
    return Sent(line + chance.choice((b"", b"\n", b",", b"\0")) + line)


def retyped(chance: Random, line: bytes) -> Sent:
    """Values of another type, fields that are missing or strange."""
    event = json.loads(line)
    for _ in range(chance.choice((1, 1, 2, 5))):
        place = chance.choice([event, *(value for value in event.values() if isinstance(value, dict))])
        name = chance.choice([*place, "specversion", "data", "extra"])
        match chance.randrange(4):
            case 0:
                place.pop(name, None)
            case 1:
                place[str(chance.choice(JUNK))[:200]] = place.pop(name, None)
            case _:
                place[name] = deepcopy(chance.choice(JUNK))
    return Sent(json.dumps(event).encode())


def nested(chance: Random, line: bytes) -> Sent:
    """Deeper than any parser likes."""
    depth = chance.choice((3, 30, 40, 500, 5000))
    bracket, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    deep = bracket * depth + b"1" + closing * chance.choice((0, depth, depth))
    return Sent(chance.choice((deep, line[:-1] + b',"x":' + deep + b"}")))


def enveloped(chance: Random, line: bytes) -> Sent:
    """A structured CloudEvent; every other one with a mistake."""
    event = json.loads(line)
    envelope: dict[str, Any] = {"specversion": "1.0", "type": f"floorwalker.{event['type']}.v1"}
    envelope |= {name: event.pop(name) for name in ("id", "source", "time")}
    if chance.random() < 0.3:
        envelope["data_base64"] = base64.b64encode(json.dumps(event).encode()).decode()
    else:
        envelope["data"] = event
    if chance.random() < 0.5:
        envelope[chance.choice(list(envelope))] = chance.choice(JUNK)
    return Sent(json.dumps(envelope).encode())


def in_headers(chance: Random, line: bytes) -> Sent:
    """A binary CloudEvent; every other one with a mistake."""
    event = json.loads(line)
    headers = {"ce_specversion": b"1.0", "ce_type": f"floorwalker.{event['type']}.v1".encode()}
    headers |= {f"ce_{name}": event[name].encode() for name in ("id", "source", "time")}
    if chance.random() < 0.5:
        headers[chance.choice([*headers, "content-type", "ce_"])] = chance.choice(TOKENS)
    return Sent(json.dumps(event).encode(), list(headers.items()))


def empty(chance: Random, _: bytes) -> Sent:
    return Sent(chance.choice((None, b"", b" ", b"\n\n", b"{}", b"[]", b"0", b"null", b'""', bytes(500))))


def noise(chance: Random, _: bytes) -> Sent:
    return Sent(chance.randbytes(chance.randrange(1, 400)))


def oversize(chance: Random, line: bytes) -> Sent:
    """Longer than is read, in one way or another."""
    if chance.random() < 0.5:
        return Sent(b" " * OVERSIZE + line)
    return Sent(json.dumps(json.loads(line) | {"text": "word " * (OVERSIZE // 5)}).encode())


MUTATIONS: dict[Mutation, int] = {
    as_it_is: 15, flipped: 15, cut: 10, spliced: 10, twice: 2, retyped: 15, nested: 3, enveloped: 8,
    in_headers: 6, empty: 3, noise: 3,
}  # fmt: skip
SWAPPED = 50  # events between which order is lost
RARELY = 0.0005  # oversize records: each costs as much as a hundred others


def mutated(lines: Sequence[bytes], number: int, seed: int) -> Iterator[Sent]:
    """So many records made of these events, roughly in their order; the same for the same seed."""
    chance = Random(seed)
    kinds, weights = list(MUTATIONS), list(MUTATIONS.values())
    for index, kind in enumerate(chance.choices(kinds, weights, k=number)):
        line = lines[min(len(lines) - 1, index * len(lines) // number + chance.randrange(SWAPPED))]
        yield oversize(chance, line) if chance.random() < RARELY else kind(chance, line)
