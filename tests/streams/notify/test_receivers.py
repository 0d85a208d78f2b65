"""One contract for all receivers, and what is particular to each."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from streams.delivery import Receiver
from streams.errors import ConfigError
from streams.notify.notices import Answer, Gone, Later, Notice, Refused, Summary, Told, message_id
from streams.notify.receivers import build
from streams.notify.receivers.alertmanager import AlertmanagerSender
from streams.notify.receivers.base import Sender
from streams.notify.receivers.log import LogSender
from streams.notify.receivers.slack import SlackSender
from streams.notify.service import session
from streams.records.alerts import Alert
from tests.streams.notify.fakes import (
    SECRET,
    Fake,
    FakeAlertmanager,
    FakeHook,
    FakePagerDuty,
    FakeSlack,
    FakeWebhook,
    serving,
)
from tests.streams.notify.made import alert, notify

FAKES: dict[str, tuple[type[Fake], dict[str, Any]]] = {
    "pagerduty": (FakePagerDuty, {}),
    "slack": (FakeSlack, {"channel": "C1"}),
    "webhook": (FakeWebhook, {}),
    "alertmanager": (FakeAlertmanager, {}),
}
each = pytest.mark.parametrize("kind", FAKES)
NASTY = "<!channel> <https://evil|click> *x* & \x1b[2J \u202egpj.exe\r\n[page] forged"


@asynccontextmanager
async def receiver(kind: str, **more: Any) -> AsyncIterator[tuple[Sender, Any]]:
    """A receiver and the server that it speaks to."""
    make, settings = FAKES[kind]
    async with serving(make()) as fake, session() as client:
        given = {"type": kind, "url": fake.url, "timeout_s": 2.0} | settings | more
        built = build(notify({"it": given}), {"it": SECRET}, client)
        yield built["it"], fake


def notice(step: Any = "open", thread: str = "", **more: Any) -> Notice:
    found: Alert = alert(state="resolved" if step == "resolve" else "open", **more)
    return Notice(
        key=found.id, step=step, alert=found, message=message_id(found.id, step, thread), thread=thread,
        loud=step == "open",
    )  # fmt: skip


async def tell(sender: Sender, *notices: Notice) -> list[Answer]:
    return list(await sender.tell(notices))


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(test())  # type: ignore[arg-type]


@each
def test_an_alert_rings_once_from_its_opening_to_its_end(kind: str) -> None:
    async def test() -> None:
        async with receiver(kind) as (sender, fake):
            (opened,) = await tell(sender, notice())
            assert isinstance(opened, Told)
            thread = opened.thread
            for step in ("update", "resolve"):
                assert isinstance((await tell(sender, notice(step, thread)))[0], Told)
            assert (len(fake.rings), len(fake.ended)) == (1, 1)

    run(test)


# Slack knows no ids: only the delivered log stands between a crash and a second message.
@pytest.mark.parametrize("kind", [kind for kind in FAKES if kind != "slack"])
def test_a_repeat_of_the_opening_does_not_ring_again(kind: str) -> None:
    async def test() -> None:
        async with receiver(kind) as (sender, fake):
            await tell(sender, notice())
            await tell(sender, notice())
            assert len(fake.rings) == 1

    run(test)


@each
@pytest.mark.parametrize(
    ("status", "wanted"), [(503, Later), (500, Later), (429, Later), (401, Later), (404, Later), (302, Later),
                           (400, Refused), (413, Refused), (410, Gone)],
)  # fmt: skip
def test_what_servers_say_is_sorted(kind: str, status: int, wanted: type[Answer]) -> None:
    async def test() -> None:
        async with receiver(kind) as (sender, fake):
            fake.plan, fake.after_s = [status], "7"
            (answer,) = await tell(sender, notice())
            assert type(answer) is wanted
            assert SECRET not in repr(answer)
            if isinstance(answer, Later):
                assert answer.after_s == 7

    run(test)


@each
def test_a_server_that_is_away_or_slow_is_asked_later(kind: str) -> None:
    async def test() -> None:
        async with receiver(kind, timeout_s=0.1) as (sender, fake):
            fake.slow_s = 0.4
            assert isinstance((await tell(sender, notice()))[0], Later)
        async with session() as client:
            make = {"type": kind, "url": "http://127.0.0.1:9"} | FAKES[kind][1]
            sender = build(notify({"it": make}), {"it": SECRET}, client)["it"]
            assert isinstance((await tell(sender, notice()))[0], Later)

    run(test)


@each
def test_names_that_attackers_choose_do_nothing(kind: str) -> None:
    async def test() -> None:
        async with receiver(kind) as (sender, fake):
            found = notice(
                summary=NASTY, scope={"tenant": NASTY, "queue": NASTY}, action=NASTY, signal=NASTY, id="x"
            )
            assert isinstance((await tell(sender, found))[0], Told)
            if kind == "webhook":  # data for a program: as it was, in JSON
                return
            said = json.dumps(fake.heard, ensure_ascii=False)
            for bad in ("\\u001b", "\u202e", "\\r", "\x1b"):
                assert bad not in said
            if kind == "slack":
                assert "<!channel>" not in said
                assert "&lt;!channel&gt;" in said
                assert '"verbatim": true' in said

    run(test)


@each
def test_enormous_alerts_are_cut_not_refused(kind: str) -> None:
    async def test() -> None:
        async with receiver(kind) as (sender, _):
            many = tuple(alert(f"a{n}", tenant=f"t{n}" * 50) for n in range(200))
            huge = {"x": ["y" * 1000] * 1000}
            found = alert(evidence=huge, summary="s" * 5000, scope={"tenant": "t" * 9000})
            big = Notice(key="k", step="open", alert=found, message="m", others=many)
            assert isinstance((await tell(sender, big))[0], Told)

    run(test)


@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_a_digest_is_one_message(kind: str) -> None:
    async def test() -> None:
        async with receiver(kind) as (sender, fake):
            opened = tuple(alert(f"a{n}") for n in range(200))
            summary = Summary(opened=opened, ended=(alert("e", "resolved"),), message="m")
            assert isinstance(await sender.sum_up(summary), Told)
            assert len(fake.heard) == 1

    run(test)


# -- particulars ---------------------------------------------------------------------------------------------


def test_slack_puts_updates_into_the_thread_and_honours_its_own_way_of_failing() -> None:
    async def test() -> None:
        async with receiver("slack") as (sender, fake):
            (opened,) = await tell(sender, notice())
            assert isinstance(opened, Told)
            await tell(sender, notice("update", opened.thread))
            assert [said.get("thread_ts") for said in fake.heard] == [None, opened.thread]
            assert fake.heard[0]["channel"] == "C1"
        async with serving(FakeSlack()) as fake, session() as client:
            settings = notify({"it": {"type": "slack", "url": fake.url, "channel": "C"}}).receivers["it"]
            wrong = build(notify({"it": msgspec.to_builtins(settings)}), {"it": "other"}, client)["it"]
            assert (await tell(wrong, notice())) == [Later("invalid_auth")]

    run(test)


def test_slack_by_an_incoming_webhook_has_no_threads() -> None:
    async def test() -> None:
        async with serving(FakeHook()) as fake, session() as client:
            sender = build(notify({"it": {"type": "slack"}}), {"it": f"{fake.url}/services/x"}, client)["it"]
            assert await tell(sender, notice()) == [Told()]
            assert "thread_ts" not in fake.heard[0]

    run(test)


def test_alertmanager_keeps_the_good_ones_of_a_post_that_is_refused() -> None:
    async def test() -> None:
        async with receiver("alertmanager") as (sender, fake):
            fake.plan = [400, 400]
            answers = await tell(sender, notice(id="a"), notice(id="b"))
            assert [type(answer) for answer in answers] == [Refused, Told]
            assert fake.rings == ["b"]

    run(test)


def test_alertmanager_is_told_again_what_stands_and_what_ended_lately() -> None:
    async def test() -> None:
        async with receiver("alertmanager") as (sender, fake):
            assert isinstance(sender, AlertmanagerSender)
            await tell(sender, notice(id="a"), notice(id="b"))
            await tell(sender, notice("resolve", id="b"))
            fake.open.clear()  # a restart forgets
            assert await sender.repeat([notice("update", id="a")]) == Told()
            assert (fake.rings, fake.ended) == (["a", "b", "a"], ["b"])
            assert [said["labels"]["id"] for said in fake.heard[-2:]] == ["a", "b"]

    run(test)


def test_alertmanager_hears_the_end_of_what_became_more_severe() -> None:
    async def test() -> None:
        async with receiver("alertmanager") as (sender, fake):
            await tell(sender, notice(severity="ticket"))
            risen = notice("update", severity="page")
            await tell(sender, msgspec.structs.replace(risen, loud=True))
            assert [json.loads(key)["severity"] for key in fake.open] == ["page"]

    run(test)


def test_labels_of_alertmanager_do_not_change_while_an_alert_is_open() -> None:
    async def test() -> None:
        async with receiver("alertmanager", labels={"team": "floor"}) as (sender, fake):
            await tell(sender, notice())
            await tell(sender, notice("update", scope={"tenant": "acme", "queue": "refunds"}, affected=99))
            assert fake.heard[0]["labels"] == fake.heard[1]["labels"]
            assert fake.heard[0]["labels"]["team"] == "floor"

    run(test)


def test_the_log_writes_a_line_each() -> None:
    lines: list[bytes] = []
    sender = LogSender(lines.append)
    assert asyncio.run(tell(sender, notice(), notice("resolve"))) == [Told(), Told()]
    assert [json.loads(line)["step"] for line in lines] == ["open", "resolve"]


@pytest.mark.parametrize(
    ("settings", "secret", "said"),
    [
        ({"type": "pagerduty"}, "", "notify.receivers.it.secret_file: missing"),
        ({"type": "webhook", "url": "http://h"}, "plain", "notify.receivers.it: its secret is not whsec_"),
        ({"type": "webhook", "url": "http://h"}, "whsec_c2hvcnQ=", "its secret is not whsec_"),
        ({"type": "slack"}, "xoxb-1", "needs `channel`"),
        ({"type": "apprise"}, "x", "apprise"),
    ],
)
def test_receivers_that_cannot_be_made_are_named(settings: dict[str, Any], secret: str, said: str) -> None:
    async def test() -> None:
        async with session() as client:
            with pytest.raises(ConfigError) as caught:
                build(notify({"it": settings}), {"it": secret}, client)
            assert said in str(caught.value)
            assert not secret or secret == "x" or secret not in str(caught.value)

    run(test)


class Service:
    """As the library has them. hangs: however long it is given."""

    def __init__(self, hangs: bool) -> None:
        self.socket_connect_timeout = self.socket_read_timeout = 4.0
        self.hangs = hangs


class Library(list[Service]):
    """Stands for apprise, which is an extra."""

    def add(self, address: str) -> bool:
        self.append(Service(address == "hangs"))
        return True

    def notify(self, **_: Any) -> bool:
        if self[0].hangs:
            time.sleep(1.0)
        return True


@pytest.mark.parametrize(("address", "answer"), [("well", Told()), ("hangs", Later("TimeoutError"))])
def test_apprise_is_given_as_much_time_as_others(
    address: str, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", cast(Any, SimpleNamespace(Apprise=Library)))

    async def test() -> None:
        async with session() as client:
            senders = build(notify({"it": {"type": "apprise", "timeout_s": 0.1}}), {"it": address}, client)
            (service,) = cast(Any, senders["it"])._client
            assert service.socket_connect_timeout == service.socket_read_timeout == 0.1
            assert await senders["it"].tell([notice()]) == [answer]

    run(test)


def test_nobody_to_tell_is_a_mistake() -> None:
    async def test() -> None:
        async with session() as client:
            with pytest.raises(ConfigError, match=r"notify\.receivers: none"):
                build(msgspec.convert({}, type(notify())), {}, client)

    run(test)


def test_every_kind_of_receiver_is_here() -> None:
    kinds = {kind.__struct_config__.tag for kind in Receiver.__args__}
    assert kinds == {*FAKES, "log", "apprise"}
    assert SlackSender.at_once == AlertmanagerSender.at_once == 1
