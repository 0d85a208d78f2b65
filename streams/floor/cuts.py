"""Cuts: into which segments the traffic of one tenant is divided, and which segments a place belongs to.

A segment is a set of dimension values, such as `{agent: helper, version: 2.1}`; it is a row number in every
series. A place is one combination of dimensions; its rows are looked up once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, convert

from streams.records.facts import Dims

Segment = tuple[tuple[str, str], ...]
OVERFLOW: Segment = (("overflow", "segments"),)
PLACES_A_SEGMENT = 4  # places are combinations of segments, bounded with them


class Place(Struct):
    """dims and the rows of the segments that it belongs to. first: when it was first seen, microseconds."""

    dims: Dims
    rows: tuple[int, ...]
    first: int


class Cuts:
    """Rows of one tenant. cuts: lists of dimension names; the empty one is the whole tenant. most: segments;
    further ones share a row, and `hit` is told."""

    def __init__(self, cuts: Sequence[Sequence[str]], most: int, hit: Callable[[str], None]) -> None:
        self._cuts = [tuple(cut) for cut in cuts]
        self._most, self._hit = most, hit
        self.segments: list[Segment] = []
        self.places: list[Place] = []
        self.version_first: dict[tuple[str, str], int] = {}
        self._rows: dict[Segment, int] = {}
        self._known: dict[Dims, int] = {}
        self._agents: dict[int, tuple[int, ...]] = {}

    def agents(self, place: int) -> tuple[int, ...]:
        """Those of a place's rows that name its agent; all of them where none does."""
        if place not in self._agents:
            rows = self.places[place].rows
            named = tuple(row for row in rows if any(name == "agent" for name, _ in self.segments[row]))
            self._agents[place] = named or rows
        return self._agents[place]

    def place(self, dims: Dims, time: int) -> int:
        """The number of these dims' place; beyond the bound all share the place that names nothing."""
        known = self._known.get(dims)
        if known is None and len(self.places) >= PLACES_A_SEGMENT * self._most:
            self._hit("tenant_segments")
            dims = Dims()
            known = self._known.get(dims)
        if known is None:
            known = self._known[dims] = self._add(dims, time)
        return known

    def row(self, segment: Segment) -> int | None:
        """The row of a segment; None where it has none."""
        return self._rows.get(segment)

    def _add(self, dims: Dims, time: int) -> int:
        """A new place; new segments get the next rows, or share the overflow row."""
        rows = tuple(dict.fromkeys(self._row(cut, dims) for cut in self._cuts if _has(dims, cut)))
        if dims.agent is not None and dims.version is not None:
            self.version_first.setdefault((dims.agent, dims.version), time)
        self.places.append(Place(dims, rows, time))
        return len(self.places) - 1

    def _row(self, cut: Sequence[str], dims: Dims) -> int:
        segment: Segment = tuple((name, getattr(dims, name)) for name in cut)
        row = self._rows.get(segment)
        if row is None:
            if len(self.segments) >= self._most:
                self._hit("tenant_segments")
                segment = OVERFLOW
                if OVERFLOW in self._rows:
                    return self._rows[OVERFLOW]
            row = self._rows[segment] = len(self.segments)
            self.segments.append(segment)
        return row

    def state(self) -> Any:
        """Every place in the order first seen: enough to number the rows again."""
        return self.places

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        for place in convert(state, list[Place]):
            self.place(place.dims, place.first)


def _has(dims: Dims, cut: Sequence[str]) -> bool:
    return all(getattr(dims, name) is not None for name in cut)


def covers(scope: dict[str, str], dims: Dims) -> bool:
    """Whether the place lies inside the scope; `tenant` is taken for granted."""
    return all(getattr(dims, name, None) == value for name, value in scope.items() if name != "tenant")


def may_overlap(a: dict[str, str], b: dict[str, str]) -> bool:
    """Whether no dimension that both name contradicts."""
    return all(b.get(name, value) == value for name, value in a.items())
