"""Campaigns and actors: bursts beyond the usual, copies, persistence; attempts and habits are silent."""

from __future__ import annotations

import pytest

from detectors.actors import Actors
from detectors.base import Reason, Verdict
from detectors.campaign import Attack, Campaign, tail

MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
COPY = (1, 2, 3)


def attack(minute: float, name: int, customer: str | None = None, **more: object) -> Attack:
    who = f"u{name}" if customer is None else customer
    return Attack(round(minute * MINUTE), f"c{name}", who, 0.6, **more)  # type: ignore[arg-type]


def after_days(days: int, daily: int, conversations: int = 200) -> Campaign:
    """A tenant with so many attack-like texts a day, evenly, over twelve hours."""
    campaign = Campaign()
    for day in range(days):
        for i in range(conversations):
            campaign.begin(day * DAY + i * 12 * HOUR // conversations)
            if i * daily // conversations != (i - 1) * daily // conversations:
                seen(campaign, attack(day * 1440 + i * 720 / conversations, day * 10_000 + i))
    return campaign


def seen(campaign: Campaign | Actors, one: Attack) -> Verdict:
    verdict = campaign.score_one(one)
    campaign.learn_one(one)
    return verdict


def burst(campaign: Campaign, count: int, people: int = 5, **more: object) -> list[Verdict]:
    """Attacks four minutes apart on the day after, within ordinary traffic of 17 conversations an hour."""
    start = 100 * 1440
    for minute in range(0, 4 * count, 4):
        campaign.begin((start + minute) * MINUTE)
    return [seen(campaign, attack(start + 4 * i, 10**6 + i, f"p{i % people}", **more)) for i in range(count)]


def test_a_burst_is_found_where_attacks_are_rare() -> None:
    alarms = [verdict.alarm for verdict in burst(after_days(20, daily=1), 8)]
    assert alarms[:3] == [False] * 3
    assert alarms[-1]


def test_the_same_burst_is_usual_elsewhere() -> None:
    assert not any(verdict.alarm for verdict in burst(after_days(20, daily=60), 8))


def test_similar_words_need_no_rarity() -> None:
    verdicts = burst(after_days(20, daily=60), 4, likeness=COPY)
    assert [verdict.alarm for verdict in verdicts] == [False, False, False, True]
    assert verdicts[-1].reason is Reason.TAMPERED


def test_wording_of_every_day_is_no_campaign() -> None:
    campaign = Campaign()
    for i in range(300):
        seen(campaign, attack(i * 30, i, likeness=COPY))
    start = 300 * 30
    assert not any(seen(campaign, attack(start + i, 1000 + i, likeness=COPY)).alarm for i in range(6))


def test_one_person_is_no_campaign() -> None:
    assert not any(verdict.alarm for verdict in burst(after_days(20, daily=1), 12, people=1))


def test_a_conversation_counts_once() -> None:
    campaign = after_days(20, daily=1)
    verdicts = [seen(campaign, attack(100 * 1440 + i, i % 3)) for i in range(30)]
    assert not any(verdict.alarm for verdict in verdicts)
    assert verdicts[-1].observed == 3.0


def test_what_alarmed_does_not_become_usual() -> None:
    campaign = after_days(20, daily=1)
    usual = campaign.rate
    for day in range(100, 105):
        for i in range(40):
            seen(campaign, attack(day * 1440 + 3 * i, day * 1000 + i, f"p{i % 5}"))
    assert campaign.rate < 1.5 * usual


def test_an_actor_is_who_comes_back_to_attack() -> None:
    actors = Actors()
    assert [seen(actors, attack(60 * i, i, "eve")).alarm for i in range(4)] == [False, False, True, True]
    assert not seen(actors, attack(200, 77, "bob")).alarm


def test_an_actor_needs_several_conversations_within_a_day() -> None:
    actors = Actors()
    assert not any(seen(actors, attack(i, 1, "eve")).alarm for i in range(9))
    assert not any(seen(actors, attack(1440 * i, i, "bob")).alarm for i in range(9))


@pytest.mark.parametrize(("between", "alarm"), [(1, True), (200, False)])
def test_an_id_that_many_share_is_nobody(between: int, alarm: bool) -> None:
    actors = Actors()
    actors.rate = 0.01
    for i in range(3):
        verdict = seen(actors, attack(60 * i, i, "guest"))
        for _ in range(between):
            actors.begin("guest")
    assert verdict.alarm is alarm


def test_the_tail_of_a_poisson() -> None:
    assert tail(0, 3.0) == 1.0
    assert tail(2, 0.0) == 0.0
    assert tail(3, 2.0) == pytest.approx(0.3233236)
    assert tail(40, 2.0) < 1e-30
