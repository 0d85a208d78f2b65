"""Replication: new answers that spread over conversations which end worse than others do.

What spreads is found in `detectors.groups`, whether it does harm in `detectors.harm`, by how conversations
end and by what becomes of them (`aftermath`), each against what is usual of its intent. A conversation counts
against an answer only where its customer had no trouble yet and spoke again after it: what is said because of
trouble, or as a farewell, is not its cause. What most conversations of a version hear is the version's own
way of talking, and is watched elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import convert, to_builtins

from detectors.calendar import Calendar
from detectors.groups import DAY_US, SPREAD_US, Groups, Hearing
from detectors.harm import ENDS, Counts, Ends, Evidence, fresh, nats
from detectors.structs import Array, field
from streams.floor.aftermath import LATER, Aftermath, Later
from streams.floor.conversations import Conversation, Ended
from streams.floor.incident import Incident, Scope
from streams.floor.incidents import Incidents
from streams.floor.series import null_of
from streams.records.facts import Dims, Said

DETECTOR = "replication/1"
WATCH_US = DAY_US  # how long an answer is new; longer where it takes longer to spread
QUIET_S = 4 * 3600  # opening time without the answer after which it is over
WARM = 100  # ended conversations before which nobody knows what is usual
MEMORY = 5_000.0  # ended conversations of a queue that the usual is learnt over
QUEUE_WEIGHT, MEANWHILE_WEIGHT = 10.0, 5.0  # conversations that the tenant, and the queue, weigh as
INTENT_WEIGHT = 20.0  # and the queue, where an intent is known
STYLE = 2.0  # conversations that heard it for each that did not: more is a version's way of talking
MEMBERS = 1_000  # conversations of one answer that are told apart
QUEUES = 500  # whose usual ends are known; others are compared with the tenant
INTENTS = 5_000  # of all queues; others are compared with their queue
LATER_PRIOR = 0.1  # share of low scores, and of returns, before any are known


class Group(Array):
    """One new answer. members: conversations that heard it; places: agents and versions that said it, with
    the conversations meanwhile that did not hear it; incident: its id, once there is one; later, meanwhile:
    the same for each late end."""

    key: int
    since: int
    members: dict[str, None] = {}
    places: dict[str, Counts] = {}
    agents: dict[str, None] = {}
    evidence: Evidence = field(default_factory=fresh)
    incident: str = ""
    later: list[Evidence] = field(default_factory=lambda: [fresh(1) for _ in LATER])
    meanwhile: dict[str, list[Counts]] = {}

    @property
    def nats(self) -> float:
        """What speaks against it."""
        return nats([self.evidence, *self.later])

    @property
    def worst(self) -> tuple[str, Evidence, int]:
        """The end that speaks most against it: its name, evidence, and number there."""
        part = max([self.evidence, *self.later], key=lambda one: max(one.logs))
        at = part.worst
        return (ENDS[at] if part is self.evidence else LATER[self.later.index(part)]), part, at


class Replication:
    """The answers of one tenant.

    days: opening days to one false alarm. find, ended: an open conversation, or one that is over, by its key.
    most: answers watched at once; for others `hit` is told.
    """

    def __init__(
        self,
        incidents: Incidents,
        days: float,
        find: Callable[[str], Conversation | None],
        ended: Callable[[str], Ended | None],
        most: int,
        hit: Callable[[str], None],
    ) -> None:
        self._incidents, self._days, self._most, self._hit = incidents, days, most, hit
        self._find, self._ended = find, ended
        self._groups = Groups()
        self._watched: dict[int, Group] = {}
        self._heard: dict[str, dict[int, int]] = {}  # open conversation -> key -> turns of its customer then
        self._usual: dict[str, Counts] = {}
        self._tenant = Counts()
        self._intents: dict[str, Counts] = {}
        self._aftermath = Aftermath()
        self._after: dict[str, list[Counts]] = {}  # the usual of late ends, by queue and by intent
        self._begun: int | None = None
        self._candidates = 0

    # -- spread ------------------------------------------------------------------------------------------

    def hear(self, fact: Said) -> None:
        """An answer, once it is folded."""
        conversation = self._find(fact.conversation or "")
        if conversation is None or not _counts(conversation) or fact.refusal:
            return  # refusals are counted by themselves
        if conversation.objections or conversation.handed_off_at is not None:
            return
        self._begun = fact.time if self._begun is None else self._begun
        teach = self._tenant.n < WARM or fact.time - self._begun < DAY_US
        one = (fact.time, conversation.key, conversation.asked)
        for key in fact.sentences:
            group = self._watched.get(key)
            if group is not None:
                self._join(group, one, conversation.dims)
                self._heard.setdefault(conversation.key, {}).setdefault(key, conversation.asked)
                continue
            hearings = self._groups.hear(key, one, teach)
            if hearings is not None:
                self._watch(key, hearings)

    def _watch(self, key: int, hearings: list[Hearing]) -> None:
        if len(self._watched) >= self._most:
            self._hit("tenant_answers")
            return
        self._candidates += 1
        group = self._watched[key] = Group(key, hearings[0][0])
        for one in hearings:
            _, conversation, asked = one
            known = self._ended(conversation) or self._find(conversation)
            if known is None:
                continue
            self._join(group, one, known.dims)
            if isinstance(known, Conversation):
                self._heard.setdefault(conversation, {})[key] = asked
            elif known.asked > asked:
                self._judge(group, known.ends, known.dims, known.topic)
                self._aftermath.judge(conversation, (key,))

    def _join(self, group: Group, one: Hearing, dims: Dims) -> None:
        time, conversation, _ = one
        if conversation in group.members or len(group.members) >= MEMBERS:
            return
        group.members[conversation] = None
        group.places.setdefault(_place(dims), Counts())
        group.agents[dims.agent or ""] = None
        incident = self._incidents.open.get(group.incident)
        if incident is not None:
            self._incidents.touch(incident, time, conversation)

    # -- harm --------------------------------------------------------------------------------------------

    def over(self, conversation: Conversation, now: int) -> None:
        """A conversation ended: what its answers did to it, and to what is usual."""
        heard = self._heard.pop(conversation.key, {})
        if not _counts(conversation) or not conversation.answers:
            return
        ends, dims, topic = conversation.ends, conversation.dims, conversation.course.topic
        judged = [key for key, asked in heard.items() if key in self._watched and conversation.asked > asked]
        for key in judged:
            self._judge(self._watched[key], ends, dims, topic)
            self._tell(self._watched[key], now)
        self._aftermath.judge(conversation.key, tuple(judged))
        self._aftermath.over(conversation, now)
        self._groups.over(now)
        place = _place(dims)
        for group in self._watched.values():
            if place in group.places and group.key not in heard:
                group.places[place].add(ends)
        if not heard:
            self._learn(null_of(dims), topic, ends)

    def _judge(self, group: Group, ends: Ends, dims: Dims, topic: int) -> None:
        own, tenant = self._usual.get(null_of(dims), Counts()), self._tenant.shares([0.1] * len(ENDS), 1.0)
        usual = own.shares(tenant, QUEUE_WEIGHT)
        if topic:
            usual = self._intents.get(_intent(null_of(dims), topic), Counts()).shares(usual, INTENT_WEIGHT)
        meanwhile = group.places.setdefault(_place(dims), Counts()).shares(usual, MEANWHILE_WEIGHT)
        expected = [max(pair) for pair in zip(usual, meanwhile, strict=True)]
        group.evidence.add(ends, expected, own.n + QUEUE_WEIGHT)

    def back(self, customer: str) -> None:
        """A customer came back with the same."""
        self._aftermath.back(customer)

    def scored(self, conversation: str, known: Conversation | Ended, now: int, *, low: bool) -> None:
        """A conversation was scored."""
        if known.ai is False or not known.counts:
            return
        heard: tuple[int, ...] = ()
        if isinstance(known, Conversation):
            topic, answers = known.course.topic, self._heard.get(conversation, {})
            heard = tuple(k for k, asked in answers.items() if k in self._watched and known.asked > asked)
        else:
            topic = known.topic
        one = self._aftermath.scored(conversation, known.dims, topic, heard, low=low)
        if one is not None:
            self._later(one, now)

    def _later(self, one: Later, now: int) -> None:
        """A late end is decided."""
        place, expected, known = _place(one.dims), *self._expected(one)
        new = bool(one.keys)
        for group in self._watched.values():
            new = new or one.conversation in group.members
            if group.key in one.keys:
                apart = group.meanwhile.get(place)
                meanwhile = apart[one.end].shares([expected], MEANWHILE_WEIGHT)[0] if apart else expected
                group.later[one.end].add((one.bad,), (max(meanwhile, expected),), known)
                self._tell(group, now)
            elif place in group.places and one.conversation not in group.members:
                apart = group.meanwhile.setdefault(place, [Counts.of_one() for _ in LATER])
                apart[one.end].add((one.bad,))
        if not new:  # as with other ends, who heard a new answer does not say what is usual
            for name in (one.null, *([_intent(one.null, one.topic)] if one.topic else ())):
                if name in self._after or len(self._after) < INTENTS:
                    counts = self._after.setdefault(name, [Counts.of_one() for _ in LATER])[one.end]
                    counts.add((one.bad,))
                    counts.fade(MEMORY)

    def _expected(self, one: Later) -> tuple[float, float]:
        """The usual share of a late end there, and by how many conversations it is known."""
        none = [Counts.of_one() for _ in LATER]
        queue = self._after.get(one.null, none)[one.end]
        share = queue.shares([LATER_PRIOR], QUEUE_WEIGHT)
        if one.topic:
            intent = self._after.get(_intent(one.null, one.topic), none)[one.end]
            share = intent.shares(share, INTENT_WEIGHT)
        return share[0], queue.n + QUEUE_WEIGHT

    def _learn(self, null: str, topic: int, ends: Ends) -> None:
        self._tenant.add(ends)
        self._tenant.fade(MEMORY)
        if null not in self._usual and len(self._usual) >= QUEUES:
            return
        counts = self._usual.setdefault(null, Counts())
        counts.add(ends)
        counts.fade(MEMORY)
        name = _intent(null, topic)
        if topic and (name in self._intents or len(self._intents) < INTENTS):
            counts = self._intents.setdefault(name, Counts())
            counts.add(ends)
            counts.fade(MEMORY)

    def _tell(self, group: Group, now: int) -> None:
        incident = self._incidents.open.get(group.incident)
        if incident is not None:
            self._describe(incident, group)
            return
        if group.incident or group.nats < self._needed(now) or not group.worst[1].matters():
            return
        apart = sum([counts.n for counts in group.places.values()])
        if group.evidence.heard.n > STYLE * apart:
            return
        self._open(group, now)

    def _needed(self, now: int) -> float:
        """Nats: each new answer is a chance for a false alarm, so the more there are a day, the more."""
        days = max(1.0, (now - (self._begun or now)) / DAY_US)
        return math.log(self._days * max(1.0, self._candidates / days))

    def _open(self, group: Group, now: int) -> None:
        agents = list(group.agents)
        scope: Scope = {"agent": agents[0]} if len(agents) == 1 and agents[0] else {}
        incident = next((i for i in self._incidents.open.values() if _same(i, scope)), None)
        if incident is None:
            incident = self._incidents.start(
                "replication", f"answer_{group.worst[0]}", scope, since=group.since, opened=now,
                touched=now, unit="per conversation", detector=DETECTOR,
            )  # fmt: skip
            if incident is None:
                return
            self._describe(incident, group)
            self._touch(incident, group, now)
            self._incidents.tell_open(incident)
        else:
            self._touch(incident, group, now)
        group.incident = incident.id

    def _touch(self, incident: Incident, group: Group, now: int) -> None:
        for conversation in group.members:
            self._incidents.touch(incident, now, conversation)

    def _describe(self, incident: Incident, group: Group) -> None:
        if incident.evidence.get("answer", _name(group)) != _name(group):
            return  # one sentence of an answer speaks for all
        _, part, worst = group.worst
        n = max(part.heard.n, 1.0)
        incident.observed, incident.expected = part.heard.bad[worst] / n, part.expected[worst] / n
        ends = _shares(ENDS, group.evidence)
        for end, later in zip(LATER, group.later, strict=True):
            ends |= _shares((end,), later)
        incident.evidence = {
            "answer": _name(group),
            "nats": round(group.nats, 1),
            "ends": ends,
            "judged": int(group.evidence.heard.n),
        }

    # -- time --------------------------------------------------------------------------------------------

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what is no longer said; what did no harm in a day is usual."""
        self._incidents.end_quiet(DETECTOR, now, QUIET_S, calendar, "this answer is no longer given")
        for one in self._aftermath.decided(now):
            self._later(one, now)
        new_us = WATCH_US + self._groups.span_us - SPREAD_US
        for group in list(self._watched.values()):
            if now - group.since >= new_us and group.incident not in self._incidents.open:
                del self._watched[group.key]
                self._groups.settle(group.key, now)
        for conversation in [key for key in self._heard if self._find(key) is None]:
            del self._heard[conversation]  # dropped for a limit: it will not end
        self._groups.forget(now)

    def state(self) -> Any:
        """Plain values."""
        heard = [[key, list(groups.items())] for key, groups in self._heard.items()]
        return [
            self._groups.state(), to_builtins(list(self._watched.values())), heard,
            to_builtins(list(self._usual.items())), to_builtins(self._tenant), self._begun, self._candidates,
            self._aftermath.state(), to_builtins(list(self._intents.items())),
            to_builtins(list(self._after.items())),
        ]  # fmt: skip

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        groups, watched, heard, usual, tenant, self._begun, self._candidates, *more = state
        self._groups.restore(groups)
        self._watched = {group.key: group for group in convert(watched, list[Group])}
        self._heard = {key: dict(rows) for key, rows in heard}
        self._usual = {null: convert(counts, Counts) for null, counts in usual}
        self._tenant = convert(tenant, Counts)
        if more:  # older snapshots have none of it
            aftermath, intents, after = more
            self._aftermath.restore(aftermath)
            self._intents = {name: convert(counts, Counts) for name, counts in intents}
            self._after = {name: convert(counts, list[Counts]) for name, counts in after}


def _counts(conversation: Conversation) -> bool:
    """Whether an AI serves it, and its customer does not count already."""
    return conversation.counts and conversation.ai is not False


def _place(dims: Dims) -> str:
    return f"{dims.agent or ''}|{dims.version or ''}"


def _intent(null: str, topic: int) -> str:
    return f"{null}|{topic:x}"


def _shares(ends: Sequence[str], part: Evidence) -> dict[str, list[float]]:
    """Of each end: its share, and the usual one."""
    n = max(part.heard.n, 1.0)
    rows = zip(ends, part.heard.bad, part.expected, strict=True)
    return {end: [round(bad / n, 3), round(usual / n, 3)] for end, bad, usual in rows}


def _name(group: Group) -> str:
    return f"{group.key:08x}"


def _same(incident: Incident, scope: Scope) -> bool:
    return incident.detector == DETECTOR and incident.scope == scope
