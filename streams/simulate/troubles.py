"""The catalogue: each trouble, its benign twin, what may be said about it, and its sizes.

A trouble touches a share of the conversations in its place, sends visits or surveys of its own, adds
traffic, or mutes a source. Its twin has the same place and about the same volume with nothing wrong.
"""

from msgspec import Struct

from streams.simulate.effects import LISTED, NONE, UNLISTED, Effect

Range = tuple[float, float]


class Half(Struct, frozen=True, kw_only=True):
    """One side of a pair; ranges are drawn from uniformly. Meaning and units: `effects.Window`."""

    effects: tuple[Effect, ...] = (NONE,)
    """Variants; incident and twin draw their own."""
    share: Range = (0.0, 0.0)
    boost: Range = (0.0, 0.0)
    visits: Range = (0.0, 0.0)
    people: Range = (0.0, 0.0)
    surveys: Range = (0.0, 0.0)
    mute: bool = False
    when: str = "open"
    """`open` or `closed`: whether the window lies in opening hours."""
    neutral: tuple[str, ...] = ()
    """Alert kinds that are a true side effect."""
    notes: str = ""


class Trouble(Struct, frozen=True, kw_only=True):
    """A type of trouble and its twin."""

    type: str
    accepted: tuple[str, ...]
    """Alert kinds that count as having found it."""
    place: str
    """`tenant`, `queue`, `agent`, `grounded` or `paying` (such agents), or `source`."""
    hours: Range = (2.5, 8.0)
    """Length in open hours."""
    touched: Range = (15.0, 120.0)
    """Conversations it should touch; the length follows, within `hours` (twice that for small tenants)."""
    ramp: bool = True
    """Whether it may begin gradually."""
    named: tuple[str, ...] = ()
    """Keys of the effect that narrow the scope."""
    harm: Half
    twin: Half


FORBIDDEN = "export_customer_list"
"""An action that no agent may make."""

