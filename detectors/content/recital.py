"""Recital: an AI that says its secret instructions, or a string planted in them.

Instructions count as recited when at least `SHARE` of an answer's five-word shingles stand in them, and at
least `LEAST` of them: ordinary answers quote a sentence of policy, hardly ever three. Canaries are found as
they stand, without their punctuation, backwards and in base64. Both are kept as hashes, never as text, but
for the canaries, without which they could not be found.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from detectors.content.base import Score
from detectors.text.keyed import Hasher
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
        self._hashed = hashed
        self._shingles = frozenset(
            hashed(shingle) for text in instructions for shingle in _shingles(words(text))
        )
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

    def score(self, text: str) -> Score | None:
        """How certainly this answer gives them away; None: nothing of the kind."""
        if self._canaries and self._has_canary(text.casefold()):
            return Score(1.0, "canary")
        share, count = self._recited(text) if self._shingles else (0.0, 0)
        if share >= SHARE and count >= LEAST:
            return Score(min(1.0, 0.6 + 0.4 * share), "instructions")
        return None

    def _has_canary(self, text: str) -> bool:
        if any(canary in text for canary in self._canaries):
            return True
        squeezed = _squeezed(text) if self._squeezed else ""
        return any(canary in squeezed for canary in self._squeezed)

    def _recited(self, text: str) -> tuple[float, int]:
        if text.count(" ") < LEAST + WORDS - 2:
            return 0.0, 0
        said = words(text)[:ANSWER_WORDS]
        known, hashed = self._shingles, self._hashed
        starts = range(0, len(said) - WORDS + 1, STEP)
        if not any(hashed(" ".join(said[at : at + WORDS])) in known for at in starts):
            return 0.0, 0
        shingles = _shingles(said)
        count = sum(hashed(shingle) in known for shingle in shingles)
        return count / len(shingles), count


def _shingles(text: list[str]) -> list[str]:
    return [" ".join(text[at : at + WORDS]) for at in range(len(text) - WORDS + 1)]


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text))
