"""Memory: what a conversation keeps for its content checks, and what it makes of the next turn.

Bounded, without text. Nothing is changed in place, so that a fault, or a provisional look ahead, leaves
everything as it was: first `judge` a turn, then `remember` it.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from detectors.content import disclosure
from detectors.content.base import Judgement
from detectors.content.checks import Checks
from detectors.content.leakage import Leak, Owned, after, estranged, leaks
from detectors.content.rules import Retold
from detectors.content.told import KINDS
from detectors.structs import FrozenArrayLeaf, FrozenLeaf

RETOLD, RETOLD_MOST = 0.9, 16  # score; rules that one conversation keeps
# Plain numbers: operators of flags take a hundred times as long.
_ASKED, _TOLD = disclosure.Said.ASKED.value, disclosure.Said.TOLD.value


class Memory(FrozenArrayLeaf):
    """What one conversation has shown so far. injected: the highest injection score of its utterances;
    owned: what its customer is known to own; asked: whether its customer's last turn asks who is speaking;
    told: whether the AI said that it is one; retold: rules of its instructions that the AI told, by hash."""

    injected: float = 0.0
    owned: Owned = Owned()
    asked: bool = False
    told: bool = False
    retold: tuple[int, ...] = ()


EMPTY = Memory()


class Judged(FrozenLeaf):
    """What a turn shows within its conversation. leaked: hashes of values told unasked; told: of all values
    that an AI told and that may be nobody's own."""

    judgements: tuple[Judgement, ...] = ()
    leaked: tuple[int, ...] = ()
    told: tuple[int, ...] = ()


SILENT = Judged()


def judge(memory: Memory, role: str, checks: Checks, is_public: Callable[[int], bool]) -> Judged:
    """What this turn shows. is_public: whether a value has been told to several customers."""
    judgements: list[Judgement] = []
    if checks.recital is not None:
        judgements.append(Judgement("leakage", checks.recital.value, checks.recital.reason, certain=True))
    if checks.retold is not None and _retold(memory, checks.retold) >= checks.retold.enough:
        judgements.append(Judgement("leakage", RETOLD, "instructions", certain=True))
    found = leaks(memory.owned, role, checks.values, is_public) if checks.values is not None else []
    judgements += (_leaked(leak) for leak in found)
    if role == "ai":
        score, reason, certain = disclosure.judged(memory.asked, memory.told, checks.disclosure)
        if score > 0.0:
            judgements.append(Judgement("disclosure", score, reason, certain))
    said = checks.values.said if checks.values is not None else ()
    if not (judgements or said):
        return SILENT
    told = tuple(value.hash for value in said if value.kind in KINDS)
    return Judged(tuple(judgements), tuple(leak.hash for leak in found if leak.hash), told)


def remember(memory: Memory, role: str, checks: Checks | None) -> Memory:
    """The memory after this turn."""
    if checks is None:
        owned = after(memory.owned, role, None)
        asked = memory.asked and role not in ("customer", "ai")
        if owned is memory.owned and asked == memory.asked:
            return memory
        return Memory(memory.injected, owned, asked, memory.told, memory.retold)
    owned = after(memory.owned, role, checks.values)
    flags, injection, retold = checks.disclosure, checks.injection, memory.retold
    asked = flags & _ASKED != 0 if role in ("customer", "ai") else memory.asked
    told = memory.told or flags & _TOLD != 0
    injected = memory.injected if injection is None else max(memory.injected, injection.value)
    if checks.retold is not None:
        retold = tuple(dict.fromkeys(retold + checks.retold.rules))[:RETOLD_MOST]
    known = owned is memory.owned and retold is memory.retold
    if known and asked == memory.asked and told == memory.told and injected == memory.injected:
        return memory
    return Memory(injected, owned, asked, told, retold)


def look_up(memory: Memory, subject: str | None, customer: str | None) -> Memory:
    """The memory after a tool call. subject: whose record it was; what the AI is given after another
    customer's record may be that customer's."""
    if subject is None or customer is None or subject == customer:
        return memory
    return replace(memory, owned=estranged(memory.owned))


def _retold(memory: Memory, retold: Retold) -> int:
    """How many rules the conversation holds after this turn."""
    return len({*memory.retold, *retold.rules})


def _leaked(leak: Leak) -> Judgement:
    return Judgement("leakage", leak.score, f"{leak.kind} not supplied by this customer", leak.certain)
