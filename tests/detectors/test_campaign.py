"""Campaigns and actors: bursts beyond the usual, copies, persistence; attempts and habits are silent."""

from __future__ import annotations

from typing import Any

import pytest

from detectors.actors import Actors
from detectors.base import Reason, Verdict
from detectors.campaign import Attack, Campaign, tail

MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
COPY = (1, 2, 3)
LOOKALIKES = (0.84, 0.93, 0.76, 0.88)


def attack(
    minute: float,
    name: int,
    customer: str | None = None,
    score: float = 0.999,
    likeness: tuple[int, ...] = (),
) -> Attack:
    who = f"u{name}" if customer is None else customer
    return Attack(round(minute * MINUTE), f"c{name}", who, score, likeness)


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


def burst(campaign: Campaign, count: int, people: int = 5, **more: Any) -> list[Verdict]:
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


@pytest.mark.parametrize("likeness", [(), COPY])
def test_a_wave_of_lookalikes_is_no_campaign(likeness: tuple[int, ...]) -> None:
    campaign = after_days(20, daily=1)
    start = 100 * 1440
    wave = [
        seen(campaign, attack(start + 4 * i, 10**6 + i, f"p{i % 9}", LOOKALIKES[i % 4], likeness)).alarm
        for i in range(28)
    ]
    assert not any(wave)
    strong = [seen(campaign, attack(start + 130 + i, 2 * 10**6 + i, f"p{i}")).alarm for i in range(16)]
    assert strong[-1]  # and it hides no campaign for long


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


def test_somebody_whose_texts_only_look_like_attacks_is_no_actor() -> None:
    actors = Actors()
    quoting = [attack(60 * i, i, "ada", LOOKALIKES[i % 4]) for i in range(12)]
    assert not any(seen(actors, one).alarm for one in quoting)


def test_doubtful_texts_do_not_clear_an_actor() -> None:
    actors = Actors()
    scores = (0.6, 0.9999, 0.5, 0.9999, 0.7, 0.9999)
    assert [seen(actors, attack(60 * i, i, "eve", score)).alarm for i, score in enumerate(scores)][-1]


def test_a_conversation_has_the_score_of_its_strongest() -> None:
    actors = Actors()
    for i in range(3):
        seen(actors, attack(60 * i, i, "eve"))
        seen(actors, attack(60 * i + 1, i, "eve", 0.5))
    assert seen(actors, attack(200, 2, "eve", 0.5)).alarm


def test_an_actors_state_without_scores_is_read() -> None:
    old = {"version": 1, "rate": 0.0, "rows": [["eve", 2, [[0, "c0"], [MINUTE, "c1"]]]]}
    actors = Actors.from_state(old)
    assert not seen(actors, attack(2, 2, "eve")).alarm
    assert actors.conversations(attack(3, 3, "eve"))[0] == (0, "c0")


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
