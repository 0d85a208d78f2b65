"""General English phrasings of what is said in service conversations: a refusal, an objection and the like.

Written to be narrow: a phrasing belongs here only if it hardly ever means anything else. RE2 syntax; a
straight apostrophe stands for a typographic one and for none.
"""

from __future__ import annotations


def _any(phrases: str, *more: str) -> str:
    """Any of the phrases, which commas or arguments divide."""
    return "(?:" + "|".join([*(phrase.strip() for phrase in phrases.split(",")), *more]) + ")"


_CANNOT = _any(
    "can't, can ?not, won't, will not, 'm unable to, am unable to, are unable to, 're unable to",
    _any("'m, am, are, 're") + " not " + _any("able to, going to, (?:allowed|permitted|authori[sz]ed) to"),
    r"(?:don't|do not) have (?:the )?(?:ability|permission|authority|authori[sz]ation) to",
)
_HARDLY = r"(?: " + _any("really, simply, just, currently, personally, actually, also, ever, directly") + ")?"
_ASKED = _any(
    "comply, discuss, talk about, reveal, disclose, engage in, participate in, offer (?:advice|opinions)",
    r"(?:help|assist)(?: (?:you|with|in|on|there|here|any)|[.,!;:?]|$)",  # not "can't help but feel"
    _any("do, answer, handle, accommodate, go into, support, fulfil+, respond to") + " (?:that|this)",
    r"do (?:it|so|anything)",
    r"(?:fulfil+|process|complete) (?:that|this|your|such a?) ?request",
    "provide " + _any("that, this, you, any, such, the requested"),
    "share " + _any("that, this, any, such, those, these, my"),
    "give " + _any("you (?:that|this|any|access), out, medical, legal, financial, investment"),
    "show (?:you )?" + _any("that, this, those, these"),
    "read " + _any("that, this, those") + " out",
)
_DO = _any("help, assist, do (?:for|about), discuss, provide, share, answer")

REFUSALS = (
    # It declines, in the first person and the present: "I was unable to book it" is a result, no refusal.
    rf"\b(?:i|we){_HARDLY} ?{_CANNOT}{_HARDLY} {_ASKED}",
    r"\b(?:unable to|not able to|can't|can ?not) (?:help|assist)(?: you)? with (?:that|this|your|such)\b",
    r"\b(?:i|we) (?:must|have to|need to|will) (?:respectfully |politely )?decline\b",
    r"\bi(?:'d| would) rather not (?:say|answer|discuss|share|do)\b",
    rf"\b(?:not|nothing|isn't) (?:something )?(?:that )?(?:i|we) can {_DO}\b",
    r"\b(?:there is|there's) nothing (?:more |else )?(?:that )?(?:i|we) can do\b",
    r"\b(?:outside|beyond|not within)(?: of)? (?:my|our) "
    + _any("scope, capabilit, abilit, area of, expertise, remit, role"),
    r"\bagainst (?:my|our) (?:polic|guidelines|rules|programming|instructions)",
    r"\bi(?:'m| am) not (?:designed|programmed|trained|equipped|set up|intended) (?:to|for)\b",
    r"\bi can only (?:help|assist)(?: you)? with\b",
    r"\b(?:request|question) (?:can't|can ?not) be (?:fulfilled|processed|answered|accommodated)\b",
)

_RIGHT = _any("right, correct, true, accurate")
_WRONG = _any("wrong, incorrect, untrue, false, inaccurate, mistaken, nonsense", f"not {_RIGHT}")
_QUITE = (
    r"(?: " + _any("just, simply, still, also, completely, totally, clearly, actually, plain, all") + ")?"
)
# What may follow "that is wrong": hardly "address", which says nothing of the answer.
_STOP = (
    r"\s*(?:[.,!?;:…)-]|$|"
    + _any("i, and, but, because, again, at all, either, information, answer")
    + r"\b)"
)
_ANSWER = "(?:last |previous |first )?" + _any("answer, response, reply, information, info, statement")
_DOUBT = _any("can't, can ?not, couldn't, could not, doesn't (?:seem|sound), does not (?:seem|sound)")
_NOT = _any("doesn't, does not, didn't, did not, don't, not, isn't, never, hasn't, haven't")
_WANT = _any("said, ask, mean, meant, want, need, request, told, looking")

