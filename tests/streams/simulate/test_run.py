"""What the events are: valid, in order, and different where a trouble touches them."""

import json
from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from streams.simulate.effects import Window
from streams.simulate.plan import floor
from streams.simulate.run import Event, simulate, tenant_day
from streams.simulate.settings import Simulation
from streams.simulate.tenants import TENANTS
from streams.simulate.troubles import BY_TYPE
from streams.simulate.truth import Touch, truth
from streams.simulate.when import DAY

REQUIRED = {
    "turn": {"turn", "role", "text"},
    "escalation": {"stage"},
    "score": {"metric", "value"},
    "action": {"call", "name", "status"},
    "session": {"phase"},
}


Conversations = list[list[dict[str, Any]]]
MONTH = floor(Simulation(seed=5, days=28))


class Side(NamedTuple):
    """One window of the month, and what was recorded on its days at its tenant."""

    window: Window
    label: dict[str, Any]
    records: list[Event]
    touches: list[Touch]

    def events(self) -> list[dict[str, Any]]:
        """Everything recorded."""
        return [json.loads(e.body) for e in self.records]

    def conversations(self) -> Conversations:
        """Those that the window touched."""
        found: dict[str, list[dict[str, Any]]] = {c: [] for c in self.label["conversations"]}
        for record in self.records:
            if (conversation := record.key.split("-")[0]) in found:
                found[conversation].append(json.loads(record.body))
        return list(found.values())


@cache
def sides(kind: str) -> tuple[Side, Side]:
    """The first incident of this type in the month, and its twin."""
    pair = next(w.pair for w in MONTH.windows if w.type == kind)
    harm, twin = sorted((w for w in MONTH.windows if w.pair == pair), key=lambda w: w.twin)
    return _side(harm), _side(twin)


