"""Receiver `slack`: with a bot token one message an alert, its updates in the thread below; with the address
of an incoming webhook one message each (https://docs.slack.dev/reference/methods/chat.postMessage).

Text is escaped as Slack asks (`& < >`), so that no name can mention people or hide a link, and links are not
made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aiohttp
import msgspec

from streams.delivery import Slack
from streams.errors import ConfigError
from streams.notify.notices import Answer, Later, Notice, Refused, Summary, Told
from streams.notify.receivers.base import Reply, meaning, post
from streams.notify.words import details, digest_lines, digest_title, title

TEXT_LENGTH = 2900  # of a section, of 3000 that Slack takes: escaping is counted in
HEADER_LENGTH = 150
WAIT_S = 30.0  # where it says "ratelimited" without how long
COLOURS = {"page": "#c9252d", "ticket": "#e8912d", "info": "#5a7fa5"}
OVER = "#2f9e62"
OWN_ERRORS = frozenset(
    {"msg_too_long", "invalid_blocks", "invalid_blocks_format", "no_text", "too_many_attachments"}
)
"""Errors of one message; all others are about channel, token or Slack itself."""

_encode = msgspec.json.Encoder(order="deterministic").encode


class _Said(msgspec.Struct):
    ok: bool = False
    error: str = ""
    ts: str = ""


_decode = msgspec.json.Decoder(_Said).decode


class SlackSender:
    """secret: a bot token, or the address of an incoming webhook."""

    together = 1
    at_once = 1  # Slack takes about one message a second in a channel

    def __init__(self, settings: Slack, secret: str, session: aiohttp.ClientSession) -> None:
        self._settings, self._session = settings, session
        self._hook = secret if secret.startswith(("https://", "http://")) else ""
        self._token = "" if self._hook else secret
        if self._token and not settings.channel:
            raise ConfigError("notify.receivers", "slack with a bot token needs `channel`")

    async def tell(self, notices: Sequence[Notice]) -> list[Answer]:
        """A message, or a line in its thread, each."""
        return [await self._tell(notice) for notice in notices]

    async def sum_up(self, summary: Summary) -> Answer:
        """One message with a line for each alert."""
        said = cut("\n".join(map(escaped, digest_lines(summary))), TEXT_LENGTH)
        blocks = [header(digest_title(summary)), section(said)]
        return await self._post({"text": escaped(digest_title(summary)), "blocks": blocks})

    async def _tell(self, notice: Notice) -> Answer:
        what = message(notice)
        if notice.thread and self._token:
            what |= {"thread_ts": notice.thread, "reply_broadcast": notice.loud}
        return await self._post(what)

    async def _post(self, what: dict[str, Any]) -> Answer:
        what |= {"unfurl_links": False, "unfurl_media": False}
        timeout_s = self._settings.timeout_s
        if self._hook:
            return meaning(await post(self._session, self._hook, _encode(what), {}, timeout_s))
        what |= {"channel": self._settings.channel, "parse": "none", "link_names": False}
        url = self._settings.url.rstrip("/") + "/chat.postMessage"
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json; charset=utf-8",
        }
        return _answer(await post(self._session, url, _encode(what), headers, timeout_s))


def message(notice: Notice) -> dict[str, Any]:
    """Text for notifications and a block for the channel."""
    alert = notice.alert
    facts = "\n".join(f"*{name}* {escaped(value)}" for name, value in details(notice))
    colour = OVER if notice.step == "resolve" else COLOURS[alert.severity]
    said = title(notice)
    blocks = [section(cut(facts, TEXT_LENGTH))]
    return {
        "text": escaped(said),
        "attachments": [{"color": colour, "fallback": escaped(said), "blocks": blocks}],
    }


def header(text: str) -> dict[str, Any]:
    """A line in large letters; nothing in it is read as markup."""
    return {"type": "header", "text": {"type": "plain_text", "text": text[:HEADER_LENGTH], "emoji": False}}


def section(text: str) -> dict[str, Any]:
    """A paragraph, already escaped; names and addresses in it become no links."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def escaped(text: str) -> str:
    """
    >>> escaped("<!channel> & <https://x|y>")
    '&lt;!channel&gt; &amp; &lt;https://x|y&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, length: int) -> str:
    """Not longer than that, at the end of a line where there is one: no entity is torn apart."""
    if len(text) <= length:
        return text
    kept = text[: length - 2].rsplit("\n", 1)[0]
    return kept.rsplit("&", 1)[0] + "\n…" if "\n" not in text[: length - 2] else kept + "\n…"


def _answer(reply: Reply) -> Answer:
    """Slack says what went wrong in the body, with status 200."""
    if reply.status != 200:
        return meaning(reply)
    try:
        said = _decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Later("an answer that is none")
    if said.ok:
        return Told(said.ts)
    if said.error in OWN_ERRORS:
        return Refused(said.error)
    return Later(said.error[:80], WAIT_S if said.error == "ratelimited" else None)
