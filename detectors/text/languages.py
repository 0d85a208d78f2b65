"""In which language a text is, as far as its commonest words show.

Each language is known by function words that the others do not share: enough for sentences, silent about
names, numbers and single words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

UNKNOWN = 0
WORDS = 24  # looked at: function words are every second one, more would only cost
LEAST = 2  # words of a language before it is named

_WORDS: Final = {  # none that is a word of another one, names and abbreviations included
    1: "the and you your is are this that with have what can will please thank thanks it of my",
    2: "der das und ist nicht ich sie ihr ihre für haben wir bitte danke ein eine auf zu auch",
    3: "le les est vous votre avec pour nous pas je merci une dans avez suis cette mais bonjour",
    4: "el los las está usted para gracias su puede tengo qué cómo muy pero del hola quiero esta",
    5: "il gli è sono grazie che della può prego questo suo ho perché anche nel vorrei buongiorno",
    6: "os você obrigado obrigada uma não seu sua posso isso em muito são olá meu minha",
    7: "het een niet uw met voor dank hebben wij dat naar ook kunt heb deze graag",
    8: "jest nie się proszę dziękuję mam czy co jak dla są od bardzo przez tak",
}
_COUNTS: Final = [word for row in _WORDS.values() for word in row.split()]
_OF: Final = {
    word: language for language, row in _WORDS.items() for word in row.split() if _COUNTS.count(word) == 1
}


def language(words: Sequence[str]) -> int:
    """The number of the language of lower-case words; `UNKNOWN` where too little shows, or a tie.

    >>> language("can you tell me what the fee is".split()), language("das ist nicht gut".split())
    (1, 2)
    >>> language(["ok"])
    0
    """
    found = [_OF[word] for word in words[:WORDS] if word in _OF]
    if len(found) < LEAST:
        return UNKNOWN
    best = max(sorted(set(found)), key=found.count)
    return best if 2 * found.count(best) > len(found) else UNKNOWN