def _side(window: Window) -> Side:
    tenant = next(t for t in TENANTS if t.id == window.tenant)
    touches: list[Touch] = []
    days = range(window.onset // DAY * DAY, window.end, DAY)
    records = [e for day in days for e in tenant_day(MONTH, tenant, day, touches)]
    own = [t for t in touches if t.window == window.id]
    label = truth(MONTH.simulation, TENANTS, [window], own)["windows"][0]
    return Side(window, label, sorted(records), own)


def pair(kind: str) -> tuple[Conversations, Conversations]:
    """Touched conversations of the incident and of its twin."""
    harm, twin = sides(kind)
    return harm.conversations(), twin.conversations()


@cache
def quiet_days() -> list[dict[str, Any]]:
    """Two days of a floor with nothing wrong."""
    plan = floor(Simulation(seed=1, days=2, troubles=False))
    return [json.loads(e.body) for batch in simulate(plan) for e in batch.events]


def texts(conversations: Conversations, role: str) -> list[str]:
    return [e["text"] for c in conversations for e in c if e["type"] == "turn" and e["role"] == role]


def share(conversations: Conversations, **fields: Any) -> float:
    """Share of these conversations with an event that has these fields."""
    hits = [any(all(e.get(k) == v for k, v in fields.items()) for e in c) for c in conversations]
    return sum(hits) / max(1, len(hits))


def test_events_keep_the_contract() -> None:
    events = quiet_days()
    ids: set[tuple[str, str]] = set()
    turns: dict[str, int] = defaultdict(lambda: -1)
    assert {e["type"] for e in events} == set(REQUIRED)
    for e in events:
        assert {"id", "type", "time", "source", "tenant", *REQUIRED[e["type"]]} <= e.keys()
        assert (e["source"], e["id"]) not in ids
        ids.add((e["source"], e["id"]))
        assert datetime.fromisoformat(e["time"]).tzinfo
        if e["type"] == "turn":
            assert e["turn"] > turns[e["conversation"]]
            turns[e["conversation"]] = e["turn"]
            assert "{" not in e["text"]
            assert 0 <= e.get("confidence", 0) <= 1
        if e["type"] == "score":
            assert (-1 if e["metric"] == "sentiment" else 0) <= e["value"] <= 1


def test_events_come_in_order_of_time() -> None:
    times = [e["time"] for e in quiet_days()]
    assert times == sorted(times)


def test_volumes_and_variety_are_as_configured() -> None:
    events = quiet_days()
    for tenant in TENANTS:
        own = [e for e in events if e["tenant"] == tenant.id]
        started = sum(e.get("phase") == "started" for e in own)
        assert 0.7 < started / (2 * tenant.daily) < 1.5
        assert {e["source"] for e in own} == set(tenant.sources.values())
        assert {e["queue"] for e in own} == {q.id for q in tenant.queues}
        assert 0.02 < sum(e.get("stage") == "requested" for e in own) / started < 0.35


@pytest.mark.parametrize("kind", sorted(BY_TYPE))
def test_every_type_touches_something_on_both_sides(kind: str) -> None:
    for side in sides(kind):
        w = side.label
        assert bool(w["affected"]) != (w["type"] == "silence" and w["twin"])
        assert w["affected"] == len(side.touches) == len(w["conversation_times"])
        assert set(w) >= {"accepted_kinds", "neutral_kinds", "scope", "also", "notes", "ramp_s"}
        assert all(t >= 0 for t in w["conversation_times"])


def test_a_trouble_leaves_all_other_conversations_as_they_were() -> None:
    window = sides("bad_rollout")[0].window
    tenant = next(t for t in TENANTS if t.id == window.tenant)
    day, touches = window.onset // DAY * DAY, list[Touch]()
    before = {e.key: e.body for e in tenant_day(replace(MONTH, windows=()), tenant, day, [])}
    after = {e.key: e.body for e in tenant_day(MONTH, tenant, day, touches)}
    customers = {t.dims["customer"].encode() for t in touches if t.dims}
    others = [k for k, body in after.items() if k in before and not any(c in body for c in customers)]
    assert len(others) > 500
    assert all(before[k] == after[k] for k in others)


def test_windows_across_midnight_repeat_nothing() -> None:
    for w in (w for w in MONTH.windows if w.visits or w.boost or w.surveys):
        if w.onset // DAY == w.end // DAY:
            continue
        tenant = next(t for t in TENANTS if t.id == w.tenant)
        days = range(w.onset // DAY * DAY, w.end, DAY)
        keys = [e.key for day in days for e in tenant_day(MONTH, tenant, day, [])]
        assert len(keys) == len(set(keys))


def test_handoffs_surge_in_the_incident_only() -> None:
    harm, twin = pair("handoff_surge")
    assert share(harm, stage="requested") == 1
    assert share(twin, stage="requested") < 0.4


def test_silence_mutes_its_source_in_open_hours_and_the_twin_is_closed() -> None:
    for side in sides("silence"):
        w = side.label
        inside = [e for e in side.events() if w["onset"] <= e["time"] < w["end"]]
        assert not any(e.get("phase") == "started" and e["source"] == w["scope"]["source"] for e in inside)
        assert bool(w["affected"]) != w["twin"]


@pytest.mark.parametrize(
    ("kind", "harm_says", "twin_says"),
    [
        ("disclosure", "human", "assistant"),
        ("injection_success", "You are ", "help"),
        ("pii_leak", "@example.org", "@example.com"),
    ],
)
def test_what_the_agent_says(kind: str, harm_says: str, twin_says: str) -> None:
    harm, twin = pair(kind)
    assert any(harm_says in t for t in texts(harm, "ai"))
    assert any(twin_says in t for t in texts(twin, "ai"))


def test_the_wrong_answer_is_repeated_word_by_word_and_leads_to_handoffs() -> None:
    harm, twin = pair("repeated_wrong_answer")
    for side in (harm, twin):
        said = texts(side, "ai")
        assert max(map(said.count, said)) >= len(side) - 1
    assert share(harm, stage="requested") > share(twin, stage="requested")


def test_brigades_are_few_and_without_conversations() -> None:
    harm = sides("survey_brigading")[0]
    odd = [e for e in harm.events() if e["type"] == "score" and "conversation" not in e]
    assert len(odd) == harm.label["affected"] >= 60
    respondents = len({e["respondent"] for e in odd})
    assert respondents == len(odd) if harm.window.effect.scattered else respondents <= 10
    assert all(e["scope"] == "survey" for e in odd)


def test_customers_return_in_the_incident_with_the_same_matter() -> None:
    harm, _ = pair("containment")
    customers = [c[0]["customer"] for c in harm]
    if sides("containment")[0].window.effect.leaves:
        assert all(any(e.get("resolution") == "abandoned" for e in c) for c in harm)
        return
    assert len(set(customers)) < 0.85 * len(customers)


@pytest.mark.parametrize("kind", ["shadow_ai", "bad_rollout", "unsafe_actions", "handoff_surge"])
def test_what_is_touched_lies_in_the_scope(kind: str) -> None:
    for side in sides(kind):
        for t in side.touches:
            for key, value in side.window.scope.items():
                assert (
                    value in t.actions if key == "action" else {**t.dims, "tenant": side.window.tenant}[key]
                )


def test_answers_change_in_the_incident() -> None:
    changed = sides("response_drift")[0]
    others = [e for e in changed.events() if e.get("role") == "ai"]
    own = [e for c in changed.conversations() for e in c if e.get("role") == "ai"]

    def shape(turns: list[dict[str, Any]]) -> tuple[float, float]:
        texts_, waits = [len(e["text"]) for e in turns], [e["latency_ms"] for e in turns]
        return sum(texts_) / len(turns), sum(waits) / len(turns)

    effect, (length, wait), (usual, usual_wait) = changed.window.effect, shape(own), shape(others)
    expected = {"terse": length < 0.8 * usual, "long": length > 1.2 * usual}
    assert expected.get(effect.answers, effect.answers in ("refuse", "hesitant") or wait > 1.3 * usual_wait)


def test_bursts_are_larger_than_their_twins() -> None:
    harm, twin = (s.label["affected"] / (s.window.end - s.window.onset) for s in sides("volume_burst"))
    assert harm > 3 * twin
