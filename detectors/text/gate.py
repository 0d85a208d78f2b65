"""Gate: the one way by which words of an event reach anything that is kept, sent or shown.

Text leaves it redacted (`shown`); labels and ids leave it as they are unless they look personal: then their
kind and a keyed hash stand for them, so that equal ones still meet. Which it is depends on what the field is
for: a customer's id of ten digits is a telephone number, a call's id of ten digits is an id.
"""

from __future__ import annotations

from functools import lru_cache

from detectors.text.checksums import iban, luhn
from detectors.text.keyed import Hasher
from detectors.text.mask import LABELS, masked
from detectors.text.names import capitalised
from detectors.text.normalise import normalise
from detectors.text.pii import narrow
from detectors.text.swap import Swap

EXCERPT_FROM = 2048  # characters of a text that an excerpt may be made of
EXCERPT_MARGIN = 512  # behind those shown: what begins there is read to its end, so that no half is left over
LABELS_KEPT = 8192  # labels whose judgement is remembered
PHONE_DIGITS = 9  # in a row in a person's id
CARD_DIGITS = 13
NAME_WORDS = 2  # one capitalised word may be a product's
_only_digits = Swap({chr(code): " " for code in range(128) if not chr(code).isdecimal()})
_without_marks = Swap(dict.fromkeys("-_.:/#"))
# The same on bytes: every event has a label or two that nobody has seen before.
_MARKS, _DIGITS, _A_PHONE = b"-_.:/#", b"0123456789", PHONE_DIGITS * b"0"
_ZEROS = bytes.maketrans(_DIGITS, len(_DIGITS) * b"0")


def shown(text: str) -> str:
    """A text fit to be shown, where the operator allows that at all."""
    return masked(text)


def excerpt(text: str, most: int) -> str:
    """The beginning of a text in one line, redacted first and cut then. most: characters, below the margin.

    >>> excerpt("Call me:  +1 415 555 0132, or write to jo@example.org", 20)
    'Call me: [PHONE], o…'
    """
    read = text[:EXCERPT_FROM]
    seen = masked(read, EXCERPT_FROM - EXCERPT_MARGIN)
    line = " ".join("".join(char if char.isprintable() else " " for char in seen).split())
    return line if len(line) <= most and len(read) == len(text) else line[: most - 1] + "…"


def label(text: str, hashed: Hasher) -> str:
    """A label, or what stands for it.

    >>> label("billing-eu", Hasher(b"k", "shop")), label("jo@example.org", Hasher(b"k", "shop"))[:8]
    ('billing-eu', '[EMAIL]~')
    """
    if len(text) < PHONE_DIGITS and text.isalnum() and text.isascii():
        return text  # too short for anything but a word: most labels, at no cost
    return text if _is_plain(text) else _judged(text, hashed, False)


def person(text: str, hashed: Hasher) -> str:
    """A person's id, or what stands for it.

    >>> person("u-81", Hasher(b"k", "shop")), person("14155550132", Hasher(b"k", "shop"))[:9]
    ('u-81', '[NUMBER]~')
    """
    is_word = text.isalnum()
    return text if _is_plain(text) and (is_word or not _is_name(text)) else _judged(text, hashed, True)


def _is_plain(text: str) -> bool:
    """At a glance: letters, or letters with few digits in a row, with marks of ids between them."""
    if not text.isascii():
        return False
    bare = text.encode() if text.isalnum() else text.encode().translate(None, _MARKS)
    if not bare.isalnum():
        return not bare
    if bare.isalpha():
        return len(text) - len(bare) <= 1 or text.islower()
    if _A_PHONE in bare.translate(_ZEROS):
        return False
    if not bare[:2].isalpha() or not iban(bare.decode()):
        return True
    return len(bare) - len(bare.translate(None, _DIGITS)) < PHONE_DIGITS


def _is_name(text: str) -> bool:
    """Two words of letters, as in jane.roe."""
    return sum(part.isalpha() for part in text.replace("_", ".").replace("-", ".").split(".")) >= NAME_WORDS


@lru_cache(maxsize=LABELS_KEPT)
def _judged(text: str, hashed: Hasher, is_person: bool) -> str:
    kind = _kind(normalise(text), is_person)
    return text if kind is None else f"[{LABELS[kind]}]~{hashed(text):016x}"


def _kind(text: str, is_person: bool) -> str | None:
    """What personal kind a label is of; None: none."""
    found = [one for one in narrow(text) if one.sure or one.kind == "address" or is_person]
    if found:
        return found[0].kind
    bare = _without_marks(text).replace(" ", "")
    if iban(bare):
        return "iban"
    if bare.isdecimal() and CARD_DIGITS <= len(bare) <= 19 and luhn(bare):
        return "card"
    if is_person and _longest_run(bare) >= PHONE_DIGITS:
        return "number"
    if is_person and _is_name(text):
        return "name"
    words = text.replace("_", " ").replace(".", " ").replace("-", " ")
    if any(len(one.value.split()) >= NAME_WORDS for one in capitalised(words)):
        return "name"
    return None


def _longest_run(text: str) -> int:
    """Digits in a row, at most."""
    return max(map(len, _only_digits(text).split()), default=0)
