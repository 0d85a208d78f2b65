"""Numbers: what a run of digits is: a card, a social security number, a telephone number, or just long.

A run is digits with at most a few separators between them. Cards must begin like one, be as long as one of
that network, satisfy Luhn and be grouped as people group cards: one number in some hundred does by chance.
"""

from __future__ import annotations

from collections.abc import Iterator

from detectors.text.checksums import BY_LENGTH, cpf, luhn, verhoeff
from detectors.text.engine import pattern
from detectors.text.found import Found, Kind
from detectors.text.swap import Swap

LEAST = 6  # digits; shorter runs name nobody
MOST = 34  # digits; longer ones are no number of anything
TAIL = 9  # the last digits of a telephone number are the same with and without its country

_DASH = r"[\-\x{2010}-\x{2015}]"
# Between two digits: a space or two, one mark, a dash with spaces, or a bracket. Not ". " and not ", ", which
# divide sentences and lists.
_BETWEEN = rf"(?:[ \t]{{1,2}}|[._/*·•]|[ \t]?{_DASH}[ \t]?|\)[ \t.\-]?|[ \t.\-]?\()?"
_RUN = pattern(rf"\+?\(?\d(?:{_BETWEEN}\d){{{LEAST - 1},}}")
_apart = Swap(dict.fromkeys(" \t().-_/*·•+‐‑‒–—―", " "))  # what may stand between digits
_DATE = pattern(
    r"(?:19|20)\d\d[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12]\d|3[01])(?:\D.*)?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)?\d\d(?:\D.*)?"
)
_SSN = pattern(r"\d{3}[- ]\d{2}[- ]\d{4}")
_CPF = pattern(r"\d{3}\.\d{3}\.\d{3}-\d\d")
_DECIMALS = pattern(r"\d{1,3}(?:,\d{3})*\.\d{1,2}|\d{1,3}(?:[,.]\d{3})+")
_NO_NUMBER_BEFORE = "#$€£¥%@"  # an order's number, an amount: said so by the sign in front
SSN_CUE = pattern(r"\b(?:ssn|social(?: security)?(?: number| no\.?)?|tax(?:payer)? id)\b[^\d]{0,20}$")
ID_CUE = pattern(
    r"\b(?:national|identity|identification|insurance|tax|nhs|aadhaar|cpf|pesel|bsn|nir|sin|personnummer|"
    r"steuer[\w-]*|passport)\b[^\d]{0,24}$"
)
TRIGGER = rf"\d(?:{_BETWEEN}\d){{{LEAST - 1}}}"
_EXTENSION = pattern(r"^ ?(?:x|ext\.?|extension|#) ?\d{1,6}\b")
_EXTENDING = frozenset("xXeE#")  # what an extension begins with
EXTENSION = 20  # characters behind a telephone number that may hold its extension
BEFORE = 40  # characters in front of a run in which a word may say what it is


def numbers(text: str) -> Iterator[Found]:
    """Every run of `LEAST` digits and more, with what it is; runs without a better name are `number`."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        raw = match.group()
        digits = "".join(filter(str.isdecimal, raw[: 4 * MOST]))
        if len(digits) < LEAST:
            continue
        if len(digits) > MOST:
            yield Found("number", start, end, digits[:MOST])
            continue
        if text[end : end + 2].lstrip()[:1] in _EXTENDING:
            extension = _EXTENSION.search(text[end : end + EXTENSION])
            end += extension.span()[1] if extension else 0
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if _glued(before, after):
            if len(digits) >= TAIL:
                yield Found("number", start, end, digits)
            continue
        kind, sure = _kind(raw, digits, text[max(0, start - BEFORE) : start], before)
        if kind is not None:
            yield Found(kind, start, end, digits, sure)


def _glued(before: str, after: str) -> bool:
    """Part of a word: a hash, a code, a file's name."""
    return before.isalnum() or after.isalpha() or before in "_"


