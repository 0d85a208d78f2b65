"""From the agent to a person: who is on shift, how long it takes, and who does not wait for it."""

from random import Random

from streams.simulate.chance import pick, weighted
from streams.simulate.floor import Tenant
from streams.simulate.talk import Talk
from streams.simulate.texts_common import (
    HUMAN,
    HUMAN_MORE,
    LAST,
    OFFER_HUMAN,
    REASONS,
    TO_HUMAN,
    WANT_HUMAN,
)
from streams.simulate.when import local

TRIGGERS = {"customer": 5.0, "agent": 3.0, "no_match": 1.0, "policy": 0.7, "error": 0.3}
WAIT = {"voice": 55_000.0, "chat": 100_000.0, "email": 3_600_000.0}
"""Median wait for a person, ms; twice as long when only one is on shift."""
PATIENCE = 6.0
"""Waits longer than so many medians are given up, and one in twenty-five anyway."""
SHIFTS = ((6, 14), (9, 18), (13, 22), (21, 7))
"""Local hours from, to; people are spread over them in turn, few at night."""


def on_shift(tenant: Tenant, at: int) -> list[str]:
    """The people working at this moment."""
    hour, crew = local(tenant.hours, at).hour, list[str]()
    for index in range(tenant.humans):
        begin, end = SHIFTS[3 if index % 7 == 6 else index % 3]
        if begin <= hour < end or (begin > end and not end <= hour < begin):
            crew.append(f"{tenant.id}-{LAST[index % len(LAST)].lower()}")
    return crew


def hand_off(talk: Talk) -> None:
    """Ask for a person, wait, and be served or give up."""
    rng, visit = talk.rng, talk.visit
    trigger = weighted(rng, TRIGGERS)
    if trigger == "customer":
        talk.customer(talk.fill(WANT_HUMAN), -1)
    talk.at += 400
    target = {"direction": "ai_to_human", "trigger": trigger}
    talk.emit("escalation", talk.at, stage="requested", reason=pick(rng, REASONS[trigger]), **target)
    talk.ai(talk.fill(OFFER_HUMAN))
    crew = on_shift(visit.tenant, talk.at)
    usual = WAIT[visit.channel]
    waited = talk.wait(usual if len(crew) > 1 else 2 * usual, 0.6)
    if not crew or waited > PATIENCE * usual or rng.random() < 0.04:
        talk.emit("escalation", talk.at, stage="abandoned", **target)
        return
    _served(talk, rng, pick(rng, crew), {**target, "target": f"team-{visit.queue.id}"})


def _served(talk: Talk, rng: Random, name: str, target: dict[str, str]) -> None:
    talk.emit("escalation", talk.at, stage="accepted", **target)
    talk.slots["human"] = name.split("-")[-1].capitalize()
    talk.human(talk.fill(HUMAN), name)
    for _ in range(1 + int(rng.random() * 2)):
        talk.human(talk.fill(HUMAN_MORE), name)
        talk.customer(talk.fill(TO_HUMAN), 1 if rng.random() < 0.5 else 0)
    talk.at += 2000
    talk.emit("escalation", talk.at, stage="completed", **target)
