"""Injection: does a text try to command the AI that reads it.

Families of wording and hashed n-grams add up to one weight, taken over every reading of the text (decoded,
unspaced, folded); a logistic curve makes a score of it whose 0.5 is crossed by about one in 1,000 ordinary
customer turns. Documents (grounding, mails, comments) are read in pieces with a threshold of their own, and
for sentences that speak to an assistant. A score only proposes: it takes bursts, actors or outcomes to alert.
Numbers, sources and limits of the shipped weights: `MODEL.md` beside this file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from detectors.content.base import Score
from detectors.content.disguise import NO_TRICK, Trick, Unwrapped, unwrap
from detectors.content.families import found
from detectors.content.ngrams import char_places, logit, places
from detectors.content.planted import OVERLAP, PIECE, pieces, planted
from detectors.content.weights import Weights, load
from detectors.text.engine import pattern
from detectors.text.tokens import words

HEAD_CHARS, TAIL_CHARS = 3072, 1024  # of a turn: prompts of several pages show themselves at either end
DOCUMENT_CHARS = 16384  # of a document; 35 pieces
DOCUMENTS = 256  # remembered: the same policies and records come back with every answer
FAINT = 0.4  # below, harmless look-alikes are as frequent as attacks: nothing is said
STEEP = 4.0  # how fast the score rises: a weight .5 over the threshold is .88
TURN, DOCUMENT = 0.39, 0.8  # weights that one ordinary turn (document) in 1,000 reaches
PASTED_CHARS = 250  # a shorter turn is nobody's mail
NO_SIGN = "none"
_SILENT = Score(0.0, NO_SIGN)
FAR = -0.2  # a weight so far below the threshold scores .31: faint without a look at the curve


def score(text: str, seen: frozenset[int] | None = None) -> Score:
    """How much a customer's turn is an attack; reason: the heaviest family, `ngrams`, or `planted`. seen:
    which of `disguise.PATTERNS` it shows, where that is known."""
    best, reason = _weigh_turn(unwrap(text[:DOCUMENT_CHARS], seen=seen))
    turn = _score(best - TURN, reason)
    if len(text) >= PASTED_CHARS and _MAIL.holds(text):
        document = score_document(text)
        if document.value > turn.value:
            return document
    return turn


@lru_cache(maxsize=DOCUMENTS)
def score_document(text: str) -> Score:
    """How much a document (grounding, mail, comment, form field) holds instructions for an AI."""
    unwrapped = unwrap(text[:DOCUMENT_CHARS], spelled=False)
    best, reason = _weigh_pieces(unwrapped.plain, unwrapped.tokens)
    for hidden in unwrapped.hidden:
        weight, why = _weigh_pieces(hidden, words(hidden))
        if weight > 0.0 and weight + DISGUISED > best:
            best, reason = weight + DISGUISED, why
    return _score(best - DOCUMENT, reason)


def score_documents(texts: Sequence[str]) -> Score | None:
    """The highest of several documents; None where there are none."""
    if not texts:
        return None
    return max((score_document(text) for text in texts), key=lambda found: found.value)


DISGUISED = 0.42  # for hiding at all: just too little without any other sign
DIGITS = 0.2  # digits in words also stand in names of things


def _weigh_turn(unwrapped: Unwrapped) -> tuple[float, str]:
    best, reason = _weigh(unwrapped.plain, unwrapped.tokens)
    if unwrapped.tricks is NO_TRICK:
        return best, reason
    if unwrapped.tricks & (Trick.INVISIBLE | Trick.LOOKALIKE) and best > 0.0:
        best += DISGUISED
    for hidden in unwrapped.hidden:
        again = unwrap(hidden)  # what is wrapped twice is unwrapped twice, no more
        readings = [_weigh(again.plain, again.tokens)]
        readings += [_weigh(deeper, words(deeper)) for deeper in again.hidden[:1]]
        weight, why = max(readings)
        weight += DIGITS if unwrapped.tricks == Trick.DIGITS else DISGUISED
        if weight > best:
            best, reason = weight, why
    return best, reason


def _ends(text: str, tokens: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The text's head and tail, where it is long."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text, tokens
    said = text[:HEAD_CHARS] + " " + text[-TAIL_CHARS:]
    return said, words(said)


def _weigh(plain: str, tokens: Sequence[str]) -> tuple[float, str]:
    """Weight of one reading: families, and n-grams within bounds, so that neither decides alone."""
    plain, tokens = _ends(plain, tokens)
    signs = found(plain, tokens)
    if not signs.names and len(tokens) < LONG_WORDS:
        return signs.weight + LEAST, NO_SIGN
    weights = shipped()
    at = weights.numbers
    raw = logit(weights.tables["words"], at["words_bias"], places(tokens))
    learned = _bounded((raw - at["words_at"]) / SLOPE, LEAST, MOST)
    weight = signs.weight + learned
    if -SECOND_LOOK < weight - TURN < SECOND_LOOK:
        raw = logit(weights.tables["chars"], at["chars_bias"], char_places(tokens))
        weight += _bounded((raw - at["chars_at"]) / SLOPE, LEAST_CHARS, MOST_CHARS)
    return weight, signs.names[0] if signs.names else "ngrams"


SLOPE = 5.0  # log odds that count as much as a family of weight 1
LEAST, MOST = -0.1, 0.6
LEAST_CHARS, MOST_CHARS = -0.1, 0.3
LONG_WORDS = 24  # a shorter text without any sign of the families is not looked at again
DOCUMENT_CALM = -3.0  # a help page on passwords is full of them
SECOND_LOOK = 0.35  # so near the threshold, a closer look may change the verdict


def _weigh_pieces(text: str, tokens: Sequence[str]) -> tuple[float, str]:
    """Weight of the heaviest piece of a document."""
    if len(text) <= PIECE + OVERLAP:
        return _weigh_piece(text, tokens)
    if not found(text, tokens).names and planted(text) == 0.0:  # then no piece shows a sign either
        return 0.0, NO_SIGN
    return max((_weigh_piece(piece, words(piece)) for piece in pieces(text)), key=lambda found: found[0])


def _weigh_piece(piece: str, tokens: Sequence[str]) -> tuple[float, str]:
    signs = found(piece, tokens, most_calm=DOCUMENT_CALM)
    asked = planted(piece)
    weight = max(signs.weight, 0.0) + asked
    if weight <= 0.0:
        return 0.0, NO_SIGN
    return weight, signs.names[0] if signs.names and signs.weight >= asked else "planted"


def _bounded(value: float, least: float, most: float) -> float:
    return least if value < least else most if value > most else value


def _score(distance: float, reason: str) -> Score:
    if distance < FAR:
        return _SILENT
    value = round(1.0 / (1.0 + math.exp(-STEEP * distance)), 4)
    return Score(value, reason) if value >= FAINT else _SILENT


@cache
def shipped() -> Weights:
    """The weights that come with the product, read once."""
    return load(files("detectors.content").joinpath("injection.weights").read_bytes())


_MAIL = pattern(
    r"\b(?:subject|from|sent|to|date|content) ?:"
    r"|\b(?:e-?mail|mail|letter|unsubscribe|regards|sincerely|forwarded)\b"
    r"|\b(?:this|following) (?:message|document|article|review|page|note|attachment)\b"
)
