"""One conversation from greeting to survey, played from its script."""

from msgspec import Struct

from streams.simulate import texts_common as lines
from streams.simulate.handoff import hand_off
from streams.simulate.outcome import ABANDONED, HANDED_OFF, RESOLVED, UNRESOLVED, ending
from streams.simulate.quirks import before, between
from streams.simulate.script import Intent, Step
from streams.simulate.survey import survey
from streams.simulate.talk import Record, Talk
from streams.simulate.visits import INTENTS, Visit

REFUSES, UNSUPPORTED, OBJECTS = 0.012, 0.03, 0.015
"""Shares of ordinary agent turns (the third: of customer turns) in which this happens anyway."""


class Played(Struct, frozen=True):
    """A conversation as it came out."""

    id: str
    events: list[tuple[int, Record]]
    ended: int
    end: str
    actions: tuple[str, ...]


def converse(seed: int, visit: Visit, mood: float) -> Played:
    """All events of this visit. `mood` is added to the log odds of a bad end."""
    talk = Talk(seed, visit)
    end = ending(talk.rng, visit, mood)
    talk.emit("session", talk.at, phase="started")
    if visit.channel == "voice":
        talk.ai(talk.fill(lines.GREETING))
    (mail if visit.channel == "email" else dialogue)(talk, INTENTS[visit.intent], end)
    if end == HANDED_OFF:
        hand_off(talk)
    talk.at += 1500 + int(20_000 * talk.rng.random())
    ended = talk.at
    talk.emit("session", ended, phase="ended", resolution=end, duration_ms=ended - visit.at)
    survey(talk, end)
    names = tuple(sorted({r["name"] for _, r in talk.events if r["type"] == "action"}))
    return Played(talk.id, talk.events, ended, end, names)


def dialogue(talk: Talk, intent: Intent, end: str) -> None:
    """Turn by turn, as far as this ending lets it come."""
    upto = len(intent.steps) if end == RESOLVED else 1 + int(talk.rng.random() * (len(intent.steps)))
    talk.customer(opening(talk, intent))
    before(talk)
    for index, step in enumerate(intent.steps[:upto]):
        act(talk, step)
        say(talk, step)
        if end == ABANDONED and index == upto - 1:
            return
        reply(talk, step)
        if index == 0:
            between(talk)
    close(talk, intent, end)


def mail(talk: Talk, intent: Intent, end: str) -> None:
    """One letter with everything in it, one answer, perhaps a thank-you."""
    first, *rest = intent.steps
    talk.customer(f"{opening(talk, intent)} {talk.fill(first.customer)}")
    before(talk)
    between(talk)
    for step in rest:
        act(talk, step)
    if end == RESOLVED:
        talk.ai(styled(talk, " ".join(talk.fill(s.ai) for s in rest) + " " + talk.fill(intent.done)))
    elif end != ABANDONED:
        talk.ai(talk.fill(lines.STUCK))
    if end == UNRESOLVED or talk.rng.random() < 0.25:
        talk.customer(
            talk.fill(lines.THANKS if end == RESOLVED else lines.OBJECTION), 1 if end == RESOLVED else -1
        )


def opening(talk: Talk, intent: Intent) -> str:
    """What the customer comes with."""
    text = talk.fill(intent.opener)
    return f"{talk.fill(lines.AGAIN)} {text}" if talk.visit.again else text


def act(talk: Talk, step: Step) -> None:
    """The action of this step, if it has one."""
    if step.act:
        talk.act(next(a for a in talk.visit.agent.actions if a.name == step.act))


def say(talk: Talk, step: Step) -> None:
    """The agent's line, refused or padded as the visit will have it, with the passages it was given."""
    effect, rng, u = talk.visit.effect, talk.rng, talk.rng.random()
    if u < (0.4 if effect.answers == "refuse" else REFUSES):
        talk.ai(talk.fill(lines.REFUSE), step.facts)
        talk.customer(talk.fill(lines.REFUSED), -1)
        return
    text = styled(talk, talk.fill(step.ai))
    if step.wrong and rng.random() < (0.85 if effect.unsupported else UNSUPPORTED):
        text = f"{text} {talk.fill(step.wrong)}"
    talk.ai(text, step.facts if talk.visit.agent.grounded else ())


def styled(talk: Talk, text: str) -> str:
    """The line as this agent puts it."""
    way, rng = talk.visit.effect.answers, talk.rng
    if way == "terse":
        return text.split(". ")[0][:40].rsplit(" ", 1)[0] + "."
    if way == "long":
        return " ".join((text, talk.fill(lines.PADDING), talk.fill(lines.PADDING)))
    if way == "hesitant":
        return f"{talk.fill(lines.HEDGES)}{text} {talk.fill(lines.ASK_BACK)}"
    lead = talk.fill(lines.NEW_LEADS if way == "reworded" else lines.LEADS)
    return lead + text + (talk.fill(lines.TAILS) if rng.random() < 0.15 else "")


def reply(talk: Talk, step: Step) -> None:
    """The customer's answer, which is now and then an objection or a complaint."""
    effect, u = talk.visit.effect, talk.rng.random()
    if u < (0.25 if effect.unsupported else OBJECTS):
        # Whoever objects still says what was asked for: else the agent could not know it.
        answer = f" {talk.fill(step.customer)}" if any("{" in line for line in step.customer) else ""
        talk.customer(talk.fill(lines.OBJECTION) + answer, -1)
    elif effect.sour > 0.2 and u > 0.6:
        talk.customer(f"{talk.fill(lines.ANGRY)} {talk.fill(step.customer)}", -1)
    else:
        talk.customer(talk.fill(step.customer))


def close(talk: Talk, intent: Intent, end: str) -> None:
    """The last words."""
    if end == RESOLVED:
        talk.ai(styled(talk, talk.fill(intent.done)))
        happy = talk.rng.random() < (0.3 if talk.visit.effect.sour > 0.2 else 0.8)
        talk.customer(talk.fill(lines.THANKS if happy else lines.PLAIN_END), 1 if happy else 0)
        return
    talk.ai(talk.fill(lines.STUCK))
    talk.customer(talk.fill(lines.OBJECTION if talk.rng.random() < 0.35 else lines.ANGRY), -1)
    if end == UNRESOLVED:
        talk.ai(talk.fill(lines.STUCK))
        talk.customer(talk.fill(lines.GIVE_UP), -1)
