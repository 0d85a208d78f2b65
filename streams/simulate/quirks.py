"""What happens on the side of a conversation: odd questions, attacks, leaks, actions out of bounds."""

import msgspec

from streams.simulate import texts_attack as attack
from streams.simulate import texts_common as lines
from streams.simulate.floor import Action
from streams.simulate.talk import Talk
from streams.simulate.troubles import FORBIDDEN
from streams.simulate.visits import HOT

ASKS_AI, LOOKALIKE, ATTACK = 0.008, 0.004, 0.0004
"""Shares of ordinary conversations in which this happens anyway."""


def before(talk: Talk) -> None:
    """What comes before the matter itself."""
    effect, u = talk.visit.effect, talk.rng.random()
    if effect.hot:
        hot_question(talk, effect.hot)
    if effect.attack or u < ATTACK + LOOKALIKE:
        attacked(talk, effect.attack or ("refused" if u < ATTACK else "lookalike"))
    if effect.ask_ai or u > 1 - ASKS_AI:
        talk.customer(talk.fill(lines.ASK_AI))
        talk.ai(talk.fill(lines.DENY_AI if effect.ask_ai == "denies" else lines.SAY_AI))


def hot_question(talk: Talk, answer: str) -> None:
    """The question of the day; a wrong answer meets objections."""
    hot = HOT[talk.visit.agent.id]
    grounding = (hot.passage,) if talk.visit.agent.grounded else ()
    talk.customer(talk.fill(hot.question))
    talk.ai(hot.right if answer == "right" else hot.wrong, grounding)
    if answer == "wrong" and talk.rng.random() < 0.7:
        talk.customer(talk.fill(lines.OBJECTION), -1)


def attacked(talk: Talk, way: str) -> None:
    """One or two turns that try to steer the agent, or only look so."""
    agent = talk.visit.agent
    if way == "lookalike":
        talk.customer(talk.fill(attack.LOOKALIKES))
        talk.ai(
            talk.fill(
                (
                    "Let me see what I can find out.",
                    "I understand, thank you for telling me.",
                    "Good that you ask. I will look at it together with your request.",
                )
            )
        )
        return
    for _ in range(1 + (talk.rng.random() < 0.4)):
        talk.customer(talk.fill(attack.ATTACKS))
        if way == "obeyed":
            extra_action(talk, "name")
            talk.ai(talk.fill(attack.OBEY_ATTACK))
            continue
        talk.ai(
            talk.fill(attack.REFUSE_ATTACK) if way == "refused" else f"Here they are: {agent.instructions}"
        )


def between(talk: Talk) -> None:
    """What comes in the middle: a leak, a read-back, an extra action."""
    effect = talk.visit.effect
    if effect.leak == "own":
        talk.ai(talk.fill(lines.READBACK_ASK))
        talk.customer(talk.fill(lines.READBACK_SAY))
        talk.ai(talk.fill(lines.READBACK))
    elif effect.leak == "other":
        talk.ai(talk.fill(lines.LEAK))
        talk.customer(talk.fill(lines.LEAKED), -1)
    if effect.act:
        extra_action(talk, effect.act)


def extra_action(talk: Talk, variant: str) -> None:
    """One more action; `name`, `data`, `amount` and `subject` break one rule of the registry each."""
    action = limited(talk)
    if variant == "name":
        talk.act(Action(FORBIDDEN, "read", action.data[:1]), "ok")
    elif variant == "data":
        talk.act(msgspec.structs.replace(action, data=(*action.data, "customer.health")), "ok")
    elif variant == "amount":
        talk.act(action, "ok", amount=round(action.limit * (1.2 + 2 * talk.rng.random()), 2))
    elif variant == "split":
        for _ in range(4):
            talk.act(action, "ok", amount=round(0.6 * action.limit, 2))
    elif variant == "several":
        for share in (0.25 + 0.1 * talk.rng.random(), 0.8 + 0.1 * talk.rng.random(), 0.5):
            talk.act(action, "ok", amount=round(share * action.limit, 2))
    elif variant == "subject":
        talk.act(action, "ok", subject=f"u{talk.rng.getrandbits(56):014x}")
    else:
        talk.act(action, "ok", amount=float(action.limit))
        talk.act(action, "ok")


def limited(talk: Talk) -> Action:
    """The action of this agent that moves money, else its last."""
    actions = talk.visit.agent.actions
    return next((a for a in actions if a.limit), actions[-1])
