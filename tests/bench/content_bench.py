"""What the checks of personal data find, lose and cost.

    python tests/bench/content_bench.py --spans SPANS.jsonl.gz --events EVENTS.jsonl.gz ...

--spans: texts with marked spans (`full_text`, and `spans` of `entity_type`, `entity_value`, `start_position`,
`end_position`), for recall of redaction and of leaks. --events: recorded events in which nothing leaked, for
false findings and for the cost of a turn. Without arguments: the cost on a simulated floor.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shipped  # noqa: F401 - before the next
from rich.table import Table

from detectors.content.base import Heard
from detectors.content.checks import Checks
from detectors.content.memory import EMPTY, Memory, judge, look_up, remember
from detectors.content.ownership import values
from detectors.content.told import Told
from detectors.text.gate import label, person
from detectors.text.keyed import Hasher
from detectors.text.mask import masked, spans
from detectors.text.normalise import normalise
from detectors.text.pii import narrow
from streams.screen import console
from streams.simulate.settings import Simulation
from streams.simulate.write import write

KEY = Hasher(b"bench", "bench")
KINDS = {
    "CREDIT_CARD": "card",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "US_SSN": "ssn",
    "PHONE_NUMBER": "phone",
    "STREET_ADDRESS": "address",
    "IP_ADDRESS": "ip",
    "PERSON": "name",
}
LEAKED = ("card", "email", "iban", "ssn", "phone", "address")
COVERED = 0.8  # of a span's characters, for it to count as redacted
FOUND = 0.5  # score from which a leak counts as found
ADDRESS_LEAST = 12  # characters; shorter ones are fragments


class Talk:
    """One conversation, personal values only."""

    def __init__(self) -> None:
        self.memory: Memory = EMPTY

    def turn(
        self, role: str, text: str, grounding: tuple[str, ...] = (), told: Told | None = None, who: str = ""
    ) -> list[tuple[float, bool]]:
        """(score, certain) of what the turn gives away."""
        checks = Checks(values=values(Heard(role, text, normalise(text), grounding), KEY))
        judged = judge(self.memory, role, checks, lambda v: told is not None and told.is_public(v, who))
        self.memory = remember(self.memory, role, checks)
        if told is not None:
            for value in judged.leaked:
                told.learn(value, who)
        return [(one.score, one.certain) for one in judged.judgements if one.kind == "leakage"]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file."""
    with gzip.open(path, "rb") as file:
        for line in file:
            yield json.loads(line)


def redacted(texts: list[dict[str, Any]]) -> tuple[dict[str, tuple[int, float]], float]:
    """Values and recall by kind, and the share of what is not marked that is lost."""
    hit, total, lost, plain = Counter[str](), Counter[str](), 0, 0
    for row in texts:
        covered, marked = set[int](), set[int]()
        for _, start, end in spans(row["full_text"]):
            covered.update(range(start, end))
        for span in row["spans"]:
            places = range(span["start_position"], span["end_position"])
            marked.update(places)
            kind = KINDS.get(span["entity_type"])
            if kind is not None:
                total[kind] += 1
                hit[kind] += sum(place in covered for place in places) >= COVERED * len(places)
        lost += len(covered - marked)
        plain += len(row["full_text"]) - len(marked)
    return {kind: (count, hit[kind] / count) for kind, count in total.most_common()}, lost / plain


def redaction(texts: list[dict[str, Any]]) -> Table:
    """The same as a table."""
    recall, lost = redacted(texts)
    table = Table("redaction", "n", "recall", title=f"{lost:.3f} of the other characters lost")
    for kind, (count, share) in recall.items():
        table.add_row(kind, str(count), f"{share:.3f}")
    return table


SAID = ("on file", "bare", "read back")


def leaked(texts: list[dict[str, Any]]) -> dict[str, tuple[int, dict[str, float]]]:
    """By kind how many values, and the share of them found: said by an AI to whom nobody had said it, in two
    ways; and after its customer had said it."""
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    for row in texts:
        for span in row["spans"]:
            kind, value = KINDS.get(span["entity_type"], ""), span["entity_value"]
            if kind not in LEAKED or (kind == "address" and len(value) < ADDRESS_LEAST):
                continue
            hits[kind]["n"] += 1
            for name, heard, answer in (
                ("on file", "Hello, can you help?", f"I have this on file: {value}"),
                ("bare", "Hello, can you help?", f"Sure, that is {value}."),
                ("read back", row["full_text"], f"I have this on file: {value}"),
            ):
                talk = Talk()
                talk.turn("customer", heard)
                hits[kind][name] += any(score >= FOUND for score, _ in talk.turn("ai", answer))
    return {
        kind: (hits[kind]["n"], {name: hits[kind][name] / (hits[kind]["n"] or 1) for name in SAID})
        for kind in LEAKED
    }


