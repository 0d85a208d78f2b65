"""Actors: one customer who attacks again and again.

Three attacked conversations of one customer within a day are an alarm, unless chance explains them: because
that customer talks so much (some ids are shared by everybody without an account), or because the scores are
no higher than those of somebody whose harmless texts look like attacks (`detectors.earnest`).
"""

from __future__ import annotations

from typing import Self

from msgspec import Struct

from detectors.base import Plain, Reason, State, Verdict
from detectors.campaign import INFLATION, LEVELS, Attack, tail
from detectors.codec import CodecError
from detectors.earnest import chance as harmless

VERSION = 1
WINDOW_US = 86400 * 1_000_000
LEAST = 3  # attacked conversations: two may be one that was cut off
CHANCE = 0.01  # of so many by accident; few customers ever come under suspicion
MOST = 10_000  # customers under suspicion, 0.4 KB each; the longest unheard are forgotten
KEPT = 16  # attacks of one customer that are told apart


class Row(Struct, array_like=True):
    """One customer. begun: conversations since the first attack; attacks: time, conversation, score."""

    begun: int
    attacks: list[tuple[int, str, float]]


class Actors:
    """The attackers of one tenant. rate: usual attacks per conversation, set by whoever knows it.

    >>> actors = Actors()
    >>> for i in range(3):
    ...     attack = Attack(i * 60_000_000, f"c{i}", "eve", 0.999)
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
        if count >= LEAST:
            chance = max(chance, harmless([_strongest(row, x), *(score for _, _, score in known)]))
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
        """Take the attack in; one conversation counts once, with its strongest."""
        row = self._rows.pop(x.customer, None) or Row(0, [])
        row.attacks = [*_recent(row, x), (x.t, x.conversation, _strongest(row, x))][-KEPT:]
        self._rows[x.customer] = row
        while len(self._rows) > MOST or x.t - next(iter(self._rows.values())).attacks[-1][0] >= WINDOW_US:
            del self._rows[next(iter(self._rows))]

    def conversations(self, x: Attack) -> list[tuple[int, str]]:
        """The attacks by which this customer is known, oldest first: time and conversation."""
        row = self._rows.get(x.customer)
        return [(t, conversation) for t, conversation, _ in row.attacks] if row else []

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
            name: Row(begun, [_known(*attack) for attack in attacks])
            for name, begun, attacks in state["rows"]
        }
        return one


def _recent(row: Row, x: Attack) -> list[tuple[int, str, float]]:
    """Attacks within the window before this one, in other conversations."""
    return [one for one in row.attacks if x.t - one[0] < WINDOW_US and one[1] != x.conversation]


def _strongest(row: Row | None, x: Attack) -> float:
    """The highest score of this conversation."""
    return max([x.score, *(one[2] for one in row.attacks if one[1] == x.conversation)] if row else [x.score])


def _known(t: int, conversation: str, score: float = LEVELS[0]) -> tuple[int, str, float]:
    """An attack; older snapshots kept no score."""
    return t, conversation, score
