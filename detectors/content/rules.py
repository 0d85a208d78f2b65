"""Rules: sentences that tell an AI what to do, recognised when it tells them on in other words.

A rule is a sentence of instructions that speaks to whoever follows it ("you", "never", "do not"); it is told
where most of its words of content, by their stems, stand together in an answer that holds little else.
Policies that customers are told anyway are other sentences. One rule told proves nothing; several do, in one
answer or over a conversation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from detectors.content.overlap import content_stems
from detectors.content.translated import Translated
from detectors.structs import FrozenArrayLeaf
from detectors.text.keyed import Hasher
from detectors.text.sentences import sentences
from detectors.text.tokens import words

TOLD = 0.7  # share of a rule's stems that an answer holds
LEAST_STEMS = 3  # of a rule: two words meet by chance
SHARE = 0.5  # of the answer's words of content that must belong to the rules it tells
MOST = 512  # rules of one tenant: ten times the longest prompts in use
FEWEST = 3  # rules that a translation must tell, however few there are: of each it shows little
ENOUGH = 4  # rules told, in one conversation, that prove that the instructions are given away

_SPEAKING_WORDS = """you your yours yourself never not dont must should always only answer respond reply
reveal refuse"""
_SPEAKING = frozenset(_SPEAKING_WORDS.split())


class Retold(FrozenArrayLeaf):
    """Rules that an answer tells, by hash; of: how many there are."""

    rules: tuple[int, ...]
    of: int

    @property
    def enough(self) -> int:
        """How many of them prove that the instructions are given away: most, where there are few."""
        return min(ENOUGH, max(2, (3 * self.of + 3) // 4))


class Rules:
    """The rules in instructions, as stems of their words. hashed: names them."""

    def __init__(self, texts: Iterable[str], hashed: Hasher) -> None:
        rows = {
            row: sentence
            for text in texts
            for sentence in sentences(text)
            if not _SPEAKING.isdisjoint(tokens := words(sentence))
            and len(row := content_stems(tokens)) >= LEAST_STEMS
        }
        self._rules = [(_named(row, hashed), row) for row in list(rows)[:MOST]]
        self._abroad = Translated([(name, rows[row]) for name, row in self._rules], hashed)
        self._holding: dict[str, list[int]] = {}
        for index, (_, row) in enumerate(self._rules):
            for root in row:
                self._holding.setdefault(root, []).append(index)
        self._known = frozenset(self._holding)

    def told(self, said: Sequence[str]) -> Retold | None:
        """The rules that an answer tells, given as its words; None where it tells none, or much else."""
        stems = content_stems(said)
        held = stems & self._known
        if len(held) < LEAST_STEMS or len(held) < SHARE * len(stems):
            return None
        hits = Counter(index for root in held for index in self._holding[root])
        found = sorted(index for index, count in hits.items() if count >= TOLD * len(self._rules[index][1]))
        covered = frozenset[str]().union(*(self._rules[index][1] for index in found))
        if len(covered & stems) < SHARE * len(stems):
            return None
        return Retold(tuple(self._rules[index][0] for index in found), len(self._rules)) if found else None

    def told_abroad(self, said: Sequence[str], known: int) -> Retold | None:
        """The rules that an answer in another language tells; see `Translated`."""
        names = self._abroad.told(said, known)
        return Retold(names, max(len(self._rules), FEWEST)) if names else None


def _named(row: frozenset[str], hashed: Hasher) -> int:
    """What a rule is called outside of the reader."""
    return hashed(",".join(map(str, sorted(map(hashed, row)))))
