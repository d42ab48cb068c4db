"""Clauses with which English sentences begin: "If the loss is small it can be ignored"."""

from __future__ import annotations

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.row_words import SMALL, words_of
from sphinx_mmbook.core.english.word_classes import word_classes

DETERMINER = (
    "the|this|these|those|we|it|they|there|an?|our|its|their|some|most|one|both|each|all|other"
)
FINITE = "(?:is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|does|do|did)"
FINITES = frozenset(FINITE.strip("(?:)").split("|"))
#: What begins a clause before a sentence, and such a clause up to the subject after it.
CLAUSES = words_of(
    "If When Whenever Although Though Since Because While As Once After Before Unless Whereas"
)
_CLAUSE_FIRST = re.compile(
    rf"[A-Z][a-z]+ ([^,;:.!?()\n]{{8,160}}?) (it|we|they|there|this|these|you|one|I)"
    rf" ({FINITE}|[a-z]+)(?![\w’'])(?![^.;:!?\n]{{0,120}}[,?])"
)
#: With these a clause may begin that belongs to the noun before it.
_RELATES = ("you", "we", "they", "I")
#: After these a sentence does not begin.
_GO_ON = frozenset(
    f"{SMALL} who whom whose what since whether until though unless although before after once"
    " while about over through without within via like using then see show did not certain sure"
    " aware clear confident let lets likely know think believe say mean find assume".split()
)


#: The same up to an article, a few words and a finite verb.
_CLAUSE_NOUN = re.compile(
    rf"[A-Z][a-z]+ ([^,;:.!?()\n]{{8,160}}?) (the|an?|this|these|our|its|their|each|all|some|most)"
    rf" (?:(?!(?:{DETERMINER}|of|and|or|to|in|for|that|which|by|with|on)(?!\w))[\w-]+ ){{1,3}}"
    rf"{FINITE}"
    r"(?!\w)(?![^.;:!?\n]{0,120}[,?])"
)


def clause_of(text: str, start: int) -> re.Match[str] | None:
    """Return the clause with which a sentence begins, if no comma stands after it."""
    match = _CLAUSE_NOUN.match(text, start)
    if match and _ends_clause(match[1].split()):
        return match
    match = _CLAUSE_FIRST.match(text, start)
    if match is None:
        return None
    kinds, words = word_classes(), match[1].split()
    finite = match[3] in FINITES
    acts = not {*"vzd"}.isdisjoint(kinds.get(match[3], ""))
    acts = finite or (acts and match[2] not in ("this", "these", "one"))
    # "While it is best to name the columns you use to match the data, the functions are smart."
    if (
        "the" in words[-3:-1]
        and match[2] in _RELATES
        and {*"vzd"}.isdisjoint(kinds.get(words[-1], "v"))
    ):
        return None
    return match if acts and words[-1].lower() not in _GO_ON and has_verb(words) else None


def _ends_clause(words: list[str]) -> bool:
    """Whether words are a clause whose last one is not a verb with an object after it."""
    kind = word_classes().get(words[-1].lower(), "")
    done = not FINITES.isdisjoint(words[-2:-1])
    passive = "e" in kind and done and words[-1] not in _GIVEN
    is_last = bool(kind) and "then" not in words and ({*"vzgdc"}.isdisjoint(kind) or passive)
    finite = [word in FINITES for word in words]
    return is_last and words[-1].lower() not in _GO_ON and any(finite) and not finite[-1]


#: What is done to somebody, with something after it.
_GIVEN = ("given", "shown", "called", "asked", "told", "offered", "taught", "assigned", "named")


def has_verb(words: list[str]) -> bool:
    """Whether a verb is among words: a finite one, or one that is nothing else."""
    kinds = word_classes()
    sure = (kinds.get(word, "") for word in words)
    return not FINITES.isdisjoint(words) or any(
        ("z" in kind and not {*"np"} & {*kind}) or ("d" in kind and not {*"jen"} & {*kind})
        for kind in sure
    )


_WITH = "(?:on|upon|in|to|at|with|from|of)"
#: Verbs that are one with the preposition after them, as of what is dealt with.
_PHRASAL = (
    "worked|complied|interacted|started|begun|played|experimented|lived|relied|depended|counted"
    "|acted|decided|agreed|elaborated|insisted|operated|focus+ed|looked|arrived|hinted|adhered"
    "|attended|listened|responded|reacted|conformed|resorted|engaged|believed|participated|fed"
    "|filled|zoomed|factored|traded|opted"
)
#: What is easy or hard to do something with.
_EASY = (
    "eas(?:y|ier)|hard(?:er)?|difficult|simpler?|nice|convenient|straightforward|impossible"
    "|cheap(?:er)?|expensive|something|nothing|anything|little|much|enough|someone"
)
_STRANDED = re.compile(
    r"(?:\b(?:that|which|whom?|what(?:ever)?)\b[^.;:]{0,60}\b(?:on|to|in|at|with)|\bwhat\b[^.;:]{0,60}\bof"
    r"|-(?:on|in|to|by|of|with)|\b(?:the|and) like|\bthe following"
    r"|\b(?:so|later|early|earlier|further|then|now|goes|carried|turned|switched|logged) on"
    r"|\b(?:can|could|may|might|will|we|you|to) see|\b(?:less|more|other|fewer|rather) than"
    r"|\b(?:dealt|coped|reckoned|done away|dispensed|familiar) with"
    r"|\b(?:made up|thought|heard|unheard|disposed|made use|taken care|rid|short|spoken) of"
    rf"|\b(?:be|being|been|is|are|was|were|gets?)(?: \w+ly| not)? (?:{_PHRASAL}) {_WITH}"
    r"|\bto (?:deal|cope|work|comply|live|play|experiment|begin|start) with"
    rf"|\b(?:{_EASY}) (?:\w+ ){{0,2}}?to \w+ {_WITH}"
    r"|(?<!in )(?<!for )(?<!on )(?<!with )\b(?:the|an?|all|every|each) (?:[\w-]+ ){1,3}?"
    rf"(?:it|they|we|you|one) (?:\w+ ){{0,3}}?\w+ {_WITH})[ ]$",
    re.IGNORECASE,
)


def ends_clause(text: str) -> bool:
    """Whether a text up to a blank ends with a clause, though a preposition is its last word.

    "The data that it was trained on", "being dealt with", "hard to train on", "and so on".
    """
    return bool(_STRANDED.search(f"{' '.join(text[-120:].split())} "))
