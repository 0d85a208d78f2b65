"""Event to fact: numbers, labels and keyed hashes stay; text ends here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from zlib import crc32

from detectors.content.base import Heard
from detectors.content.base import Score as Suspicion
from detectors.content.checks import Checks, check, injected, look, wordings
from detectors.content.recital import Known
from detectors.content.style import Answer, answered, asked
from detectors.text.copies import copies
from detectors.text.gate import excerpt, label, person
from detectors.text.keyed import Hasher
from detectors.text.normalise import normalise
from streams.reading.record import Secrets
from streams.records.events import Action, Agent, Common, Escalation, Event, Score, Session, Turn
from streams.records.facts import Acted, Dims, Fact, HandedOff, Passed, Said, Scored
from streams.records.order import ACTED, ENDED, HANDED_OFF, SAID, SCORED, STARTED

PLACES = 4096  # distinct combinations of labels kept; a busy floor has some hundreds
ANSWERS_A_SAMPLE = 16  # one answer in so many shows words: novelty needs no more
TURNS_AN_EXCERPT = 32  # one turn in so many gives one without a finding: two or three conversations give one
FOUND = 0.5  # score of a check from which it found something
INTENT = "intent"  # the attribute by which platforms name what a conversation is about
NAMES = 16_384  # names whose judgement is kept, of each kind: 2 MB; those of the conversations going on
REPEATED, REPEATED_CHARS = 4096, 256  # answers that are remembered, 4 MB; longer ones are hardly said again
COMMENT_CHARS = 2048  # as much of a comment as tells repeated ones from each other


def fact_of(event: Event, time: int, secrets: Secrets) -> Fact:
    """The fact of an event. time: event time in microseconds since 1970.

    An empty optional label (queue, customer, version ...) counts as absent: it names nothing.
    """
    agent = event.agent
    hashed = secrets.hasher(event.tenant)
    dims = _dims_of(event, agent, hashed)
    ai = None if agent is None else agent.kind == "ai"
    if isinstance(event, Turn):
        return _said(event, time, dims, ai, secrets, hashed)
    if isinstance(event, Score):
        return _scored(event, time, dims, ai, secrets, hashed)
    if isinstance(event, Action):
        return _acted(event, time, dims, ai, hashed)
    if isinstance(event, Session):
        return _passed(event, time, dims, ai, hashed)
    return _handed_off(event, time, dims, ai, hashed)


@lru_cache(maxsize=PLACES)
def _dims(
    hashed: Hasher,
    channel: str,
    queue: str | None,
    language: str | None,
    agent: str | None,
    version: str | None,
    model: str | None,
    source: str,
) -> Dims:
    """One object for all facts of a place: facts are held by the hundred thousand."""
    return Dims(
        channel=channel,
        queue=label(queue, hashed) if queue else None,
        language=label(language, hashed) if language else None,
        agent=label(agent, hashed) if agent else None,
        version=label(version, hashed) if version else None,
        model=label(model, hashed) if model else None,
        source=label(source, hashed),
    )


def _dims_of(event: Common, agent: Agent | None, hashed: Hasher) -> Dims:
    if agent is None:
        return _dims(hashed, event.channel, event.queue, event.language, None, None, None, event.source)
    return _dims(
        hashed, event.channel, event.queue, event.language, agent.id, agent.version, agent.model, event.source
    )  # fmt: skip


# A conversation, its customer and its tenant are named by every event of it.
_name = lru_cache(maxsize=NAMES)(label)


@lru_cache(maxsize=NAMES)
def _person(text: str | None, hashed: Hasher) -> str | None:
    return person(text, hashed) if text else None


def _named(text: str | None, hashed: Hasher) -> str | None:
    return _name(text, hashed) if text else text


def _said(turn: Turn, time: int, dims: Dims, ai: bool | None, secrets: Secrets, hashed: Hasher) -> Said:
    """Partial speech results are counted nowhere and not analysed."""
    text, role, final = turn.text, turn.role, turn.final
    refuses, objects, style, ask, topic = False, False, None, None, 0
    checks, said = _checked(turn, secrets, hashed) if final and text and secrets.content else (None, None)
    sentences: tuple[int, ...] = ()
    if final and role == "ai":
        refuses, style = _answered(turn, hashed, said)
        sentences = _copies(text, hashed) if secrets.copies else ()
    elif final and role == "customer":
        objects, ask = asked(text, turn.turn, hashed, said)
        intent = turn.attributes.get(INTENT)
        topic = _topic(intent, hashed) if intent else 0
    return Said(
        time=time,
        phase=SAID,
        turn=turn.turn,
        source=dims.source,
        id=label(turn.id, hashed),
        tenant=_name(turn.tenant, hashed),
        dims=dims,
        conversation=_named(turn.conversation, hashed),
        customer=_person(turn.customer, hashed),
        ai=ai,
        role=role,
        final=final,
        words=len(text.split()) if final else 0,
        refusal=refuses,
        objection=objects,
        latency_ms=turn.latency_ms,
        confidence=turn.confidence,
        checks=checks,
        style=style,
        ask=ask,
        topic=topic,
        sentences=sentences,
        excerpt=excerpt(text, secrets.excerpt)
        if secrets.excerpt and final and text and _is_telling(turn, checks, refuses or objects)
        else "",
    )


def _is_telling(turn: Turn, checks: Checks | None, wording: bool) -> bool:
    """Whether an excerpt of a turn is of use: something was found in it, or it is one of a sample. Never of
    instructions that were given away. wording: of a refusal or an objection."""
    if checks is not None and (checks.recital is not None or checks.retold is not None):
        return False
    if wording or crc32(turn.id.encode("utf-8", "surrogatepass")) % TURNS_AN_EXCERPT == 0:
        return True
    if checks is None:
        return False
    scores = (checks.injection, checks.groundedness, checks.figures)
    said = turn.role == "ai" and checks.values is not None
    return said or any(one is not None and one.value >= FOUND for one in scores)


def _answered(turn: Turn, hashed: Hasher, said: int | None) -> tuple[bool, Answer | None]:
    """Which answers show words is chance that everybody can repeat."""
    sampled = crc32(turn.id.encode("utf-8", "surrogatepass")) % ANSWERS_A_SAMPLE == 0
    grounded = bool(turn.grounding)
    return answered(turn.text, turn.turn, hashed, grounded=grounded, sampled=sampled, said=said)


@lru_cache(maxsize=PLACES)
def _topic(intent: str, hashed: Hasher) -> int:
    return hashed(intent)


def _injected(comment: str | None) -> Suspicion | None:
    return injected(Heard("comment", comment, "")) if comment else None


def _checked(turn: Turn, secrets: Secrets, hashed: Hasher) -> tuple[Checks | None, int | None]:
    """What the checks find, and the wordings seen on the way."""
    known = secrets.known.get(turn.tenant)
    if turn.role == "ai" and not turn.grounding and len(turn.text) <= REPEATED_CHARS:
        return _repeated(turn.text, hashed, known)
    heard = Heard(turn.role, turn.text, normalise(turn.text), tuple(turn.grounding))
    return _judged(heard, hashed, known, {} if turn.role == "ai" else turn.attributes)


def _judged(
    heard: Heard, hashed: Hasher, known: Known | None, labels: Mapping[str, str]
) -> tuple[Checks | None, int | None]:
    seen = look(heard)
    return check(heard, hashed, known, labels, seen), wordings(heard, seen)


@lru_cache(maxsize=REPEATED)
def _repeated(text: str, hashed: Hasher, known: Known | None) -> tuple[Checks | None, int | None]:
    """The same of an answer that may come again, to somebody else."""
    return _judged(Heard("ai", text, normalise(text)), hashed, known, {})


_copies_again = lru_cache(maxsize=REPEATED)(copies)


def _copies(text: str, hashed: Hasher) -> tuple[int, ...]:
    return _copies_again(text, hashed) if len(text) <= REPEATED_CHARS else copies(text, hashed)


def _scored(score: Score, time: int, dims: Dims, ai: bool | None, secrets: Secrets, hashed: Hasher) -> Scored:
    rater = score.rater or ("model" if score.metric == "sentiment" else "customer")
    return Scored(
        time=time,
        phase=SCORED,
        turn=score.turn or 0,
        source=dims.source,
        id=label(score.id, hashed),
        tenant=_name(score.tenant, hashed),
        dims=dims,
        conversation=_named(score.conversation, hashed),
        customer=_person(score.customer, hashed),
        ai=ai,
        metric=_name(score.metric, hashed),
        value=score.value,
        scope=score.scope,
        rater=rater,
        respondent=secrets.hashed(score.tenant, score.respondent or ""),
        comment=secrets.hashed(score.tenant, _plain(score.comment)),
        via=_named(score.via, hashed) or None,
        answered_after_s=score.answered_after_s,
        injection=_injected(score.comment) if secrets.content else None,
    )


def _acted(action: Action, time: int, dims: Dims, ai: bool | None, hashed: Hasher) -> Acted:
    return Acted(
        time=time,
        phase=ACTED,
        turn=0,
        source=dims.source,
        id=label(action.id, hashed),
        tenant=_name(action.tenant, hashed),
        dims=dims,
        conversation=_named(action.conversation, hashed),
        customer=_person(action.customer, hashed),
        ai=ai,
        call=label(action.call, hashed),
        name=_name(action.name, hashed),
        status=action.status,
        effect=action.effect,
        data=tuple(label(name, hashed) for name in action.data),
        amount=action.amount,
        subject=_person(action.subject, hashed),
        latency_ms=action.latency_ms,
    )


def _passed(session: Session, time: int, dims: Dims, ai: bool | None, hashed: Hasher) -> Passed:
    return Passed(
        time=time,
        phase=STARTED if session.phase == "started" else ENDED,
        turn=0,
        source=dims.source,
        id=label(session.id, hashed),
        tenant=_name(session.tenant, hashed),
        dims=dims,
        conversation=_named(session.conversation, hashed),
        customer=_person(session.customer, hashed),
        ai=ai,
        step=session.phase,
        resolution=session.resolution,
    )


def _handed_off(step: Escalation, time: int, dims: Dims, ai: bool | None, hashed: Hasher) -> HandedOff:
    return HandedOff(
        time=time,
        phase=HANDED_OFF,
        turn=0,
        source=dims.source,
        id=label(step.id, hashed),
        tenant=_name(step.tenant, hashed),
        dims=dims,
        conversation=_named(step.conversation, hashed),
        customer=_person(step.customer, hashed),
        ai=ai,
        stage=step.stage,
        direction=step.direction,
        trigger=step.trigger,
    )


def _plain(comment: str | None) -> str:
    """Case and spacing do not make another comment."""
    return " ".join(comment[:COMMENT_CHARS].casefold().split()) if comment else ""
