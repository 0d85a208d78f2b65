"""Signals: what is watched in conversations, how an observation becomes a category, and what an excess means.

Scores rise with harm. An outcome has two categories; CSAT and the like five; trouble counts signs; a level is
binned by its robust distance from the queue's median.
"""

from __future__ import annotations

import math

from detectors.level import LEAST_SCALE
from detectors.structs import Frozen
from streams.records.alerts import Kind

ODDS = tuple(math.log(ratio) for ratio in (1.5, 2.0, 3.0, 5.0, 10.0))
SHIFTS_SD = (0.3, 0.6, 1.0)
BINS = tuple(-2.0 + 0.5 * i for i in range(9))  # centres, in robust standard deviations


class Signal(Frozen):
    """One signal.

    scores: of its categories. levels: whether values are binned first; log: whether they are logarithms of
    what people read. scale: the baseline's unit of season and mood, see `detectors.baseline`. unit: of
    observed and expected. least: excess that an alarm needs, in observations. spread: the least robust
    standard deviation, of levels. switch: its name in `signals` of the configuration, where not its own.
    """

    name: str
    kind: Kind
    scores: tuple[float, ...]
    unit: str
    levels: bool = False
    log: bool = False
    scale: float = 1.0
    least: float = 3.0
    spread: float = LEAST_SCALE
    switch: str = ""

    def category(self, value: float) -> int:
        """The category of a value that needs no binning: outcomes and counts as they are, grades by harm."""
        if self.name in SHARES:
            return round(value * (len(self.scores) - 1))
        if self.name in GRADES:
            return len(self.scores) - 1 - round(value * (len(self.scores) - 1))
        return int(value)


def _style(name: str, unit: str, log: bool) -> Signal:
    """A small number that is often the same in most conversations: the spread is never nothing."""
    return Signal(
        name, "response_drift", BINS, unit, levels=True, log=log, scale=0.5, spread=0.2, switch="style"
    )


OUTCOME = (0.0, 1.0)
GRADE = (0.0, 0.25, 0.5, 0.75, 1.0)
GRADES = ("csat", "nps", "csat_given_trouble")
SHARES = ("unsupported", "vocabulary")  # graded, and worse the higher
TRIALS = ("escalation",)  # one trial per age bin: a conversation says it several times

_SHARE = "per conversation"
SIGNALS: dict[str, Signal] = {
    signal.name: signal
    for signal in (
        Signal("escalation", "escalation_rate", OUTCOME, _SHARE),
        Signal("tool_error", "satisfaction", OUTCOME, _SHARE),
        Signal("trouble", "satisfaction", (0.0, 1.0, 2.0, 3.0), _SHARE),
        Signal("resolution", "satisfaction", OUTCOME, _SHARE, switch="unresolved"),
        Signal("csat", "satisfaction", GRADE, "score", scale=1.5),
        Signal("nps", "satisfaction", GRADE, "score", scale=1.5),
        Signal("csat_given_trouble", "satisfaction", GRADE, "score", scale=1.5),
        Signal("returned", "containment", OUTCOME, _SHARE, least=8.0),
        Signal("refusal", "response_drift", OUTCOME, _SHARE),
        Signal("latency", "response_drift", BINS, "ms", levels=True, log=True, scale=0.5),
        Signal("length", "response_drift", BINS, "words", levels=True, log=True, scale=0.5),
        Signal("sentiment", "sentiment", BINS, "score", levels=True, scale=0.5),
        Signal("objection", "satisfaction", OUTCOME, _SHARE),
        Signal("repeat", "satisfaction", OUTCOME, _SHARE, least=5.0, switch="objection"),
        Signal("unsupported", "groundedness", GRADE, "of an answer", scale=1.5, switch="groundedness"),
        Signal("commitment", "groundedness", OUTCOME, _SHARE, switch="groundedness"),
        Signal("doubtful_leak", "leakage", OUTCOME, _SHARE, switch="leakage"),
        Signal("evasion", "disclosure", OUTCOME, _SHARE, switch="disclosure"),
        Signal("returned_same", "containment", OUTCOME, _SHARE, least=8.0, switch="returned"),
        Signal("gave_up", "containment", OUTCOME, _SHARE, least=5.0),
        _style("sentences", "sentences", log=True),
        _style("questions", "per answer", log=False),
        Signal("language", "response_drift", OUTCOME, _SHARE, switch="style"),
        Signal("hedge", "response_drift", OUTCOME, _SHARE, switch="style"),
        _style("style", "standard deviations", log=False),
        Signal("vocabulary", "response_drift", GRADE, "of the words", scale=1.5, switch="style"),
    )
}


class Test(Frozen):
    """One sequential test: which signals feed it, against which alternatives.

    feeds: signals whose likelihood ratios it multiplies; the first one names it in alerts. aside: it only
    says what else moved, and never alarms: wording may change without harm. backs: whether it may name what
    an incident of another kind is; each that may has its own chance to be wrong. versions: it
    alarms for new versions only: what customers ask about moves it, too. agents: it looks at agents and
    their versions only, for it is what they do wrong, and each segment more costs time and false alarms.
    """

    name: str
    feeds: tuple[str, ...]
    shifts: tuple[float, ...]
    aside: bool = False
    backs: bool = True
    versions: bool = False
    agents: bool = False

    @property
    def signal(self) -> Signal:
        """The signal that speaks for the test."""
        return SIGNALS[self.feeds[0]]


_RATES = ("escalation", "tool_error", "trouble", "resolution", "csat", "nps", "returned", "refusal")
_MORE = (
    "objection", "repeat", "unsupported", "commitment", "doubtful_leak", "evasion", "returned_same",
    "gave_up", "language",
)  # fmt: skip
_ASIDE = ("returned",)
_BACKING = ("unsupported", "returned_same")
_AGENTS = ("repeat", "commitment", "doubtful_leak", "evasion", "language")
_DOWN = tuple(-shift for shift in SHIFTS_SD)
TESTS: tuple[Test, ...] = (
    # Customers come back with other matters, too: what came back with the same alarms, `returned_same`.
    *(Test(name, (name,), ODDS, aside=name in _ASIDE, backs=name not in _ASIDE) for name in _RATES),
    # Trouble and, given that conversation's trouble, its grade: independent evidence, so it multiplies.
    Test("joint", ("trouble", "csat_given_trouble"), ODDS),
    Test("latency_up", ("latency",), SHIFTS_SD),
    Test("length_up", ("length",), SHIFTS_SD),
    Test("length_down", ("length",), _DOWN),
    Test("sentiment_down", ("sentiment",), _DOWN),
    # Only append: snapshots know tests by their place
    *(Test(name, (name,), ODDS, backs=name in _BACKING, agents=name in _AGENTS) for name in _MORE),
    Test("sentences", ("sentences",), SHIFTS_SD, aside=True, backs=False),
    Test("questions", ("questions",), SHIFTS_SD, aside=True, backs=False),
    Test("hedge", ("hedge",), ODDS, aside=True, backs=False),
    Test("style_up", ("style",), SHIFTS_SD, backs=False, versions=True),
    Test("vocabulary", ("vocabulary",), ODDS, aside=True, backs=False),
)
FED_BY: dict[str, tuple[int, ...]] = {
    name: tuple(i for i, test in enumerate(TESTS) if name in test.feeds) for name in SIGNALS
}
