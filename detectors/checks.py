"""What every detector promises, one function a promise; each raises AssertionError when it is broken.

They take a maker of fresh detectors and a stream of inputs, and know nothing else of either. Run them on
whatever you add: `tests/detectors/test_checks.py` holds the list.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

from detectors.base import Detector, Plain, State, Verdict

Maker: TypeAlias = Callable[[], Detector[Any]]
AFTER = 100  # inputs that a restored detector must score alike


def check_scoring_is_pure(make: Maker, stream: Sequence[Any]) -> None:
    """Scoring changes nothing: asked twice, the same verdict; the state before and after is the same."""
    detector = make()
    for x in stream:
        before = detector.state()
        first = detector.score_one(x)
        _require(detector.score_one(x) == first, f"two verdicts on {x!r}")
        _require(_bytes(detector.state()) == _bytes(before), f"scoring {x!r} changed the state")
        detector.learn_one(x)


def check_inputs_are_not_mutated(make: Maker, stream: Sequence[Any]) -> None:
    """Neither verb touches what it is given."""
    detector = make()
    for x in stream:
        before = copy.deepcopy(x)
        detector.score_one(x)
        detector.learn_one(x)
        _require(x == before, f"{before!r} became {x!r}")


def check_state_round_trips(make: Maker, stream: Sequence[Any]) -> None:
    """Through plain values and bytes, at three places of the stream, the state returns bit for bit and the
    next 100 verdicts agree."""
    for part in (0.1, 0.5, 0.8):
        cut = int(len(stream) * part)
        detector = make()
        run(detector, stream[:cut])
        restored = type(detector).from_state(msgspec.msgpack.decode(_bytes(detector.state())))
        _require(_bytes(restored.state()) == _bytes(detector.state()), f"another state after {cut} inputs")
        after = stream[cut : cut + AFTER]
        _require(run(restored, after) == run(detector, after), f"other verdicts after {cut} inputs")
        _require(_bytes(restored.state()) == _bytes(detector.state()), "learns otherwise when restored")


def check_state_is_a_copy(make: Maker, stream: Sequence[Any]) -> None:
    """A state that was given away does not change when the detector learns on."""
    detector = make()
    half = len(stream) // 2
    run(detector, stream[:half])
    given = detector.state()
    before = _bytes(given)
    run(detector, stream[half:])
    _require(_bytes(given) == before, "the state shares memory with the detector")


def check_state_is_plain(make: Maker, stream: Sequence[Any]) -> None:
    """The state holds ints, floats, strings, bytes, lists and dicts with string keys, nothing else."""
    detector = make()
    run(detector, stream)
    _plain(detector.state(), "state")


def check_same_input_same_result(make: Maker, stream: Sequence[Any]) -> None:
    """Two fresh detectors that see the same say the same and end alike."""
    one, other = make(), make()
    _require(run(one, stream) == run(other, stream), "two runs differ")
    _require(_bytes(one.state()) == _bytes(other.state()), "two runs end differently")


def check_memory_is_bounded(make: Maker, endless: Sequence[Any], limit: int) -> None:
    """However many different things it sees, the encoded state stays below `limit` bytes."""
    detector = make()
    run(detector, endless)
    size = len(_bytes(detector.state()))
    _require(size <= limit, f"{size} bytes of state, {limit} allowed")


def check_warming_is_reported(make: Maker, stream: Sequence[Any]) -> None:
    """A verdict without a score says why (warming, blind), one that is warming has none and never alarms."""
    for verdict in run(make(), stream):
        if verdict.state is State.WARMING:
            _require(verdict.score is None and not verdict.alarm, f"warming, yet {verdict!r}")
        elif verdict.score is None:
            _require(verdict.state is State.BLIND, f"no score and no reason: {verdict!r}")


def check_odd_inputs_are_survived(make: Maker, stream: Sequence[Any], odd: Sequence[Any]) -> None:
    """Unseen and missing values, fresh or trained: no exception, and no number that is not one."""
    for seen in (stream[:0], stream):
        detector = make()
        run(detector, seen)
        for verdict in run(detector, odd):
            numbers = (
                verdict.score,
                verdict.observed,
                verdict.expected,
                verdict.p,
                *(verdict.interval or ()),
            )
            _require(all(n is None or math.isfinite(n) for n in numbers), f"not finite: {verdict!r}")


def run(detector: Detector[Any], stream: Sequence[Any]) -> list[Verdict]:
    """Score first, learn second, all along a stream."""
    verdicts = []
    for x in stream:
        verdicts.append(detector.score_one(x))
        detector.learn_one(x)
    return verdicts


def _bytes(state: Plain) -> bytes:
    return msgspec.msgpack.encode(state)


def _plain(value: Plain, path: str) -> None:
    if type(value) is list:
        for i, item in enumerate(value):
            _plain(item, f"{path}[{i}]")
    elif type(value) is dict:
        for key, item in value.items():
            _require(type(key) is str, f"{path} has the key {key!r}")
            _plain(item, f"{path}.{key}")
    else:
        plain = value is None or type(value) in (bool, int, float, str, bytes)
        _require(plain, f"{path} is a {type(value).__name__}")


def _require(kept: bool, broken: str) -> None:
    if not kept:
        raise AssertionError(broken)
