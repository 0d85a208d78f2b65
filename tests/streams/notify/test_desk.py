"""What receivers are told: once, in order, through repeats, outages, silences, groups and digests."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from streams.notify.notices import Gone, Later, Refused, Summary, Told
from streams.records.mutes import Lift
from tests.streams.notify.made import BEGIN, Told1, ack, alert, micros, notify, silence, steps

HOUR = 3600.0


def test_an_alert_opens_and_ends_once() -> None:
    told = Told1()
    told.take(alert())
    assert steps(told.told()) == [("a", "open")]
    told.take(alert(state="resolved", when=60))
    assert steps(told.told()) == [("a", "resolve")]
    assert told.told(now=HOUR) == []
    assert len(told.desk.book) == 0


def test_a_repeat_after_the_end_is_nothing_to_tell() -> None:
    told = Told1()
    changes = [alert(), alert(state="updated", when=30), alert(state="resolved", when=60)]
    told.take(*changes)
    assert steps(told.told()) == [("a", "open"), ("a", "resolve")]
    for change in changes:
        told.take(change)
        assert told.told() == []
    assert len(told.desk.book) == 0


def test_a_restart_with_its_rows_repeats_nothing_and_misses_nothing() -> None:
    before = Told1()
    changes = [alert(), alert("b", when=5), alert(state="resolved", when=60)]
    before.take(*changes[:2])
    assert steps(before.told()) == [("a", "open"), ("b", "open")]
    after = Told1()
    for row in before.rows:
        after.desk.remember(row)
    after.desk.remembered()
    after.take(*changes)
    assert steps(after.told()) == [("a", "resolve")]
    assert after.desk.position(0, 3) == 1


def test_what_opened_and_ended_unheard_is_told_whole() -> None:
    told = Told1()
    told.take(alert(), alert(state="updated", when=30, affected=99), alert(state="resolved", when=60))
    said = told.told()
    assert steps(said) == [("a", "open"), ("a", "resolve")]
    assert said[0].alert.affected == 99


def test_a_new_receiver_hears_what_is_open_not_what_is_over() -> None:
    told = Told1()
    told.take(alert(), alert(state="resolved", when=60), alert("b"))
    told.desk.newcomer("pager")
    assert steps(told.told()) == [("b", "open")]


def test_updates_are_paced_and_tell_the_latest() -> None:
    told = Told1()
    told.take(alert())
    told.told()
    for second in range(1, 50):
        told.take(alert(state="updated", when=second, affected=second), now=second)
        assert told.told(now=second) == []
    said = told.told(now=61)
    assert [(notice.step, notice.alert.affected, notice.loud) for notice in said] == [("update", 49, False)]


def test_more_severe_is_told_at_once_and_loud() -> None:
    told = Told1()
    told.take(alert(severity="ticket"))
    told.told()
    told.take(alert(state="updated", when=1, severity="page"), now=1)
    assert [(notice.step, notice.loud) for notice in told.told(now=1)] == [("update", True)]


def test_a_route_that_matches_later_opens_there() -> None:
    receivers = {"pager": {"type": "log"}, "desk": {"type": "log"}}
    routes = [{"match": ["severity=page"], "to": ["pager"]}, {"to": ["desk"]}]
    told = Told1(notify(receivers, routes=routes))
    told.take(alert(severity="ticket"))
    assert (steps(told.told("pager")), steps(told.told("desk"))) == ([], [("a", "open")])
    told.take(alert(state="updated", when=1, severity="page"), now=1)
    assert steps(told.told("pager", 1)) == [("a", "open")]
    told.take(alert(state="resolved", when=9, severity="page"), now=9)
    assert steps(told.told("pager", 9)) == [("a", "resolve")]
    assert steps(told.told("desk", 9)) == [("a", "resolve")]
    assert len(told.desk.book) == 0


def test_who_was_told_hears_the_end_whatever_the_routes_say_of_it_now() -> None:
    receivers = {"pager": {"type": "log"}, "desk": {"type": "log"}}
    routes = [{"match": ["severity=page"], "to": ["pager"]}, {"to": ["desk"]}]
    before = Told1(notify(receivers, routes=routes))
    changes = [
        alert(severity="ticket"), alert(state="updated", when=1, severity="page"),
        alert(state="resolved", when=9, severity="page"),
    ]  # fmt: skip
    for change in changes[:2]:
        before.take(change)
        before.told("pager")
        before.told("desk")
    # A restart reads the topic from the last change on that does not end it: it is for the pager alone.
    after = Told1(notify(receivers, routes=routes))
    for row in before.rows:
        after.desk.remember(row)
    after.desk.remembered()
    after.take(*changes[1:])
    assert steps(after.told("pager")) == [("a", "resolve")]
    assert steps(after.told("desk")) == [("a", "resolve")]
    assert len(after.desk.book) == 0


# -- said at once, before the slot closed --------------------------------------------------------------------


def test_what_was_said_at_once_is_confirmed_quietly() -> None:
    told = Told1()
    told.take(alert(confirmed=False, when=7))
    assert [notice.alert.confirmed for notice in told.told()] == [False]
    # The event that arrived first was not the first one.
    told.take(alert(when=3))
    said = told.told(now=1)
    assert [(notice.step, notice.loud, notice.alert.confirmed) for notice in said] == [
        ("update", False, True)
    ]
    told.take(alert(confirmed=False, when=7), now=2)
    assert told.told(now=HOUR) == []


def test_what_was_withdrawn_ends_where_it_was_told_and_is_silent_elsewhere() -> None:
    gone = alert(state="resolved", when=15, confirmed=False, evidence={"withdrawn": "b"})
    told = Told1()
    told.take(alert(confirmed=False))
    told.told()
    told.take(gone)
    assert steps(told.told()) == [("a", "resolve")]
    late = Told1()
    late.take(alert(confirmed=False), gone)
    assert late.told() == []
    assert len(late.desk.book) == 0


# -- silences and acknowledgements ---------------------------------------------------------------------------


def test_a_silence_holds_back_what_it_means_and_lets_it_go_at_its_end() -> None:
    told = Told1()
    told.desk.control(silence(until=100), BEGIN)
    told.take(alert(), alert("b", tenant="other", kind="volume"))
    assert steps(told.told(now=1)) == [("b", "open")]
    assert [fact.what for fact in told.facts] == ["muted", "told"]
    told.desk.look(BEGIN + 50)
    assert told.told(now=50) == []
    told.desk.look(BEGIN + 101)
    assert steps(told.told(now=101)) == [("a", "open")]


def test_an_end_is_never_muted_and_what_was_never_told_never_ends() -> None:
    told = Told1()
    told.take(alert())
    told.told()
    told.desk.control(silence(until=HOUR), BEGIN + 1)
    told.take(alert(state="resolved", when=60), alert("b"), alert("b", "resolved", 60), now=60)
    assert steps(told.told(now=60)) == [("a", "resolve")]
    assert len(told.desk.book) == 0


def test_a_silence_holds_updates_back_too() -> None:
    told = Told1()
    told.take(alert(severity="ticket"))
    told.told()
    told.desk.control(silence(until=300), BEGIN + 1)
    told.take(alert(state="updated", when=60, severity="page"), now=60)
    assert told.told(now=200) == []
    told.desk.look(BEGIN + 300)
    assert [notice.loud for notice in told.told(now=300)] == [True]


def test_a_maintenance_window_begins_and_ends_on_time() -> None:
    told = Told1()
    told.desk.control(silence(since=100, until=200), BEGIN)
    told.take(alert())
    assert steps(told.told(now=1)) == [("a", "open")]
    told.desk.look(BEGIN + 100)
    told.take(alert("b"), now=100)
    assert told.told(now=100) == []
    told.desk.look(BEGIN + 200)
    assert steps(told.told(now=200)) == [("b", "open")]


def test_a_weekly_window_comes_back_until_it_expires() -> None:
    told, week = Told1(), 7 * 24 * HOUR
    hours, opens = "Mon 14:14-15:14 UTC", 40
    window = replace(silence(since=-1, until=week + 3 * HOUR), weekly=hours, planned=True)
    assert told.desk.control(window, BEGIN) == ""
    for number, now in enumerate((opens, opens + week)):
        told.take(alert(f"before{number}"), now=now - 1)
        assert steps(told.told(now=now - 1)) == [(f"before{number}", "open")]
        told.desk.look(BEGIN + now)
        told.take(alert(f"during{number}"), now=now)
        assert told.told(now=now) == []
        told.desk.look(BEGIN + now + HOUR)
        assert steps(told.told(now=now + HOUR)) == [(f"during{number}", "open")]
    assert [one.id for one in told.desk.mutes.ending(BEGIN + week + 2 * HOUR, 2 * HOUR)] == ["s"]
    told.desk.look(BEGIN + 2 * week)
    assert told.desk.mutes.silences() == []


def test_a_window_that_nobody_can_read_is_refused() -> None:
    why = Told1().desk.control(replace(silence(), weekly="on Sundays"), BEGIN)
    assert "DAYS TIMES ZONE" in why


def test_a_silence_that_is_lifted_ends_at_once() -> None:
    told = Told1()
    told.desk.control(silence(until=HOUR), BEGIN)
    told.take(alert())
    assert told.told() == []
    told.desk.control(Lift(id="l", of="s", author="ada"), BEGIN + 5)
    assert steps(told.told(now=5)) == [("a", "open")]


def test_a_silence_that_is_said_again_means_what_was_said_last() -> None:
    for again in (silence("s", 0, 100, "tenant=other"), silence("s", 0, 5)):
        told = Told1()
        told.desk.control(silence("s", 0, 100), BEGIN)
        told.take(alert())
        assert told.told() == []
        told.desk.control(again, BEGIN + 10)
        assert steps(told.told(now=10)) == [("a", "open")]


def test_a_silence_never_mutes_trouble_that_is_elsewhere_too() -> None:
    told = Told1()
    told.desk.control(silence(until=HOUR), BEGIN)
    told.take(alert(scope={"tenant": ["acme", "other"]}))
    assert steps(told.told()) == [("a", "open")]


def test_who_has_it_in_hand_is_told_once_and_keeps_updates_quiet() -> None:
    told = Told1()
    told.take(alert(severity="ticket"))
    told.told()
    told.desk.control(ack(), BEGIN + 5)
    assert [(notice.step, notice.acked_by) for notice in told.told(now=5)] == [("update", "ada")]
    told.take(alert(state="updated", when=70, severity="ticket"), now=70)
    assert told.told(now=HOUR / 10) == []
    told.take(alert(state="updated", when=80, severity="page"), now=80)
    assert [notice.loud for notice in told.told(now=400)] == [True]
    told.take(alert(state="resolved", when=90), now=500)
    assert steps(told.told(now=500)) == [("a", "resolve")]


# -- groups --------------------------------------------------------------------------------------------------


def test_the_same_trouble_in_fifty_tenants_is_one_message() -> None:
    told = Told1()
    for number in range(50):
        told.take(alert(f"a{number}", tenant=f"t{number}", opened=number % 3 * 15.0), now=1)
    said = told.told(now=2)
    assert steps(said) == [("a0", "open")]
    said = told.told(now=70)
    assert steps(said) == [("a0", "update")]
    assert len(said[0].others) == 49
    assert not said[0].loud
    for number in range(49):
        told.take(alert(f"a{number}", "resolved", 200, tenant=f"t{number}"), now=200)
    assert all(notice.step == "update" for notice in told.told(now=200))
    told.take(alert("a49", "resolved", 300, tenant="t49"), now=300)
    assert steps(told.told(now=300)) == [("a0", "resolve")]
    assert len(told.desk.book) == 0


def test_trouble_of_another_kind_time_or_the_same_tenant_stands_by_itself() -> None:
    told = Told1()
    told.take(
        alert("a", tenant="x"),
        alert("b", tenant="y", kind="volume"),
        alert("c", tenant="y", opened=31),
        alert("d", tenant="x"),
    )
    assert {key for key, _ in steps(told.told())} == {"a", "b", "c", "d"}


def test_a_group_survives_a_restart() -> None:
    before = Told1()
    before.take(alert("a", tenant="x"), alert("b", tenant="y"))
    before.told()
    after = Told1()
    for row in before.rows:
        after.desk.remember(row)
    after.desk.remembered()
    after.take(alert("a", tenant="x"), alert("b", tenant="y"), alert("a", "resolved", 60, tenant="x"), now=61)
    assert all(notice.step == "update" for notice in after.told(now=61))
    after.take(alert("b", "resolved", 90, tenant="y"), now=90)
    assert steps(after.told(now=90)) == [("a", "resolve")]


def test_a_member_that_becomes_a_page_raises_its_group() -> None:
    told = Told1()
    told.take(alert("a", tenant="x", severity="ticket"), alert("b", tenant="y", severity="ticket"))
    assert steps(told.told()) == [("a", "open")]
    told.take(alert("b", "updated", 5, tenant="y", severity="page"), now=5)
    assert [(notice.key, notice.loud) for notice in told.told(now=5)] == [("a", True)]


def test_a_silenced_tenant_does_not_hide_the_others() -> None:
    told = Told1()
    told.desk.control(silence("s", 0, HOUR, "tenant=x"), BEGIN)
    told.take(alert("a", tenant="x"), alert("b", tenant="y"))
    assert steps(told.told()) == [("b", "open")]


# -- digests -------------------------------------------------------------------------------------------------


def test_tickets_wait_for_the_digest_and_pages_do_not() -> None:
    told = Told1(notify({"pager": {"type": "log", "digest_s": 3600}}))
    start = HOUR - micros(0) / 1e6 % HOUR  # the next full hour
    told.desk.look(BEGIN)
    told.take(alert("t", severity="ticket"), alert("i", severity="info", tenant="x"), alert("p", tenant="y"))
    assert steps(told.told()) == [("p", "open")]
    told.take(alert("t", "resolved", 60, severity="ticket"), now=60)
    assert told.told(now=60) == []
    told.desk.look(BEGIN + start)
    (said,) = told.told(now=start)
    assert isinstance(said, Summary)
    assert ([one.id for one in said.opened], [one.id for one in said.ended]) == (["i"], ["t"])
    told.desk.look(BEGIN + start + HOUR)
    assert told.told(now=start + HOUR) == []


def test_a_digest_that_was_not_taken_is_told_whole_later() -> None:
    told = Told1(notify({"pager": {"type": "log", "digest_s": 10}}))
    told.desk.look(BEGIN)
    told.take(alert(severity="ticket"))
    assert told.told() == []
    told.desk.look(BEGIN + 10)
    assert len(told.told(now=10, answer=Later("busy"))) == 1
    (said,) = told.told(now=200)
    assert [one.id for one in said.opened] == ["a"]
    told.desk.look(BEGIN + 300)
    assert told.told(now=300) == []


# -- receivers that fail -------------------------------------------------------------------------------------


def test_a_receiver_that_is_away_hears_everything_once_when_it_is_back() -> None:
    told = Told1()
    for number in range(20):
        told.take(alert(f"a{number}", kind="volume", opened=100.0 * number), now=number)
        told.told(now=number, answer=Later("status 503"))
    told.take(alert("a3", "resolved", 60, kind="volume"), now=60)
    attempts = sum(len(told.told(now=60 + n, answer=Later("status 503"))) for n in range(540))
    assert attempts < 40, "it is left alone while it is away"
    heard: list[tuple[str, str]] = []
    for second in range(600, 800):
        heard += steps(told.told(now=second))
    opens = [key for key, step in heard if step == "open"]
    assert sorted(opens) == sorted(f"a{number}" for number in range(20))
    assert heard.count(("a3", "resolve")) == 1
    assert len(heard) == 21


def test_pages_go_before_tickets() -> None:
    told = Told1()
    told.take(
        alert("t", severity="ticket"), alert("i", severity="info", kind="volume"), alert("p", kind="silence")
    )
    assert [key for key, _ in steps(told.told())] == ["p", "t", "i"]


def test_what_is_refused_is_not_told_again_and_is_recorded() -> None:
    told = Told1()
    told.take(alert())
    assert len(told.told(answer=Refused("status 400"))) == 1
    assert told.told(now=HOUR) == []
    assert [fact.what for fact in told.facts] == ["refused"]


def test_who_is_gone_is_left_alone() -> None:
    told = Told1()
    told.take(alert())
    told.told(answer=Gone("status 410"))
    told.take(alert("b"))
    assert told.told(now=HOUR) == []
    assert len(told.desk.book) == 0


def test_waiting_is_bounded_and_the_least_severe_go_first() -> None:
    told = Told1(notify(waiting=10))
    for number in range(30):
        severity = "page" if number < 5 else "info"
        told.take(alert(f"a{number}", kind="volume", opened=100.0 * number, severity=severity))
    said = [key for key, _ in steps(told.told())]
    assert said[:5] == [f"a{number}" for number in range(5)]
    assert len(said) == 10
    assert told.desk.posts["pager"].dropped_at


def test_ends_of_what_was_told_come_though_the_line_was_full() -> None:
    told = Told1(notify(waiting=10))
    given: dict[str, Any] = {"kind": "volume", "severity": "info"}
    told.take(*(alert(f"a{number}", opened=100.0 * number, **given) for number in range(5)))
    assert len(told.told()) == 5
    told.take(*(alert(f"a{number}", "resolved", 60, opened=100.0 * number, **given) for number in range(5)))
    told.take(*(alert(f"b{number}", kind="volume", opened=1000.0 + 100 * number) for number in range(10)))
    assert {step for _, step in steps(told.told())} == {"open"}
    told.desk.look(BEGIN)
    assert steps(told.told()) == [(f"a{number}", "resolve") for number in range(5)]


def test_rows_are_bounded_and_what_is_open_stays() -> None:
    told = Told1(notify(remembered=100))
    told.take(alert("open", kind="volume"))
    told.told()
    for number in range(500):
        told.take(alert(f"a{number}", tenant=""), alert(f"a{number}", "resolved", 1, tenant=""))
        told.told()
        told.desk.delivered.spill()
    assert len(told.desk.delivered) == 100
    assert told.desk.delivered.find("pager", "open") is not None


def test_an_alert_about_a_receiver_is_not_told_to_it() -> None:
    told = Told1(notify({"pager": {"type": "log"}, "other": {"type": "log"}}))
    told.take(alert(kind="pipeline", evidence={"receiver": "pager"}))
    assert (steps(told.told("pager")), steps(told.told("other"))) == ([], [("a", "open")])


def test_a_pipeline_alert_may_open_again() -> None:
    told = Told1()
    again = [alert(kind="pipeline"), alert(state="resolved", when=60, kind="pipeline")]
    told.take(*again)
    told.told()
    told.take(*(replace(change, at=change.at.replace("2026", "2027")) for change in again))
    assert steps(told.told()) == [("a", "open"), ("a", "resolve")]


def test_what_stands_is_what_is_open() -> None:
    told = Told1()
    told.take(alert("a"), alert("b", kind="volume"), alert("b", "resolved", 60, kind="volume"))
    told.told()
    assert [notice.key for notice in told.desk.standing("pager", BEGIN)] == ["a"]


def test_a_thread_is_kept_from_the_first_answer_on() -> None:
    told = Told1()
    told.take(alert())
    told.told(answer=Told("17.1"))
    told.take(alert(state="resolved", when=60))
    assert [notice.thread for notice in told.told()] == ["17.1"]


def test_a_repeat_has_the_same_message_id_and_news_another() -> None:
    first, second = Told1(), Told1()
    for told in (first, second):
        told.take(alert())
    one, two = first.told()[0], second.told()[0]
    assert one.message == two.message
    first.take(alert(state="resolved", when=9))
    assert first.told()[0].message != one.message
