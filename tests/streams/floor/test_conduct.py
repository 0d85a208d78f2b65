"""Conduct on the floor: splits and sweeps are tickets, many allowed payments no more than an info."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from detectors.content.base import Score
from detectors.content.checks import Checks
from streams.floor.watch import Watch
from streams.records.facts import Acted, Fact
from streams.settings import Signals
from tests.streams.floor.made import MINUTE, PINE, SETTINGS, Run, acted, at, ended, registry, said, started

BOT: dict[str, Any] = {"agent": "pine", "version": "1.0", "queue": "orders", "ai": True, "customer": "ada"}
NINE = at(0, 9)


def refunds(amounts: list[float], name: str = "c", **more: Any) -> list[Fact]:
    who = {**BOT, **more}
    paid = enumerate(map(float, amounts), 1)
    calls = (acted(NINE + i * MINUTE, name, "Refund", amount=one, **who) for i, one in paid)
    return [started(NINE, name, **who), *calls]


def usual(count: int, records: int = 1) -> list[Fact]:
    """Conversations that touch so many records each."""
    facts: list[Fact] = []
    for i in range(count):
        time, key = at(-3, 9) + i * MINUTE, f"old{i}"
        facts.append(started(time, key, **BOT))
        facts += [acted(time + 1 + r, key, subject="ada", **BOT) for r in range(records)]
        facts.append(ended(time + 100, key, **BOT))
    return facts


def run(facts: list[Fact], **signals: bool) -> Run:
    settings = replace(SETTINGS, signals=Signals(**signals)) if signals else SETTINGS
    return Run(settings=settings).feed(facts, until=at(0, 20))


def test_an_amount_cut_into_pieces_is_a_ticket() -> None:
    [opened] = run(refunds([45, 45, 45])).opened("boundary")
    assert (opened.signal, opened.severity, opened.observed, opened.expected) == ("split", "ticket", 135, 50)
    assert opened.scope == {"tenant": "shop", "agent": "pine"}
    assert opened.evidence["action"] == "Refund"


def test_sources_may_give_their_calls_the_same_ids() -> None:
    calls = [
        acted(NINE + i * MINUTE, "c", "Refund", amount=45.0, id="1", source=source, **BOT)
        for i, source in enumerate(("web/prod", "polls/prod", "phone/prod"))
    ]
    told = run([started(NINE - 1, **BOT), *calls]).opened("boundary")
    assert [one.signal for one in told] == ["split"]


def test_pieces_over_several_conversations_of_a_customer_count_together() -> None:
    facts = [fact for i in range(3) for fact in refunds([45], f"c{i}")]
    assert [one.affected for one in run(facts).opened("boundary")] == [1]


def test_many_allowed_payments_wake_nobody() -> None:
    facts = [fact for i in range(20) for fact in refunds([30, 42, 37], f"c{i}", customer=f"u{i}")]
    done = run(facts)
    assert not done.opened("boundary")
    assert {change.severity for change in done.changes if change.signal == "split"} == {"info"}


def test_a_split_among_them_does() -> None:
    split = [replace(one, time=one.time + MINUTE // 2) for one in refunds([45] * 3, "c2", customer="eve")]
    facts = [*refunds([30, 42, 37], "c1"), *split]
    told = [change for change in run(facts).changes if change.signal == "split"]
    assert [change.severity for change in told[:2]] == ["info", "ticket"]


def test_more_than_the_limit_at_once_pages_beside_it() -> None:
    kinds = {one.signal: one.severity for one in run(refunds([45, 45, 45, 60])).opened("boundary")}
    assert kinds == {"split": "ticket", "amount": "page"}


def test_records_of_many_people() -> None:
    sweep = [acted(NINE + i, "c", subject=f"u{i}", **{**BOT, "agent": "cove"}) for i in range(8)]
    habit = [replace(fact, dims=replace(fact.dims, agent="cove")) for fact in usual(60)]
    [opened] = run([*habit, started(NINE - 1, **BOT), *sweep]).opened("boundary")
    assert (opened.signal, opened.severity, opened.observed) == ("sweep", "ticket", 5)
    assert not run([started(NINE - 1, **BOT), *sweep]).opened("boundary"), "nobody knows its habits"


def attacked(name: str, injected: float, **more: Any) -> list[Fact]:
    """A conversation that is attacked, and an allowed action in it."""
    checks = Checks(injection=Score(injected, "override"))
    return [
        started(NINE, **BOT),
        said(NINE + 1, role="customer", checks=checks, **BOT),
        acted(NINE + 2, name=name, **BOT, **more),
    ]


def test_an_action_out_of_the_norm_after_an_attack_is_its_success() -> None:
    habit = usual(70, records=5)
    [opened] = run([*habit, *attacked("Refund", 0.9, amount=20.0)], injection=True).opened()
    assert (opened.kind, opened.signal, opened.severity) == ("injection", "worked", "page")
    assert opened.evidence["reason"] == "attacked, then: an action that it hardly ever makes"
    assert not run([*habit, *attacked("Refund", 0.2, amount=20.0)], injection=True).opened()
    assert not run([*habit, *attacked("Look", 0.9)], injection=True).opened()


def test_switched_off_nothing_is_said() -> None:
    assert not run(refunds([45, 45, 45]), boundary=False).changes


def test_a_restored_watch_goes_on_alike() -> None:
    facts = [*usual(60), *refunds([45]), *refunds([45, 45], "c2")]
    whole = run(facts)
    half = Run().feed(facts[:-1])
    rest = Run()
    rest.watch.restore(half.watch.snapshot())
    rest.next = half.next
    rest.feed(facts[-1:], until=at(0, 20))
    assert [*half.changes, *rest.changes] == whole.changes
    assert rest.watch.snapshot() == whole.watch.snapshot()


def each_their_own() -> list[Fact]:
    """An agent to whose customers one record belongs each."""
    facts: list[Fact] = []
    for fact in usual(120):
        name = f"u{fact.conversation}"
        more = {"subject": name} if isinstance(fact, Acted) else {}
        facts.append(replace(fact, dims=replace(fact.dims, agent="cove"), customer=name, **more))
    return facts


def sweeping(since: int, count: int, every: int) -> list[Fact]:
    """One customer, another record in each conversation."""
    who: dict[str, Any] = {**BOT, "agent": "cove", "customer": "eve"}
    facts: list[Fact] = []
    for i in range(count):
        time, key = since + i * every, f"s{since}/{i}"
        facts += [started(time, key, **who), acted(time + 1, key, subject=key, **who)]
        facts.append(ended(time + 2, key, **who))
    return facts


def test_a_customer_who_goes_on_for_long_is_not_over() -> None:
    facts = [*each_their_own(), *sweeping(NINE, 40, MINUTE), *sweeping(at(0, 10), 36, 15 * MINUTE)]
    done = run(facts, integrity=False)
    [opened] = done.opened("boundary")
    assert (opened.signal, done.told(opened)[-1].state) == ("sweep_customer", "updated")


def test_a_customer_who_was_told_is_told_again_on_another_day() -> None:
    facts = [*each_their_own(), *sweeping(NINE, 40, MINUTE), *sweeping(at(1, 10), 8, MINUTE)]
    done = Run(settings=replace(SETTINGS, signals=Signals(integrity=False))).feed(facts, until=at(1, 20))
    assert [one.signal for one in done.opened("boundary")] == ["sweep_customer", "sweep_customer"]


def test_states_of_earlier_versions_have_not_told_of_a_customer() -> None:
    done = run([*each_their_own(), *sweeping(NINE, 8, MINUTE)], integrity=False)
    state = done.watch._conduct.state()
    state[3] = [row[:3] for row in state[3]]
    done.watch._conduct.restore(state)
    assert [row[1:] for row in done.watch._conduct.state()[3]][-1] == [NINE + 1, "cove", False]


def test_many_records_of_one_customer_over_several_conversations() -> None:
    def asked(customer: str) -> list[Fact]:
        who: dict[str, Any] = {**BOT, "agent": "cove"}
        facts: list[Fact] = []
        for i in range(8):
            time, named = NINE + i * MINUTE, {**who, "customer": customer.format(i)}
            facts.append(started(time, f"x{i}", **named))
            facts.append(acted(time + 1, f"x{i}", subject=f"u{i}", **named))
        return facts

    habit = each_their_own()
    [opened] = run([*habit, *asked("eve")], integrity=False).opened("boundary")
    assert (opened.signal, opened.severity, opened.observed) == ("sweep_customer", "ticket", 5)
    assert not run([*habit, *asked("eve{}")]).opened("boundary"), "several customers"


def test_an_id_that_everybody_shares_is_nobody() -> None:
    facts: list[Fact] = []
    for i in range(1100):
        who: dict[str, Any] = {**BOT, "agent": "cove", "customer": "guest" if i % 3 == 0 else f"u{i}"}
        time = at(-3, 8) + i * 4 * MINUTE
        facts += [
            started(time, f"g{i}", **who),
            acted(time + 1, f"g{i}", subject=f"u{i}", **who),
            ended(time + 100, f"g{i}", **who),
        ]
    assert not run(facts).opened("boundary")


def test_an_agent_that_reads_a_little_more_in_each_conversation() -> None:
    def reading(count: int, records: int, since: int, name: str) -> list[Fact]:
        facts: list[Fact] = []
        for i in range(count):
            time, who = since + i * MINUTE, {**BOT, "agent": "cove", "customer": f"{name}{i}"}
            facts.append(started(time, f"{name}{i}", **who))
            facts += [
                acted(time + 1 + r, f"{name}{i}", subject=f"{name}{i}r{r}", **who) for r in range(records)
            ]
            facts.append(ended(time + 100, f"{name}{i}", **who))
        return facts

    quiet = [*reading(400, 1, at(-3, 9), "a"), *reading(100, 1, NINE, "b")]
    assert not run(quiet).opened("boundary")
    more = run([*reading(400, 1, at(-3, 9), "a"), *reading(100, 3, NINE, "b")])
    assert [(one.signal, one.severity) for one in more.opened("boundary")] == [("reads_more", "ticket")]


def test_an_agent_that_moves_more_is_an_info() -> None:
    def paying(count: int, amount: float, since: int, name: str) -> list[Fact]:
        each = ((since + i * MINUTE, f"{name}{i}", {**BOT, "customer": f"{name}{i}"}) for i in range(count))
        return [
            fact
            for i, (t, key, who) in enumerate(each)
            for fact in (
                started(t, key, **who),
                acted(t + 1, key, "Refund", amount=amount + i % 37 / 10, **who),
                ended(t + 100, key, **who),
            )
        ]

    done = run([*paying(400, 2.0, at(-3, 9), "a"), *paying(150, 40.0, NINE, "b")])
    assert not done.opened("boundary")
    told = {(one.signal, one.severity) for one in done.changes if one.kind == "boundary"}
    assert told == {("moves_more", "info")}


def paying(count: int, amount: float, since: int, name: str) -> list[Fact]:
    """Conversations that move so much each, a minute apart."""
    facts: list[Fact] = []
    for i in range(count):
        time, key, who = since + i * MINUTE, f"{name}{i}", {**BOT, "customer": f"{name}{i}"}
        paid = acted(time + 1, key, "Refund", amount=amount, **who)
        facts += [started(time, key, **who), paid, ended(time + 100, key, **who)]
    return facts


def test_amounts_given_back_do_not_park_a_tenant() -> None:
    back = paying(250, -1e6, at(-3, 9), "a")
    assert not run([*back, *paying(5, 5.0, NINE, "b")]).changes


def reading(count: int, records: int, since: int, name: str) -> list[Fact]:
    """Conversations that read so many records each, a minute apart."""
    facts: list[Fact] = []
    for i in range(count):
        time, key, who = since + i * MINUTE, f"{name}{i}", {**BOT, "customer": f"{name}{i}"}
        calls = [acted(time + 1 + r, key, subject=f"{key}r{r}", **who) for r in range(records)]
        facts += [started(time, key, **who), *calls, ended(time + 100, key, **who)]
    return facts


def free(facts: list[Fact]) -> Run:
    """Watched where the agent may read anybody's records."""
    known = registry(agents=[{**PINE, "subject": "any"}])
    return Run(Watch("shop", SETTINGS, known)).feed(facts, until=at(0, 20))


def test_an_open_split_does_not_hide_that_more_is_read() -> None:
    split = refunds([30, 42, 37], "s", customer="eve")
    done = free([*reading(400, 1, at(-3, 9), "a"), *split, *reading(100, 3, NINE + 5 * MINUTE, "b")])
    told = [(one.signal, one.severity) for one in done.changes if one.state == "open"]
    assert told == [("split", "info"), ("reads_more", "ticket")]


def test_an_open_sweep_says_already_that_more_is_read() -> None:
    sweep = [acted(NINE + i, "c", subject=f"u{i}", **BOT) for i in range(8)]
    facts = [*reading(400, 1, at(-3, 9), "a"), started(NINE - 1, **BOT), *sweep]
    done = free([*facts, *reading(100, 3, NINE + 5 * MINUTE, "b")])
    assert [one.signal for one in done.opened("boundary")] == ["sweep"]
