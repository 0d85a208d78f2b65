"""Models come back bit for bit; nothing outside the list is written or built."""

from __future__ import annotations

import copy
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from river.linear_model import BayesianLinearRegression, LinearRegression

from detectors.codec import CodecError, dump, load


def rows(start: int, count: int) -> list[tuple[dict[int, float], float]]:
    steps = range(start, start + count)
    return [({j: math.sin(0.7 * i * (j + 1) + j) for j in range(12)}, math.cos(0.3 * i)) for i in steps]


def trained(smoothing: float | None) -> Any:
    model: Any = BayesianLinearRegression(alpha=0.1, smoothing=smoothing)
    for x, y in rows(0, 50):
        model.learn_one(x, y)
    return model


@pytest.mark.parametrize("smoothing", [None, 0.999])
def test_restored_model_scores_the_next_hundred_alike(smoothing: float | None) -> None:
    model = trained(smoothing)
    restored = load(msgspec.msgpack.decode(msgspec.msgpack.encode(dump(model))))
    for x, y in rows(50, 100):
        assert restored.predict_one(x) == model.predict_one(x)
        model.learn_one(x, y)
        restored.learn_one(x, y)
    assert dump(restored) == dump(model)


def test_restored_model_shares_nothing_with_the_state() -> None:
    state = dump(trained(None))
    before = copy.deepcopy(state)
    load(state).learn_one({0: 1.0}, 1.0)
    assert state == before


def test_fresh_model_survives() -> None:
    assert load(dump(BayesianLinearRegression())).predict_one({0: 1.0}) == 0.0


def test_memory_order_is_kept() -> None:
    model = trained(None)
    assert model._ss_inv_arr.flags.f_contiguous
    assert load(dump(model))._ss_inv_arr.flags.f_contiguous


@pytest.mark.parametrize("model", [LinearRegression(), object(), print, np.zeros(3)])
def test_classes_off_the_list_are_refused(model: Any) -> None:
    with pytest.raises(CodecError, match="not on the list"):
        dump(model)


def test_unknown_attribute_is_noticed() -> None:
    model = trained(None)
    model.novelty = 1
    with pytest.raises(CodecError, match="pin river"):
        dump(model)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"model": "os.system"},
        {"model": ["x"]},
        {"attributes": {}},
        {"attributes": None},
    ],
)
def test_strange_states_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CodecError):
        load({**dump(trained(None)), **change})


@pytest.mark.parametrize(
    "value",
    [
        {"array": "|O", "shape": [1], "order": "C", "bytes": b"12345678"},
        {"array": "<f8", "shape": [3], "order": "C", "bytes": b"12345678"},
        {"array": "<f8", "shape": [1], "order": "C", "bytes": b"123"},
        {"array": "<f8", "shape": [1 << 40], "order": "C", "bytes": b""},
        {"array": "<f8"},
        {"pairs": [[1]]},
        {"pairs": [[{"pairs": []}, 1]]},
        [[[[[[[[[[1]]]]]]]]]],
    ],
)
def test_damaged_values_are_refused(value: Any) -> None:
    state = dump(trained(None))
    state["attributes"]["_eta_arr"] = value
    with pytest.raises(CodecError):
        load(state)
