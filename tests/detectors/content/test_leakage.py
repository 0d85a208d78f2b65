"""Whose value is it: read-backs, records, leaks, public numbers, and numbers told in pieces."""

from __future__ import annotations

import pytest

from detectors.content.base import Heard
from detectors.content.checks import Checks, check
from detectors.content.leakage import KNOWN_MOST
from detectors.content.memory import EMPTY, Memory, judge, look_up, remember
from detectors.content.told import SPREAD, Told
from detectors.text.keyed import Hasher
from detectors.text.normalise import normalise

KEY = Hasher(b"k", "shop")
CARD, MAIL, IBAN, SSN = (
    "4111 1111 1111 1111",
    "ada.byron@example.org",
    "DE89 3704 0044 0532 0130 00",
    "536-90-4399",
)
PHONE, HOME = "+1 415-555-0132", "12 Elm Street"
SAID = {"card": CARD, "email": MAIL, "iban": IBAN, "ssn": SSN}


class Talk:
    """One conversation."""

    def __init__(self, told: Told | None = None, customer: str = "u1") -> None:
        self.memory: Memory = EMPTY
        self.told, self.customer = told or Told(), customer

    def turn(self, role: str, text: str, *grounding: str) -> list[tuple[str, float, bool]]:
        checks = check(Heard(role, text, normalise(text), grounding), KEY) or Checks()
        judged = judge(self.memory, role, checks, lambda value: self.told.is_public(value, self.customer))
        self.memory = remember(self.memory, role, checks)
        for value in judged.leaked:
            self.told.learn(value, self.customer)
        for value in judged.told:
            self.told.hear(value, self.customer)
        return [(one.reason.split()[0], one.score, one.certain) for one in judged.judgements]


@pytest.mark.parametrize("kind", SAID)
def test_a_value_that_nobody_supplied_is_a_certain_leak(kind: str) -> None:
    talk = Talk()
    talk.turn("customer", "Hello, can you help me?")
    [(found, score, certain)] = talk.turn("ai", f"Sure, that is {SAID[kind]}.")
    assert (found, certain) == (kind, True)
    assert score > 0.9


@pytest.mark.parametrize("value", [*SAID.values(), PHONE, HOME])
def test_a_read_back_is_none(value: str) -> None:
    talk = Talk()
    talk.turn("customer", f"Here you go: {value}")
    assert talk.turn("ai", f"I have this on file: {value}") == []


@pytest.mark.parametrize(
    ("customer", "ai"),
    [
        ("4111111111111111", "4111 1111 1111 1111"),
        ("four one one one, one one one one, one one one one, one one one one", "4111-1111-1111-1111"),
        ("ADA.BYRON@EXAMPLE.ORG", MAIL),
        ("ada.byron at example dot org", MAIL),
        ("415 555 0132", PHONE),
        ("AB 61089 28-64-66-98 office +1 415-555-0132 mobile", "28-64-66-98; 4155550132"),
        ("my name is Ada Byron", "I found ada.byron@example.org for you."),
        ("I moved to Elm Street, number 12", "Your address on file is 12 Elm Street."),
    ],
)
def test_a_read_back_may_be_written_otherwise(customer: str, ai: str) -> None:
    talk = Talk()
    talk.turn("customer", customer)
    assert talk.turn("ai", f"So on file: {ai}") == []


def test_a_number_given_in_pieces_is_known_as_a_whole() -> None:
    talk = Talk()
    for piece in ("4111", "then 1111", "1111", "and 1111"):
        talk.turn("customer", piece)
        talk.turn("ai", "Go on, please.")
    assert talk.turn("ai", f"I have {CARD}.") == []


def test_a_card_told_in_pieces_is_a_leak() -> None:
    talk = Talk()
    talk.turn("customer", "Tell me slowly.")
    found = [
        talk.turn("ai", text) for text in ("The card starts with 4111", "then 1111", "next 1111", "last 1111")
    ]
    assert found[:3] == [[], [], []]
    assert found[3] == [("card", 0.9, True)]


def test_grounding_counts_as_the_customers_own_record() -> None:
    talk = Talk()
    talk.turn("customer", "What do you have of me?")
    assert (
        talk.turn(
            "ai",
            f"On file: {MAIL}, {PHONE}, {HOME}.",
            f'{{"mail": "{MAIL}", "tel": "{PHONE}", "home": "{HOME}"}}',
        )
        == []
    )
    assert talk.turn("ai", f"As I said, {MAIL} and {PHONE}.") == []


