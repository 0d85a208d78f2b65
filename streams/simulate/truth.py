"""The labels of a run: what happened where, and which conversations it touched."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from streams.simulate.effects import Window
from streams.simulate.floor import Tenant
from streams.simulate.settings import Simulation
from streams.simulate.troubles import BY_TYPE
from streams.simulate.when import DAY, bounds, open_spans, overlap, stamp


class Touch(Struct, frozen=True):
    """A conversation (or, of a brigade, a survey) that a window touched."""

    window: str
    conversation: str
    """Empty for a survey without one."""
    at: int
    dims: dict[str, str]
    """Where it was: queue, channel, agent, version, model, source, customer, language."""
    actions: tuple[str, ...] = ()


def truth(
    simulation: Simulation, tenants: Sequence[Tenant], windows: Sequence[Window], touches: Iterable[Touch]
) -> dict[str, Any]:
    """What `truth.json` says. `open` is when any tenant is open; `open_by_tenant` tells them apart."""
    begin, end = bounds(simulation)
    spans = {t.id: open_spans(t.hours, simulation) for t in tenants}
    by_window: dict[str, list[Touch]] = {w.id: [] for w in windows}
    for touch in touches:
        by_window[touch.window].append(touch)
    return {
        "format": 1,
        "split": "simulated",
        "start": stamp(begin),
        "end": stamp(end),
        "tenants": [t.id for t in tenants],
        "open": _texts(_union(spans.values(), begin, end)),
        "open_by_tenant": {tenant: _texts(rows) for tenant, rows in spans.items()},
        "incidents_applied": True,
        "windows": [_label(w, by_window[w.id]) for w in windows],
    }


def _texts(spans: list[tuple[int, int]]) -> list[list[str]]:
    return [[stamp(a), stamp(b)] for a, b in spans]


def _union(spans: Iterable[list[tuple[int, int]]], begin: int, end: int) -> list[tuple[int, int]]:
    """The union of all opening hours, cut at midnight (UTC) so that one entry is at most one day."""
    rows: list[tuple[int, int]] = []
    for a, b in sorted(s for own in spans for s in own):
        if rows and a <= rows[-1][1]:
            rows[-1] = (rows[-1][0], max(b, rows[-1][1]))
        else:
            rows.append((a, b))
    return [cut for day in range(begin, end, DAY) for cut in overlap(rows, day, day + DAY)]


def _label(window: Window, touches: list[Touch]) -> dict[str, Any]:
    trouble = BY_TYPE[window.type]
    touches = sorted(touches, key=lambda t: (t.at, t.conversation))
    return {
        "id": window.id,
        "pair": window.pair,
        "type": window.type,
        "twin": window.twin,
        "tenant": window.tenant,
        "accepted_kinds": list(trouble.accepted),
        "neutral_kinds": list((trouble.twin if window.twin else trouble.harm).neutral),
        "scope": window.scope,
        "also": _also(window, touches),
        "onset": stamp(window.onset),
        "ramp_s": window.ramp_s,
        "end": stamp(window.end),
        "affected": len(touches),
        "conversations": [t.conversation for t in touches if t.conversation],
        "conversation_times": [round((t.at - window.onset) / 1000, 1) for t in touches],
        "notes": window.notes,
    }


def _also(window: Window, touches: list[Touch]) -> dict[str, dict[str, float]]:
    """Shares of the touched conversations by dimension. What no agent did has no share of any agent."""
    if window.mute or BY_TYPE[window.type].twin.when == "closed":
        return {"agent": {}}
    counts: dict[str, Counter[str]] = {}
    for touch in touches:
        for key, value in (*touch.dims.items(), *(("action", a) for a in touch.actions)):
            counts.setdefault(key, Counter())[value] += 1
    shares = {k: {v: round(n / len(touches), 3) for v, n in c.most_common()} for k, c in counts.items()}
    return {**shares, "agent": {}} if window.surveys else shares
