"""What a trouble, or its benign twin, does to one conversation; and the window in which it does so."""

from msgspec import Struct

LISTED, UNLISTED = "(listed)", "(unlisted)"
"""Stand for a version of the window's own, in the registry or not; the schedule names it."""


class Effect(Struct, frozen=True, kw_only=True):
    """How a conversation differs from an ordinary one. The default is: not at all."""

    agent: str = ""
    version: str = ""
    model: str = ""
    source: str = ""
    """These four replace who speaks and what sends it; empty: unchanged."""
    escalate_odds: float = 1.0
    fail_odds: float = 1.0
    """Multiples of the odds of a handoff and of an unresolved end, > 0."""
    escalate: bool = False
    fail: bool = False
    """Certainly handed off, certainly unresolved."""
    sour: float = 0.0
    """Taken from the customer's sentiment, 0..1; above 0.2 angry words appear."""
    rates_low: bool = False
    survey: float = 1.0
    """Multiple of the share of answered surveys, > 0."""
    latency: float = 1.0
    """Multiple of the answer time, > 0."""
    answers: str = ""
    """`terse`, `long`, `refuse`, `hesitant` (hedges, asks back), or `reworded` (harmless)."""
    unsupported: bool = False
    """Answers claim what their passages do not say."""
    hot: str = ""
    """The question of the day gets its `right` or its `wrong` answer."""
    attack: str = ""
    """The customer tries to steer the agent: `refused`, `works` (it says too much), `obeyed` (it does what it
    may not); `lookalike` only seems so."""
    leak: str = ""
    """The agent reads out the details of an `other` person, or of the customer's `own`."""
    act: str = ""
    """An extra action: a forbidden `name`, `data`, `amount`, `subject`; an amount `split` in parts, `several`
    payments that are none, or one that is `allowed`."""
    ask_ai: str = ""
    """The customer asks whether this is a machine; the agent `says` so or `denies` it."""
    comes_back: bool = False
    """Ends as resolved, and the customer returns with the same matter within hours."""
    leaves: bool = False
    """The customer breaks off."""
    scattered: bool = False
    """Surveys of a window's own come from a respondent each, clicked within seconds."""


NONE = Effect()


class Window(Struct, frozen=True, kw_only=True):
    """One incident or twin as the schedule placed it. Times are milliseconds."""

    id: str
    pair: str
    type: str
    twin: bool
    tenant: str
    onset: int
    end: int
    ramp_s: int
    """Harm and extra traffic grow linearly over so long."""
    place: dict[str, str]
    """Which conversations it can touch: `queue`, `agent` or `source`; empty: all of the tenant."""
    scope: dict[str, str]
    """The narrowest scope that explains it."""
    share: float
    """Share of the conversations there that it touches, 0..1."""
    boost: float
    """Additional traffic there, as a multiple of the usual."""
    visits: int
    """Additional conversations of its own."""
    people: int
    """How many customers these visits (or surveys) come from; 0: all different."""
    surveys: int
    """Additional surveys that belong to no conversation."""
    mute: str
    """The source that falls silent; empty: none."""
    effect: Effect
    planned: bool
    """Whether a version of the window's own is in the registry."""
    notes: str

    def strength(self, at: int) -> float:
        """How far the ramp has come, 0..1; 0 outside of the window."""
        if not self.onset <= at < self.end:
            return 0.0
        return min(1.0, (at - self.onset) / (1000 * self.ramp_s)) if self.ramp_s else 1.0
