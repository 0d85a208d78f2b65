"""Characters that look like plain letters, or like nothing at all.

The pairs most used in disguises, after the confusables table of Unicode Technical Standard 39; what NFKC
already folds (full-width, mathematical, circled letters) is not repeated here.
"""

from __future__ import annotations

_PAIRS = (
    "аa вb сc ԁd еe гr һh іi јj кk ӏl мm нh оo рp ԛq ѕs тt υu ѵv ѡw хx уy ьb пn ԝw зe иn "
    "АA ВB СC ЕE НH ІI ЈJ КK МM ОO РP ЅS ТT ХX УY ԌG "
    "αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw σo ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX "
    "ɑa ɡg ıi łl øo đd ħh ɩi ʀr ɪi ʏy ɢg ɴn ʟl ʜh ʙb ɾr ʋv ɯm ɐa ǝe ɔc ɟf ʇt ʌv ʍw ʎy ɹr ʞk "
    "ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv ᴡw ᴢz ꜰf ꜱs ǫq"
)
LOOKALIKES: dict[int, str] = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
"""Letters of other scripts and styles, to the Latin letter they look like."""
for _first in (0x1F150, 0x1F170, 0x1F1E6):  # white on black, in circles and squares; flags
    LOOKALIKES.update({_first + i: chr(97 + i) for i in range(26)})

INVISIBLE: dict[int, None] = dict.fromkeys(
    [
        *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFDFA, 0xFDFC),  # ligatures that fold to eighteen characters: one turn would become a book
        *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE0080),
    ]
)
"""Zero width, direction marks, variation selectors, tags."""
