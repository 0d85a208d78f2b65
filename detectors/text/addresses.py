"""Addresses: a number beside a street, in the orders in which several languages write them.

Narrow: what can hardly be anything else. Wide: everything an address may look like, with what belongs to it
(unit, town, state, postcode); for redaction, where a word too much costs little.
"""

from __future__ import annotations

from collections.abc import Iterator

from detectors.text.engine import pattern
from detectors.text.found import Found
from detectors.text.swap import Swap

MOST = 160  # characters of one address
LEAST = 6

# English street types, as words and as the post abbreviates them.
_TYPES = (
    "street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|court|ct|terrace|ter|way|boulevard|blvd|square|sq|close"
    "|crescent|cres|highway|hwy|parkway|pkwy|circle|cir|place|pl|alley|mews|grove|esplanade|turnpike|expressway"
)
_MORE_TYPES = (
    "trail|trl|crossing|crossroads?|isle|forks?|loop|row|hill|hills|view|walk|gardens?|park|pike|ridge|point"
    "|plaza|quay|path|pass|bend|run|cove|creek|glen|green|heights|hollow|island|landing|manor|meadows?|mill"
    "|mission|mount|orchard|oval|port|ranch|rapids?|rest|shore|shoals?|springs?|spur|station|stream|summit"
    "|track|trace|union|valley|via|viaduct|village|ville|vista|wells?|bypass|causeway|common|corner|dale|dam"
    "|estate|falls|ferry|field|fields|flat|ford|forest|forge|fort|freeway|gateway|harbor|haven|inlet|junction"
    "|key|knoll|lake|lodge|motorway|neck|overpass|prairie|radial|river|roads|route|skyway|stravenue|throughway"
    "|tunnel|underpass|unions|walks|ways|brook|branch|bridge|bluff|beach|bayou|burg|camp|canyon|cape|center"
    "|club|course|divide|extension|flats|light|lock|mall|pine|pines|plain|plains"
)
# Types that are the end of the street's name, and types before it.
_ENDINGS = (
    "stra(?:ß|ss)e|str\\.|straat|laan|weg|gasse|platz|allee|damm|ufer|gatan|gata|vägen|vagen|veien|vegen|vej|gade"
    "|katu|tie|polku|kuja|penger|ranta|utca|út|gränd|stigur|vegur|torget|gaten|svingen|haugen|lien|plein|kade"
    "|steeg|gracht|dreef|singel|ulice|stien|vænget|bakken|parken|tangi|raitti|kaari|rinne|pellontie"
)
# Types that follow the name as a word of their own, before the number.
_AFTER = (
    "utca|u\\.|út|útja|tér|tere|körút|köz|sor|kapu|gate|gata|väg|vej|allé|caddesi|cad\\.?|sokak|sk\\.|straße|strasse"
    "|weg|platz|allee|plein|laan|katu|tie|polku|sokağı|bulvarı|ulica|trg|cesta|náměstí|nám\\."
)
_FRONTS = (
    "rue|avenue|via|viale|piazza|corso|calle|avenida|avda\\.?|av\\.|rua|plaza|paseo|ul\\.|ulica|aleja|al\\.|os\\."
    "|place de|boulevard|bd|carrer|strada|praça|travessa|chaussée|impasse|allée|quai|vicolo|largo|estrada"
    "|carretera|camino|rambla|passeig|chemin|contrada|borgo|str\\.|ulitsa|улица|ул\\."
)
_W = r"[^\s,;:!?()\"\d][^\s,;:!?()\"]*"  # a word of a street's name
_LONG = r"[^\s,;:!?()\"\d]+"
_CAP = r"(?-i:[A-Z\x{C0}-\x{DE}])[^\s,;:!?()\"\d]+"
_GAP = r"[ ,;\n>|]{1,5}"  # between the parts of an address, quoted mail included
_UNIT = (
    rf"(?:{_GAP}(?:apt|apartment|suite|unit|ste|flat|floor|fl|room|rm|bldg|building|no|#)"
    r"\.?,? ?#?[A-Z0-9\-]{1,6}\b)"
)
# Towns and postcodes: what lies before the next number of a postcode's length belongs to the address; without
# one, a few capitalised words do.
_TAIL = (
    r"(?:[^\d.?!]{1,60}?\b(?:\d{4,6}(?:-\d{3,4})?|\d{3} \d{2})\b"
    rf"(?:[ ,]{{1,2}}(?-i:[A-Z]{{2}})\b|(?:{_GAP}{_CAP}){{1,2}})?"
    rf"|(?:{_GAP}{_CAP}){{1,4}}(?:{_GAP}(?-i:[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}})\b)?)?"
)
_NUMBER = r"\d{1,6}(?:[ \-/]?[a-z]\b|/\d{1,4}|-\d{1,5})?"

