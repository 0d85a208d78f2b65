"""`floorwalker notify --test`: one alert to each receiver, from opening to end, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping

from streams.notify.notices import Answer, Notice, Step, Told, message_id
from streams.notify.receivers.base import Sender
from streams.records.alerts import Alert, State, rfc3339

STEPS: tuple[tuple[Step, State], ...] = (("open", "open"), ("update", "updated"), ("resolve", "resolved"))


def example(state: State, now: float) -> Alert:
    """An alert that says it is a test, and wakes nobody where severities are looked at."""
    at = rfc3339(round(now * 1e6))
    return Alert(
        id=f"test{round(now * 1000)}",
        state=state,
        kind="pipeline",
        severity="info",
        scope={"tenant": "test"},
        since=at,
        opened_at=at,
        at=at,
        signal="test",
        observed=None,
        expected=None,
        interval=None,
        unit="",
        affected=0,
        evidence={},
        summary="This is a test of Floorwalker's delivery; nothing is wrong",
        action="Nothing: it ends by itself.",
        detector="test/1",
        config="",
    )


async def trial(senders: Mapping[str, Sender], now: float) -> dict[str, Answer]:
    """What each receiver answered: the first answer that was not well, or the last."""
    found: dict[str, Answer] = {}
    for name, sender in senders.items():
        thread = ""
        for step, state in STEPS:
            alert = example(state, now)
            message = message_id(name, alert.id, step)
            notice = Notice(key=alert.id, step=step, alert=alert, message=message, thread=thread, loud=False)
            found[name] = answer = (await sender.tell([notice]))[0]
            if not isinstance(answer, Told):
                break
            thread = thread or answer.thread
    return found