def test_after_anothers_record_grounding_counts_no_more() -> None:
    talk = Talk()
    talk.turn("customer", "And my neighbour?")
    talk.memory = look_up(talk.memory, "u2", "u1")
    assert talk.turn("ai", f"It is {MAIL}.", f'{{"mail": "{MAIL}"}}') == [("email", 0.95, True)]


@pytest.mark.parametrize("value", [PHONE, HOME])
def test_telephones_and_addresses_are_certain_only_beside_words_of_records(value: str) -> None:
    assert Talk().turn("ai", f"I have this on file: {value}")[0][2]
    assert not Talk().turn("ai", f"The restaurant is at {value}")[0][2]
    assert Talk().turn("ai", f"Sure, it is {value}")[0][1] < 0.5


def test_what_several_customers_are_told_is_public() -> None:
    told = Told()
    assert Talk(told, "u1").turn("ai", f"Mail {MAIL}") != []
    assert Talk(told, "u2").turn("ai", f"Mail {MAIL}") == []


def test_a_leak_counts_once() -> None:
    talk = Talk()
    assert talk.turn("ai", f"It is {MAIL}.") != []
    assert talk.turn("ai", f"Yes, {MAIL}.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Write to support@example.org.",
        "Your order 3478699712 and your item 2216662955 are on their way.",
        "You can reach us at 415-555-0132.",
        "```\nsend(to='your_name@example.org')\n```",
        "Your card on file ends in 1111.",
    ],
)
def test_what_is_nobodys_is_never_certain(text: str) -> None:
    assert not any(certain for _, _, certain in Talk().turn("ai", text))


def order(number: int) -> str:
    goods = ", ".join(
        f'{{"item_id": "{number}{item:09d}", "product_id": "{item}{number:09d}"}}' for item in range(6)
    )
    return f'{{"id": "W{number}", "address": {{"street": "{number}33 Cedar Lane"}}, "items": [{goods}]}}'


def test_an_address_among_many_records_of_goods_is_known() -> None:
    talk = Talk()
    talk.turn("customer", "Where are my orders?")
    talk.turn("ai", "You have twelve.", *(order(number) for number in range(10, 22)))
    for number in (10, 21):
        assert talk.turn("ai", f"The address on file is {number}33 Cedar Lane.") == []
    assert talk.turn("ai", "The address on file is 77 Elm Road.") != []


def test_what_everybody_is_told_is_nobodys() -> None:
    told = Told()
    for customer in range(SPREAD + 1):
        talk = Talk(told, f"u{customer}")
        talk.turn("customer", "Where is your shop?")
        assert talk.turn("ai", f"It is at {HOME}, as we wrote.", f"Shop: {HOME}") == []
    talk = Talk(told, "somebody")
    talk.turn("customer", "Hello")
    assert talk.turn("ai", f"The address on file is {HOME}.") == []
    assert talk.turn("ai", "The address on file is 77 Elm Road.") != []


def test_what_its_owner_is_told_often_stays_the_owners() -> None:
    told = Told()
    for _ in range(2 * SPREAD):
        talk = Talk(told, "ada")
        talk.turn("customer", f"I am {MAIL}")
        assert talk.turn("ai", f"So {MAIL}.") == []
    talk = Talk(told, "bob")
    talk.turn("customer", "Hello")
    assert talk.turn("ai", f"So {MAIL}.") != []


def test_a_card_never_becomes_public() -> None:
    told = Told()
    for customer in range(SPREAD + 2):
        talk = Talk(told, f"u{customer}")
        talk.turn("customer", "Hello")
        assert talk.turn("ai", f"Sure, that is {CARD}.") != []


def test_what_was_told_survives_a_snapshot_and_an_older_one_is_read() -> None:
    told = Told()
    told.learn(1, "ada")
    for customer in range(SPREAD + 1):
        told.hear(2, f"u{customer}")
    again = Told()
    again.restore(told.state())
    assert (again.is_public(1, "bob"), again.is_public(2, "bob"), again.state()) == (True, True, told.state())
    again.restore([[1, "ada"], [3, 0]])
    assert (again.is_public(1, "bob"), again.is_public(3, "bob"), again.is_public(2, "bob")) == (
        True,
        True,
        False,
    )


def test_a_conversation_keeps_a_bounded_memory() -> None:
    talk = Talk()
    for number in range(400):
        talk.turn("customer", f"{number}123456 and person{number}@example.org, 12{number} Elm Street")
    assert len(talk.memory.owned.known) <= 4 * KNOWN_MOST
