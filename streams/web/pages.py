"""The pages: plain values in, HTML out. No script, no request, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streams.records.alerts import RANK
from streams.verdicts.given import DOES, does
from streams.verdicts.tally import Row
from streams.web.html import Html, joined, table, tag

SEVERITY = {"page": "● page", "ticket": "▲ ticket", "info": "○ info"}  # told by shape and word, not by colour
SILENCES = {"1": "1 hour", "4": "4 hours", "24": "1 day", "168": "1 week"}
MOST = 500  # rows of a list; the newest


def page(title: str, *inside: str) -> str:
    """A whole document."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} - Floorwalker"),
        tag("link", rel="stylesheet", href="/style.css"),
    )
    links = {"/": "Open incidents", "/past": "Past incidents", "/verdicts": "Verdicts", "/replays": "Replays"}
    items = Html(" · ").join(tag("a", text, href=href) for href, text in links.items())
    top = tag("nav", Html(items), aria_label="Pages")
    skip = tag("a", "To the content", href="#content", class_="skip")
    body = tag("body", skip, top, tag("main", tag("h1", title), *inside, id="content"))
    return "<!doctype html>\n" + tag("html", head, body, lang="en")


def listed(title: str, alerts: list[dict[str, Any]], note: str, base: str = "/alert/") -> str:
    """Incidents, the most severe and newest first."""
    alerts = sorted(alerts, key=lambda a: (RANK[a["severity"]], a["opened_at"], a["id"]), reverse=True)
    rows = [
        [
            _severity(a["severity"]), a["kind"],
            tag("a", a["summary"], href=f"{base}{a['id']}"), a["opened_at"][:16].replace("T", " "),
            str(a["affected"]),
        ]
        for a in alerts[:MOST]
    ]  # fmt: skip
    if not rows:
        return page(title, tag("p", "None.", class_="lead"), tag("p", note))
    heads = ["Severity", "Kind", "What", "Opened (UTC)", "Conversations"]
    return page(title, table(f"{len(alerts)} incidents", heads, rows), tag("p", note))


def shown(alert: dict[str, Any], judged: str, forms: Html, runbook: str = "") -> str:
    """One incident with its evidence. judged: what was said of it; forms: what may be done."""
    evidence = alert["evidence"]
    facts = [
        ["Severity", _severity(alert["severity"])], ["State", alert["state"]],
        ["Since", alert["since"]], ["Opened", alert["opened_at"]], ["Last change", alert["at"]],
        ["Where", ", ".join(f"{name} {_plain(value)}" for name, value in alert["scope"].items())],
        ["Signal", f"{alert['signal']} ({alert['detector']})"],
        ["Observed", _amount(alert["observed"], alert["unit"])],
        ["Expected", _amount(alert["expected"], alert["unit"]) + _interval(alert["interval"])],
        ["Conversations", str(alert["affected"])], ["Verdict", judged or "none yet"], ["Id", alert["id"]],
    ]  # fmt: skip
    parts = [
        tag("p", alert["summary"], class_="lead"),
        tag("p", tag("strong", "First: "), alert["action"]),
        tag("p", evidence.get("explanation", "")),
        table("In figures", [], facts),
        *_evidence(evidence),
    ]
    if runbook:
        parts.append(tag("details", tag("summary", "Runbook"), tag("pre", runbook)))
    everything = tag("pre", json.dumps(evidence, indent=2))
    parts.append(tag("details", tag("summary", "All of the evidence"), everything))
    return page(alert["kind"].replace("_", " ").capitalize(), *parts, forms)


