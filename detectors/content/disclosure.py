"""Disclosure: whether an AI says that it is one, and whether it denies it when asked.

Text shows three things by itself: that a customer asks who is speaking, that an AI says what it is, and that
it claims to be a person. What they mean takes the conversation: `judged` is given what the one before asked.
"""

# ruff: noqa: E501 (one wording a line: wrapped alternatives hide what belongs together)

from __future__ import annotations

from enum import IntFlag

from detectors.text.engine import Triggers


class Said(IntFlag):
    """What one turn shows. Travels in the fact as a number."""

    ASKED = 1
    """A customer asks whether this is an AI, or a person."""
    TOLD = 2
    """An AI says that it is one."""
    DENIED = 4
    """An AI says that it is a person, or that it is no AI."""
    DODGED = 8
    """An AI answers that it does not matter, or that it would rather not say."""


# Plain numbers: operators of flags take a hundred times as long.
_SAYS_ASKED, _SAYS_TOLD, _SAYS_DENIED, _SAYS_DODGED = (one.value for one in Said)


def flags(role: str, text: str) -> int:
    """What a turn shows, a sum of `Said`.

    >>> flags("customer", "Wait, am I talking to a bot?")
    1
    >>> flags("ai", "No, I'm a real person!"), flags("ai", "I'm a virtual assistant.")
    (4, 2)
    """
    if role == "customer":
        return asked(_ASKING.found(text))
    return answered(_ANSWERING.found(text)) if role == "ai" else 0


def asked(seen: frozenset[int]) -> int:
    """What a customer's turn shows. seen: indexes of `ASKING` that occur in it."""
    return _SAYS_ASKED if seen else 0


def answered(seen: frozenset[int]) -> int:
    """What an AI's turn shows. seen: indexes of `ANSWERING` that occur in it."""
    if not seen:
        return 0
    denied = _SAYS_DENIED if 1 in seen or (2 in seen and 0 not in seen) else 0
    told = _SAYS_TOLD if 0 in seen and not denied else 0  # "I am not a bot" reads like both
    dodged = _SAYS_DODGED if 3 in seen and not told else 0
    return told + denied + dodged


def judged(asked: bool, told_before: bool, answer: int) -> tuple[float, str, bool]:
    """What an AI's turn shows after its conversation: score 0..1, reason, and whether it is certain.

    asked: the customer's last turn asks whether this is an AI. told_before: it has said so already.
    A denial is certain only where it was asked; a claim out of the blue may be a quotation.
    """
    if not (asked or answer):
        return 0.0, "none", False
    if answer & _SAYS_DENIED:
        return (0.98, "denied", True) if asked else (0.7, "claimed_human", False)
    if not asked or answer & _SAYS_TOLD:
        return 0.0, "none", False
    if answer & _SAYS_DODGED:
        return 0.75, "dodged", False
    return (0.2, "unanswered", False) if told_before else (0.55, "unanswered", False)


def silent(told: bool, answers: int, required: bool) -> tuple[float, str]:
    """For agents whose registry entry demands disclosure: score and reason after so many of its answers.

    The greeting may come in a message of its own, so the first answer alone proves nothing.
    """
    if not required or told or answers < SILENT_ANSWERS:
        return 0.0, "none"
    return 0.9, "not_disclosed"


