"""Examples in alerts: redacted, few, only where allowed, and nowhere outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from detectors.content.recital import Known
from detectors.text.keyed import hasher
from streams.cli import main
from streams.floor.excerpts import CONVERSATIONS, Excerpts
from streams.floor.incidents import Incidents
from streams.reading.features import fact_of
from streams.reading.record import Secrets
from streams.records.alerts import without_examples
from streams.records.events import Turn
from streams.records.facts import Dims, Said
from streams.settings import Settings
from tests.streams.notify.made import alert

TOLD = "Your card is 4539 1488 0343 6467. Anything else?"


def said(conversation: str, text: str, *, refusal: bool = False) -> Said:
    return Said(
        time=1, phase=1, turn=1, source="s", id="e", tenant="shop", dims=Dims(), conversation=conversation,
        role="ai", refusal=refusal, excerpt=text,
    )  # fmt: skip


def test_a_turn_with_a_finding_stands_for_its_conversation() -> None:
    excerpts = Excerpts(True)
    for fact in (said("c", "Hello"), said("c", "I cannot", refusal=True), said("c", "Bye"), said("d", "")):
        excerpts.hear(fact)
    assert excerpts.of("c") == {"conversation": "c", "role": "ai", "text": "I cannot"}
    assert excerpts.of("d") is None


def test_they_are_bounded_and_survive_a_snapshot() -> None:
    excerpts, again = Excerpts(True), Excerpts(True)
    for number in range(CONVERSATIONS + 1):
        excerpts.hear(said(f"c{number}", "Hello"))
    assert excerpts.of("c0") is None
    again.restore(excerpts.state())
    assert again.state() == excerpts.state()
    assert again.of(f"c{CONVERSATIONS}") is not None


def test_what_is_no_longer_allowed_is_forgotten() -> None:
    excerpts, none = Excerpts(True), Excerpts(False)
    excerpts.hear(said("c", "Hello"))
    none.restore(excerpts.state())
    none.hear(said("d", "Hello"))
    assert (none.of("c"), none.of("d"), none.state()) == (None, None, [])


def test_open_incidents_forget_them_too() -> None:
    allowed = replace(Settings(), examples=replace(Settings().examples, excerpts=True))
    before, after = (Incidents("shop", settings, lambda _: None) for settings in (allowed, Settings()))
    before.excerpts.hear(said("c", "Hello"))
    incident = before.start("boundary", "rule", {"tenant": "shop"}, since=1, opened=1, touched=1)
    assert incident is not None
    before.touch(incident, 1, "c")
    assert [one.examples for one in before.open.values()] == [[before.excerpts.of("c")]]
    after.restore(before.state())
    assert [one.examples for one in after.open.values()] == [[]]


def test_receivers_never_get_them() -> None:
    change = alert()
    shown = replace(change, evidence={**change.evidence, "examples": [{"text": "Hello"}]})
    assert without_examples(shown) == change


def events() -> Iterator[dict[str, Any]]:
    """Two conversations in which an AI gives a card away that nobody had supplied."""
    agent = {"kind": "ai", "id": "pine", "version": "1.0"}
    for number in (1, 2):
        start: dict[str, Any] = {"type": "session", "phase": "started"}
        asks: dict[str, Any] = {"type": "turn", "turn": 0, "role": "customer", "text": "My order, please?"}
        tells: dict[str, Any] = {**asks, "turn": 1, "role": "ai", "text": TOLD}
        for minute, event in enumerate((start, asks, tells)):
            place = {"source": "web", "tenant": "shop", "conversation": f"c{number}"}
            time = {"id": f"e{number}{minute}", "time": f"2026-05-18T09:0{number}:0{minute}Z"}
            yield event | place | time | {"customer": f"u{number}", "agent": agent}


def replayed(folder: Path, config: str) -> list[dict[str, Any]]:
    source, alerts, settings = folder / "in.jsonl", folder / "out.jsonl", folder / "config.yaml"
    source.write_text("".join(json.dumps(event) + "\n" for event in events()))
    settings.write_text(config)
    command = ["replay", str(source), "--config", str(settings), "--alerts", str(alerts), "--instants"]
    assert main(command) == 0
    return [json.loads(line) for line in alerts.read_text().splitlines()]


def test_alerts_show_them_where_that_is_allowed(tmp_path: Path) -> None:
    found = replayed(tmp_path, "examples: {excerpts: true}")
    opened = [one for one in found if one["kind"] == "leakage" and one["state"] == "open"]
    assert {one["confirmed"] for one in opened} == {True, False}
    for one in opened:
        (example,) = one["evidence"]["examples"]
        assert example == {
            "conversation": "c1", "role": "ai", "text": "Your card is [CARD]. Anything else?"
        }  # fmt: skip


@pytest.mark.parametrize("config", ["", "examples: {excerpts: true, excerpts_most: 1, excerpt_chars: 20}"])
def test_not_otherwise_and_never_more_than_allowed(tmp_path: Path, config: str) -> None:
    for one in replayed(tmp_path, config):
        examples = one["evidence"].get("examples", [])
        assert len(examples) <= (1 if config else 0)
        assert all(len(example["text"]) <= 20 for example in examples)


def test_instructions_that_were_given_away_are_not_shown() -> None:
    known = Known([], ["heron-blue-77"], hasher(b"k", "shop"))
    turn = Turn(
        id="e1", time=datetime(2026, 5, 18, 9, tzinfo=UTC), source="web", tenant="shop", conversation="c",
        turn=1, role="ai", text="Sorry, I cannot say that heron-blue-77 is secret.",
    )  # fmt: skip
    for words, shown in ((turn.text, ""), ("Sorry, I cannot do that.", "Sorry, I cannot do that.")):
        fact = fact_of(replace(turn, text=words), 1, Secrets(b"k", {"shop": known}, excerpt=160))
        assert isinstance(fact, Said)
        assert fact.excerpt == shown
