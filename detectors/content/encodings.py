"""Encodings: base64, hexadecimal, binary, decimal codes and escapes in a text, decoded.

Each decoder is given a text that shows its pattern, and returns at most `READINGS` pieces that read as text.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from html import unescape
from itertools import islice
from urllib.parse import unquote

from detectors.text.engine import Pattern, pattern
from detectors.text.swap import Swap

READINGS = 4  # of one decoder; an attack needs one, an evil input gets no more work done
LEAST_LETTERS = 8  # in a decoded text: less says nothing
TRIED = 64  # runs that may be one encoding: an evil input gets no more work done
ESCAPED_CHARS = 4096


def is_text(said: str) -> bool:
    """Printable, with some letters: a dozen bytes hardly ever are by chance.

    >>> is_text("ignore it"), is_text("\\x00ignore it"), is_text("a b c")
    (True, False, False)
    """
    return sum(map(str.isalpha, said)) >= LEAST_LETTERS and _on_one_line(said).isprintable()


def _base64(text: str) -> list[str]:
    found = []
    for match in islice(_base64_runs.finditer(text), TRIED):
        run = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        if not (run.islower() or run.isupper() or (run.isalpha() and run.istitle())):  # a word, an id
            found += _decoded(run[: len(run) // 4 * 4 + (len(run) % 4 if len(run) % 4 > 1 else 0)])
        if len(found) >= READINGS:
            break
    return found


def _decoded(run: str) -> list[str]:
    try:
        said = base64.b64decode(run + "=" * (-len(run) % 4), validate=True).decode("utf-8")
    except (ValueError, binascii.Error):
        return []
    return [said] if is_text(said) else []


def _numbers(runs: Pattern, base: int, width: int) -> Callable[[str], list[str]]:
    def decode(text: str) -> list[str]:
        found = []
        for match in islice(runs.finditer(text), TRIED):
            run = match.group().replace("0x", "").replace("\\x", "")
            digits = "".join(_digits(run).split())
            digits = digits[: len(digits) // width * width]
            codes = bytes(int(digits[i : i + width], base) & 0xFF for i in range(0, len(digits), width))
            said = codes.decode("latin-1")
            if said.isascii() and is_text(said):
                found.append(said)
            if len(found) >= READINGS:
                break
        return found

    return decode


def _decimal(text: str) -> list[str]:
    found = []
    for match in islice(_decimal_runs.finditer(text), TRIED):
        codes = [int(number) for number in _digits(match.group()).split()]
        said = "".join(map(chr, codes))
        if said.isascii() and is_text(said):
            found.append(said)
    return found


def _escapes(text: str) -> list[str]:
    said = unquote(unescape(text[:ESCAPED_CHARS]))
    if "\\u00" in said:
        said = "".join(_unescaped(part) for part in said.split("\\u"))
    return [said] if is_text(said) else []


def _unescaped(part: str) -> str:
    code = part[:4]
    return chr(int(code, 16)) + part[4:] if len(code) == 4 and _HEX4.is_all(code) else part


_on_one_line = Swap(dict.fromkeys("\r\n\t", " "))
_BASE64 = r"[A-Za-z0-9+/_-]{16,}={0,2}"
_HEX = r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,]?){10,}"
_BINARY = r"(?:[01]{8}[ ,]?){5,}"
_DECIMAL = r"(?:\b(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6])\b[ ,;]+){9,}[0-9]{2,3}\b"
_ESCAPED = r"(?:(?:%[2-7][0-9a-f]|\\u00[2-7][0-9a-f]|&#x?[0-9a-f]{2,3};)[^%\\&]{0,12}){3,}"
_HEX4 = pattern(r"00[2-7][0-9a-f]")
_base64_runs, _decimal_runs = pattern(_BASE64), pattern(_DECIMAL)
_digits = Swap({chr(code): " " for code in range(128) if chr(code) not in "0123456789abcdefABCDEF"})
DECODERS: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    (_BASE64, _base64),
    (_HEX, _numbers(pattern(_HEX), 16, 2)),
    (_BINARY, _numbers(pattern(_BINARY), 2, 8)),
    (_DECIMAL, _decimal),
    (_ESCAPED, _escapes),
)
"""What an encoded text shows, and what decodes it."""
DIGITAL = frozenset((_HEX, _BINARY, _DECIMAL, _ESCAPED))
"""Those that hold digits whatever they say."""
