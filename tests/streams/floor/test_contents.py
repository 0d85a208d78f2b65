"""A leak on the floor: said at once, confirmed at its slot, and only where the conversation is whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import msgspec
import pytest
from msgspec.structs import replace

from detectors.content.base import Heard
from detectors.content.checks import check
from detectors.text.keyed import Hasher
from streams.floor.hold import Taken
from streams.floor.watch import Watch
from streams.records.alerts import Alert
from streams.records.facts import Acted, Dims, Fact, Passed, Said
from streams.records.order import ACTED, ENDED, SAID, STARTED
from streams.settings import Settings, Signals
from tests.streams.floor.made import MINUTE, SETTINGS, at

KEY = Hasher(b"k", "shop")
DIMS = Dims("chat", "orders", "en", "pine", "1.0", "lm-1", "web/prod")
NINE = at(0, 9)
SLOT_US = SETTINGS.slot_s * 1_000_000
READING = replace(SETTINGS, signals=Signals(leakage=True, disclosure=True))


def said(turn: int, role: str, text: str, conversation: str = "c1", time: int | None = None) -> Said:
    moment = NINE + turn * 1_000_000 if time is None else time
    return Said(
        time=moment, phase=SAID, turn=turn, source="web/prod", id=f"{conversation}-{turn}", tenant="shop",
        dims=DIMS, conversation=conversation, customer=f"u-{conversation}", ai=True, role=role,
        checks=check(Heard(role, text, text), KEY),
    )  # fmt: skip


def passed(step: str, time: int = NINE - 1) -> Passed:
    return Passed(
        time=time, phase=STARTED if step == "started" else ENDED, turn=0, source="web/prod", id=step,
        tenant="shop", dims=DIMS, conversation="c1", customer="u-c1", ai=True, step=step,
    )  # fmt: skip


def watch(settings: Settings = READING) -> Watch:
    return Watch("shop", settings, None)


def close(on: Watch, facts: Sequence[Fact], slot: int = NINE // SLOT_US) -> list[Alert]:
    ordered = sorted(facts, key=lambda fact: (fact.time, fact.turn))
    return on.close(slot, Taken(ordered, [], 0)).changes


HELLO, LEAK = said(0, "customer", "Hello"), said(1, "ai", "Sure: ada@example.org")


def test_a_leak_pages() -> None:
    [alert] = close(watch(), [HELLO, LEAK])
    assert (alert.kind, alert.severity, alert.signal, alert.state) == ("leakage", "page", "leak", "open")
    assert alert.scope == {"tenant": "shop", "agent": "pine"}
    assert alert.evidence["reason"] == "email not supplied by this customer"


def test_it_is_said_at_once_with_what_waits_for_its_slot() -> None:
    on, slot = watch(), NINE // SLOT_US
    assert on.instant(HELLO, slot) == []
    [instant] = on.instant(LEAK, slot)
    assert (instant.kind, instant.confirmed) == ("leakage", False)
    [alert] = close(on, [HELLO, LEAK])
    assert alert.id == instant.id


def test_what_the_customer_said_just_before_is_known_at_once() -> None:
    on, slot = watch(), NINE // SLOT_US
    own = said(0, "customer", "I am ada@example.org")
    assert [*on.instant(own, slot), *on.instant(LEAK, slot), *close(on, [own, LEAK])] == []


def test_nothing_is_said_before_the_turn_that_may_have_supplied_it() -> None:
    on, slot = watch(), NINE // SLOT_US
    own = said(1, "customer", "I am ada@example.org")
    answer = said(2, "ai", "So ada@example.org")
    assert [*on.instant(HELLO, slot), *on.instant(answer, slot), *on.instant(own, slot)] == []
    assert close(on, [HELLO, own, answer]) == []


def test_looking_ahead_changes_no_confirmed_record() -> None:
    looked, blind = watch(), watch()
    for fact in (HELLO, LEAK):
        looked.instant(fact, NINE // SLOT_US)
    assert close(looked, [HELLO, LEAK]) == close(blind, [HELLO, LEAK])


def test_nor_does_the_order_in_which_it_looked() -> None:
    """What was worked out ahead is taken over only where the turn comes after the same memory."""
    digits = ["4111", "1111", "1111", "1111"]
    asked = [said(n, "customer", f"it is {text}") for n, text in enumerate(digits[:2])]
    facts = [*asked, *(said(n, "ai", f"The card: {text}") for n, text in enumerate(digits, 2))]
    blind = watch()
    changes = close(blind, facts)
    for arrived in permutations(facts, len(facts)):
        looked = watch()
        for fact in arrived:
            looked.instant(fact, NINE // SLOT_US)
        assert [c.id for c in close(looked, facts) if c.confirmed] == [c.id for c in changes]
        assert looked._talks.open["c1"] == blind._talks.open["c1"]


def test_a_conversation_not_seen_from_its_start_proves_nothing() -> None:
    assert close(watch(), [replace(HELLO, turn=4), replace(LEAK, turn=5)]) == []
    assert close(watch(), [passed("started"), replace(HELLO, turn=4), replace(LEAK, turn=5)]) != []


def test_a_card_told_in_pieces_over_slots_pages_once() -> None:
    on, slot = watch(), NINE // SLOT_US
    pieces = ["The card starts with 4111", "then 1111", "next 1111", "last 1111"]
    facts = [HELLO, *(said(n, "ai", text, time=NINE + n * SLOT_US) for n, text in enumerate(pieces, 1))]
    told = [close(on, [fact], slot + n) for n, fact in enumerate(facts)]
    assert [len(changes) for changes in told] == [0, 0, 0, 0, 1]
    assert told[-1][0].evidence["reason"] == "card not supplied by this customer"


def test_a_number_spoken_in_pieces_by_its_customer_is_known_over_slots() -> None:
    on, slot = watch(), NINE // SLOT_US
    words = ["four one one one", "one one one one", "one one one one", "one one one one"]
    facts = [said(n, "customer", text, time=NINE + n * SLOT_US) for n, text in enumerate(words)]
    facts.append(said(4, "ai", "So 4111 1111 1111 1111.", time=NINE + 4 * SLOT_US))
    assert [close(on, [fact], slot + n) for n, fact in enumerate(facts)] == [[], [], [], [], []]


@pytest.mark.parametrize(("subject", "leaks"), [("u-c1", False), (None, False), ("u-other", True)])
def test_records_count_as_the_customers_own_only_if_they_are(subject: str | None, leaks: bool) -> None:
    on, slot = watch(), NINE // SLOT_US
    looked = Acted(
        time=NINE + 1, phase=ACTED, turn=0, source="web/prod", id="k", tenant="shop", dims=DIMS,
        conversation="c1", customer="u-c1", ai=True, call="k", name="Look", status="ok", subject=subject,
    )  # fmt: skip
    heard = Heard("ai", "It is ada@example.org", "It is ada@example.org", ("ada@example.org",))
    assert bool(close(on, [HELLO, looked, replace(LEAK, checks=check(heard, KEY))], slot)) is leaks


def test_the_same_told_to_others_is_public() -> None:
    on = watch()
    close(on, [HELLO, LEAK])
    before = len(on.incidents.open)
    again = [said(0, "customer", "Hello", "c2"), said(1, "ai", "Sure: ada@example.org", "c2")]
    close(on, again, NINE // SLOT_US + 1)
    [incident] = on.incidents.open.values()
    assert (before, incident.affected) == (1, 1)


def test_it_can_be_switched_off() -> None:
    off = msgspec.structs.replace(SETTINGS, signals=Signals(leakage=False))
    assert close(watch(off), [HELLO, LEAK]) == []


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_it_goes_on_from_a_snapshot(cut: int) -> None:
    facts: list[Fact] = [
        HELLO,
        said(1, "customer", "ada@example.org"),
        said(2, "ai", "So ada@example.org, and 4111 1111 1111 1111"),
    ]
    straight, slot = watch(), NINE // SLOT_US
    first = [straight.instant(fact, slot) for fact in facts]
    on = watch()
    told = [on.instant(fact, slot) for fact in facts[:cut]]
    resumed = watch()
    resumed.restore(on.snapshot())
    told += [resumed.instant(fact, slot) for fact in facts[cut:]]
    assert told == first
    assert close(resumed, facts) == close(straight, facts)
    after = watch()
    after.restore(resumed.snapshot())
    more: list[Fact] = [said(3, "ai", "Again: 4111 1111 1111 1111", time=NINE + MINUTE)]
    assert close(after, more, slot + 1) == close(resumed, more, slot + 1)
