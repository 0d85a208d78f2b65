"""Models to plain values and back, without pickle: only classes named here are ever built, by assignment.

A model is written as its alias and its attributes; arrays keep dtype, shape, memory order and bytes, so a
restored model continues bit for bit. Nothing in a state can name code to run: an unknown alias, attribute
or version is refused.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Literal, TypeVar

import numpy as np
from msgspec import Struct, convert, to_builtins

from detectors.base import Plain

Row = TypeVar("Row", bound=Struct)
VERSION = 1  # raised whenever an older state would be read wrongly
MODELS = {"bayesian_linear": ("river.linear_model", "BayesianLinearRegression")}
ATTRIBUTES = {  # every attribute an instance has: a River release that adds one is noticed, not half restored
    "bayesian_linear": (
        "alpha", "beta", "smoothing", "_idx", "_ss_arr", "_ss_inv_arr", "_eta_arr", "_m_arr", "_m_dirty",
        "_cap", "_n",
    ),
}  # fmt: skip
DTYPES = ("<f8", "<i8")  # little-endian whatever the machine
MAX_BYTES = 1 << 20  # of one array: the largest model here needs 2 KB; damage must not take the memory
MAX_DEPTH = 8  # of nesting: the deepest state here has 4 levels


class CodecError(ValueError):
    """A state that this version cannot read, or a model that it may not write: start cold and say so."""


@cache
def model_class(alias: str) -> Any:
    """The class of an alias. River is imported when it is first asked for: with SciPy behind it that takes as
    long as all else a program imports, and most commands need no model.

    >>> model_class("bayesian_linear").__name__
    'BayesianLinearRegression'
    """
    module, name = MODELS[alias]
    return getattr(import_module(module), name)


def dump(model: object) -> Plain:
    """A model as plain values. Raises `CodecError` for a class that is not on the list.

    >>> model = model_class("bayesian_linear")()
    >>> model.learn_one({0: 1.0, 1: 0.5}, 2.0)
    >>> load(dump(model)).predict_one({0: 1.0, 1: 0.5}) == model.predict_one({0: 1.0, 1: 0.5})
    True
    """
    alias = next((alias for alias in MODELS if type(model) is model_class(alias)), None)
    if alias is None:
        raise CodecError(f"{type(model).__name__} is not on the list of models that can be kept")
    names, held = ATTRIBUTES[alias], vars(model)
    if set(held) != set(names):
        raise CodecError(
            f"{alias} has attributes this version does not know: pin river to the tested release"
        )
    return {"version": VERSION, "model": alias, "attributes": {name: _plain(held[name], 0) for name in names}}


def load(state: Plain) -> Any:
    """The model whose `dump` this was. Raises `CodecError` for anything else."""
    if not isinstance(state, dict) or state.get("version") != VERSION:
        raise CodecError(f"a model state of version {VERSION} is needed")
    alias, held = state.get("model"), state.get("attributes")
    if not isinstance(alias, str) or alias not in MODELS:
        raise CodecError(f"unknown model {alias!r}")
    if not isinstance(held, dict) or set(held) != set(ATTRIBUTES[alias]):
        raise CodecError(f"{alias}: attributes missing or unknown")
    model: Any = object.__new__(model_class(alias))
    for name in ATTRIBUTES[alias]:
        setattr(model, name, _model_value(held[name], 0))
    return model


def _plain(value: Any, depth: int) -> Plain:
    """Plain values stay; arrays and dicts are tagged (dict keys keep their type and order)."""
    if depth > MAX_DEPTH:
        raise CodecError("nested too deeply")
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if isinstance(value, np.ndarray):
        if value.dtype.str not in DTYPES:
            raise CodecError(f"arrays of {value.dtype} are not kept")
        order: Literal["C", "F"] = "C" if value.flags.c_contiguous else "F"
        data = value.tobytes(order)
        return {"array": value.dtype.str, "shape": list(value.shape), "order": order, "bytes": data}
    if type(value) is list:
        return [_plain(item, depth + 1) for item in value]
    if type(value) is dict:
        return {"pairs": [[_plain(k, depth + 1), _plain(v, depth + 1)] for k, v in value.items()]}
    raise CodecError(f"values of {type(value).__name__} are not kept")


def _model_value(value: Plain, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise CodecError("nested too deeply")
    if isinstance(value, list):
        return [_model_value(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    try:
        if "pairs" in value:
            return {_model_value(k, depth + 1): _model_value(v, depth + 1) for k, v in value["pairs"]}
        return _array(value)
    except (KeyError, TypeError, ValueError) as error:
        raise CodecError(f"a damaged value: {error}") from error


def _array(value: dict[str, Any]) -> np.ndarray[Any, Any]:
    kind, data = value["array"], value["bytes"]
    if kind not in DTYPES or value["order"] not in ("C", "F") or len(data) > MAX_BYTES:
        raise CodecError("an array of a kind or size that is not kept")
    flat = np.frombuffer(data, dtype=kind)
    return flat.reshape(value["shape"], order=value["order"]).copy(order=value["order"])


def dump_rows(rows: Mapping[str, Mapping[str, Struct]]) -> Plain:
    """Records by two names, such as agent and action, in their order.

    >>> from detectors.shift import Share
    >>> load_rows(dump_rows({"pine": {"Look": Share(3.0)}}), Share)["pine"]["Look"].n
    3.0
    """
    return [[name, to_builtins(list(inner.items()))] for name, inner in rows.items()]


def load_rows(state: Plain, kind: type[Row]) -> dict[str, dict[str, Row]]:
    """Inverse of `dump_rows`. kind: of the records."""
    return {name: {key: convert(row, kind) for key, row in inner} for name, inner in state}


def dump_arrays(parts: Sequence[array[Any]]) -> list[bytes]:
    """Arrays of numbers as raw bytes, in order.

    >>> kept, empty = array("d", [1.0, 2.0]), array("d")
    >>> load_arrays([empty], dump_arrays([kept]))
    >>> empty == kept
    True
    """
    return [part.tobytes() for part in parts]


def load_arrays(parts: Sequence[array[Any]], state: Sequence[bytes]) -> None:
    """Inverse of `dump_arrays`, into arrays of the same types; what they held is dropped."""
    for part, data in zip(parts, state, strict=True):
        del part[:]
        part.frombytes(data)
