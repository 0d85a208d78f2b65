"""Personal data: everything of the kind in one text, narrowly (to judge by) or widely (to redact by).

Texts are given normalised (`detectors.text.normalise`). Narrow means that an ordinary answer hardly ever
holds one; wide means that hardly anything personal stays, at the price of some cities and brands.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from detectors.text.addresses import TRIGGER as ADDRESS_TRIGGER
from detectors.text.addresses import addresses, wide_addresses
from detectors.text.credentials import MARKED_TRIGGER, SAID_TRIGGER, credentials
from detectors.text.digital import Digital
from detectors.text.emails import TRIGGER as EMAIL_TRIGGER
from detectors.text.emails import emails
from detectors.text.engine import Triggers, pattern
from detectors.text.found import Found, apart
from detectors.text.ibans import TRIGGER as IBAN_TRIGGER
from detectors.text.ibans import ibans
from detectors.text.names import capitalised, introduced
from detectors.text.numbers import TRIGGER as RUN_TRIGGER
from detectors.text.numbers import numbers
from detectors.text.spoken import TRIGGER as SPOKEN_TRIGGER
from detectors.text.spoken import spoken

PATTERNS = (
    Digital(r"\d"), EMAIL_TRIGGER, SPOKEN_TRIGGER, MARKED_TRIGGER, SAID_TRIGGER, Digital(RUN_TRIGGER),
    Digital(IBAN_TRIGGER), Digital(ADDRESS_TRIGGER), Digital(r"\d{3}"),
)  # fmt: skip
"""What is looked for in every text, in one pass; others may add to it."""
_TRIGGERS = Triggers(PATTERNS)
DIGIT, EMAIL, SPOKEN, MARKED, SAID, RUN, IBAN, ADDRESS, PIECE = range(9)
_VALUED = frozenset((EMAIL, SPOKEN, MARKED, SAID, RUN, IBAN, ADDRESS))


def triggers(text: str) -> frozenset[int]:
    """What a text shows of `PATTERNS`: which searches are worth while."""
    return _TRIGGERS.found(text)


def may_hold(seen: frozenset[int]) -> bool:
    """Whether a text with these triggers may hold a value at all."""
    return not seen.isdisjoint(_VALUED) and (seen & _VALUED != _PLACE or DIGIT in seen)


_PLACE = frozenset((ADDRESS,))
_NUMBERED = (
    r"account|acct|order|booking|reservation|confirmation|reference|ref|policy|member(?:ship)?|customer|client",
    r"invoice|case|ticket|tracking|loyalty|frequent flyer|card|user|patient|claim|contract|passport|pnr",
    r"record locator|(?:driver'?s )?licen[cs]e|vin|serial|imei|iban|routing|sort code|swift|bic|konto",
)
_ACCOUNT = pattern(
    rf"\b(?:{'|'.join(_NUMBERED)})\b(?: (?:number|no|num|id|code|ref(?:erence)?|name|plate)\b)*[.#:]?"
    r"(?: (?:is|was|it's|with|of|ending in))?[ :#\"'(]{1,4}([A-Z0-9][A-Z0-9_\-/.]+)"
)
_BORN = r"dob|d\.o\.b\.?|born(?: on| in)?|date of birth|birth ?(?:day|date)|geboren(?: am)?|né le|nacido el"
_DAY = r"\pL*\.?,? ?\d{1,4}(?:st|nd|rd|th)?[ ,/.\-]*(?:of )?(?:\pL{3,9}|\d{1,2})?\.?[ ,/.\-]*(?:\d{2,4})?"
_BIRTH = pattern(rf"\b(?:{_BORN})\b(?: is| was|:|,)*[ :]*({_DAY})")
_IP = pattern(
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b|\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b"
)
MOST = 64  # values of one kind in one text that are judged: no honest answer holds so many
_DIGITS_LEAST = 7  # a redacted text keeps no longer run of digits


def narrow(text: str, seen: frozenset[int] | None = None) -> list[Found]:
    """What stands in a text beyond doubt of its kind, in order; long numbers of no known kind too.

    seen: its triggers, where they are known already.
    """
    seen = triggers(text) if seen is None else seen
    if not may_hold(seen):
        return []
    found: list[Found] = []
    if EMAIL in seen:
        found += islice(emails(text), MOST)
    if MARKED in seen or SAID in seen:
        found += islice(credentials(text), MOST)
    if IBAN in seen:
        found += islice(ibans(text), MOST)
    if ADDRESS in seen and DIGIT in seen:
        found += islice(addresses(text), MOST)
    if RUN in seen:
        found += sorted(islice(numbers(text), MOST), key=lambda one: not one.sure)
    if SPOKEN in seen:
        found += islice(_spoken(text), MOST)
    return apart(found)


def _spoken(text: str) -> Iterator[Found]:
    """Numbers said in words, as what their digits are."""
    for start, end, digits in spoken(text):
        kind = next((one.kind for one in numbers(digits)), None)
        if kind is not None:
            yield Found(kind, start, end, digits, kind != "number")


def wide(text: str) -> list[Found]:
    """Everything that may be personal, in order and apart; for redaction."""
    seen = _TRIGGERS.found(text)
    found: list[Found] = [*emails(text)] if EMAIL in seen else []
    if MARKED in seen or SAID in seen:
        found += credentials(text)
    if DIGIT in seen:
        found += ibans(text)
        runs = list(numbers(text))
        found += (one for one in runs if one.sure and one.kind != "phone")
        found += (Found("ip", *match.span(), match.group()) for match in _IP.finditer(text))
        found += (_trimmed(text, *match.span(1)) for match in _BIRTH.finditer(text))
        found += wide_addresses(text)
        found += (one for one in runs if one.kind == "phone")
        found += _accounts(text)
        found += (one for one in runs if len(one.value) >= _DIGITS_LEAST)
    if SPOKEN in seen:
        found += (Found("number", start, end, digits) for start, end, digits in spoken(text))
    found += introduced(text)
    found += capitalised(text)
    return found


def _trimmed(text: str, start: int, end: int) -> Found:
    """A date of birth without the punctuation behind it."""
    return Found("date_of_birth", start, start + len(text[start:end].rstrip(" ,./-")), "")


def _accounts(text: str) -> list[Found]:
    """Codes with a digit beside a word that says what they number."""
    found: list[Found] = []
    for match in _ACCOUNT.finditer(text):
        code = match.group(1).rstrip("./-")
        if any(char.isdigit() for char in code) and len(code) >= 4:
            start = match.span(1)[0]
            found.append(Found("account", start, start + len(code), code))
    return found
