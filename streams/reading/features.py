"""Event to fact: numbers, labels and keyed hashes stay; text ends here."""

from __future__ import annotations

from functools import lru_cache

from detectors.text.patterns import OBJECTION, REFUSAL
from streams.reading.record import Secrets
from streams.records.events import Action, Agent, Common, Escalation, Event, Score, Session, Turn
from streams.records.facts import Acted, Dims, Fact, HandedOff, Passed, Said, Scored
from streams.records.order import ACTED, ENDED, HANDED_OFF, SAID, SCORED, STARTED

PLACES = 4096  # distinct combinations of labels kept; a busy floor has some hundreds
COMMENT_CHARS = 2048  # as much of a comment as tells repeated ones from each other


def fact_of(event: Event, time: int, secrets: Secrets) -> Fact:
    """The fact of an event. time: event time in microseconds since 1970.

    An empty optional label (queue, customer, version ...) counts as absent: it names nothing.
    """
    agent = event.agent
    dims = _dims_of(event, agent)
    ai = None if agent is None else agent.kind == "ai"
    if isinstance(event, Turn):
        return _said(event, time, dims, ai)
    if isinstance(event, Score):
        return _scored(event, time, dims, ai, secrets)
    if isinstance(event, Action):
        return _acted(event, time, dims, ai)
    if isinstance(event, Session):
        return _passed(event, time, dims, ai)
    return _handed_off(event, time, dims, ai)


@lru_cache(maxsize=PLACES)
def _dims(
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
        queue=queue or None,
        language=language or None,
        agent=agent or None,
        version=version or None,
        model=model or None,
        source=source,
    )


def _dims_of(event: Common, agent: Agent | None) -> Dims:
    if agent is None:
        return _dims(event.channel, event.queue, event.language, None, None, None, event.source)
    return _dims(
        event.channel, event.queue, event.language, agent.id, agent.version, agent.model, event.source
    )


def _said(turn: Turn, time: int, dims: Dims, ai: bool | None) -> Said:
    """Partial speech results are counted nowhere and not analysed."""
    text, role, final = turn.text, turn.role, turn.final
    return Said(
        time=time,
        phase=SAID,
        turn=turn.turn,
        source=dims.source,
        id=turn.id,
        tenant=turn.tenant,
        dims=dims,
        conversation=turn.conversation,
        customer=turn.customer or None,
        ai=ai,
        role=role,
        final=final,
        words=len(text.split()) if final else 0,
        refusal=final and role == "ai" and REFUSAL.found(text),
        objection=final and role == "customer" and OBJECTION.found(text),
        latency_ms=turn.latency_ms,
        confidence=turn.confidence,
    )


def _scored(score: Score, time: int, dims: Dims, ai: bool | None, secrets: Secrets) -> Scored:
    rater = score.rater or ("model" if score.metric == "sentiment" else "customer")
    return Scored(
        time=time,
        phase=SCORED,
        turn=score.turn or 0,
        source=dims.source,
        id=score.id,
        tenant=score.tenant,
        dims=dims,
        conversation=score.conversation,
        customer=score.customer or None,
        ai=ai,
        metric=score.metric,
        value=score.value,
        scope=score.scope,
        rater=rater,
        respondent=secrets.hashed(score.tenant, score.respondent or ""),
        comment=secrets.hashed(score.tenant, _plain(score.comment)),
        via=score.via or None,
        answered_after_s=score.answered_after_s,
    )


def _acted(action: Action, time: int, dims: Dims, ai: bool | None) -> Acted:
    return Acted(
        time=time,
        phase=ACTED,
        turn=0,
        source=dims.source,
        id=action.id,
        tenant=action.tenant,
        dims=dims,
        conversation=action.conversation,
        customer=action.customer or None,
        ai=ai,
        call=action.call,
        name=action.name,
        status=action.status,
        effect=action.effect,
        data=tuple(action.data),
        amount=action.amount,
        subject=action.subject or None,
        latency_ms=action.latency_ms,
    )


def _passed(session: Session, time: int, dims: Dims, ai: bool | None) -> Passed:
    return Passed(
        time=time,
        phase=STARTED if session.phase == "started" else ENDED,
        turn=0,
        source=dims.source,
        id=session.id,
        tenant=session.tenant,
        dims=dims,
        conversation=session.conversation,
        customer=session.customer or None,
        ai=ai,
        step=session.phase,
        resolution=session.resolution,
    )


def _handed_off(step: Escalation, time: int, dims: Dims, ai: bool | None) -> HandedOff:
    return HandedOff(
        time=time,
        phase=HANDED_OFF,
        turn=0,
        source=dims.source,
        id=step.id,
        tenant=step.tenant,
        dims=dims,
        conversation=step.conversation,
        customer=step.customer or None,
        ai=ai,
        stage=step.stage,
        direction=step.direction,
        trigger=step.trigger,
    )


def _plain(comment: str | None) -> str:
    """Case and spacing do not make another comment."""
    return " ".join(comment[:COMMENT_CHARS].casefold().split()) if comment else ""
