"""Counts of categories by place, shrunk from the tenant to the stratum to the queue, and fading.

A place is (queue, stratum). Its shares are its own counts plus `kappa` observations of its parent's shares:
where little was seen the parent speaks, where much was seen the place itself does.

Reference: Gelman et al., Bayesian Data Analysis (2013), chapter 5 (hierarchical models), with kappa fixed.
"""

from __future__ import annotations

import math
from typing import Self, TypeAlias

from detectors.base import Plain

MAX_PLACES = 512  # places, and strata, of one signal; further ones use the tenant's counts; 100 B each
FORGOTTEN = 0.05  # a place with fewer faded observations is dropped
REMAINDER = 0.05  # of a parent's counts that outlive what is forgotten
PSEUDO = 0.5  # observations of each category that a tenant begins with (Jeffreys)

Stratum: TypeAlias = str | int
Place: TypeAlias = tuple[str | None, Stratum]


class Shares:
    """Shrunk shares of `categories` categories.

    >>> shares = Shares(categories=2, kappa=20.0)
    >>> shares.add(("billing", 0), [900.0, 100.0])
    >>> [round(p, 3) for p in shares.of(("new", 0))[0]], shares.of(("billing", 0))[1]
    ([0.9, 0.1], 1020.0)
    """

    def __init__(self, categories: int, kappa: float) -> None:
        self.categories, self.kappa = categories, kappa
        self._tenant = [0.0] * categories
        self._strata: dict[Stratum, list[float]] = {}
        self._places: dict[Place, list[float]] = {}
        self._known: dict[Place, tuple[list[float], float]] = {}  # since the counts last changed

    def seen(self) -> float:
        """Faded observations at the tenant."""
        return math.fsum(self._tenant)

    def of(self, place: Place) -> tuple[list[float], float]:
        """Shares of a place, and how many observations they rest on."""
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._of(place)
        return known

    def _of(self, place: Place) -> tuple[list[float], float]:
        total = self.seen() + PSEUDO * self.categories
        shares = [(count + PSEUDO) / total for count in self._tenant]
        n = self.kappa
        for own in (self._strata.get(place[1]), self._places.get(place)):
            if own is None:
                n = self.kappa
                continue
            n = math.fsum(own) + self.kappa
            # The parent counted the same observations: what was never seen must not vanish level by level.
            shares = [
                (count + self.kappa * p + 1.0 / self.categories) / (n + 1.0)
                for count, p in zip(own, shares, strict=True)
            ]
        return shares, n

    def add(self, place: Place, counts: list[float]) -> None:
        """Observations at a place, one number a category."""
        self._known.clear()
        for held in self._holders(place):
            for category, count in enumerate(counts):
                held[category] += count

    def forget(self, queue: str | None) -> None:
        """What was seen in a queue counts no more: neither there nor, but for a remainder that keeps the
        parents from knowing nothing, in its strata and at the tenant."""
        self._known.clear()
        for place in [place for place in self._places if place[0] == queue]:
            gone = self._places.pop(place)
            stratum = self._strata.get(place[1])
            for parent in [self._tenant] if stratum is None else [self._tenant, stratum]:
                for category, count in enumerate(gone):
                    parent[category] = max(parent[category] - count, REMAINDER * parent[category])

    def fade(self, factor: float) -> None:
        """Everything seen so far counts less."""
        self._known.clear()
        for held in (self._tenant, *self._strata.values(), *self._places.values()):
            for category in range(self.categories):
                held[category] *= factor
        self._strata = {key: held for key, held in self._strata.items() if math.fsum(held) > FORGOTTEN}
        self._places = {key: held for key, held in self._places.items() if math.fsum(held) > FORGOTTEN}

    def _holders(self, place: Place) -> list[list[float]]:
        """The counts that an observation at a place goes into."""
        holders = [self._tenant]
        if place[1] in self._strata or len(self._strata) < MAX_PLACES:
            holders.append(self._strata.setdefault(place[1], [0.0] * self.categories))
        if place in self._places or len(self._places) < MAX_PLACES:
            holders.append(self._places.setdefault(place, [0.0] * self.categories))
        return holders

    def state(self) -> Plain:
        """Plain values."""
        return {
            "kappa": self.kappa,
            "tenant": self._tenant[:],
            "strata": [[key, held[:]] for key, held in self._strata.items()],
            "places": [[*key, held[:]] for key, held in self._places.items()],
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The shares whose `state` this was."""
        one = cls(len(state["tenant"]), state["kappa"])
        one._tenant = list(state["tenant"])
        one._strata = {key: list(held) for key, held in state["strata"]}
        one._places = {(queue, stratum): list(held) for queue, stratum, held in state["places"]}
        return one