def _kind(raw: str, digits: str, context: str, before: str) -> tuple[Kind | None, bool]:
    groups = [len(part) for part in _apart(raw).split()]
    if raw[0] != "+" and is_card(digits, groups):
        return "card", True
    if _DATE.is_all(raw.lstrip("(")) or _DECIMALS.is_all(raw):
        return None, False
    if raw[0] in "+(" and 8 <= len(digits) <= 15:
        return "phone", True
    if _SSN.is_all(raw) and is_ssn(digits):
        return "ssn", True
    if len(digits) == 9 and is_ssn(digits) and SSN_CUE.holds(context):
        return "ssn", True
    if _is_national(raw, digits, groups, context):
        return "national_id", True
    if before in _NO_NUMBER_BEFORE:
        return "number", False
    if is_phone(digits, groups):
        return "phone", True
    return "number", False


_NETWORKS: tuple[tuple[int, int, int, tuple[int, ...]], ...] = (
    # first digits from, to (as many as the bounds have), how many are compared, lengths
    (4, 4, 1, (13, 16, 19)),
    (51, 55, 2, (16,)),
    (2221, 2720, 4, (16,)),
    (34, 34, 2, (15,)),
    (37, 37, 2, (15,)),
    (300, 305, 3, (14,)),
    (36, 36, 2, (14,)),
    (38, 39, 2, (14,)),
    (6011, 6011, 4, (16, 19)),
    (62, 62, 2, (16, 17, 18, 19)),
    (64, 65, 2, (16, 19)),
    (35, 35, 2, (16,)),
    (1800, 1800, 4, (15,)),
    (2131, 2131, 4, (15,)),
    (50, 50, 2, (12, 13, 14, 15, 16, 17, 18, 19)),
    (56, 69, 2, (12, 13, 14, 15, 16, 17, 18, 19)),
)
_CARD_GROUPS = ([4, 4, 4, 4], [4, 4, 4, 4, 3], [4, 6, 5], [4, 6, 4], [4, 4, 4], [4, 4, 4, 1], [8, 8], [6, 13])


def is_card(digits: str, groups: list[int]) -> bool:
    """Whether it begins, counts and checks as a payment card does, and is grouped like one.

    >>> is_card("4111111111111111", [4, 4, 4, 4]), is_card("4111111111111111", [3, 3, 3, 3, 4])
    (True, False)
    """
    length = len(digits)
    if not 12 <= length <= 19 or not (len(groups) == 1 or groups in _CARD_GROUPS or max(groups) <= 2):
        return False
    listed = any(
        low <= int(digits[:count]) <= high and length in lengths for low, high, count, lengths in _NETWORKS
    )
    return listed and luhn(digits)


def is_ssn(digits: str) -> bool:
    """Whether the parts of a US social security number are all in use."""
    return (
        digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"
    )


def is_phone(digits: str, groups: list[int]) -> bool:
    """Whether it is grouped as telephone numbers are written; no grouping: not by itself.

    >>> is_phone("4155550132", [3, 3, 4]), is_phone("4155550132", [10]), is_phone("123456789012", [4, 4, 4])
    (True, False, False)
    """
    if not 7 <= len(digits) <= 15:
        return False
    if max(groups) <= 2:
        return len(groups) >= 4 and len(digits) >= 9
    if len(groups) == 2:
        return len(digits) <= 11 and groups[1] in (3, 4, 5, 6, 7) and groups[0] <= 5 and len(digits) != 8
    return 3 <= len(groups) <= 6 and groups[0] <= 5 and groups not in ([4, 4, 4], [4, 4, 4, 3])


def _is_national(raw: str, digits: str, groups: list[int], context: str) -> bool:
    if _CPF.is_all(raw) and cpf(digits):
        return True
    if groups == [4, 4, 4] and digits[0] not in "01" and verhoeff(digits):
        return True
    checks = BY_LENGTH.get(len(digits), ())
    return any(check(digits) for check in checks) and ID_CUE.holds(context)
