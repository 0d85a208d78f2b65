"""How a conversation ends, and how often: the only place where probabilities of outcomes are decided."""

import math
from random import Random

from streams.simulate.chance import tilt
from streams.simulate.visits import Visit

RESOLVED, UNRESOLVED, ABANDONED, HANDED_OFF = "resolved", "unresolved", "abandoned", "handed_off"
HOT_ESCALATE, HOT_FAIL = 0.4, 0.25
"""What a wrong answer to the question of the day leads to."""
RETURN = {RESOLVED: 0.03, UNRESOLVED: 0.14, ABANDONED: 0.12, HANDED_OFF: 0.04}
"""Share of customers who come back the same day, by how it ended."""
RETURN_HARM = 0.75
"""The same, of customers whose matter only seemed resolved."""


def ending(rng: Random, visit: Visit, mood: float) -> str:
    """How it ends: drawn once, so that an effect changes as few endings as it must. `mood` in log odds."""
    queue, effect, u = visit.queue, visit.effect, rng.random()
    if effect.comes_back:
        return RESOLVED
    if effect.leaves:
        return ABANDONED
    if effect.escalate or effect.fail:
        return HANDED_OFF if effect.escalate else UNRESOLVED
    escalate = tilt(queue.escalate, mood + math.log(effect.escalate_odds))
    fail = tilt(queue.fail, mood + math.log(effect.fail_odds))
    if effect.hot == "wrong":
        escalate, fail = max(escalate, HOT_ESCALATE), max(fail, HOT_FAIL)
    if u < escalate:
        return HANDED_OFF
    if u < escalate + (1 - escalate) * fail:
        return UNRESOLVED
    return ABANDONED if u > 1 - queue.abandon else RESOLVED


def comes_back_after(rng: Random, visit: Visit, end: str) -> int | None:
    """After how many ms the customer returns with the same matter; None: does not."""
    harm = visit.effect.comes_back
    if rng.random() >= (RETURN_HARM if harm else RETURN[end]):
        return None
    hours = rng.uniform(0.3, 3.0) if harm else min(12.0, rng.lognormvariate(1.0, 0.8))
    return int(hours * 3_600_000)
