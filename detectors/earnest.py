"""Earnest: whether attack-like texts are stronger than harmless look-alikes explain.

People who quote a letter, ask about security or play write texts that score as attacks, again and again; so
their number proves nothing. But hardly any of them scores high: above one half, the log odds of look-alikes'
scores are about exponential. The sum over several texts is then Erlang distributed, and its tail is the
chance that all of them are harmless. Doubtful texts do not clear strong ones, nor do they add up.

Reference: Fisher's combination of tests, R. A. Fisher, Statistical Methods for Research Workers (1932), 21.1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LOOKALIKE = 1.5  # mean log odds of look-alikes above one half: 16 of 360 such texts had 1.2, give or take 0.3
HIGHEST = 0.9999  # scores carry four digits


def chance(scores: Sequence[float]) -> float:
    """Chance that look-alikes score at least so high together; scores: 0.5..1, one a conversation.

    >>> round(chance([0.84, 0.93, 0.76, 0.88]), 2), round(chance([0.99, 0.6, 0.9999, 0.98]), 4)
    (0.28, 0.0022)
    """
    total = sum(_log_odds(score) for score in scores) / LOOKALIKE
    if total <= 0.0:
        return 1.0
    terms = (i * math.log(total) - total - math.lgamma(i + 1) for i in range(len(scores)))
    return min(1.0, sum(math.exp(term) for term in terms))


def _log_odds(score: float) -> float:
    score = min(max(score, 0.5), HIGHEST)
    return math.log(score / (1.0 - score))
