"""The desk: all of delivery that is decided, from changes and answers in to jobs out.

No clock, no network: `now` is an argument, seconds since 1970. For every receiver it has a line of alerts
that may have something new to tell; what that is, is decided when the receiver is ready for it, from how
things stand then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from streams.delivery import Notify
from streams.notify.book import Book, Incident, Place, order
from streams.notify.decide import Decision, Unit, acked, decide
from streams.notify.delivered import Delivered, Row
from streams.notify.digests import digest
from streams.notify.jobs import Fact, Job, said
from streams.notify.mutes import Mutes
from streams.notify.notices import Answer, Gone, Later, Notice, Refused, Told, message_id
from streams.notify.post import DIGEST, Post
from streams.notify.room import to_give_up
from streams.notify.routes import Routes
from streams.records.alerts import RANK, Alert
from streams.records.mutes import Mute

PAGE = RANK["page"]


class Desk:
    """slot_s: of the floors. chance: uniform in [0, 1), for jitter. mutes, delivered: as they were kept."""

    def __init__(self, notify: Notify, slot_s: float, chance: Callable[[], float]) -> None:
        self._notify = notify
        self._routes = Routes(notify)
        self.book = Book(notify.incidents)
        self.mutes = Mutes()
        self.delivered = Delivered(notify.remembered)
        self.posts = {name: Post(one, notify, slot_s, chance) for name, one in notify.receivers.items()}
        self.fresh = False
        """Whether it reads what nobody ever delivered: nobody waits for what is over of that."""

    # -- what comes ----------------------------------------------------------------------------------------

    def remember(self, row: Row) -> None:
        """A row that an earlier process wrote; they come in the order of their writing."""
        self.delivered.put(row)

    def remembered(self) -> None:
        """All were there: what was told together still is."""
        for row in self.delivered.open():
            if row.receiver in self.posts and row.group:
                self.posts[row.receiver].groups.link(row.id, row.group)

    def take(self, change: Alert, place: Place, now: float) -> bool:
        """A change of an alert, from the topic. Returns whether it is news."""
        if self.book.full and self.book.find(change.id) is None:
            self._make_room()
        incident = self.book.take(change, place)
        if incident is None:
            return False
        # Whoever was told hears the end, though routes send this change to others: it was less severe then.
        told = [name for name in self.posts if self.delivered.holds(name, change.id)]
        for name in (*self._routes.of(change), *told):
            if not self.posts[name].gone:
                incident.waiting[name] = None
        for name in incident.waiting:
            self._add(name, incident, now)
        if not incident.waiting:
            self.book.drop(incident.id)
        return True

    def control(self, mute: Mute, now: float) -> str:
        """Something that a person said. Returns why it cannot be; empty: it is in force."""
        why = self.mutes.take(mute, now)
        self.look(now)
        return why

    def newcomer(self, name: str) -> None:
        """This receiver was not there before: it is told what is open, not what is over."""
        for incident in list(self.book):
            if incident.end is not None:
                self._finish(name, [incident.id])

    def look(self, now: float) -> None:
        """What time brings: silences that begin or end, digests that are due."""
        if self.mutes.changed(now):
            for incident in self.book:
                for name in incident.waiting:
                    self._add(name, incident, now)
        for post in self.posts.values():
            if post.owed and not len(post.line):
                owed, post.owed = post.owed, {}
                for found in filter(None, map(self.book.find, owed)):
                    post.line.add(found.id, RANK[found.last.severity])
            post.tell_together(now)

    def _make_room(self) -> None:
        def owed(key: str) -> bool:
            return any(self.delivered.holds(name, key) for name in self.posts)

        over = [one.id for one in self.book if self.fresh and one.end is not None and not owed(one.id)]
        leave = self.book.drop if over else self.book.give_up
        for key in over or to_give_up(self.book, len(self.book), owed):
            leave(key)
            for post in self.posts.values():
                post.forget(key)
                post.groups.dissolve(key)

    def _add(self, name: str, incident: Incident, now: float) -> None:
        post = self.posts[name]
        if post.gone:
            return
        leader = post.groups.leader(incident.id)
        driven = post.line.add(leader, RANK[incident.last.severity])
        if driven:
            post.dropped_at = now
            post.owed |= {key: None for key in driven if self.delivered.holds(name, key)}

    # -- what goes -----------------------------------------------------------------------------------------

    def next(self, name: str, now: float) -> Job | None:
        """The next job for a receiver; None: nothing at present. It must be `settled`, or `failed`."""
        post = self.posts[name]
        while (key := post.line.next(now)) is not None:
            job = self._collected(name, post, now) if key == DIGEST else self._job(name, post, key, now)
            if job is not None:
                return job
            post.line.done(key, reached=False)
        return None

    def _job(self, name: str, post: Post, key: str, now: float) -> Job | None:
        incident = self.book.find(key)
        if incident is None:
            return None
        leader = post.groups.leader(key)
        if leader != key and self.book.find(leader) is not None:
            post.line.add(leader, RANK[incident.last.severity])
            return None
        row, unit = self.delivered.find(name, key), self._unit(post, incident, now)
        decision = decide(row, unit, now, post.receiver.updates_s)
        if decision.step is None:
            return self._nothing(name, post, unit, decision, now)
        if post.digest_s and unit.severity < PAGE:
            post.collected[key] = None
            return None
        if decision.step == "open" and not unit.over:
            joined = self._joined(name, post, incident, now)
            if joined is not None:
                return joined
            post.groups.lead(incident.last)
        return self._telling(name, unit, decision, row, now)

    def _collected(self, name: str, post: Post, now: float) -> Job | None:
        unit_of = lambda incident: self._unit(post, incident, now)  # noqa: E731
        return digest(name, post, self.book, self.delivered, unit_of, now)

    def _unit(self, post: Post, incident: Incident, now: float) -> Unit:
        members = (self.book.find(key) for key in post.groups.members(incident.id))
        found = [member for member in members if member is not None]
        standing = [one.last for one in found if one.end is None] or [incident.last]
        acks = [ack.id for alert in standing if (ack := self.mutes.ack(alert, now)) is not None]
        muted = all(self.mutes.silence(alert, now) is not None for alert in standing)
        return Unit(found, muted, tuple(acks) if len(acks) == len(standing) else ())

    def _nothing(self, name: str, post: Post, unit: Unit, decision: Decision, now: float) -> Job | None:
        key = unit.incidents[0].id
        if decision.reason == "too soon":
            post.line.wait(key, unit.severity, decision.due)
        over = tuple(one.id for one in unit.incidents) if unit.over else ()
        facts = self._muted(name, unit, now) if decision.reason == "muted" else ()
        if facts:
            return Job(receiver=name, key=key, rank=unit.severity, facts=facts, over=over)
        if over:
            self._finish(name, over)
        return None

    def _muted(self, name: str, unit: Unit, now: float) -> tuple[Fact, ...]:
        """For the record, once for each silence."""
        first = unit.incidents[0]
        silence = self.mutes.silence(unit.alert, now)
        if silence is None or first.muted_by == silence.id:
            return ()
        first.muted_by = silence.id
        body = {"alert": first.id, "silence": silence.id, "receiver": name, "state": first.last.state}
        return (Fact("muted", dict(body)),)

    def _joined(self, name: str, post: Post, incident: Incident, now: float) -> Job | None:
        """The job that puts an alert under another one, where the same trouble is being told."""
        alert = incident.last
        for leader in post.groups.candidates(alert):
            found = self.book.find(leader)
            if found is None or found.end is not None or name not in found.waiting:
                continue
            post.groups.join(alert, leader)
            post.line.add(leader, RANK[alert.severity])
            row = Row(
                receiver=name, id=alert.id, order=order(alert), over=False, severity=RANK[alert.severity],
                at=now, group=leader,
            )  # fmt: skip
            fact = Fact("grouped", {"alert": alert.id, "under": leader, "receiver": name})
            return Job(receiver=name, key=alert.id, rank=row.severity, rows=(row,), facts=(fact,))
        return None

    def _telling(self, name: str, unit: Unit, decision: Decision, row: Row | None, now: float) -> Job:
        assert decision.step is not None  # noqa: S101 - asked by who has looked
        opens = decision.step == "open"
        first = unit.incidents[0]
        alert = first.standing if opens and first.standing is not None else unit.alert
        others = tuple(one for one in unit.open if one.id != alert.id)
        ack = self.mutes.ack(unit.alert, now) if unit.acks else None
        state = order(alert) if opens else max(order(one.last) for one in unit.incidents)
        told = Row(
            receiver=name, id=first.id, order=state, over=decision.step == "resolve",
            severity=max(unit.severity, row.severity if row and not row.over else 0),
            at=now, digest=unit.digest, thread=row.thread if row and not row.over else "", acked=acked(unit),
        )  # fmt: skip
        notice = Notice(
            key=first.id, step=decision.step, alert=alert, others=others, loud=decision.loud,
            acked_by=ack.author if ack else "", thread=told.thread,
            message=message_id(name, first.id, decision.step, state, told.digest),
        )  # fmt: skip
        over = tuple(one.id for one in unit.incidents) if told.over else ()
        members = tuple(replace(told, id=key, group=first.id) for key in over[1:])
        return Job(
            receiver=name, key=first.id, rank=unit.severity, notice=notice, rows=(told, *members), over=over,
            facts=(said(notice, name),),
        )  # fmt: skip

    # -- what came of it -----------------------------------------------------------------------------------

    def answered(
        self, job: Job, answer: Answer, now: float
    ) -> tuple[tuple[Row, ...], tuple[Fact, ...]] | None:
        """What to write before the job is `settled`; None: it is to be tried again, and not settled."""
        post = self.posts[job.receiver]
        match answer:
            case Told(thread):
                rows = tuple(self._threaded(row, thread) for row in job.rows)
                return self._put(rows), job.facts
            case Later(why, after_s):
                if post.line.failed(job.key, job.rank, now, after_s):
                    self._collect(post, job)
                    return None
                post.dropped_at = now
                return self._put(job.rows), (job.lost("given up", why),)
            case Refused(why):
                post.refused_at = now
                return self._put(job.rows), (job.lost("refused", why),)
            case Gone(why):
                post.gone = True
                for incident in list(self.book):
                    self._finish(job.receiver, [incident.id])
                return (), (job.lost("gone", why),)

    def settled(self, job: Job, *, reached: bool = True) -> None:
        """All of it is written. reached: whether the receiver took something."""
        post = self.posts[job.receiver]
        post.line.done(job.key, reached=reached)
        if job.over:
            self._finish(job.receiver, job.over)
        for row in job.rows:
            incident = self.book.find(row.group or row.id)
            if incident is not None and row.id not in job.over:
                post.line.add(incident.id, RANK[incident.last.severity])
        if post.collected and job.key == DIGEST:
            post.line.add(DIGEST, RANK["ticket"])

    def heard(self, name: str, answer: Answer, now: float) -> None:
        """What a receiver answered when it was told what stands, beside its line."""
        line = self.posts[name].line
        if isinstance(answer, Later):
            line.struck(now, answer.after_s)
        elif isinstance(answer, Told):
            line.recovered()

    def standing(self, name: str, now: float) -> Iterator[Notice]:
        """All that a receiver was told and is open: for one that forgets what is not said again."""
        for row in self.delivered.standing(name):
            incident = self.book.find(row.id)
            if incident is not None and incident.end is None:
                ack = self.mutes.ack(incident.last, now)
                yield Notice(
                    key=row.id, step="update", alert=incident.last, message=message_id(name, row.id, "again"),
                    loud=False, acked_by=ack.author if ack else "",
                )  # fmt: skip

    def position(self, partition: int, end: int) -> int:
        """From where a restart must read a partition of the topic of alerts. end: the next offset."""
        return self.book.position(partition, end)

    # -- small parts ---------------------------------------------------------------------------------------

    def _threaded(self, row: Row, thread: str) -> Row:
        return replace(row, thread=thread) if thread and not row.thread else row

    def _put(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        for row in rows:
            self.delivered.put(row)
        return rows

    def _collect(self, post: Post, job: Job) -> None:
        """What a digest would have told is collected again."""
        if job.key == DIGEST:
            post.collected = {row.id: None for row in job.rows} | post.collected

    def _finish(self, name: str, keys: Iterable[str]) -> None:
        """This receiver has heard all there is to hear of these."""
        post = self.posts[name]
        for key in keys:
            post.forget(key)
            incident = self.book.find(key)
            if incident is None:
                continue
            incident.waiting.pop(name, None)
            if not incident.waiting:
                self.book.drop(key)
        for key in keys:
            post.groups.dissolve(key)
