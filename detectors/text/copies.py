"""Copies: keys by which the same sentence, said again, meets itself, without the sentence.

A sentence is *masked*: words with capitals or digits go (names, numbers, dates, amounts), the others stay in
their order; its key is a keyed hash of that. Where it holds short numbers, a second key keeps them: often the
number is the mistake. Two keys of the whole answer hold no more than its longest words, of even and of odd
length: a word changed here and there leaves one of them as it was, as a band of MinHash would, at a tenth of
the cost.
"""

from __future__ import annotations

from detectors.text.keyed import Hasher
from detectors.text.swap import Swap, has_digit

CHARS = 1200  # of an answer that are looked at: six sentences or so, read by a customer
SENTENCES = 12
LEAST_WORDS, LEAST_CHARS = 4, 20  # of a masked sentence: shorter ones are greetings and thanks
NUMBERS_CHARS = 24  # of a sentence that are kept: longer ones are names of things
BAND = 4  # words
BAND_CHARS = 5  # of a word in a band
BITS = 0xFFFFFFFF  # keys are 32 bits: half the size, and still one chance meeting in 100,000
_ends = Swap({"!": ".", "?": ".", "\t": " "} | dict.fromkeys('",;:*()[]“”«»%', ""))


def copies(text: str, hashed: Hasher) -> tuple[int, ...]:
    """The keys of an answer, each once, in order.

    >>> from detectors.text.keyed import hasher
    >>> key = hasher(b"k", "shop")
    >>> one = copies("Hi Ada! Your parcel HP12 will arrive within 3 days.", key)
    >>> two = copies("Hi Bob! Your parcel HP94 will arrive within 3 days.", key)
    >>> three = copies("Hi Eve! Your parcel HP51 will arrive within 9 days.", key)
    >>> one == two, one[0] == three[0], one[1] == three[1]
    (True, True, False)
    >>> copies("Thank you, Ada!", key)
    ()
    """
    found: dict[int, None] = {}
    answer: list[str] = []
    may_count = has_digit(text) or not text.isascii()
    for sentence in _ends(text[:CHARS]).replace("\n", ". ").split(". ")[:SENTENCES]:
        words = sentence.rstrip(".").split()
        if len(words) < LEAST_WORDS:
            continue
        # A sentence's first word is written with a capital whatever it is.
        if sentence.isascii():
            kept = list(filter(str.islower, words))
        else:
            kept = [word for word in words if word.islower() or (not word.isascii() and _caseless(word))]
        if len(kept) < LEAST_WORDS:
            continue
        masked = " ".join(kept)
        if len(masked) < LEAST_CHARS:
            continue
        answer += kept
        first = words[0].lower() if words[0] is not kept[0] else ""
        found[hashed(f"{first} {masked}") & BITS] = None
        if may_count and len(kept) + 1 < len(words):
            numbers = [word for word in words if word[-1:].isdigit() and not word[0].isalpha()]
            if numbers:
                said = " ".join(numbers)[:NUMBERS_CHARS]
                found[hashed(f"{first} {masked} {said}") & BITS] = None
    for band in _bands(answer):
        found[hashed(band) & BITS] = None
    return tuple(found)


def _caseless(word: str) -> bool:
    """A word of a script without capitals."""
    return word.lower() == word.upper() and not any(map(str.isdigit, word))


def _bands(words: list[str]) -> list[str]:
    """The longest words of even, and of odd length."""
    long = sorted({word for word in words if len(word) >= BAND_CHARS})
    if len(long) < BAND:
        return []
    long.sort(key=len)
    halves = ([word for word in long if len(word) % 2 == parity] for parity in (0, 1))
    return [" ".join(half[-BAND:]) for half in halves if len(half) >= BAND]
