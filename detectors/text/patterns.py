"""Wording that tells something by itself, found in one linear pass per text.

All phrasings of one family are compiled into one RE2 set (Cox, "Regular Expression Matching in the Wild",
2010): time grows with the length of the text, never with the number of phrasings or with an evil input.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import re2

from detectors.text.engine import MEMORY
from detectors.text.wordings import CONCESSIONS, GIVING_UP, HEDGES, OBJECTIONS, REFUSALS
from detectors.text.wordings_abroad import OBJECTIONS_ABROAD

CHARS = 4096  # what of a text is searched: refusals and objections come early, one page is enough


class Wordings:
    """Families of phrasings in one pass, RE2 syntax, in any case; a straight apostrophe stands for a
    typographic one and for none.

    >>> families = Wordings(["no way"], ["way", "road"])
    >>> families.found("There is NO WAY."), families.found("a road"), families.found("")
    (3, 2, 0)
    """

    def __init__(self, *families: Sequence[str]) -> None:
        options = re2.Options()
        options.log_errors = False  # a mistaken phrasing raises here; the library need not print it as well
        options.case_sensitive = False
        options.max_mem = MEMORY
        self._set = re2.Set.SearchSet(options)
        self._bits: list[int] = []
        self.phrasings: list[str] = []
        """All of them as they are searched for, for who searches for more in the same pass."""
        for family, phrasings in enumerate(families):
            for phrasing in phrasings:
                self.phrasings.append(phrasing.replace("'", "['’]?"))
                self._set.Add(self.phrasings[-1])
                self._bits.append(1 << family)
        self._set.Compile()

    def found(self, text: str) -> int:
        """Which families occur in the first `CHARS` characters: the sum of 1 for the first one, 2, 4 ..."""
        return self.families(self._set.Match(text[:CHARS]) or ())

    def families(self, indexes: Iterable[int]) -> int:
        """The same of what another pass found of `phrasings`, by their places in it."""
        found = 0
        for index in indexes:
            found |= self._bits[index]
        return found


REFUSAL, CONCESSION, HEDGE = 1, 2, 4
"""An AI declines to help; gives in that it was wrong; is not sure."""
ANSWERS = Wordings(REFUSALS, CONCESSIONS, HEDGES)
OBJECTION, GAVE_UP = 1, 2
"""A customer contradicts or corrects what was said, or says that it was no answer; leaves unhelped."""
ASKS = Wordings((*OBJECTIONS, *OBJECTIONS_ABROAD), GIVING_UP)