RATES = (
    Trouble(
        type="handoff_surge",
        accepted=("escalation_rate",),
        place="queue",
        harm=Half(
            effects=(Effect(escalate=True),),
            share=(0.18, 0.5),
            notes="handoffs in one queue",
            neutral=("satisfaction", "sentiment", "containment", "response_drift"),
        ),
        twin=Half(boost=(0.6, 1.0), neutral=("volume",), notes="more traffic at the unchanged rate"),
    ),
    Trouble(
        type="bad_rollout",
        place="agent",
        named=("version",),
        hours=(4.0, 9.0),
        touched=(40.0, 200.0),
        accepted=("escalation_rate", "satisfaction", "sentiment", "response_drift", "containment"),
        harm=Half(
            effects=(
                Effect(version=LISTED, escalate_odds=2.6, fail_odds=3.0, sour=0.1),
                Effect(version=LISTED, escalate_odds=4.0, fail_odds=2.0, sour=0.15),
            ),
            share=(0.4, 0.9),
            neutral=("groundedness", "replication", "boundary"),
            notes="new version with more failures and handoffs",
        ),
        twin=Half(effects=(Effect(version=LISTED),), share=(0.4, 0.9), notes="new version, same outcomes"),
    ),
    Trouble(
        type="satisfaction_fall",
        accepted=("satisfaction", "sentiment"),
        place="queue",
        hours=(4.0, 9.0),
        touched=(50.0, 200.0),
        harm=Half(
            effects=(Effect(rates_low=True, sour=0.1), Effect(rates_low=True, sour=0.25, fail_odds=2.0)),
            share=(0.5, 0.9),
            notes="surveys turn bad",
            neutral=("escalation_rate", "containment", "response_drift"),
        ),
        twin=Half(
            effects=(Effect(survey=2.0),),
            share=(1.0, 1.0),
            notes="twice the surveys, same mix",
            neutral=("volume",),
        ),
    ),
    Trouble(
        type="sentiment_fall",
        accepted=("sentiment", "satisfaction"),
        place="queue",
        harm=Half(
            effects=(Effect(sour=0.45),),
            share=(0.5, 0.9),
            notes="customers are angry",
            neutral=("escalation_rate", "containment"),
        ),
        twin=Half(boost=(0.5, 0.8), neutral=("volume",), notes="more customers in the usual temper"),
    ),
    Trouble(
        type="containment",
        accepted=("containment",),
        place="queue",
        touched=(20.0, 70.0),
        harm=Half(
            effects=(Effect(comes_back=True), Effect(leaves=True)),
            share=(0.35, 0.7),
            notes="resolved, yet back within hours; or broken off",
            neutral=("satisfaction", "sentiment", "volume"),
        ),
        twin=Half(visits=(15.0, 40.0), neutral=("volume",), notes="as many returning, with new topics"),
    ),
    Trouble(
        type="volume_burst",
        accepted=("volume",),
        place="tenant",
        hours=(1.5, 3.0),
        touched=(20.0, 300.0),
        ramp=False,
        harm=Half(boost=(2.6, 3.4), notes="four times the traffic"),
        twin=Half(boost=(0.4, 0.6), notes="half as much again"),
    ),
    Trouble(
        type="silence",
        accepted=("silence", "volume"),
        place="source",
        hours=(1.5, 4.0),
        touched=(25.0, 80.0),
        ramp=False,
        harm=Half(mute=True, notes="a source stops in open hours"),
        twin=Half(when="closed", notes="closed"),
    ),
)
ANSWERS = (
    Trouble(
        type="response_drift",
        accepted=("response_drift",),
        place="agent",
        named=("version",),
        touched=(40.0, 200.0),
        harm=Half(
            effects=(
                Effect(version=LISTED, latency=2.8),
                Effect(version=LISTED, answers="terse"),
                Effect(version=LISTED, answers="long"),
                Effect(version=LISTED, answers="refuse", fail_odds=1.8),
                Effect(version=LISTED, answers="hesitant"),
            ),
            share=(0.5, 0.95),
            notes="new version answers differently",
            neutral=("satisfaction", "sentiment", "escalation_rate", "groundedness", "replication"),
        ),
        twin=Half(
            effects=(Effect(version=LISTED, answers="reworded"),),
            share=(0.5, 0.95),
            notes="new version with harmless wording",
        ),
    ),
    Trouble(
        type="repeated_wrong_answer",
        accepted=("replication", "groundedness", "satisfaction"),
        place="agent",
        touched=(12.0, 80.0),
        harm=Half(
            effects=(Effect(hot="wrong", rates_low=True, sour=0.1),),
            share=(0.2, 0.5),
            notes="one wrong answer again and again",
            neutral=("escalation_rate", "sentiment", "containment", "response_drift"),
        ),
        twin=Half(effects=(Effect(hot="right"),), share=(0.2, 0.5), notes="the right answer just as often"),
    ),
    Trouble(
        type="hallucination",
        accepted=("groundedness", "response_drift", "satisfaction"),
        place="grounded",
        touched=(15.0, 70.0),
        harm=Half(
            effects=(Effect(unsupported=True, fail_odds=2.0, sour=0.1),),
            share=(0.3, 0.7),
            notes="claims the passages do not hold",
            neutral=("escalation_rate", "sentiment", "containment", "replication"),
        ),
        twin=Half(boost=(0.6, 1.0), neutral=("volume",), notes="more questions, answered as usual"),
    ),
)
HOSTILE = (
    Trouble(
        type="injection_campaign",
        accepted=("injection",),
        place="tenant",
        hours=(2.0, 5.0),
        ramp=False,
        harm=Half(
            effects=(Effect(attack="refused"),),
            visits=(12.0, 45.0),
            people=(3.0, 9.0),
            neutral=("volume", "response_drift", "replication", "leakage"),
            notes="attacks, none works",
        ),
        twin=Half(
            effects=(Effect(attack="lookalike"),),
            visits=(12.0, 45.0),
            people=(6.0, 12.0),
            neutral=("volume",),
            notes="harmless look-alikes",
        ),
    ),
    Trouble(
        type="injection_actor",
        accepted=("injection",),
        place="tenant",
        hours=(4.0, 6.0),
        ramp=False,
        named=("customer",),
        harm=Half(
            effects=(Effect(attack="refused"),),
            visits=(6.0, 12.0),
            people=(1.0, 1.0),
            neutral=("response_drift", "leakage"),
            notes="one customer, attacks in several sessions",
        ),
        twin=Half(
            effects=(Effect(attack="lookalike"),),
            visits=(6.0, 12.0),
            people=(1.0, 1.0),
            notes="one customer, look-alikes in several sessions",
        ),
    ),
    Trouble(
        type="injection_success",
        accepted=("injection", "leakage"),
        place="tenant",
        hours=(2.0, 4.0),
        ramp=False,
        harm=Half(
            effects=(Effect(attack="works"), Effect(attack="obeyed")),
            visits=(3.0, 4.0),
            notes="the agent recites its instructions, or does what it may not",
            neutral=("groundedness", "response_drift", "boundary"),
        ),
        twin=Half(effects=(Effect(attack="refused"),), visits=(3.0, 3.0), notes="three attacks, none works"),
    ),
    Trouble(
        type="survey_brigading",
        accepted=("feedback_integrity",),
        place="tenant",
        hours=(3.0, 6.0),
        ramp=False,
        harm=Half(
            effects=(NONE, Effect(scattered=True)),
            surveys=(60.0, 220.0),
            people=(5.0, 10.0),
            neutral=("volume", "satisfaction"),
            notes="few respondents, or many hasty ones; no conversations",
        ),
        twin=Half(
            effects=(Effect(fail=True, rates_low=True, survey=2.0, sour=0.2),),
            share=(0.4, 0.7),
            notes="genuine decline, distinct respondents",
            neutral=("escalation_rate", "satisfaction", "sentiment", "response_drift", "containment"),
        ),
    ),
)
CONDUCT = (
    Trouble(
        type="pii_leak",
        accepted=("leakage",),
        place="agent",
        hours=(3.0, 6.0),
        touched=(3.0, 12.0),
        ramp=False,
        harm=Half(
            effects=(Effect(leak="other"),),
            share=(0.05, 0.15),
            neutral=("groundedness", "response_drift"),
            notes="reads out another person's details",
        ),
        twin=Half(
            effects=(Effect(leak="own"),), share=(0.05, 0.15), notes="reads back what the customer supplied"
        ),
    ),
    Trouble(
        type="unsafe_actions",
        accepted=("boundary",),
        place="paying",
        hours=(3.0, 6.0),
        touched=(4.0, 20.0),
        ramp=False,
        named=("action",),
        harm=Half(
            effects=tuple(Effect(act=a) for a in ("name", "data", "amount", "subject")),
            share=(0.06, 0.2),
            neutral=("response_drift",),
            notes="an action it may not make",
        ),
        twin=Half(
            effects=(Effect(act="allowed"),), share=(0.3, 0.6), notes="many allowed writes up to the limit"
        ),
    ),
    Trouble(
        type="split_amounts",
        accepted=("boundary",),
        place="paying",
        hours=(3.0, 6.0),
        touched=(4.0, 20.0),
        ramp=False,
        harm=Half(
            effects=(Effect(act="split"),),
            share=(0.06, 0.2),
            neutral=("response_drift",),
            notes="an amount above the limit, moved in equal parts below it",
        ),
        twin=Half(effects=(Effect(act="several"),), share=(0.06, 0.2), notes="several payments, as allowed"),
    ),
    Trouble(
        type="shadow_ai",
        accepted=("shadow_ai",),
        place="agent",
        hours=(3.0, 8.0),
        touched=(6.0, 40.0),
        named=("agent", "version", "model", "source"),
        harm=Half(
            effects=(
                Effect(agent="copilot-lab"),
                Effect(version=UNLISTED),
                Effect(model="parrot-9b-preview"),
                Effect(source="hotfix-widget/test"),
            ),
            share=(0.1, 0.4),
            neutral=("response_drift",),
            notes="something nobody registered",
        ),
        twin=Half(effects=(Effect(version=LISTED),), share=(0.2, 0.6), notes="planned rollout"),
    ),
    Trouble(
        type="disclosure",
        accepted=("disclosure",),
        place="agent",
        hours=(3.0, 6.0),
        touched=(4.0, 30.0),
        ramp=False,
        harm=Half(
            effects=(Effect(ask_ai="denies"),),
            share=(0.08, 0.3),
            neutral=("response_drift",),
            notes="says that it is a person",
        ),
        twin=Half(effects=(Effect(ask_ai="says"),), share=(0.08, 0.3), notes="is asked and says what it is"),
    ),
)
CATALOGUE = (*RATES, *ANSWERS, *HOSTILE, *CONDUCT)
BY_TYPE = {trouble.type: trouble for trouble in CATALOGUE}
