"""Talks: the open and ended conversations of one tenant, and what they decide as facts and time go by."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import convert
from msgspec.structs import replace

from detectors.content.disclosure import silent
from detectors.structs import Frozen
from streams.floor.conversations import Conversation, Ended, fold, next_edge, opened, remembered
from streams.floor.course import UNSEEN, Seen
from streams.floor.customers import Customers
from streams.floor.lately import Lately
from streams.floor.matters import Matters
from streams.floor.observations import Observation, closing_observations, handoff_trials
from streams.floor.vocabulary import Vocabulary
from streams.records.facts import MICROS, Fact, Passed, Said, Scored
from streams.records.registry import Tenant
from streams.settings import IdleTimes, Limits

MINUTE_US = 60 * MICROS
ENDED_US = 7 * 86400 * MICROS  # a score is attributed for so long
SETTLED_US = 86400 * MICROS  # before that most customers look new, and returns rare


class Folded(Frozen):
    """What a fact did. began: its conversation is new."""

    observations: Sequence[Observation]
    began: bool


NOTHING = Folded((), began=False)


class Talks:
    """Conversations of one tenant, bounded; the longest unheard are dropped first."""

    def __init__(self, limits: Limits, idle: IdleTimes, hit: Callable[[str], None]) -> None:
        self._limits, self._idle, self._hit = limits, idle, hit
        self.open: dict[str, Conversation] = {}
        self.ended: dict[str, Ended] = {}
        self.customers = Customers(limits.customers, hit)
        self._answers, self._matters, self._vocabulary = Lately(), Matters(), Vocabulary()
        self.remembered = remembered  # or what knows it already
        self.entry = Tenant()
        self.begun: int | None = None
        self._over: list[Conversation] = []
        self._timers: dict[int, dict[str, None]] = {}  # minute -> conversations to be looked at
        self._minutes: list[int] = []

    def find(self, key: str) -> Conversation | None:
        """An open conversation."""
        return self.open.get(key)

    def find_ended(self, key: str) -> Ended | None:
        """A conversation that is over."""
        return self.ended.get(key)

    def over(self) -> Sequence[Conversation]:
        """Conversations that ended since the last call."""
        if not self._over:
            return ()
        over, self._over = self._over, []
        return over

    def fold(self, fact: Fact, doubts: tuple[str, ...] = ()) -> Folded:
        """Take one fact. doubts: kinds of which it shows doubtful signs. An exception leaves everything as it
        was."""
        if self.begun is None:
            self.begun = fact.time
        key = fact.conversation
        if key is None or (key in self.ended and not _reopens(self.ended[key], fact)):
            return NOTHING
        old = self.open.get(key)
        is_new = old is None
        if old is None:
            if isinstance(fact, Scored):
                return NOTHING  # of a conversation that nobody saw: judged, not opened
            old = opened(fact)
        answer = fact.style.group if isinstance(fact, Said) and fact.style is not None else 0
        again = answer != 0 and self._answers.given(answer, fact.time)
        seen = Seen(doubts, again) if doubts or again else UNSEEN
        new = fold(old, fact, seen, self.remembered(old.memory, fact))
        decided: list[Observation] = []
        if new.customer is not None:
            if is_new or old.customer is None:
                decided += self._met(new, fact)
            if new.course is not old.course and not (old.course.topic or old.course.gist):
                decided += self._asked(new, fact.time)
        if _decides(old, new, fact.time):
            decided += self._decided(old, new, fact.time)
        if answer and not again:
            self._answers.learn(answer, fact.time)
        self._keep(new, fact.time)
        return Folded(decided, is_new) if decided or is_new else NOTHING

    def _met(self, new: Conversation, fact: Fact) -> list[Observation]:
        """Who the customer is, is now known: whether the conversation counts, and whether it is a return."""
        new.counts, back = self.customers.arrives(new.customer or "", fact.time)
        settled = self.begun is not None and fact.time - self.begun >= SETTLED_US
        if back is None or not settled:
            return []
        return [Observation("returned", fact.time, fact.dims, float(back), new.key)]

    def _asked(self, new: Conversation, time: int) -> list[Observation]:
        """What the customer came for, where that is now known: whether it is what was settled before."""
        if not (new.course.topic or new.course.gist):
            return []
        back = self._matters.back(new, time)
        settled = self.begun is not None and time - self.begun >= SETTLED_US
        if back is None or not settled:
            return []
        return [Observation("returned_same", time, new.dims, float(back), new.key)]

    def _decided(self, old: Conversation, new: Conversation, time: int) -> Iterator[Observation]:
        if _tried(new):
            yield from handoff_trials(old, new, time)
            if new.ended:
                yield from closing_observations(new, time)
                if new.course.words:
                    novelty = self._vocabulary.novelty(new.dims.agent or "", new.course.words)
                    yield Observation("vocabulary", time, new.dims, novelty, new.key)
        if new.ended and new.complete and self._must_tell(new):
            score, _ = silent(new.memory.told, new.answers, required=True)
            yield Observation("silent", time, new.dims, float(score > 0.0), new.key)

    def _must_tell(self, conversation: Conversation) -> bool:
        """Whether the AI that serves it must say that it is one."""
        agent = self.entry.agent(conversation.dims.agent or "")
        return agent is not None and agent.disclosure

    def _keep(self, new: Conversation, time: int) -> None:
        known = self.open.pop(new.key, None) is not None
        if not known:
            self.ended.pop(new.key, None)  # an id that is used again
        if new.ended:
            self._matters.settle(new, time)
            self.ended[new.key] = Ended(
                new.dims, time, new.trouble, new.counts, new.ai, new.asked, new.ends, new.course.topic
            )
            self._over.append(new)
            self._bound(self.ended, "ended", self._limits.ended)
            return
        self.open[new.key] = new  # at the end: the dictionary stays in the order last heard
        self._bound(self.open, "conversations", self._limits.conversations)
        if not known:
            self._schedule(new, time)

    def _bound(self, rows: dict[str, Any], name: str, most: int) -> None:
        if len(rows) > most:
            del rows[next(iter(rows))]
            self._hit(name)

    # -- time --------------------------------------------------------------------------------------------

    def _idle_us(self, conversation: Conversation) -> int:
        channel: Any = conversation.dims.channel
        stated = self.entry.idle(channel)
        return int((getattr(self._idle, channel) if stated is None else stated) * MICROS)

    def _schedule(self, conversation: Conversation, now: int) -> None:
        due = conversation.last + self._idle_us(conversation)
        edge = next_edge(conversation)
        if edge is not None and _tried(conversation) and conversation.handed_off_at is None:
            due = min(due, edge)
        minute = max(due, now) // MINUTE_US + 1
        if minute not in self._timers:
            self._timers[minute] = {}
            heapq.heappush(self._minutes, minute)
        self._timers[minute][conversation.key] = None

    def next_due(self) -> int | None:
        """When the next conversation has to be looked at, microseconds."""
        return self._minutes[0] * MINUTE_US if self._minutes else None

    def tick(self, now: int) -> Iterator[Observation]:
        """Age bins left behind and conversations fallen silent by `now`."""
        while self._minutes and self._minutes[0] * MINUTE_US <= now:
            for key in self._timers.pop(heapq.heappop(self._minutes)):
                conversation = self.open.get(key)
                if conversation is not None:
                    yield from self._look(conversation, now)

    def _look(self, old: Conversation, now: int) -> Iterator[Observation]:
        new = replace(old, ended=now - old.last >= self._idle_us(old))
        # A silent conversation did not grow older than its last word.
        yield from self._decided(old, new, old.last if new.ended else now)
        if new.ended:
            self._keep(new, now)
        else:
            self.open[new.key] = new
            self._schedule(new, now)

    def forget(self, now: int) -> None:
        """Drop what is too old to matter; both are in the order of their ending."""
        while self.ended:
            key = next(iter(self.ended))
            if now - self.ended[key].at < ENDED_US:
                break
            del self.ended[key]
        self.customers.forget(now)
        self._answers.forget(now)
        self._matters.forget(now)

    def _more(self) -> tuple[Any, ...]:
        """What it keeps beside conversations and customers; added at the end, older states have fewer."""
        return self._answers, self._matters, self._vocabulary

    def state(self) -> Any:
        """Plain values and records."""
        timers = [[minute, list(keys)] for minute, keys in sorted(self._timers.items())]
        ended = [[key, row] for key, row in self.ended.items()]
        customers, more = self.customers.state(), [part.state() for part in self._more()]
        return [list(self.open.values()), ended, customers, timers, self.begun, more]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        conversations, ended, customers, timers, self.begun, *more = state
        for part, kept in zip(self._more(), more[0] if more else (), strict=False):
            part.restore(kept)
        self.open = {c.key: c for c in convert(conversations, list[Conversation])}
        self.ended = dict(convert(ended, list[tuple[str, Ended]]))
        self.customers.restore(customers)
        self._timers = {minute: dict.fromkeys(keys) for minute, keys in timers}
        self._minutes = sorted(self._timers)


def _reopens(ended: Ended, fact: Fact) -> bool:
    """An id that is used again begins a new conversation; all else after the end is an afterthought."""
    return isinstance(fact, Passed) and fact.step == "started" and fact.time >= ended.at


def _decides(old: Conversation, new: Conversation, time: int) -> bool:
    """Whether a fact at this time may decide anything: most do not."""
    if new.ended or new.handed_off_at != old.handed_off_at:
        return True
    edge = None if new.handed_off_at is not None else next_edge(new)
    return edge is not None and time >= edge


def _tried(conversation: Conversation) -> bool:
    """Whether it enters the rates: an AI serves it, and its customer does not count already."""
    return conversation.counts and conversation.ai is not False