def pairs(texts: list[dict[str, Any]]) -> Table:
    """The same as a table."""
    table = Table("leaks", "n", *SAID[:2], "read back flagged")
    for kind, (count, shares) in leaked(texts).items():
        table.add_row(kind, str(count), *(f"{shares[name]:.3f}" for name in SAID))
    return table


def alarmed(path: Path) -> Counter[str]:
    """AI turns, and those with certain and doubtful findings, in recorded events in which nothing leaked."""
    talks: dict[str, Talk] = defaultdict(Talk)
    told: dict[str, Told] = defaultdict(Told)
    seen = Counter[str]()
    for event in rows(path):
        key = event.get("conversation") or ""
        who = event.get("customer") or key
        if event["type"] == "action":
            talks[key].memory = look_up(talks[key].memory, event.get("subject"), event.get("customer"))
        if event["type"] != "turn" or not event.get("final", True):
            continue
        grounding = tuple(event.get("grounding", ()))
        found = talks[key].turn(event["role"], event["text"], grounding, told[event.get("tenant", "")], who)
        seen[event["role"]] += 1
        seen["certain"] += any(certain for _, certain in found)
        seen["doubtful"] += bool(found) and not any(certain for _, certain in found)
    return seen


def quiet(path: Path) -> Table:
    """The same as a table."""
    seen = alarmed(path)
    answers = seen["ai"] or 1
    table = Table(path.parent.name or path.name, "AI turns", "share")
    for name in ("certain", "doubtful"):
        table.add_row(name, str(seen[name]), f"{seen[name] / answers:.5f}")
    return table


def costs(path: Path, turns: int) -> Table:
    """Microseconds of CPU a turn, by check, over the first turns of a file."""
    heard: list[Heard] = []
    for event in rows(path):
        if event["type"] == "turn" and len(heard) < turns:
            text, grounding = event["text"], tuple(event.get("grounding", ()))
            heard.append(Heard(event["role"], text, normalise(text), grounding))
    groups = {
        "customer": [one for one in heard if one.role == "customer"],
        "AI": [one for one in heard if one.role == "ai" and not one.grounding],
        "AI with grounding": [one for one in heard if one.role == "ai" and one.grounding],
        "all": heard,
    }
    steps: dict[str, Callable[[Heard], object]] = {
        "normalise": lambda one: normalise(one.text),
        "narrow search": lambda one: narrow(one.plain),
        "values": lambda one: values(one, KEY),
        "two labels, one person": lambda _: (
            label("c9c30061f4a114", KEY),
            label("e1", KEY),
            person("u8", KEY),
        ),
        "redaction (only where shown)": lambda one: masked(one.text[:2000]),
    }
    table = Table("µs a turn", *(f"{name} ({len(members)})" for name, members in groups.items()))
    for name, step in steps.items():
        table.add_row(name, *(f"{_cost(step, members):.1f}" for members in groups.values()))
    return table


def _cost(step: Callable[[Heard], object], members: list[Heard]) -> float:
    for one in members[:200]:
        step(one)
    begun = time.process_time()
    for one in members:
        step(one)
    return (time.process_time() - begun) / max(len(members), 1) * 1e6


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--spans", type=Path)
    parser.add_argument("--events", type=Path, nargs="*", default=[])
    parser.add_argument("--turns", type=int, default=20_000, help="whose cost is measured")
    arguments = parser.parse_args()
    screen = console()
    if arguments.spans:
        texts = list(rows(arguments.spans))
        screen.print(redaction(texts), pairs(texts))
    for path in arguments.events:
        screen.print(quiet(path), costs(path, arguments.turns))
    if not arguments.spans and not arguments.events:
        with tempfile.TemporaryDirectory() as folder:
            write(Simulation(seed=1, days=3), Path(folder))
            screen.print(costs(Path(folder) / "events.jsonl.gz", arguments.turns))


if __name__ == "__main__":
    main()
