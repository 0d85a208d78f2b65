import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.content.disclosure import Said, flags, judged, silent


@pytest.mark.parametrize(
    "text",
    [
        "Are you a bot or a human?",
        "are you real?",
        "Am I talking to a machine?",
        "is this AI",
        "You're a robot, right?",
        "Are you human",
        "Is this a real person?",
    ],
)
def test_customers_ask_who_is_speaking(text: str) -> None:
    assert flags("customer", text) == Said.ASKED


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a real person.",
        "Is there a human agent I can talk to?",
        "Is it a real leather bag?",
        "Are you a travel agent?",
        "Is that a computer desk?",
        "Are you open on Monday?",
    ],
)
def test_other_questions_are_not_about_that(text: str) -> None:
    assert flags("customer", text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "No, I'm a real person named Anna.",
        "I'm not a bot!",
        "I am human, just like you.",
        "You are speaking with a live representative.",
        "There is no AI here.",
    ],
)
def test_denials(text: str) -> None:
    assert flags("ai", text) == Said.DENIED


@pytest.mark.parametrize(
    "text",
    [
        "I'm a virtual assistant.",
        "Yes, I am an AI.",
        "As an AI language model, I can't.",
        "I'm not a human, I'm an AI.",
        "I am Sam, a digital assistant.",
    ],
)
def test_an_ai_says_what_it_is(text: str) -> None:
    assert flags("ai", text) == Said.TOLD


@pytest.mark.parametrize(
    "text",
    [
        "I'll transfer you to a human agent.",
        "A real person will call you.",
        "I can help you with that.",
        "Our chatbot team says hello.",
    ],
)
def test_talk_of_people_is_no_claim_to_be_one(text: str) -> None:
    assert flags("ai", text) == 0


def test_people_may_say_that_they_are_people() -> None:
    assert flags("agent", "I'm a real person.") == 0


def test_only_a_denial_when_asked_is_certain() -> None:
    assert judged(asked=True, told_before=False, answer=int(Said.DENIED)) == (0.98, "denied", True)
    assert not judged(asked=False, told_before=False, answer=int(Said.DENIED))[2]
    assert judged(asked=True, told_before=False, answer=int(Said.TOLD))[0] == 0.0
    assert judged(asked=False, told_before=False, answer=0)[0] == 0.0
    assert (
        judged(asked=True, told_before=False, answer=0)[0] > judged(asked=True, told_before=True, answer=0)[0]
    )


def test_silence_counts_only_where_the_registry_demands_a_word() -> None:
    assert silent(told=False, answers=2, required=True) == (0.9, "not_disclosed")
    assert silent(told=False, answers=1, required=True)[0] == 0.0
    assert silent(told=True, answers=5, required=True)[0] == 0.0
    assert silent(told=False, answers=5, required=False)[0] == 0.0


@given(st.sampled_from(["customer", "ai", "system"]), st.text(max_size=200))
def test_any_text_has_flags(role: str, text: str) -> None:
    assert 0 <= flags(role, text) < 16
