"""Supplied: what one utterance makes known, as keyed hashes: what its speaker said, what an answer was given.

What people say about themselves is learned generously: every value in every form, every word beside a number,
every name. Whatever is known here is a read-back when the AI says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from detectors.text import pii
from detectors.text.emails import emails
from detectors.text.engine import Triggers, pattern
from detectors.text.found import Found
from detectors.text.keyed import Hasher, word_hash
from detectors.text.names import introduced
from detectors.text.normalise import beyond_ascii, normalise
from detectors.text.numbers import TAIL
from detectors.text.ordinary import ORDINARY
from detectors.text.packed import pack
from detectors.text.pii import PATTERNS, may_hold, narrow
from detectors.text.runs import MOST
from detectors.text.spoken import written
from detectors.text.swap import Swap

FOUND_MOST = 192  # hashes of all passages of an answer: several orders with their addresses
MAILS_MOST = 64  # e-mail addresses of one passage
NAMES_MOST = 16  # names that one utterance introduces
WORDS_MOST = 200  # words of one utterance that are looked at
PASSAGES = 512  # passages whose hashes are kept: many answers are given the same ones
PASSAGES_MOST = 64  # passages of one answer
LABELS, LABEL_CHARS = 4096, 64  # labels whose hashes are kept: the same intents come with every turn
HOUSE_DIGITS = 6  # of a house or a postcode
STREET_WORDS = 3  # words behind a house's number
DIGITS_LEAST = 7  # of a number in a passage
PIECES_MOST = 8  # numbers in a row, apart by spaces
LEAST_DIGITS = 7  # of a number in such a row
GROUNDING_CHARS = 16384  # of what an answer was given; beyond it, values count as not known
LONG = 12  # digits of a number that is an account's or a document's by its length

HEARD = (*PATTERNS, r"\bmy name|\bname'?s? is\b|\bcalled\b|\bcall me\b")
"""What an utterance is searched for before it is looked at closely."""
_HEARD = Triggers(HEARD)
_NAMED = len(PATTERNS)  # the index of the one that was added
_PART = pattern(r"\pL{3,}|\d{2,}")
_apart = Swap({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_JOINED = "-().+/"  # between the digits of one number
_NO_DIGIT = {chr(code): " " for code in range(128) if not chr(code).isdecimal()}
_numbers = Swap({**_NO_DIGIT, **dict.fromkeys(_JOINED + " ")})
_numbers_apart = Swap({**_NO_DIGIT, **dict.fromkeys(_JOINED)})


def supplied(text: str, seen: frozenset[int], hashed: Hasher) -> list[int]:
    """Hashes of everything that its speaker gave away about himself."""
    if pii.SPOKEN in seen:
        text = written(text)
        seen |= pii.triggers(text)
    known: list[int] = []
    words = _words(text)[:WORDS_MOST]
    if may_hold(seen):
        for one in narrow(text, seen):
            known += _forms(one, hashed)
            if one.value.isdecimal():
                known += _neighbours(text[one.start : one.end], hashed)
        known += [word_hash(word.casefold(), hashed) for word in words if len(word) > 2 or word.isdecimal()]
        return known
    for word in words:
        first = word[0]
        if "a" <= first <= "z":
            continue  # most words
        if first.isupper():
            name = word.casefold()
            if len(word) > 2 and name not in ORDINARY:
                known.append(word_hash(name, hashed))
        elif len(word) > 1 and first.isdecimal():
            known.append(word_hash(word, hashed))
    if _NAMED in seen:
        for one in islice(introduced(text), NAMES_MOST):
            known += [hashed(name) for name in one.value.split()]
    return known


def of_label(label: str, hashed: Hasher) -> tuple[int, ...]:
    """The same of a label beside an utterance."""
    return _labelled(label, hashed) if len(label) <= LABEL_CHARS else _from_label(label, hashed)


def _from_label(label: str, hashed: Hasher) -> tuple[int, ...]:
    return tuple(supplied(label, _HEARD.found(label), hashed))


_labelled = lru_cache(maxsize=LABELS)(_from_label)


def _forms(one: Found, hashed: Hasher) -> Iterator[int]:
    """A value, and the forms in which it may come back."""
    yield hashed(one.value)
    if one.kind == "email":
        yield from (hashed(part.group()) for part in _PART.finditer(one.value))
    elif one.value.isdecimal() and len(one.value) > TAIL:
        yield hashed(one.value[-TAIL:])


def _neighbours(raw: str, hashed: Hasher) -> Iterator[int]:
    """Numbers in a row with only spaces between them were taken for one: each of them, and those in a row."""
    pieces = ["".join(filter(str.isdecimal, piece)) for piece in raw.split()[:PIECES_MOST]]
    for first in range(len(pieces)):
        for last in range(first + 1, len(pieces) + 1):
            digits = "".join(pieces[first:last])
            if LEAST_DIGITS <= len(digits) <= MOST and last - first < len(pieces):
                yield hashed(digits[-TAIL:])


def _words(text: str) -> list[str]:
    """The words of a text, in their own case."""
    strange = {ord(char): " " for char in beyond_ascii(text) if not char.isalnum()}
    return _apart(text.translate(strange) if strange else text).split()


@lru_cache(maxsize=PASSAGES)
def _given(passage: str, hashed: Hasher) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hashes of what stands in a passage that an answer was given: of its values and what an address may be
    made of; and of its long numbers, of which lists of goods hold hundreds."""
    text = normalise(passage[:GROUNDING_CHARS])
    mails = islice(emails(text), MAILS_MOST) if "@" in text else ()
    found = [form for one in mails for form in _forms(one, hashed)]
    near = islice(_of_addresses(_words(text)), FOUND_MOST)
    found += (word_hash(word.casefold(), hashed) for word in near)
    runs = {*_numbers(text).split(), *_numbers_apart(text).split()}
    long = sorted(one for one in runs if DIGITS_LEAST <= len(one) <= MOST)[:FOUND_MOST]
    numbers = [hashed(form) for one in long for form in _tails(one)]
    return tuple(dict.fromkeys(found))[:FOUND_MOST], tuple(dict.fromkeys(numbers))[:FOUND_MOST]


def _of_addresses(words: Sequence[str]) -> dict[str, None]:
    """Short numbers, and the capitalised words behind them, each once."""
    found: dict[str, None] = {}
    near = 0  # words left that stand behind a number
    for word in words:
        if word[0].isdecimal() and len(word) <= HOUSE_DIGITS:
            near = STREET_WORDS
            found[word] = None
        elif near and word[0].isupper():
            near -= 1
            found[word] = None
        else:
            near = 0
    return found


def _tails(digits: str) -> tuple[str, ...]:
    """In which forms a number may come back: a shorter one only without what is in front of its end."""
    return (digits, digits[-TAIL:]) if len(digits) >= LONG else (digits[-TAIL:],)


def given(passages: Sequence[str], hashed: Hasher) -> bytes:
    """What all passages make known; of many, numbers have to wait."""
    pairs = [_given(passage, hashed) for passage in passages[:PASSAGES_MOST]]
    return pack((value for side in (0, 1) for pair in pairs for value in pair[side]), FOUND_MOST)
