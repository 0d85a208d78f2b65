from __future__ import annotations

from detectors.content.base import Heard
from detectors.content.checks import look, wordings
from detectors.content.style import GIST, SAME, Answer, Ask, answered, asked, same
from detectors.text.keyed import hasher
from detectors.text.patterns import ANSWERS, ASKS, CHARS

HASHED = hasher(b"key", "shop")
OTHER = hasher(b"key", "bank")


def style(text: str, turn: int = 1, *, grounded: bool = False, sampled: bool = False) -> Answer:
    found = answered(text, turn, HASHED, grounded=grounded, sampled=sampled)[1]
    assert found is not None
    return found


def ask(text: str, turn: int = 0) -> Ask | None:
    return asked(text, turn, HASHED)[1]


def test_what_an_answer_is_like() -> None:
    found = style("It might be the battery. Did you charge it? Please try that.")
    assert (found.sentences, found.questions, found.hedges, found.concedes) == (3, 1, True, False)
    assert found.language == 1
    assert style("Apologies for the confusion.").concedes


def test_language_is_looked_at_early_only() -> None:
    assert style("This is what you have.", turn=9).language == 0


def test_what_says_nothing_has_no_style() -> None:
    assert answered(" ", 0, HASHED, grounded=True, sampled=True) == (False, None)
    assert asked("", 0, HASHED) == (False, None)
    assert ask("ok") is None


def test_only_grounded_answers_have_a_group_and_amounts_do_not_change_it() -> None:
    assert style("The fee is $50.").group == 0
    one, two = style("The fee is $50.", grounded=True).group, style("The fee is $75.", grounded=True).group
    assert one == two != style("The fee is waived.", grounded=True).group != 0


def test_words_are_shown_by_samples_only_and_as_keyed_hashes() -> None:
    assert style("Replacement batteries arrive tomorrow").words == ()
    words = style("Replacement batteries arrive tomorrow", sampled=True).words
    assert len(words) == 4
    other = answered("Replacement batteries arrive tomorrow", 1, OTHER, grounded=False, sampled=True)[1]
    assert other is not None
    assert not set(words) & set(other.words)


def test_the_same_question_in_other_words_has_the_same_gist() -> None:
    first = ask("Where is my replacement battery for the vacuum cleaner?")
    again = ask("I asked: where IS the vacuum cleaner's battery, the REPLACEMENT battery?")
    other = ask("How do I change the delivery address of another order?")
    assert first is not None
    assert other is not None
    assert again is not None
    assert len(first.gist) == GIST
    assert same(first.gist, again.gist)
    assert not same(first.gist, other.gist)


def test_order_and_punctuation_do_not_matter() -> None:
    assert ask("battery cleaner, replacement!") == ask("Replacement (battery) cleaner")


def test_gists_are_the_same_by_several_words() -> None:
    assert same(tuple(range(SAME)), tuple(range(SAME)))
    assert not same(tuple(range(SAME - 1)), tuple(range(9)))


def test_the_one_pass_sees_the_wordings_that_their_own_sees() -> None:
    for text in (
        "I can't help with that, sorry.",
        "Perhaps it might be.",
        "That's wrong! I give up.",
        "Fine.",
    ):
        for role, families in (("ai", ANSWERS), ("customer", ASKS)):
            heard = Heard(role, text, text)
            assert wordings(heard, look(heard)) == families.found(text)


def test_the_one_pass_says_nothing_of_another_text() -> None:
    long, odd = Heard("ai", "a" * (CHARS + 1), "a" * (CHARS + 1)), Heard("ai", "ｎｏ", "no")
    assert wordings(long, look(long)) is None
    assert wordings(odd, look(odd)) is None
