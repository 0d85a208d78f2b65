"""Objections in German, Spanish, French, Portuguese and Italian: the few phrasings that carry most of them.

Each says of an answer that it is wrong, asks whether it is sure, corrects it ("no, I asked ..."), or says
that it was none; as narrow as the English ones. Accents may be missing, as in what people type. No word
boundary stands beside a letter with an accent: RE2 knows those of ASCII only.
"""

from __future__ import annotations

_NUR = r"(?:(?:so|doch|aber|leider|einfach|gar|nun|ja|schlicht) |[uü]berhaupt )*"

GERMAN = (
    rf"\b(?:das|dies|es) stimmt {_NUR}nicht\b",
    rf"\b(?:das|dies|die antwort|ihre antwort|deine antwort) (?:ist|war) {_NUR}"
    r"(?:falsch|unsinn|nicht (?:richtig|korrekt|wahr|was ich|meine frage|die frage))\b",
    rf"\b(?:das|so|danach) hab(?:e|) ich {_NUR}nicht (?:gesagt|gemeint|gefragt)\b",
    r"\bnein\b[,.!]* ich (?:meinte|sagte|fragte|hab(?:e|) (?:doch |nach |gerade |schon )?.{0,30}"
    r"(?:gesagt|gemeint|gefragt))\b",
    r"\b(?:sind sie|bist du) (?:(?:sich|dir|da|ganz|wirklich) )*sicher ?\?",
    r"\bbeantwortet (?:meine frage )?(?:leider )?nicht\b|\bmeine frage nicht beantwortet\b",
    r"\b(?:sie irren|du irrst|sie liegen falsch|du liegst falsch)\b",
    r"\b(?:sie|du) ha(?:ben|st) mich (?:falsch|nicht(?: richtig)?) verstanden\b",
)
SPANISH = (
    r"\b(?:eso|esto) (?:no es (?:correcto|cierto|verdad|as[ií]|lo que)|est[aá] (?:mal|equivocado)"
    r"|es (?:falso|incorrecto|mentira|un error))",
    r"\bno es lo que (?:yo )?(?:ped|pregunt|dije|quer|busc)",
    r"\b(?:se equivoca|te equivocas|est[aá]s? equivocad[oa])\b",
    r"\bno (?:me )?(?:responde|contesta|ha respondido|ha contestado|respondi|contest[oó])[a-zó]* "
    r"(?:a )?(?:mi|lo que)\b",
    r"\bno\b[,.!]* (?:yo )?(?:dije que|pregunt[eé] |ped[ií] )",
    r"\bno (?:dije|ped[ií]|pregunt[eé]) eso\b",
    r"\best[aá]s? (?:realmente )?segur[oa] ?(?:de eso ?)?\?",
    r"\bno me (?:entiende|entendi|ha entendido|est[aá] entendiendo)",
)
FRENCH = (
    r"\bc'est (?:compl[èe]tement |totalement )?(?:faux|inexact|incorrect|une erreur)\b",
    r"\bc(?:'est|e n'est) pas (?:vrai|exact|correct|ce que|la r[ée]ponse)\b",
    r"\b(?:vous vous trompez|tu te trompes|vous faites erreur|vous avez tort)\b",
    r"\bne r[ée]pond(?:ez)? (?:toujours |vraiment )?pas [àa] ma question\b|\bpas ma question\b",
    r"\bnon\b[,.!]* j'ai (?:dit|demand)",
    r"[êe]tes[- ]vous (?:vraiment |bien )?s[uû]rs?e? ?\?|\bes[- ]tu (?:vraiment )?s[uû]re? ?\?",
    r"\bvous ne (?:m'avez pas|me) compr(?:is|enez)",
)
PORTUGUESE = (
    r"\b(?:isso|isto) n[aã]o (?:est[aá] (?:certo|correto)|[eé] (?:verdade|correto|o que))",
    r"\b(?:isso|isto) (?:est[aá] errado|[eé] (?:falso|mentira|um erro))\b",
    r"\bvoc[eê] (?:est[aá] (?:errad|enganad)[oa]|se enganou|errou|n[aã]o (?:me )?entendeu)\b",
    r"\bn[aã]o respond(?:eu|e)(?: [àa])? (?:minha|a minha|o que)\b",
    r"\bn[aã]o foi (?:isso|o) que (?:eu )?(?:disse|perguntei|pedi|quis)\b",
    r"\bn[aã]o\b[,.!]* eu (?:disse|perguntei|pedi)\b",
    r"\btem certeza(?: disso)? ?\?",
)
ITALIAN = (
    r"\b(?:questo|quello|ci[oò]) non [eè] (?:vero|corretto|giusto|esatto)\b",
    r"\bnon [eè] (?:quello|ci[oò]) che (?:ho|avevo|volevo|intendevo|chiedevo)\b",
    r"\b(?:questo|quello|la risposta|la sua risposta|la tua risposta) [eè] (?:sbagliat|errat|fals)[oa]\b",
    r"\b(?:si sta sbagliando|lei si sbaglia|ti sbagli|vi sbagliate)\b",
    r"\bnon (?:mi )?ha(?:i)? (?:risposto|capito)\b|\bnon risponde alla mia\b",
    r"\bno\b[,.!]* (?:io )?(?:ho|avevo) (?:detto|chiesto)\b",
    r"(?:\bsei|[eè]) (?:davvero |proprio )?sicur[oa](?: di questo)? ?\?",
)
OBJECTIONS_ABROAD = (*GERMAN, *SPANISH, *FRENCH, *PORTUGUESE, *ITALIAN)
