"""Recital: an AI that says its secret instructions, or a string planted in them.

Word for word: at least `SHARE` of an answer's five-word shingles stand in the instructions, and at least
`LEAST` of them; ordinary answers quote a sentence of policy, hardly ever three. In other words, or sentence
by sentence over several turns: see `detectors.content.rules`; in another language: `translated`. Canaries are
found as they stand, without punctuation, backwards and in base64. All is kept as words, as it stands in the
registry beside it; what leaves the reader are a score and keyed hashes of rules.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator

from detectors.content.base import Score
from detectors.content.rules import Retold, Rules
from detectors.text.keyed import Hasher
from detectors.text.swap import Swap
from detectors.text.tokens import words

WORDS = 5  # of a shingle
SHARE = 0.6  # of the answer
LEAST = 8  # shingles of the answer: below, it is one sentence
STEP = 3  # every third shingle is looked at first: most answers hold none
ANSWER_WORDS = 2000  # of an answer that are looked at
CANARY_LEAST = 6  # letters and digits of a canary that is also found without its punctuation


class Known:
    """What the AIs of one tenant must not say. instructions, canaries: of the registry."""

    def __init__(self, instructions: Iterable[str], canaries: Iterable[str], hashed: Hasher) -> None:
        texts = list(instructions)
        self._shingles = frozenset(shingle for text in texts for shingle in _shingles(words(text)))
        self._words = frozenset(word for shingle in self._shingles for word in shingle)
        self._rules = Rules(texts, hashed)
        plain, squeezed = set[str](), set[str]()
        for canary in canaries:
            name = canary.casefold()
            plain |= {name, name[::-1]}
            encoded = b64encode(canary.encode()).decode().rstrip("=")
            plain.add(encoded.casefold())
            if len(_squeezed(name)) >= CANARY_LEAST:
                squeezed |= {_squeezed(name), _squeezed(name[::-1])}
        self._canaries, self._squeezed = sorted(plain), sorted(squeezed)

    def __repr__(self) -> str:  # secrets stay out of logs and tracebacks
        return "Known(...)"

    def score(self, text: str) -> Score | Retold | None:
        """How certainly this answer gives them away, or which of their rules it tells in its own words; None:
        nothing of the kind."""
        if self._canaries and self._has_canary(text.casefold()):
            return Score(1.0, "canary")
        if not self._shingles or text.count(" ") < WORDS - 1:
            return None
        said = words(text)[:ANSWER_WORDS]
        known = len(list(filter(self._words.__contains__, said)))
        if known >= LEAST + WORDS - 1:  # most answers share too few words with the instructions
            share, count = self._recited(said)
            if share >= SHARE and count >= LEAST:
                return Score(min(1.0, 0.6 + 0.4 * share), "instructions")
        return self._rules.told(said) or self._rules.told_abroad(said, known)

    def _has_canary(self, text: str) -> bool:
        if any(canary in text for canary in self._canaries):
            return True
        squeezed = _squeezed(text) if self._squeezed else ""
        return any(canary in squeezed for canary in self._squeezed)

    def _recited(self, said: list[str]) -> tuple[float, int]:
        known = self._shingles
        if known.isdisjoint(_shingles(said, STEP)):
            return 0.0, 0
        shingles = list(_shingles(said))
        count = len(tuple(filter(known.__contains__, shingles)))
        return count / len(shingles), count


def _shingles(said: list[str], step: int = 1) -> Iterator[tuple[str, ...]]:
    """Every `step`th of them."""
    return zip(*(said[start::step] for start in range(WORDS)), strict=False)


def _squeezed(text: str) -> str:
    """Its letters and digits."""
    return _without_marks(text) if text.isascii() else "".join(filter(str.isalnum, text))


_without_marks = Swap({chr(code): None for code in range(128) if not chr(code).isalnum()})
