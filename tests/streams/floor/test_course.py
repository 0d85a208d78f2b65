from __future__ import annotations

from typing import Any

from detectors.content.base import Score
from detectors.content.checks import Checks
from detectors.content.disclosure import Said as Disclosed
from detectors.content.style import Answer, Ask
from streams.floor.course import UNSEEN, Course, Seen, after
from tests.streams.floor.made import at, said

T = at(0, 9)


def answer(old: Course, seen: Seen = UNSEEN, checks: Checks | None = None, **style: Any) -> Course:
    return after(old, said(T, style=Answer(**style), checks=checks), seen)


def ask(old: Course, checks: Checks | None = None, topic: int = 0, **more: Any) -> Course:
    return after(old, said(T, role="customer", ask=Ask(**more), checks=checks, topic=topic), UNSEEN)


def grounded(value: float, reason: str = "overlap") -> Checks:
    return Checks(groundedness=Score(value, reason))


def test_nothing_is_changed_in_place() -> None:
    old = Course()
    answer(old, questions=2)
    ask(old, gist=(1, 2, 3))
    assert old == Course()


def test_answers_add_up() -> None:
    new = answer(answer(Course(), sentences=3, questions=1), sentences=2, hedges=True)
    assert (new.sentences, new.questions, new.hedged, new.waiting) == (5, 1, 1, False)
    assert answer(new, questions=1).waiting
    assert not ask(answer(new, questions=1)).waiting


def test_an_answer_in_another_language_than_the_question() -> None:
    english = ask(Course(), language=1)
    assert answer(english, language=2).strange == 1
    assert answer(english, language=1).strange == 0
    assert answer(english, language=0).strange == 0
    assert answer(Course(), language=2).strange == 0


def test_the_same_answer_again_is_not_counted_as_grounded() -> None:
    new = answer(Course(), checks=grounded(0.8, "commitment"))
    assert (new.grounded, new.beyond, new.promised) == (1, 0.8, 1)
    assert answer(new, Seen(again=True), grounded(0.9)).grounded == 1
    assert answer(new, checks=grounded(0.1)).beyond == 0.9


def test_doubts_are_counted_by_kind() -> None:
    new = answer(answer(Course(), Seen(doubts=("leakage", "disclosure"))), Seen(doubts=("leakage",)))
    assert (new.leaks, new.evasions) == (2, 1)


def test_who_asks_the_same_again_is_counted() -> None:
    new = ask(Course(), gist=(1, 2, 3, 4))
    new = ask(new, gist=(7, 8, 9))
    assert new.repeats == 0
    new = ask(new, gist=(2, 3, 4, 5))
    assert new.repeats == 1
    assert new.gist == (1, 2, 3, 4)


def test_only_the_last_word_is_giving_up() -> None:
    new = ask(Course(), gives_up=True)
    assert new.gives_up
    assert not ask(new).gives_up


def test_a_question_who_is_speaking_is_counted() -> None:
    assert ask(Course(), Checks(disclosure=int(Disclosed.ASKED))).asked == 1
    assert ask(Course(), Checks(disclosure=int(Disclosed.TOLD))).asked == 0


def test_the_first_topic_stays() -> None:
    assert ask(ask(Course(), topic=5), topic=6).topic == 5
