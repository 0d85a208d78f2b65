"""Credentials: keys, tokens and passwords, by the marks of their issuers and by the words before them."""

from __future__ import annotations

from collections.abc import Iterator

from detectors.text.engine import pattern
from detectors.text.found import Found

_MARKED = pattern(
    r"\bAKIA[0-9A-Z]{16}\b|\bASIA[0-9A-Z]{16}\b"  # a cloud's access keys
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w\-]{18,}"  # code hosts
    r"|\b[srp]k[-_](?:(?:live|test|proj|ant|or)[-_])?[A-Za-z0-9_\-]{16,}"  # payment and model providers
    r"|\bxox[abeoprs]-[A-Za-z0-9\-]{10,}|\bAIza[\w\-]{30,}|\bya29\.[\w\-]{20,}|\bSG\.[\w\-]{16,}\.[\w\-]{16,}"
    r"|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w\-]{30,}|\bhf_[A-Za-z0-9]{30,}|\bdop_v1_[0-9a-f]{40,}"
    r"|\bwhsec_[\w]{16,}|\bsq0[a-z]{3}-[\w\-]{20,}"
    r"|\beyJ[\w\-]{8,}\.eyJ[\w\-]{8,}\.[\w\-]{8,}"  # JSON web tokens
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s]*(?:-----END [A-Z ]*PRIVATE KEY-----)?"
    r"|\b[a-z][a-z0-9+.\-]{2,12}://[^\s:/@]+:[^\s:/@]+@[^\s/]+",  # a password in an address
    any_case=False,
)
_NAMED = (
    r"\b(?:pass ?(?:word|code|phrase)|passwd|pwd|api[ _\-]?(?:key|token)"
    r"|(?:client|app|shared|master)?[ _\-]?secret(?:[ _\-]?key)?"
    r"|(?:access|auth|bearer|session|refresh|security|id)[ _\-]?(?:token|key)|private[ _\-]?key"
    r"|encryption[ _\-]?key|bearer|pin(?:[ _\-]?(?:code|number))?"
    r"|kennwort|passwort|contraseña|mot de passe)\b"
)
_WHOSE = r"(?: (?:for|to|of|on) (?:the |your |our |my |this )?[\w\-]+(?: [\w\-]+)?)?"
_IS = (
    r"(?:\s*(?:[:=]|=>)\s*"
    r"|,? (?:is|was|will be|reads|now|set to|ist|es|est)(?: (?:now|set to|currently|still))?"
    r":? ?)"
)
_SAID = pattern(_NAMED + _WHOSE + _IS + r"[\"'`“‘«(<]?([^\s\"'`”’»<>]+)")
_KEPT = ".,;:!?)"
MARKED_TRIGGER = (
    r"AKIA|ASIA|gh[pousr]_|github_pat|glpat-|[srp]k[-_]|xox[abeoprs]-|AIza|ya29\.|SG\.|npm_|pypi-|hf_|dop_v1|"
    r"whsec_|sq0|eyJ|PRIVATE KEY|://[^\s:/@]+:[^\s:/@]+@"
)
SAID_TRIGGER = r"pass|pwd|secret|token|key|bearer|\bpin\b|kennwort|contraseña"


def credentials(text: str) -> Iterator[Found]:
    """Every credential; sure where its own form says so.

    >>> [text[f.start : f.end] for text in ["the password is Tr0ub4dor, sir"] for f in credentials(text)]
    ['Tr0ub4dor']
    >>> list(credentials("your password is incorrect"))
    []
    """
    for match in _MARKED.finditer(text):
        start, end = match.span()
        yield Found("secret", start, end, match.group(), True)
    for match in _SAID.finditer(text):
        start, end = match.span(1)
        value = match.group(1).rstrip(_KEPT)
        if _is_made_up(value):
            yield Found("secret", start, start + len(value), value)


def _is_made_up(value: str) -> bool:
    """No word, no placeholder, no reference to somewhere else."""
    if not 4 <= len(value) <= 512 or value.startswith(("http", "[", "{", "***")):
        return False
    lower, upper = any(c.islower() for c in value), any(c.isupper() for c in value[1:])
    digit, sign = any(c.isdigit() for c in value), any(not c.isalnum() for c in value.strip("-_"))
    # Words with a hyphen or an apostrophe are words.
    return digit or (lower and upper) or (sign and not value.replace("-", "").replace("'", "").isalpha())
