"""The collector of cyclic garbage, kept out of the way.

A full collection stops everything until all that is held was looked at: 80 ms in a process that has just
started, more with state. What was there when the work began is not looked at again while it lasts, and the
rest rarely: what is made is freed by counting references, and cycles are few.
"""

from __future__ import annotations

import gc

YOUNG = 20_000  # new containers until the youngest are looked at: about a millisecond
MIDDLE, OLD = 20, 100  # such looks until the next generation has its turn


def settle() -> None:
    """What is held now stays, until this is asked again: at the start, and when logs come and go."""
    if gc.get_freeze_count():  # what went may have been a cycle
        gc.unfreeze()
        gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
