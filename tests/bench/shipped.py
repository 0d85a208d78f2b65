"""Imported before what is measured: benchmarks run what is shipped, compiled modules included."""

from __future__ import annotations

import os

from streams.compiled import take

take(os.environ)
