import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.content.grounding import Grounded, score

POLICY = [
    "A change costs a fee of $75. Refunds take 5 to 7 business days. Basic economy tickets cannot be "
    "changed. Gold members may check 2 bags for free.",
    '{"order": "W4821", "items": [{"price": 54.84}, {"price": 212.79}], "address": "12 Hill Road"}',
]


def found(answer: str) -> Grounded:
    result = score(answer, POLICY)
    assert result is not None
    return result


def test_without_grounding_there_is_nothing_to_say() -> None:
    assert score("The fee is $50.", []) is None
    assert score("The fee is $50.", ["", "  "]) is None


def test_what_is_supported_scores_below_what_is_not() -> None:
    good = found("A change costs a fee of $75, and refunds take 5 to 7 business days.")
    bad = found("Our premium lounge in Rotterdam serves breakfast to every traveller until noon.")
    assert good.groundedness.value < 0.3 < 0.7 < bad.groundedness.value


@pytest.mark.parametrize(
    "answer",
    [
        "The fee is $75.",
        "Refunds take 7 days.",
        "Refunds take a week or 5 days.",
        "The total is $267.63.",
        "It costs $54.84.",
        "Your order #W4821 is on its way.",
        "1. Open the page\n2. Press the button",
    ],
)
def test_figures_that_follow_from_the_texts_are_fine(answer: str) -> None:
    assert found(answer).figures.value == 0.0


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        ("The fee is $50.", "amount", "$50"),
        ("Refunds take two weeks.", "span", "two weeks"),
        ("You get 20% back.", "share", "20%"),
    ],
)
def test_a_wrong_figure_is_named_and_scored(answer: str, kind: str, text: str) -> None:
    result = found(answer)
    assert result.figures.value >= 0.5
    assert result.figures.reason == kind
    assert (result.claims[0].kind, result.claims[0].text) == (kind, text)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("We guarantee that nothing will be lost.", "guarantee"),
        ("I will give you a discount on your next trip.", "discount"),
        ("You will receive a voucher.", "discount"),
        ("We will upgrade you to first class.", "upgrade"),
    ],
)
def test_promises_without_support_are_named(answer: str, name: str) -> None:
    assert ("commitment", name) in [(claim.kind, claim.text) for claim in found(answer).claims]


def test_a_promise_that_the_texts_make_is_fine() -> None:
    assert "commitment" not in [claim.kind for claim in found("I will refund you in 7 business days.").claims]


def test_a_denial_turned_round_is_named() -> None:
    assert "negation" in [claim.kind for claim in found("Basic economy tickets can be changed.").claims]
    assert "negation" not in [
        claim.kind for claim in found("Basic economy tickets cannot be changed.").claims
    ]


def test_names_are_named_by_their_kind_only() -> None:
    claims = found("Please ask for Penelope Winterbottom at the desk.").claims
    assert [claim.text for claim in claims if claim.kind == "name"] == ["[NAME]", "[NAME]"]


def test_courtesies_claim_nothing() -> None:
    assert found("Hello! How can I help you?").groundedness.value < 0.5


def test_claims_tell_their_sentence() -> None:
    assert found("Thank you for waiting. The fee is $50.").claims[0].sentence == 1


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=3))
def test_any_text_has_scores(answer: str, grounding: list[str]) -> None:
    result = score(answer, grounding)
    if result is not None:
        assert 0.0 <= result.groundedness.value <= 1.0
        assert 0.0 <= result.figures.value <= 1.0
