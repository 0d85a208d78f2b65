"""Tests interpret the sources; with FLOORWALKER_COMPILED=1 they run the compiled modules."""

from __future__ import annotations

import os

import pytest

from streams.compiled import SWITCH, take

COMPILED = os.environ.get(SWITCH) == "1"
TAKEN = COMPILED and take(os.environ)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing is tested twice where nothing can be compiled."""
    if COMPILED and not TAKEN:
        from infra.compile import missing  # it takes half a second

        lacks = missing()
        if lacks is None:
            raise pytest.UsageError("nothing is compiled of these sources: make compile")
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"nothing is compiled, for want of {lacks}"))