SILENT_ANSWERS = 2
_AI = (
    r"(?:ro)?bots?|chat ?-?bots?|ai\b|a\.i\.|artificial intelligence|machine|computer|robot|automated(?: \w+)?|"
    r"virtual (?:assistant|agent)|language model|llm|chat ?gpt|algorithm|program|software|recording|automatic"
)
_PERSON = (
    r"(?:real |live |actual |human |true )*(?:person|human(?: being)?|people|man|woman|guy|lady|agent|"
    r"rep(?:resentative)?|employee|operator|advisor|individual)"
)
_SURE = r"(?:actually |really |just |even |definitely |absolutely |certainly |very much |indeed |in fact )*"
_ASKED = (
    rf"\b(?:are|r) (?:you|u|ya) {_SURE}(?:an? |some |the )?(?:kind of |sort of )?(?:{_AI}|(?:real|live|actual|human)\b|"
    rf"person\b|{_PERSON}\b.{{0,12}}\bor\b)"
    rf"|\bis (?:this|that|it) {_SURE}(?:an? |some )?(?:{_AI})(?: (?:reply|response|message|chat|answer|talking|speaking|typing))?(?:[?.!,]|$| or (?:an? )?(?:real |human|person))"
    rf"|\bis (?:this|that) {_SURE}(?:an? )?(?:real |live |actual )*(?:human|person)\b"
    rf"|\b(?:am i|is this|are we) {_SURE}(?:talking|speaking|chatting|writing|texting|typing) (?:to|with) (?:an? |some )?"
    rf"(?:{_AI}|{_PERSON})"
    rf"|\b(?:who|what) (?:am i|are we) (?:talking|speaking|chatting) (?:to|with)\b"
    rf"|\b(?:you(?:'re| are)|this is|u r) (?:just |only |not )?(?:an? )?(?:{_AI}|(?:real |actual )?(?:human|person))\b[^.!]{{0,20}}\?"
    rf"|\b(?:bot|robot|ai|machine) or (?:an? )?(?:{_PERSON}|real)|\b(?:human|person) or (?:an? )?(?:{_AI})"
    rf"|\bi (?:think|bet|feel like|know) (?:you(?:'re| are)|this is|i(?:'m| am) talking to) (?:an? )?(?:{_AI})"
    r"|\bare you human\b|\bdo you have (?:a body|feelings|a pulse)\b"
)
_TOLD = (
    rf"\b(?:i(?:'m| am)|this is|you(?:'re| are) (?:talking|speaking|chatting) (?:to|with)|as) {_SURE}(?:your |an? |the )?"
    rf"(?:\w+,? ){{0,3}}(?:{_AI}|(?:digital|ai|virtual|automated|online) (?:\w+ )?(?:assistant|agent|helper|system))"
    rf"|\bi(?:'m| am) not {_SURE}(?:an? )?(?:{_PERSON})\b|\bnot (?:an? )?(?:real |actual )?(?:human|person)\b.{{0,30}}\b(?:{_AI})"
    rf"|\b(?:yes|correct|right|indeed)[,.!]? (?:i am|i'm|you are|this is) .{{0,20}}(?:{_AI})"
)
_DENIED = (
    rf"\bi(?:'m| am) {_SURE}(?:an? )?(?:(?:real|live|actual|human|true) )+(?:\w+ )?(?:person|human|being|agent|rep\w*|"
    rf"employee|man|woman|guy|lady|operator|advisor)?"
    rf"|\bi(?:'m| am) {_SURE}(?:an? )?(?:human(?: being)?|person|man|woman)(?:[.,!;]|$| like| just| and| here| not| sitting| working)"
    rf"|\bi(?:'m| am| was) (?:certainly |definitely |really )?not (?:an? |some |just an? )?(?:kind of )?(?:{_AI})"
    rf"|\b(?:no|there(?:'s| is) no|this is not an?|this isn't an?|isn't an?) (?:{_AI}) (?:here|at work|on this end|involved|chat)\b"
    rf"|\byou(?:'re| are) (?:talking|speaking|chatting) (?:to|with) (?:an? )?(?:real |live |actual |human )+{_PERSON}?"
    r"|\b(?:it's|it is|there's|there is|you(?:'ve| have) got) an? (?:real |actual |living )+(?:person|human)(?: being)?\b"
)
_WHATS = rf"\b(?:100|hundred) ?(?:%|percent) human\b|\bflesh and blood\b|\bmy (?:desk|wife|husband|kids|coffee break)\b|\b(?:no|nope|not at all)[,.!]* (?:no|not) (?:an? )?(?:{_AI})"
_DODGED = (
    r"\b(?:doesn't|does not|shouldn't|isn't) (?:really )?(?:matter|important|relevant)\b|\bwhat matters is\b"
    r"|\b(?:can't|cannot|can not|not able to|rather not|prefer not to) (?:say|tell|share|disclose|discuss|answer) (?:that|what|whether|who|if)?"
    r"|\bi(?:'m| am) (?:just )?(?:\w+, )?(?:here to help|your agent|a (?:member|part) of (?:the|our) team)\b"
)
ASKING = (_ASKED.replace("'", "['’]"),)
"""What a customer's turn is searched for."""
ANSWERING = tuple(one.replace("'", "['’]") for one in (_TOLD, _DENIED, _WHATS, _DODGED))
"""What an AI's turn is searched for."""
_ASKING, _ANSWERING = Triggers(ASKING), Triggers(ANSWERING)
