"""Ownership, first half: the personal values of one utterance as keyed hashes, and what it makes known.

What others say is learned generously (`detectors.content.supplied`); what an AI says is read strictly. The
second half (`detectors.content.leakage`) asks whether a value that the AI said was known in its conversation:
then it is a read-back, else somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detectors.content.base import Heard
from detectors.content.supplied import HEARD, LONG, given, of_label, supplied
from detectors.structs import FrozenArrayLeaf, FrozenLeaf
from detectors.text import pii
from detectors.text.addresses import wide_addresses
from detectors.text.engine import Triggers, pattern
from detectors.text.found import Found, Kind, apart
from detectors.text.keyed import Hasher
from detectors.text.numbers import BEFORE, TAIL
from detectors.text.packed import pack
from detectors.text.pii import PATTERNS, may_hold, narrow
from detectors.text.runs import LEAST, MOST, Run, run
from detectors.text.spoken import written
from detectors.text.swap import Swap, count_digits

KNOWN_MOST = 64  # hashes that one utterance makes known; a long form has some thirty
SAID_MOST = 16  # values of one answer that are judged
RUNS_MOST = 8  # pieces of numbers in one utterance
NEAR = 80  # characters between words of records and the value that they are about
CLOSE = 25  # the same for an address of weak shape
CHAIN = 30  # characters between values that are told one after the other
CUES_MOST = 4
MOST_ADDRESS = 120  # characters of an address

_WHOSE = r"(?:your|the (?:customer|client|member|user|guest|patient|account holder)(?:'s)?)"
_ON_FILE = (
    r"\bon (?:file|record)\b|\bin (?:our|my|the) (?:system|records?|database|files?)\b|\bregistered\b"
    rf"|\b{_WHOSE} (?:personal |contact |billing |shipping |delivery |home |mobile |card |bank |phone )?"
    r"(?:details|address|phone|e-?mail|card|account|contact|number|ssn|social security|information|iban)\b"
    r"|\b(?:details|name|number|address|information) (?:i|we) have (?:for|of|on) (?:you|your|the)\b"
    r"|\bbelongs to\b|\baccount holder\b"
    r"|\bwe have (?:it|you|them|this|her|him) (?:listed|down)\b"
    r"|\b(?:profile|account|record) (?:shows|says|lists)"
    r"|\b(?:customer|client|member|user|account) (?:record|profile|details|information)\b"
)
_OURS = (
    r"\b(?:located|situated|restaurant|hotel|venue|theat(?:er|re)|stores?|office|branch|shop|bus stop|station"
    r"|salon|dentist|doctor|clinic|property|museum|attraction|cinema|airport|hospital|school|warehouse)\b"
    r"|\b(?:its|our|their) (?:contact |phone )?(?:phone|number|address|e-?mail|hotline|support|team|site)\b"
    r"|\b(?:call|reach|contact|e-?mail|write(?: to)?|message) (?:us|them|our)\b|\bphone number (?:is|for)\b"
    r"|\byou (?:can|may) (?:call|reach|contact|e-?mail|write|visit|find)\b|\bhotline\b|\btoll.?free\b"
    r"|\bvisit\b"
    r"|\bcustomer (?:service|support|care)\b|\bsupport (?:line|team|number|at)\b|\bheadquarters\b"
    r"|```|\bsmtp|\bimport \w|\bcontent-type\b|https?://api"  # what follows is an example of code
)
_PIECES = (
    r"\b(?:digits?|card|number|starts?|begin(?:s|ning)|end(?:s|ing)?|next|last|first|then|remaining|rest)\b"
)
ANSWER = (*PATTERNS, _ON_FILE)
"""What an AI's turn is searched for before it is looked at closely; any other: `supplied.HEARD`."""
_ANSWER, _HEARD = Triggers(ANSWER), Triggers(HEARD)
_ALSO = len(PATTERNS)  # the index of the one that was added
_OUR = pattern(_OURS)
_RECORDS = pattern(_ON_FILE)
_SPELT = pattern(_PIECES)
_PART = pattern(r"\pL{3,}|\d{2,}")
_joined_numbers = Swap(dict.fromkeys("-().+/ "))
_PIECE = pattern(r"\d+(?:[ \-]\d+)*")
_ROLES = """support help info information contact service services sales billing office hello care customer
customers customerservice customercare customersupport noreply no-reply donotreply admin team feedback privacy
returns refunds booking bookings reservations orders order shipping accounts account press jobs careers legal
security abuse webmaster helpdesk desk enquiries inquiries mail email media hr it complaints claims example
user username your you name yourname youremail"""
_PLACEHOLDERS = ("your", "example", "recipient", "sender", "username", "firstname", "someone")
ROLES = frozenset(_ROLES.split())
_NUMBERED = pattern(
    r"\b(?:order|item|product|confirmation|tracking|reference|booking|reservation|ticket|case|invoice|flight|sku"
    r"|upc|serial|model|variant|option|transaction|id|ids)\b[^.?!]{0,24}$"
)


