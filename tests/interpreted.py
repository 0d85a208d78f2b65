"""A mark for tests that replace a function or count calls: compiled code shows and sees neither."""

from __future__ import annotations

import pytest

from streams.compiled import taken

interpreted = pytest.mark.skipif(taken(), reason="a part is replaced, or calls are counted")
