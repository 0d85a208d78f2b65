"""The program: the command line on the compiled core, where there is one."""

from __future__ import annotations

import os
import sys

from streams.compiled import take


def main() -> int:
    """Runs one command and returns its exit code."""
    take(os.environ)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small: more threads only wait, and cost
    from streams.cli import main as run  # what it imports is to be found compiled

    return run()


if __name__ == "__main__":
    sys.exit(main())
