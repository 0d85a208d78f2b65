"""Actors: one customer who attacks again and again.

Three attacked conversations of one customer within a day are an alarm, unless that customer talks so much
that chance explains it: some ids are shared by everybody without an account.
"""

from __future__ import annotations

from typing import Self

from msgspec import Struct

from detectors.base import Plain, Reason, State, Verdict
from detectors.campaign import INFLATION, Attack, tail
from detectors.codec import CodecError

VERSION = 1
WINDOW_US = 86400 * 1_000_000
LEAST = 3  # attacked conversations: two may be one that was cut off
CHANCE = 0.01  # of so many by accident; few customers ever come under suspicion
MOST = 10_000  # customers under suspicion, 0.3 KB each; the longest unheard are forgotten
KEPT = 16  # attacks of one customer that are told apart


class Row(Struct, array_like=True):
    """One customer. begun: conversations since the first attack; attacks: [time, conversation]."""

    begun: int
    attacks: list[tuple[int, str]]


class Actors:
    """The attackers of one tenant. rate: usual attacks per conversation, set by whoever knows it.

    >>> actors = Actors()
    >>> for i in range(3):
    ...     attack = Attack(i * 60_000_000, f"c{i}", "eve", 0.9)
    ...     verdict = actors.score_one(attack)
    ...     actors.learn_one(attack)
    ...     actors.begin("eve")
    >>> verdict.alarm
    True
    """

    def __init__(self) -> None:
        self.rate = 0.0
        self._rows: dict[str, Row] = {}

    def begin(self, customer: str) -> None:
        """A conversation of this customer began."""
        row = self._rows.get(customer)
        if row is not None:
            row.begun += 1

    def score_one(self, x: Attack) -> Verdict:
        """This customer, with this attack."""
        row = self._rows.get(x.customer)
        known = _recent(row, x) if row else []
        count = len(known) + 1
        expected = INFLATION * self.rate * (row.begun if row else 0)
        # The first attack put the customer here: what counts is that others followed.
        chance = tail(count - 1, expected) if count > 1 else 1.0
        alarm = count >= LEAST and chance <= CHANCE
        return Verdict(
            state=State.LEARNING,
            reason=Reason.ABOVE if alarm else Reason.NORMAL,
            score=float(count),
            alarm=alarm,
            observed=float(count),
            onset=known[0][0] if known else x.t,
            p=chance,
        )

    def learn_one(self, x: Attack) -> None:
        """Take the attack in; one conversation counts once."""
        row = self._rows.pop(x.customer, None) or Row(0, [])
        row.attacks = [*_recent(row, x), (x.t, x.conversation)][-KEPT:]
        self._rows[x.customer] = row
        while len(self._rows) > MOST or x.t - next(iter(self._rows.values())).attacks[-1][0] >= WINDOW_US:
            del self._rows[next(iter(self._rows))]

    def conversations(self, x: Attack) -> list[tuple[int, str]]:
        """The attacks by which this customer is known, oldest first: time and conversation."""
        row = self._rows.get(x.customer)
        return list(row.attacks) if row else []

    def state(self) -> Plain:
        """Plain values."""
        rows = [[name, row.begun, [list(one) for one in row.attacks]] for name, row in self._rows.items()]
        return {"version": VERSION, "rate": self.rate, "rows": rows}

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The detector whose `state` this was. Raises `CodecError` for another version."""
        if state["version"] != VERSION:
            raise CodecError(f"an actors state of version {VERSION} is needed")
        one = cls()
        one.rate = state["rate"]
        one._rows = {
            name: Row(begun, [(t, conversation) for t, conversation in attacks])
            for name, begun, attacks in state["rows"]
        }
        return one


def _recent(row: Row, x: Attack) -> list[tuple[int, str]]:
    """Attacks within the window before this one, in other conversations."""
    return [one for one in row.attacks if x.t - one[0] < WINDOW_US and one[1] != x.conversation]