_SMALL = r"(?:of|the|de|la|le|du|des|van|von|di|da|st\.?)"
_NTH = r"\d{1,3}(?:st|nd|rd|th)"
_NARROW = (
    rf"\b{_NUMBER},? (?:(?:{_CAP}|{_SMALL}|{_NTH}) ){{1,4}}?(?:{_TYPES})\b\.?{_UNIT}?",
    rf"\b{_NUMBER} (?:[a-z]+ ){{1,2}}(?:street|avenue|road|lane|boulevard|terrace|highway)\b{_UNIT}?",
    rf"\b{_NUMBER},? (?:{_CAP} ){{1,3}}(?:{_MORE_TYPES})\b{_UNIT}?",
    rf"\b(?:{_FRONTS}) (?:(?:{_CAP}|{_SMALL}) ){{0,4}}?{_CAP},? (?:n[°ºr]?\.? ?)?\d{{1,5}}\b",
    rf"\b{_LONG}(?:{_ENDINGS}) \d{{1,5}}\b",
    rf"(?:{_CAP} ){{1,3}}(?:{_AFTER}),? \d{{1,5}}\b",
    rf"\b\d{{1,5}},? (?:bis |ter )?(?:{_FRONTS}) (?:(?:{_CAP}|{_SMALL}) ){{0,4}}{_CAP}",
    r"\bp\.? ?o\.? ?box \d{1,6}\b",
)
_WIDE = (
    rf"\b{_NUMBER},? (?:\d{{1,5}} )?(?:{_W} ){{0,5}}?(?:{_TYPES}|{_MORE_TYPES})\b\.?{_UNIT}?{_TAIL}",
    rf"\b(?:\d{{1,6}},? )?(?:{_FRONTS}) (?:{_W} ){{0,5}}?{_W},? (?:n[°ºr]?\.? ?)?\d{{1,5}}\b{_UNIT}?{_TAIL}",
    rf"\b\d{{1,6}},? (?:bis |ter )?(?:{_FRONTS}) (?:{_W} ){{0,4}}{_W}(?:,? \d{{1,5}})?{_UNIT}?{_TAIL}",
    rf"\b\d{{1,6}},? (?:{_W} ){{0,2}}{_LONG}(?:{_ENDINGS})\b(?:,? \d{{1,5}}\b)?{_UNIT}?{_TAIL}",
    rf"(?:\b\d{{1,6}} )?(?:{_CAP} ){{0,2}}{_LONG}(?:{_ENDINGS}),? \d{{1,5}}\b{_UNIT}?{_TAIL}",
    rf"(?:\b\d{{1,6}},? )?(?:{_CAP} ){{1,3}}(?:{_AFTER}),? \d{{1,5}}\b{_UNIT}?{_TAIL}",
    rf"\b\d{{1,6}},? {_CAP}(?: {_W}){{0,3}} \d{{1,5}}[a-z]?\b\.?{_UNIT}?{_TAIL}",
    rf"(?:{_CAP} ){{1,4}}\d{{1,6}}{_UNIT}{_TAIL}",
    rf"\b\d{{1,6}} (?:{_CAP} ?){{1,4}}{_UNIT}{_TAIL}",
    rf"\bp\.? ?o\.? ?box \d{{1,6}}\b{_TAIL}",
    r"\b(?-i:USNS|USNV|USS|USCGC|PSC|CMR|Unit) [A-Z0-9 ,]{2,40}\n? ?(?-i:FPO|APO|DPO),? (?-i:A[AEP]) \d{5}",
    rf"\b{_CAP}(?: {_CAP}){{0,2}},? (?-i:[A-Z]{{2}}),? \d{{5}}(?:-\d{{4}})?\b",
    r"\b(?-i:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})\b",
)
TRIGGER = (
    rf"\b(?:{_TYPES}|{_MORE_TYPES}|{_FRONTS}|box)\b|(?:{_ENDINGS}|{_AFTER}),? \d"  # and a digit somewhere
)
_CUE = pattern(
    r"\b(?:address(?: is|:| on file is)?|i live (?:at|in|on)|lives? at|reside at|located at"
    r"|moved to|meet me at|(?:deliver(?:ed)?|ship(?:ped)?|send|sent|mail(?:ed)?|post(?:ed)?)"
    r"(?: (?:it|them|this|that))? to|come to)"
    r":? ([^.?!\n]{0,20}\d[^?!\n]{3,80})"
)
_NARROWLY = pattern("|".join(_NARROW))
_WIDELY = tuple(pattern(one) for one in _WIDE)
_SPACES = pattern(r"[^\pL\pN]+")
_apart = Swap({chr(code): " " for code in range(128) if not chr(code).isalnum()})


def canonical(text: str) -> str:
    """Case and punctuation do not make another address.

    >>> canonical("12, Elm St.")
    '12 elm st'
    """
    if text.isascii():
        return " ".join(_apart(text.lower()).split())
    return " ".join(part for part in _split(text.casefold()) if part)


def addresses(text: str) -> Iterator[Found]:
    """What can hardly be anything else.

    >>> [f.value for f in addresses("Ship to 12 Elm Street, Apt 4, please")]
    ['12 elm street apt 4']
    """
    for match in _NARROWLY.finditer(text):
        start, end = match.span()
        if LEAST <= end - start <= MOST:
            yield Found("address", start, end, canonical(match.group()))


def wide_addresses(text: str) -> Iterator[Found]:
    """Everything that may be one."""
    for one in _WIDELY:
        for match in one.finditer(text):
            start, end = match.span()
            if LEAST <= end - start <= MOST:
                end = start + len(match.group().rstrip(" .,;>|\n"))
                yield Found("address", start, end, canonical(match.group()))
    for match in _CUE.finditer(text):
        start, end = match.span(1)
        yield Found("address", start, end, canonical(match.group(1)))


def _split(text: str) -> list[str]:
    parts: list[str] = []
    last = 0
    for match in _SPACES.finditer(text):
        start, end = match.span()
        parts.append(text[last:start])
        last = end
    parts.append(text[last:])
    return parts
