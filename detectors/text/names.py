"""Names of people: beside words that introduce one, and capitalised words that are no ordinary words.

The first are narrow enough to be learned from; the second are for redaction only: they take cities and brands
along, and miss names that are ordinary words or written small.
"""

from __future__ import annotations

from collections.abc import Iterator

from detectors.text.engine import pattern
from detectors.text.found import Found
from detectors.text.ordinary import is_ordinary

_ONE = r"(?-i:\p{Lu}(?:[\pL'’\-]+|\.))"
_PARTICLE = r"(?:de|van|der|den|von|da|di|la|el|bin|al|ter|dos|du|le|af|ibn|y)"
_FULL = rf"{_ONE}(?: (?:{_PARTICLE} ){{0,2}}{_ONE}){{0,3}}"
_CUES = (
    r"(?:my|the|her|his|their|customer|full|first|last|maiden|given|sur) ?name(?:'s| is| was|:)?",
    r"name(?: is|:|)",
    r"this is|i'?m|i am|it'?s|speaking (?:to|with)|spoke (?:to|with)|under the name(?: of)?",
    r"account holder(?: is)?|booked (?:by|for|under)|registered to|belongs to|signed|call me",
    r"(?:my|your|his|her) (?:wife|husband|son|daughter|mother|father|mum|mom|dad|friend|boss|colleague)",
    r"(?:my|your|his|her) (?:brother|sister|roommate|partner|neighbou?r)",
    r"regards|sincerely|best(?: wishes)?|cheers|thanks|yours(?: truly)?|hi|hello|hey|dear|ask(?: for)?",
    r"mr|mrs|ms|mx|miss|dr|prof|sir|madam|herr|frau|señora?|madame|monsieur|passenger|customer",
    r"name on (?:the )?card",
)
_CUE = pattern(rf"\b(?:{'|'.join(_CUES)})[.,:]?\s+({_FULL})")
_SMALL = pattern(r"\b(?:my name'?s?(?: is)?|i am called|call me) ([\pL'’\-]+(?: [\pL'’\-]+)?)")
_CAPITALS = pattern(rf"{_FULL}", any_case=False)
_WORD = pattern(r"[\pL'’.\-]+")
ACRONYM = 4  # letters; longer words in capitals may be shouted names
_SMALL_LIST = "and but on in at or so from with for not just a the is to by i of as"
_SMALL_WORDS = frozenset(_SMALL_LIST.split())


def introduced(text: str) -> Iterator[Found]:
    """Names beside words that say that one follows.

    >>> [f.value for f in introduced("Hi, this is Ada Byron speaking")]
    ['ada byron']
    """
    for match in _CUE.finditer(text):
        yield from _kept(text, *match.span(1), strict=True)
    for match in _SMALL.finditer(text):
        words = match.group(1).casefold().split()
        if words and words[0] not in _SMALL_WORDS and not is_ordinary(words[0]):
            kept = words if len(words) > 1 and not is_ordinary(words[1]) else words[:1]
            start = match.span(1)[0]
            yield Found("name", start, start + len(" ".join(kept)), " ".join(kept))


def capitalised(text: str) -> Iterator[Found]:
    """Capitalised words that are no ordinary words, with the capitalised words beside them."""
    for match in _CAPITALS.finditer(text):
        yield from _kept(text, *match.span(), strict=False)


def _kept(text: str, start: int, end: int, *, strict: bool) -> Iterator[Found]:
    """The part of a run of capitalised words that is a name: from its first uncommon word on; introduced,
    from its first word, up to the first common one."""
    words = [(start + a, start + b) for a, b in (m.span() for m in _WORD.finditer(text[start:end]))]
    uncommon = [not _common(text[a:b]) for a, b in words]
    if strict:
        stop = next((i for i, odd in enumerate(uncommon) if not odd), len(words))
        kept = words[:stop]
    else:
        first = next((i for i, odd in enumerate(uncommon) if odd), len(words))
        last = max((i for i, odd in enumerate(uncommon) if odd), default=-1)
        kept = words[first : last + 2]  # a surname may be a word: Ada Burns
    if kept:
        a, b = kept[0][0], kept[-1][1]
        name = text[a:b].rstrip(".")
        yield Found("name", a, a + len(name), name.casefold())


def _common(word: str) -> bool:
    if word.isupper() and len(word.rstrip("s.")) <= ACRONYM:
        return True
    return any(_is_common(part) for part in (word, *word.split("-")))


def _is_common(word: str) -> bool:
    return is_ordinary(word.casefold().removesuffix("'s").removesuffix("’s").strip(".'’-"))
