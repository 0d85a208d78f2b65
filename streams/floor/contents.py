"""Contents: what a turn proves within its conversation: a leak, a recital. What is certain is found at once,
what is doubtful is something to count.

What waits for its slot is looked at ahead: a provisional memory beside the conversation's own, dropped when
its slot closes. Where a turn then comes after the same memory, what it shows and leaves is known already.
What several customers were told unasked is public; that is learned at closings only.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from msgspec import Struct, convert, to_builtins

from detectors.content.memory import EMPTY, SILENT, Judged, Memory, judge
from detectors.content.told import Told
from detectors.structs import Array, Frozen, FrozenLeaf
from streams.floor.conversations import Conversation, from_its_start, remembered
from streams.floor.rules import Finding
from streams.records.facts import Fact, Said

ATTACKED = 0.5  # score of an attack after which a violation in the same conversation is its success
RULES = {"canary": "canary", "instructions": "recital", "denied": "denied"}
"""Rules of findings by reason; all others are leaks of values."""


# Turns of one tenant that are not worked out again, 0.2 KB each beside the memory of 2 KB at most; 150 a
# second fill a lateness.
STEPS = 20_000
DOUBT = 0.3  # score from which a sign that is no proof counts


class Ahead(Array):
    """A conversation beyond its closed slots. slot: the last one that it was looked at in; turn: the highest
    one seen in them, -1 for none."""

    slot: int
    complete: bool
    memory: Memory
    turn: int = -1


class Step(FrozenLeaf):
    """A turn looked at ahead: what it shows after the memory `before` (None: that may change until its slot
    closes, for it depends on what others were told), and the memory after it."""

    fact: Fact
    before: Memory
    judged: Judged | None
    after: Memory


class Due(Struct):
    """What was looked at ahead for one slot: conversations, and turns by the identity of their facts."""

    keys: list[str] = []
    steps: dict[int, Step] = {}


class Shown(Frozen):
    """What a fact shows. leaked, told: values told unasked and told at all, to be learned once it is folded.
    doubts: kinds of which it shows signs that are no proof: they only add up."""

    findings: list[Finding]
    leaked: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()
    told: tuple[int, ...] = ()


NOTHING = Shown([])


class Contents:
    """The content checks of one tenant. find: an open conversation by its key. wanted: kinds to report."""

    def __init__(self, find: Callable[[str], Conversation | None], wanted: frozenset[str]) -> None:
        self._find, self._wanted = find, wanted
        self._told = Told()
        self._ahead: dict[str, Ahead] = {}
        self._due: dict[int, Due] = {}  # by slot
        self._closing = Due()  # of the slot being closed
        self._steps = 0
        self._slots: list[int] = []  # heap of these slots

    def findings(self, fact: Fact) -> Shown:
        """What this fact shows, its slot being closed."""
        if not isinstance(fact, Said) or fact.checks is None:
            return NOTHING
        memory, complete = self._known(fact)
        step = self._closing.steps.get(id(fact))
        judged = step.judged if step is not None and step.before is memory else None
        if judged is None:
            judged = self.judged(fact, memory)
        if judged is SILENT:
            return NOTHING
        proved = self._proved(fact, judged, complete, memory)
        doubts = () if proved else (one.kind for one in judged.judgements if one.score >= DOUBT)
        return Shown(proved, judged.leaked, tuple(dict.fromkeys(doubts)), judged.told)

    def learn(self, fact: Fact, leaked: tuple[int, ...], told: tuple[int, ...]) -> None:
        """What was told to whom, unasked and at all; of strangers only the first counts."""
        for value in leaked:
            self._told.learn(value, _listener(fact))
        if fact.customer is not None:
            for value in told:
                self._told.hear(value, fact.customer)

    def look_ahead(self, fact: Fact, slot: int) -> list[Finding]:
        """What this fact proves, its slot being open still.

        Arrival is not order: before the turn that went before it has come, nothing is said of a leak, for
        that turn may have supplied the value. The closing will say it.
        """
        key = fact.conversation
        if key is None or not self._wanted:
            return []
        ahead = self._ahead.get(key)
        before, complete = self._known(fact) if ahead is None else (ahead.memory, ahead.complete)
        complete = complete or from_its_start(fact)  # its start may come behind its first turn
        found: list[Finding] = []
        turn = highest = -1 if ahead is None else ahead.turn
        memory = remembered(before, fact)
        if isinstance(fact, Said):
            turn, judged = fact.turn, self.judged(fact, before)
            found = self._proved(fact, judged, complete and turn <= highest + 1, before)
            if fact.checks is not None and self._steps < STEPS:
                lasts = fact.checks.values is None or not fact.checks.values.said
                self._at(slot).steps[id(fact)] = Step(fact, before, judged if lasts else None, memory)
                self._steps += 1
        if ahead is None:
            self._ahead[key] = Ahead(slot, complete, memory, max(turn, highest))
            self._at(slot).keys.append(key)
            return found
        ahead.complete, ahead.memory, ahead.turn = complete, memory, max(turn, highest)
        if slot > ahead.slot:
            ahead.slot = slot
            self._at(slot).keys.append(key)
        return found

    def _at(self, slot: int) -> Due:
        """What is looked at ahead for a slot."""
        due = self._due.get(slot)
        if due is None:
            due = self._due[slot] = Due()
            heappush(self._slots, slot)
        return due

    def remembered(self, memory: Memory, fact: Fact) -> Memory:
        """The memory after a fact of the slot being closed."""
        step = self._closing.steps.get(id(fact))
        return step.after if step is not None and step.before is memory else remembered(memory, fact)

    def _known(self, fact: Fact) -> tuple[Memory, bool]:
        """Memory of the fact's conversation before it, and whether that was seen from its start."""
        known = self._find(fact.conversation or "")
        return (known.memory, known.complete) if known else (EMPTY, from_its_start(fact))

    def judged(self, fact: Fact, memory: Memory) -> Judged:
        """What a fact shows after such a memory."""
        if not isinstance(fact, Said) or fact.checks is None:
            return SILENT
        listener = _listener(fact)
        return judge(memory, fact.role, fact.checks, lambda value: self._told.is_public(value, listener))

    def begin(self, slot: int) -> None:
        """This slot is being closed."""
        self._closing = self._due.get(slot) or Due()

    def closed(self, slot: int) -> None:
        """Slots up to this one are closed: what lies in them is in the conversations' own memories."""
        self._closing = Due()
        while self._slots and self._slots[0] <= slot:
            due = self._due.pop(heappop(self._slots))
            self._steps -= len(due.steps)
            for key in due.keys:
                ahead = self._ahead.get(key)
                if ahead is not None and ahead.slot <= slot:
                    del self._ahead[key]

    def _proved(self, fact: Fact, judged: Judged, complete: bool, memory: Memory) -> list[Finding]:
        """memory: of the conversation before this fact."""
        if not judged.judgements:
            return []
        sure = [one for one in judged.judgements if one.certain and (complete or one.reason in RULES)]
        leak = next((one.reason for one in sure if one.kind == "leakage"), None)
        return [
            *[
                Finding(one.kind, RULES.get(one.reason, "leak"), _scope(fact), one.reason)
                for one in sure
                if one.kind in self._wanted
            ][:1],
            *(self._worked(fact, memory, leak) if leak is not None else ()),
        ]

    def worked(self, fact: Fact, broken: str, *, ahead: bool) -> list[Finding]:
        """That an attack worked, where a fact that broke a rule follows one in its conversation. broken: what
        it did. ahead: its slot is open still."""
        known = self._ahead.get(fact.conversation or "") if ahead else None
        return self._worked(fact, known.memory if known else self._known(fact)[0], broken)

    def _worked(self, fact: Fact, memory: Memory, broken: str) -> list[Finding]:
        given = fact.checks.injection if isinstance(fact, Said) and fact.checks is not None else None
        injected = max(memory.injected, given.value if given is not None else 0.0)
        if "injection" not in self._wanted or injected < ATTACKED:
            return []
        # Whatever severity attacks have: one that worked wakes somebody.
        return [Finding("injection", "worked", _scope(fact), f"attacked, then: {broken}", "page")]

    def state(self) -> Any:
        """Plain values."""
        return to_builtins([self._told.state(), self._ahead])

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        told, ahead = state
        self._told.restore(told)
        for key, kept in convert(ahead, dict[str, Ahead]).items():
            self._ahead[key] = kept
            self._at(kept.slot).keys.append(key)


def _scope(fact: Fact) -> dict[str, str]:
    return {} if fact.dims.agent is None else {"agent": fact.dims.agent}


def _listener(fact: Fact) -> str:
    return fact.customer or fact.conversation or ""
