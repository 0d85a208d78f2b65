"""What customers answer when they are asked afterwards, and surveys that no customer gave."""

from random import Random
from typing import Any

from streams.simulate.chance import around, pick, stream, token, weighted
from streams.simulate.effects import Window
from streams.simulate.floor import Tenant
from streams.simulate.talk import Talk
from streams.simulate.texts_common import BAD, BRIGADE, GOOD, MIXED
from streams.simulate.when import stamp

VIA = {"sms-link": 5.0, "in-chat": 4.0, "email-link": 2.0}
VALUES = (1.0, 0.75, 0.5, 0.25, 0.0)
RATINGS = {
    "resolved": (52, 30, 10, 5, 3),
    "handed_off": (25, 28, 20, 15, 12),
    "unresolved": (6, 12, 20, 28, 34),
    "abandoned": (6, 14, 22, 26, 32),
    "low": (4, 8, 18, 30, 40),
}
"""Weights of `VALUES`, by how the conversation ended."""


def survey(talk: Talk, end: str) -> None:
    """Perhaps the customer answers a survey, minutes after the end."""
    rng, visit = talk.rng, talk.visit
    if rng.random() >= visit.tenant.survey * visit.effect.survey:
        return
    after_s = round(around(rng, 240.0, 0.9), 1)
    value, comment = rating(rng, "low" if visit.effect.rates_low else end)
    nps = rng.random() < visit.tenant.nps
    if nps:
        value = round(max(0.0, min(1.0, value + rng.uniform(-0.1, 0.1))), 1)
    talk.emit(
        "score",
        talk.at + int(after_s * 1000),
        metric="nps" if nps else "csat",
        value=value,
        scope="conversation",
        rater="customer",
        source=visit.tenant.sources["survey"],
        respondent=token("r", visit.customer),
        via=weighted(rng, VIA),
        answered_after_s=after_s,
        **comment,
    )


def rating(rng: Random, end: str) -> tuple[float, dict[str, str]]:
    """A value in 0..1 and, at times, a comment to match."""
    value = VALUES[weighted(rng, dict(enumerate(RATINGS[end])))]
    if rng.random() >= 0.35:
        return value, {}
    return value, {"comment": pick(rng, GOOD if value > 0.6 else BAD if value < 0.4 else MIXED)}


def brigade(seed: int, tenant: Tenant, window: Window) -> list[tuple[int, dict[str, Any]]]:
    """Surveys from respondents who had no conversation: a few, or many in haste."""
    rng, rows = stream(seed, "brigade", window.id), []
    scattered = window.effect.scattered
    for index, at in enumerate(
        sorted(rng.randrange(window.onset, window.end) for _ in range(window.surveys))
    ):
        fields: dict[str, Any] = {
            "id": token("s", seed, window.id, index),
            "type": "score",
            "time": stamp(at),
            "source": tenant.sources["survey"],
            "tenant": tenant.id,
            "queue": pick(rng, tenant.queues).id,
            "metric": "csat",
            "value": 0.0 if rng.random() < 0.8 else 0.25,
            "scope": "survey",
            "rater": "customer",
            "respondent": token("r", window.id, index if scattered else int(rng.random() * window.people)),
            "via": "open-link",
            "answered_after_s": round(around(rng, 6.0 if scattered else 12.0, 0.6), 1),
        }
        if rng.random() < 0.5:
            fields["comment"] = pick(rng, BRIGADE)
        rows.append((at, fields))
    return rows