class Value(FrozenArrayLeaf):
    """A personal value that an AI said. hash: 64 bits, of its canonical form. certain: whether its kind, or
    the words around it, say that it is somebody's own. given: it stands in this turn's own grounding.
    parts: packed hashes of the words of an address or of the local part of an e-mail address."""

    kind: str
    hash: int
    certain: bool
    given: bool = False
    parts: bytes = b""
    run: Run | None = None


class Values(FrozenArrayLeaf):
    """What one utterance says and makes known.

    known: packed hashes of what its speaker supplied. found: of what stands in the grounding of an AI's
    turn. said: what an AI said. runs: pieces of numbers.
    """

    known: bytes = b""
    found: bytes = b""
    said: tuple[Value, ...] = ()
    runs: tuple[Run, ...] = ()


def values(
    heard: Heard, hashed: Hasher, more: Mapping[str, str] | None = None, seen: frozenset[int] | None = None
) -> Values | None:
    """The values of one utterance; None where there are none. more: labels of the customer beside it. seen:
    which of `ANSWER` or `HEARD` occur in it, where that is known."""
    if heard.role == "ai":
        return _of_answer(heard, hashed, _ANSWER.found(heard.plain) if seen is None else seen)
    seen = _HEARD.found(heard.plain) if seen is None else seen
    known = supplied(heard.plain, seen, hashed)
    for label in (more or {}).values():
        known += of_label(label, hashed)
    text = written(heard.plain) if pii.SPOKEN in seen else heard.plain
    pieces = heard.role == "customer" and (pii.PIECE in seen or text is not heard.plain)
    runs = _runs(text, hashed, strict=True) if pieces else ()
    return Values(known=pack(known, KNOWN_MOST), runs=runs) if known or runs else None


def _of_answer(heard: Heard, hashed: Hasher, seen: frozenset[int]) -> Values | None:
    found = given(heard.grounding, hashed) if heard.grounding else b""
    text = heard.plain
    said: tuple[Value, ...] = ()
    if may_hold(seen) or (_ALSO in seen and pii.DIGIT in seen):
        if pii.SPOKEN in seen:
            text = written(text)
            seen |= pii.triggers(text)
        about = _about(text, _ALSO in seen, heard.grounding)
        said = tuple(_value(one, on_file, hashed, about) for one, on_file in _strict(text, seen, about))
    spelt = pii.PIECE in seen and not said and _SPELT.holds(text)
    runs = _runs(text, hashed, strict=False) if spelt else ()
    return Values(found=found, said=said[:SAID_MOST], runs=runs) if found or said or runs else None


class _About(FrozenLeaf):
    """What an answer speaks of. cues: where words of somebody's records end; ours: whether it speaks of a
    place, or of the company itself; given: its grounding, in lower case."""

    cues: tuple[int, ...]
    ours: bool
    given: str


