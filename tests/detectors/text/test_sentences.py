from hypothesis import given
from hypothesis import strategies as st

from detectors.text.sentences import SENTENCES, sentences


def test_decimals_and_lists() -> None:
    assert sentences("It is 4.50. Ok?\n\n1. one\n2. two!") == [
        "It is 4.50.",
        "Ok?",
        "1.",
        "one",
        "2.",
        "two!",
    ]


@given(st.text(max_size=500))
def test_no_word_is_lost(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert len(found) <= SENTENCES
