"""Train and measure the n-gram weights of the injection check.

    python tests/bench/train_injection.py DATA [--out detectors/content/injection.weights]

DATA is a folder with `attacks.jsonl.gz` (kind, text), `jailbreakbench.jsonl.gz` (prompt),
`lookalikes.jsonl.gz` (text), and conversations with customers' turns (`sgd_sample`, `agent_runs_*`,
`bitext_dev`, `halueval_general_even`, each `.jsonl.gz`). Prints the table of `MODEL.md`: every attack source
held out of the training in turn, thresholds from ordinary turns that took no part either; then trains on
everything but the half that sets the threshold, and writes the weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from harmless_texts import HARMLESS
from river import linear_model, optim

from detectors.content import injection
from detectors.content.disguise import unwrap
from detectors.content.families import found
from detectors.content.ngrams import BITS, char_places, features, logit, places
from detectors.content.weights import Weights, dump, load

ORDINARY = ("sgd_sample", "agent_runs_retail", "agent_runs_airline", "bitext_dev")
MARKED = 0.5  # attacks that no family marks teach topics, not attacks: left out
EPOCHS = {"words": 3, "chars": 2}
RATE, SHRINK = 0.3, 1e-6
Places = dict[str, Callable[[Sequence[str]], list[int]]]
READ: Places = {"words": places, "chars": char_places}


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Rows of one file."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def halves(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """Distinct customers' turns of a file, split by conversation."""
    sides: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for index, row in enumerate(rows(folder, name)):
        for step in row["steps"]:
            if step["k"] == "turn" and step["role"] == "customer":
                sides[index % 2][step["text"]] = None
    return list(sides[0]), [text for text in sides[1] if text not in sides[0]]


class Material:
    """Everything there is to learn from, and what is held back."""

    def __init__(self, folder: Path) -> None:
        attacks = rows(folder, "attacks")
        self.attacks = {
            kind: [row["text"] for row in attacks if row["kind"] == kind]
            for kind in ("direct", "jailbreak", "indirect")
        }
        self.bench = sorted({row["prompt"] for row in rows(folder, "jailbreakbench")})
        split = [halves(folder, name) for name in ORDINARY]
        self.ordinary = [text for first, _ in split for text in first]
        self.held = [text for _, second in split for text in second]
        self.odd, self.odd_held = halves(folder, "halueval_general_even")
        looks = [row["text"] for row in rows(folder, "lookalikes")]
        self.mails = [text for text in looks if text.startswith("I got this e-mail")]
        looks = sorted(text for text in looks if not text.startswith("I got this e-mail"))
        random.Random(7).shuffle(looks)
        self.looks, self.looks_held = looks[::2], looks[1::2]
        self.quiet = {"lookalikes": self.looks_held, "odd": self.odd_held, "mails": self.mails}


def train(attacks: list[str], material: Material, kind: str) -> tuple[list[float], float]:
    """Table and bias of one kind of n-grams."""
    known = {text: unwrap(text[:4096]) for text in attacks}
    marked = [text for text, u in known.items() if found(u.plain, u.tokens).weight >= MARKED]
    harmless = material.ordinary + material.odd + (material.looks + HARMLESS) * 4
    repeat = max(1, min(8, len(harmless) // (6 * len(marked))))
    labelled = [(text, True) for text in marked * repeat] + [(text, False) for text in harmless]
    read = {text: features(READ[kind](unwrap(text[:4096]).tokens)) for text, _ in dict.fromkeys(labelled)}
    model = linear_model.LogisticRegression(optim.AdaGrad(RATE), l2=SHRINK, intercept_lr=0.05)
    for epoch in range(EPOCHS[kind]):
        random.Random(epoch).shuffle(labelled)
        for text, is_attack in labelled:
            model.learn_one(read[text], is_attack)
    table = [0.0] * (1 << BITS)
    for place, weight in model.weights.items():
        table[place] = max(-60000.0, min(60000.0, weight))
    return table, model.intercept


def weights_of(attacks: list[str], material: Material, version: str) -> bytes:
    """Both tables, and the log odds that one in 1,000 held ordinary turns reaches."""
    tables, numbers = {}, {}
    for kind in READ:
        tables[kind], bias = train(attacks, material, kind)
        odds = [logit(tables[kind], bias, READ[kind](unwrap(text[:4096]).tokens)) for text in material.held]
        numbers[f"{kind}_bias"], numbers[f"{kind}_at"] = bias, sorted(odds)[-(len(odds) // 1000) - 1]
    return dump(version, numbers, tables)


class Shares(NamedTuple):
    """limit: the score of one ordinary turn in 1,000. over: the share of ordinary ones at 0.5 or more. of: by
    set, its share above the limit, and at 0.5 or more."""

    limit: float
    over: float
    of: dict[str, tuple[float, float]]


def shares(data: bytes, material: Material, tests: dict[str, list[str]]) -> Shares:
    """What these weights find, and what they alarm about."""
    weights: Weights = load(data)
    with patch.object(injection, "shipped", lambda: weights):
        scores = sorted(injection.score(text).value for text in material.held)
        limit = max(scores[-(len(scores) // 1000) - 1], 1e-9)
        found = {}
        for test, texts in tests.items():
            values = [injection.score(text).value for text in texts]
            found[test] = (
                sum(value > limit for value in values) / len(values),
                sum(value >= 0.5 for value in values) / len(values),
            )
    return Shares(limit, sum(score >= 0.5 for score in scores) / len(scores), found)


def held_out(material: Material) -> Iterator[tuple[str, Shares]]:
    """Each source of attacks left out of the training in turn, with what must stay quiet beside it."""
    sources = {**material.attacks, "bench": material.bench}
    for held in ("jailbreak", "direct", "indirect"):
        others = [
            text for name, texts in sources.items() if name != held for text in texts if name != "indirect"
        ]
        data = weights_of(others, material, "held out")
        yield held, shares(data, material, {held: material.attacks[held], **material.quiet})


def show(name: str, found: Shares) -> None:
    """One row."""
    cells = [f"{test} {above:.3f} ({half:.3f})" for test, (above, half) in found.of.items()]
    print(f"{name:22s} 1/1000 at {found.limit:.3f}; at .5: {found.over:.5f} of ordinary;", *cells, flush=True)


def main() -> None:
    """Measure, train, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--version", default="1")
    given = parser.parse_args()
    material = Material(given.data)
    for held, found_by in held_out(material):
        show(f"without {held}", found_by)
    if given.out:
        every = material.attacks["direct"] + material.attacks["jailbreak"] + material.bench
        data = weights_of(every, material, given.version)
        show("shipped", shares(data, material, {**material.attacks, **material.quiet}))
        given.out.write_bytes(data)


if __name__ == "__main__":
    main()