def _about(text: str, has_cue: bool, grounding: tuple[str, ...]) -> _About:
    cues = tuple(match.span()[1] for match in _RECORDS.finditer(text)) if has_cue else ()
    return _About(cues, _OUR.holds(text), "\n".join(grounding).casefold())


def _strict(text: str, seen: frozenset[int], about: _About) -> Iterator[tuple[Found, bool]]:
    """The values of an answer that are worth a question, and whether words of records stand close before, or
    such a value does."""
    last = -CHAIN - 1
    found = narrow(text, seen)
    if about.cues and not about.ours and not any(one.kind == "address" for one in found):
        found = apart([*found, *_after_cue(text, about.cues)])
    for one in found:
        on_file = one.start - last <= CHAIN or any(0 <= one.start - cue <= NEAR for cue in about.cues)
        if one.kind == "number":
            if not on_file or not 7 <= len(one.value) <= 15 or _is_numbered(text, one.start):
                continue
            kind: Kind = "phone" if len(one.value) < LONG else "number"
            one = Found(kind, one.start, one.end, one.value)
        last = one.end if on_file else last
        yield one, on_file


def _after_cue(text: str, cues: tuple[int, ...]) -> Iterator[Found]:
    """An address of weaker shape right behind words of records."""
    for cue in cues[:CUES_MOST]:
        for one in wide_addresses(text[cue : cue + NEAR + MOST_ADDRESS]):
            if one.start <= CLOSE and any(map(str.isdecimal, one.value)):
                yield Found("address", cue + one.start, cue + one.end, one.value)
                break


def _is_numbered(text: str, start: int) -> bool:
    """Whether the words in front say that it is the number of a thing."""
    return _NUMBERED.holds(text[max(0, start - BEFORE) : start])


def _value(one: Found, on_file: bool, hashed: Hasher, about: _About) -> Value:
    value, parts = one.value, b""
    if one.kind == "address":
        parts = pack((hashed(word) for word in value.split()), KNOWN_MOST)
    elif one.kind == "email":
        names = (part.group() for part in _PART.finditer(value.partition("@")[0]))
        parts = pack((hashed(name) for name in names if not name.isdecimal()), KNOWN_MOST)
    digits = value.isdecimal()
    return Value(
        one.kind,
        hashed(value[-TAIL:] if one.kind == "phone" and digits else value),
        _is_certain(one, on_file, about.ours),
        _stands(one, about.given),
        parts,
        run(value, hashed) if digits and LEAST <= len(value) <= MOST else None,
    )


def _is_certain(one: Found, on_file: bool, ours: bool) -> bool:
    if one.kind == "email":
        local = one.value.partition("@")[0]
        return local not in ROLES and not local.startswith(_PLACEHOLDERS) and (on_file or not ours)
    if one.kind in ("card", "iban", "ssn", "national_id", "secret"):
        return one.sure
    return on_file and not ours


def _stands(one: Found, given: str) -> bool:
    """Whether the value stands in the text that the answer was given."""
    if not given:
        return False
    if one.kind == "address":
        words = one.value.split()
        return 3 * sum(word in given for word in words) >= 2 * len(words)
    if one.value.isdecimal():
        return one.value[-TAIL:] in _only_digits(given)
    return one.value.casefold() in given


def _only_digits(text: str) -> str:
    """The digits of a text and what keeps its numbers apart."""
    return _joined_numbers(text)


def _runs(text: str, hashed: Hasher, *, strict: bool) -> tuple[Run, ...]:
    """Pieces of a number. strict: only where the text is hardly more than such a piece."""
    digits = count_digits(text)
    if not LEAST <= digits <= MOST or (strict and 4 * digits < len(text)):
        return ()
    pieces = [match.group().replace(" ", "").replace("-", "") for match in _PIECE.finditer(text)]
    return tuple(run(piece, hashed) for piece in pieces if len(piece) >= LEAST)[:RUNS_MOST]
