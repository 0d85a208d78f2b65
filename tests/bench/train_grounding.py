"""Train and measure the weights of the groundedness check.

    python tests/bench/train_grounding.py DATA

DATA is a folder with `begin_dev.jsonl.gz`: sessions with `failed` and turns with `grounding`. Prints the AUC
with every subset held out of the training in turn, then the weights from all of it, to be put into
`detectors/content/grounding.py`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.content import grounding
from detectors.content.overlap import NAMES, Ground, features, grounds, parts_of

SHRINK = 30.0  # ridge penalty: three subsets of some hundred answers each
Row = NDArray[np.float64]


def fit(rows: Row, labels: Row) -> tuple[Row, float]:
    """Weights and bias of a ridge logistic regression, by Newton's method on standardised numbers."""
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    table = np.column_stack([np.ones(len(rows)), (rows - mean) / spread])
    penalty = SHRINK * np.diag([0.0] + [1.0] * rows.shape[1])
    w = np.zeros(table.shape[1])
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-table @ w))
        step = table.T @ (p - labels) + penalty @ w
        w -= np.linalg.solve((table * (p * (1.0 - p))[:, None]).T @ table + penalty, step)
    weights = w[1:] / spread
    return weights, float(w[0] - weights @ mean)


def auc(scores: Row, labels: Row) -> float:
    """Chance that a bad answer scores above a good one."""
    bad, good = scores[labels == 1.0], scores[labels == 0.0]
    return float(((bad[:, None] > good).sum() + 0.5 * (bad[:, None] == good).sum()) / (len(bad) * len(good)))


class Material:
    """Answers with the texts they were given, their numbers, labels (1: unsupported) and subsets."""

    def __init__(self, folder: Path) -> None:
        self.answers: list[tuple[str, list[str]]] = []
        labels, subsets = [], []
        with gzip.open(folder / "begin_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                turn = [step for step in row["steps"] if step.get("grounding")][-1]
                self.answers.append((turn["text"], turn["grounding"]))
                labels.append(float(row["failed"]))
                subsets.append(row["key"].split("/")[1])
        self.table = np.array([_row_of(text, grounds(given)) for text, given in self.answers])
        self.labels, self.subsets = np.array(labels), np.array(subsets)


def _row_of(text: str, rest_on: list[Ground]) -> list[float]:
    return features(parts_of(text, rest_on), "?" in text, rest_on)


def held_out(material: Material) -> dict[str, tuple[float, int]]:
    """AUC and answers of every subset held out of the training in turn; `pooled`: of all of them."""
    table, labels = material.table, material.labels
    pooled = np.zeros(len(labels))
    found = {}
    for subset in sorted(set(material.subsets)):
        held = material.subsets == subset
        weights, bias = fit(table[~held], labels[~held])
        pooled[held] = bias + table[held] @ weights
        found[str(subset)] = (auc(pooled[held], labels[held]), int(held.sum()))
    return {**found, "pooled": (auc(pooled, labels), len(labels))}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    material = Material(parser.parse_args().data)
    for subset, (found_auc, count) in held_out(material).items():
        name = "pooled, each held out" if subset == "pooled" else f"without {subset}"
        print(f"{name}: AUC {found_auc:.3f} of {count}")
    table, labels, answers = material.table, material.labels, material.answers
    weights, bias = fit(table, labels)
    print(NAMES, [round(float(w), 3) for w in weights], round(bias, 3))
    start = time.process_time()
    shipped = [grounding.score(text, given) for text, given in answers]
    cost = (time.process_time() - start) / len(answers) * 1e6
    values = np.array([found.groundedness.value for found in shipped if found is not None])
    figures = np.array([found.figures.value for found in shipped if found is not None])
    print(f"shipped, in sample: {auc(values, labels):.3f}; figures {auc(figures, labels):.3f}")
    print(f"{cost:.0f} µs an answer")


if __name__ == "__main__":
    main()