def _evidence(evidence: Mapping[str, Any]) -> list[Html]:
    found: list[Html] = []
    if evidence.get("by"):
        rows = [
            [one["dimension"], one["value"], f"{one['share_of_excess']:.0%}", f"{one.get('share', 0):.0%}"]
            for one in evidence["by"]
        ]
        found.append(table("Who carries the excess", ["What", "Which", "Of the excess", "Of all"], rows))
    if evidence.get("changed"):
        rows = [
            [one["what"], one["value"], one["at"], f"{one['minutes_before']} minutes"]
            for one in evidence["changed"]
        ]
        found.append(table("What changed near the onset", ["What", "Which", "When", "How long before"], rows))
    if evidence.get("examples"):
        said = [[one["role"], one["text"], one["conversation"]] for one in evidence["examples"]]
        found.append(table("Examples, redacted", ["Who", "What was said", "Conversation"], said))
    if evidence.get("conversations"):
        items = (tag("li", tag("code", one)) for one in evidence["conversations"])
        found.append(joined(tag("h2", "Conversations to read"), tag("ul", *items)))
    return found


def verdict_form(name: str, kind: str, csrf: str) -> Html:
    """What was it? kind: of the alert."""
    choices = [
        tag(
            "p",
            tag("input", type="radio", name="verdict", value=word, id=f"v-{word}", required=True),
            tag("label", tag("strong", word), f": {does(word, kind)}", for_=f"v-{word}", class_="choice"),
        )
        for word in DOES
    ]
    until = _field("until", "Quiet until (with expected; as 2026-04-06T10:00:00Z, else a day)")
    return _form(f"/alert/{name}/verdict", "What was it?", csrf, *choices, until, button="Say so")


def silence_form(name: str, csrf: str) -> Html:
    """Do not tell me."""
    options = (tag("option", text, value=hours) for hours, text in SILENCES.items())
    length = joined(tag("label", "For", for_="hours"), tag("select", *options, name="hours", id="hours"))
    what = tag("p", "Nobody is told of this kind in this place; it is recorded all the same.")
    return _form(f"/alert/{name}/silence", "Silence", csrf, what, length, button="Silence it")


def login_form(failed: bool) -> str:
    """Who are you?"""
    said = [tag("p", "That was not the token.", role="alert")] if failed else []
    token = joined(
        tag("label", "Token", for_="token"),
        tag("input", type="password", name="token", id="token", required=True),
    )
    form = tag("form", token, tag("p", tag("button", "Enter")), method="post", action="/login")
    return page("Enter", *said, form)


def precision(rows: list[Row]) -> str:
    """How many alerts were trouble."""
    heads = ["Month", "Kind", "Detector", "Alerts", "Real", "Expected", "False", "Normal", "Precision"]
    lines = [
        [
            row.period, row.kind, row.detector,
            *map(str, (row.alerts, row.real, row.expected, row.false, row.normal)),
            "" if row.precision is None or row.interval is None
            else f"{row.precision:.2f} ({row.interval[0]:.2f} to {row.interval[1]:.2f})",
        ]
        for row in rows
    ]  # fmt: skip
    note = "Precision: real among real and false, with its 95 % interval."
    return page("Verdicts", table("By month, kind and detector", heads, lines), tag("p", note))


def _form(action: str, title: str, csrf: str, *inside: str, button: str) -> Html:
    who = joined(_field("by", "Your name", required=True), _field("reason", "Why", required=True))
    hidden = tag("input", type="hidden", name="csrf", value=csrf)
    fields = tag("fieldset", tag("legend", title), *inside, who, tag("button", button))
    return tag("form", hidden, fields, method="post", action=action)


def _field(name: str, text: str, *, required: bool = False) -> Html:
    box = tag("input", type="text", name=name, id=f"f-{name}", required=required, maxlength="500")
    return joined(tag("label", text, for_=f"f-{name}"), box)


def _severity(name: str) -> Html:
    return tag("span", SEVERITY[name], class_=name)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value))


def _amount(value: float | None, unit: str) -> str:
    return "-" if value is None else f"{value:.3g} {unit}"


def _interval(interval: list[float] | None) -> str:
    return "" if interval is None else f" ({interval[0]:.3g} to {interval[1]:.3g} is normal)"
