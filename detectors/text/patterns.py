"""Wording that tells something by itself, found in one linear pass per text.

All phrasings of one family are compiled into one RE2 set (Cox, "Regular Expression Matching in the Wild",
2010): time grows with the length of the text, never with the number of phrasings or with an evil input.
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from detectors.text.wordings import OBJECTIONS, REFUSALS

CHARS = 4096  # what of a text is searched: refusals and objections come early, one page is enough


class Wording:
    """A family of phrasings, RE2 syntax, in any case; a straight apostrophe stands for a typographic one too.

    >>> Wording(["no way"]).found("There is NO WAY.")
    True
    """

    def __init__(self, phrasings: Sequence[str]) -> None:
        options = re2.Options()
        options.log_errors = False  # a mistaken phrasing raises here; the library need not print it as well
        options.case_sensitive = False
        self._set = re2.Set.SearchSet(options)
        for phrasing in phrasings:
            self._set.Add(phrasing.replace("'", "['’]?"))
        self._set.Compile()

    def found(self, text: str) -> bool:
        """Whether any phrasing occurs in the first `CHARS` characters."""
        return bool(self._set.Match(text[:CHARS]))


REFUSAL = Wording(REFUSALS)
"""An AI declines to help."""
OBJECTION = Wording(OBJECTIONS)
"""A customer contradicts or corrects what was said, or says that it was no answer."""