OBJECTIONS = (
    # "That is wrong."
    rf"\b(?:that|this)(?:'s| is){_QUITE} {_WRONG}{_STOP}",
    rf"\b(?:that|this) (?:isn't|is not|wasn't|was not) {_RIGHT}{_STOP}",
    rf"\byou(?:'re| are| were){_QUITE} (?:wrong|incorrect|mistaken|confused|contradicting)\b",
    r"\byou(?:'re| are) making (?:this|that|it|things) up\b",
    r"\byou (?:just )?(?:got|have|had|'ve got) (?:it|that|this|me|the \w+) (?:all )?wrong\b",
    rf"\b(?:your|that|this|the) {_ANSWER}(?:'s| is| was| seems| looks){_QUITE} {_WRONG}\b",
    r"\bwrong (?:answer|again)\b",
    rf"\b(?:that|this|it) {_DOUBT} (?:possibly )?(?:be )?{_RIGHT}\b",
    rf"\bi (?:don't|do not) (?:think|believe) (?:that|this|it|you)(?:'s|'re| is| are) {_RIGHT}\b",
    # "Are you sure?", but not "Are you sure there is no way?", which pleads.
    r"\bare you (?:really |quite |absolutely |100% |completely |very )?(?:sure|certain|positive)"
    r"(?:$|[?.,!;:]| about| of | that's| that is| this| it's| it is)",
    rf"\b(?:you sure|is that (?:really|actually|even) {_RIGHT})\?",
    # "No, I said ..."
    r"\bno\b[,.!]* (?:no[,.!]* )*(?:but )?(?:what )?i (?:just |already |actually |clearly )?"
    r"(?:said|asked|meant|told)\b",
    r"\bi (?:just|already) (?:said|told you|explained|answered|asked you)\b",
    r"\b(?:that's|that is|this is|it's) not (?:at all )?(?:what|the (?:thing|question|one|answer) (?:that )?)"
    rf" ?i(?:'m| am| was|'ve| have|'d| had)? {_WANT}",
    r"\bnot (?:my question|what i(?: had| have|'ve)? (?:just )?(?:asked|said|meant))\b",
    r"\bi (?:didn't|did not|never) (?:ask (?:for|about|you)|say (?:that|so)|said that|mean that)\b",
    # "That does not answer my question."
    rf"\b{_NOT}(?: really| even| actually| yet)? answer(?:ed|ing)? (?:my|the|what|me)\b",
    r"\b(?:ignor(?:ed|ing)|avoid(?:ed|ing)|dodg(?:ed|ing)) my question\b",
    r"\byou(?:'re| are|'ve| have)? (?:misunderst(?:ood|and|anding)|mis-?read|mis-?heard)",
    r"\byou(?:'re| are) not (?:listening|understanding|getting it)",
    # "But you just said ..."
    r"\bcontradict(?:s|ed|ing|ion|ory)?\b.{0,40}\b(?:you|yourself|earlier|before|said)\b",
    r"\b(?:but|earlier|before|previously),? you (?:just |had |also )?(?:said|told me|claimed|stated)\b",
    r"\bthat(?:'s| is) not (?:how|where|when|why|who) (?:it|this|that|i|my|the)\b",
    r"\b(?:that|this) (?:makes no|doesn't make(?: any)?|does not make(?: any)?) sense\b",
    r"\bi (?:strongly |totally |completely )?disagree\b",
)

CONCESSIONS = (
    # An AI gives in: it was wrong, or was told so. Narrow, as mere courtesy regrets everything.
    r"\b(?:my|our) (?:mistake|error|bad|oversight)(?:[.,!;]|$)",
    r"\bi (?:was|stand|am) (?:wrong|mistaken|corrected|incorrect)\b",
    r"\bi (?:made|have made) an? (?:mistake|error)\b",
    r"\b(?:i )?(?:misunderstood|misread|misspoke)\b",
    r"\b(?:apolog\w+|sorry) for (?:the|my|any|that|this|our) (?:\w+ )?"
    + _any(
        "confusion, mistake, error, mix-up, misunderstanding, misinformation, incorrect, wrong, oversight"
    ),
    r"\b(?:thank you|thanks) for (?:the correction|correcting|pointing|catching)\b",
    r"\byou(?:'re| are) (?:absolutely |quite |completely |of course |totally )?(?:right|correct)\b[.,!;]",
)

HEDGES = (
    r"\b(?:probably|perhaps|maybe|possibly|presumably|apparently|supposedly)\b",
    r"\b(?:i|we) (?:think|believe|guess|assume|suppose|suspect)\b",
    r"\b(?:it|that|this|there) (?:seems|appears|might|could|may)\b",
    r"\b(?:might|may) (?:be|have|not)\b",
    r"\b(?:i'm|i am|we're|we are) not (?:\w+ ){0,2}(?:sure|certain)\b",
    r"\b(?:as far as i know|to my knowledge|to the best of my knowledge|if i remember)\b",
)

# "Never mind" is mostly followed by another wish: it gives up only where nothing follows.
_BYE = r"[.!,]*(?: (?:then|thanks|thank you|bye|goodbye)[.!]*)*$"

GIVING_UP = (
    # A customer leaves the matter, unhelped.
    rf"\b(?:never ?mind|forget (?:about )?(?:it|this|that|the whole thing)){_BYE}",
    r"\bi(?:'ll|'m going to| will)? (?:just )?(?:give|giving) up\b",
    r"\b(?:not worth (?:it|my time|the)|waste of (?:my )?time|wasting my time)\b",
    r"\b(?:this|that|it)(?:'s| is) (?:just |completely |totally |so )?"
    + _any("useless, pointless, hopeless"),
    r"\b(?:this|that|it)(?:'s| is) not (?:helping|helpful|working|getting (?:us|me) anywhere)\b",
    r"\byou(?:'re| are) (?:no help|useless|not helping|not (?:being )?helpful)\b",
    r"\b(?:going|running|getting) (?:round )?(?:in circles|nowhere)\b",
    r"\bi(?:'ll| will|'m going to) (?:just )?(?:go|look|try|ask|find|call|do|sort|figure|handle)\b"
    r".{0,30}\b(?:myself|elsewhere|somewhere else|someone else|by phone|instead)\b",
    r"\bi(?:'m| am) done (?:here|with (?:this|you))\b",
)
