"""E-mail addresses, plainly written or disguised: "jo (at) example dot org", "jo @ example . org".

A bare "at" is a word of its own, so a disguise counts only with a sign of purpose: brackets, a "dot" said as
a word, or an "@" with spaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from detectors.text.engine import pattern
from detectors.text.found import Found

MOST = 254  # characters of an address (RFC 5321)
TRIED = 64  # places of one text that may be a disguised one: no honest text holds so many

_PLAIN = pattern(r"[\pL\pN][\pL\pN._%+'\-]*@[\pL\pN\-]+(?:\.[\pL\pN\-]+)+")
_LABEL = r"[\pL\pN][\pL\pN\-]*"
_LOCAL = rf"[\pL\pN][\pL\pN._%+\-]*(?: ?(?:\bdot\b|\bunderscore\b|\bdash\b|\bpunkt\b|\bpunto\b) ?{_LABEL})*"
_AT = r"(?: ?[\[({<] ?(?:at|@|arroba|ät) ?[\])}>] ?| @ ?|@ | at | \(?at sign\)? | arroba )"
_DOT = r"(?: ?[\[({<] ?(?:dot|\.|punkt|punto) ?[\])}>] ?| dot | punkt | punto | point | \. ?|\. |\.)"
_DISGUISED = pattern(rf"{_LOCAL}{_AT}{_LABEL}(?:{_DOT}{_LABEL})+")
_SIGNS = pattern(r"[\[({<] ?at ?[\])}>]|\bdot\b|\bat sign\b|arroba")
_SAID_DOT = pattern(r" ?[\[({<] ?(?:dot|\.|punkt|punto) ?[\])}>] ?| (?:dot|punkt|punto|point) | ?\. ?")
_SAID_AT = pattern(_AT)
_SAID = ((pattern(r" ?\bunderscore\b ?"), "_"), (pattern(r" ?\bdash\b ?"), "-"))
_ENDINGS = """com org net edu gov io co info biz uk us de fr es it nl be ch at pl pt se no dk fi ie eu ca au
nz jp in br mx ru cn app dev ai me tv example test invalid"""
_DOMAINS = frozenset(_ENDINGS.split())
_ORDINARY = """it is us me you look looking found find available order online site website here that this
check visit go more them him her page store shop was are be stay been also posted listed"""
_NO_LOCAL = frozenset(_ORDINARY.split())
TRIGGER = r"@|[\[({<] ?(?:at|arroba|ät) ?[\])}>]|\b(?:dot|punkt|punto)\b"


def emails(text: str) -> Iterator[Found]:
    """Every address, canonical: lower case, without disguise.

    >>> [found.value for found in emails("Jo.Roe@Example.org or jo [at] shop dot example dot org")]
    ['jo.roe@example.org', 'jo@shop.example.org']
    """
    taken: list[tuple[int, int]] = []
    for match in _PLAIN.finditer(text):
        start, end = match.span()
        if end - start <= MOST:
            taken.append((start, end))
            yield Found("email", start, end, match.group().casefold().rstrip("."), True)
    if text.count("@") == len(taken) and not _SIGNS.holds(text):
        return
    for match in islice(_DISGUISED.finditer(text), TRIED):
        start, end = match.span()
        if end - start > MOST or any(start < stop and begin < end for begin, stop in taken):
            continue
        raw = match.group()
        local, _, domain = _plain(raw).partition("@")
        purpose = "@" in raw or _SIGNS.holds(raw)
        if purpose and domain.rsplit(".", 1)[-1] in _DOMAINS and local not in _NO_LOCAL:
            yield Found("email", start, end, f"{local}@{domain}", True)


def _plain(raw: str) -> str:
    at = _SAID_AT.search(raw)
    if at is None:
        return raw.casefold()
    start, end = at.span()
    return f"{_undotted(raw[:start])}@{_undotted(raw[end:])}".casefold().replace(" ", "")


def _undotted(part: str) -> str:
    for said, meant in ((_SAID_DOT, "."), *_SAID):
        out, last = "", 0
        for match in said.finditer(part):
            start, end = match.span()
            out += part[last:start] + meant
            last = end
        part = out + part[last:]
    return part
