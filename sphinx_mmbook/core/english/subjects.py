"""English verbs that do not agree with a subject some words before them.

A sentence's begin is read as a noun's group, groups that prepositions join to it, and a verb. Each
word is one letter, so that an expression finds them. spaCy (MIT) would parse the whole sentence: it
takes 2 s to start and some 0.1 ms for a word, where a check of 20 chapters takes 0.6 s.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core.english import word_classes
from sphinx_mmbook.core.english.agreement import signs
from sphinx_mmbook.core.english.row_words import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.pages.prose import Prose

#: Letters of small words: articles, prepositions, verbs as with "it" and as with "they", what
#: clauses begin with, and nouns that stand for many, though they have no plural form.
_LETTERS = {
    word: letter
    for letter, words in {
        "T": "the our its their these those",
        "D": "this a an each every another",
        "I": "of in on for with between from behind about over through within across among at by to"
        " under during without after before inside outside like per via than about except around",
        "B": "is has was does",
        "A": "are have were do",
        "Q": "because when if while where whether although though whereas unless but how once"
        " since",
        "W": "that",
        "Z": "shows helps",
        "R": "also only still",
        "J": "different other most such two three four five several various many few both all more",
        "N": "choice result error compute",
        "M": "number majority minority variety lot lots rest range couple pair group percentage"
        " proportion half set series fraction handful total part team family class host third"
        " quarter rate crowd mix combination collection portion sample none dynamics semantics"
        " ethics offspring species means media remainder second first people statistics youth"
        " squares news staff police cattle fish subset add intercept",
    }.items()
    for word in words.split()
}
#: A group of a noun up to its last word, and those that prepositions join to it. Behind another
#: noun, what may be a verb is taken for one; a noun alone may be a name ("Pandas is").
_BEFORE, _JOINED = (
    "(?:T |[CJKNOSPM] )(?:[CJKNOSPGM] )*?",
    "(?:I (?:[TD] )?(?:[CJKNOSPGM] )*?[CNOSPMG] )*",
)
_ONE = "(?:N |(?<=[TDJ] )O )"
_IS = rf"(?:[TD] (?:[CJKNOSPGM] )*?{_ONE}|[CJ] (?:[CJKNOSPGM] )*?N (?=I ))(?={_JOINED}"
#: At a sentence's begin, behind what opens it, and where a clause in it begins.
#: A verb, perhaps behind an adverb; what may be a noun is one where an article follows.
_DOES, _DID = "(?:R )?(?:[BZ]|P(?= [TD]))", "[ABVZ]|P(?= [TD])"
_DISAGREES = re.compile(
    rf"(?:(?<=\.)|\A)(?P<subject>{_BEFORE}[SP] (?={_JOINED}{_DOES})|{_IS}(?:R )?[AV]))"
    rf"{_JOINED}(?:R )?(?P<verb>{_DID}) "
    r"|(?:(?:(?<=\.)|\A)(?:R,|[IQ] (?:\w ){0,14}\w,)|(?<=Q )|(?<=W )(?=[TDKS]))"
    rf"(?P<clause>{_BEFORE}S (?={_JOINED}{_DOES})|{_IS}(?:R )?[AV]))"
    rf"{_JOINED}(?:R )?(?P<does>{_DID}) "
)


@cache
def _letter(token: str, sign: str) -> str:
    """Return a word's letter and the stop behind it: J before nouns, N one thing, S several."""
    stop = sign[-1] if sign[-1] in ",.;" else " "
    word = token.strip("(),.;:").lower()
    if word in _LETTERS or word in _SMALL or "/" in word:
        return _LETTERS.get(word, "x") + stop
    kinds = word_classes.word_classes().get(word, sign.rstrip(",.;").lstrip("(^"))
    if word.endswith("s") and not word.endswith(("ss", "sis", "us")) and "p" not in kinds:
        return ("M" if set(kinds) & set("nm") else _letter_of(kinds)) + stop  # "basics"
    return _letter_of(kinds) + stop


def _letter_of(kinds: str) -> str:
    if not set(kinds) <= _KINDS:
        return "x"
    if "p" in kinds:
        return "x" if set(kinds) & set("nmjr") else "P" if set(kinds) & set("vz") else "S"
    if set(kinds) & set("cs"):
        return "J"
    if "g" in kinds:
        return "G" if set(kinds) & set("nmj") else "x"
    if set(kinds) & set("nm"):
        return "x" if "r" in kinds else "K" if "j" in kinds else "O" if "v" in kinds else "N"
    if set(kinds) & set("ejcsHC?"):
        return "C" if kinds == "C" else "J"
    return {"v": "V", "z": "Z", "r": "R"}.get(kinds, "x")


#: What is asked for stands in the subjunctive: "we require that the loss fall".
_ASKED = re.compile(
    r"\b(?:requir|suggest|recommend|demand|propos|insist|ask|request|advis|ensur|important|necessary"
    r"|essential|crucial)\w*\s(?:\w+\s)?that\s\Z"
)
#: Questions, and "if it were".
_INVERTED = re.compile(r"were|do(?:es)? (?:it|they|we|you|I|the|this|these|an?)\b")
_SEVERAL = {"these", "those", "two", "three", "four", "five", "many", "several", "various", "both"}
_SMALL = frozenset(f"{SMALL} and or can could will would may might must should i".split())
_KINDS = {*word_classes.CLASSES, "H", "C", "?", "N", "A"}


def disagreements(prose: Prose) -> Iterator[tuple[int, str, str, str]]:
    """Iterate over subjects and verbs some words behind: offset, both, advice; no sure repair."""
    letters = "".join(map(_letter, prose.tokens, signs(prose.tokens)))
    matches = list(_DISAGREES.finditer(letters))
    starts = [max(match.start("subject"), match.start("clause")) for match in matches]
    texts = prose.texts_from(start // 2 for start in starts)
    for match, start, text in zip(matches, starts, texts, strict=True):
        length = len(match["subject"] or match["clause"]) // 2
        last = (match.end() - start) // 2 - 1
        words = text.split(None, last + 1)
        subject, verb, gap = " ".join(words[:length]), words[last], " … " if last > length else " "
        kind, at, rest = match[0][-2], len(prose.text) - len(text), "".join(words[last + 1 :])
        if kind == "V" and _ASKED.search(prose.text, max(0, at - 40), at):
            continue
        new = word_classes.third(verb) if kind in "AV" else word_classes.many(verb)
        # Of "these dataset are", another row speaks; companies have names such as "Bo Consultants".
        named = words[0].lower() in _SEVERAL if kind in "AV" else words[length - 1][0].isupper()
        asks = letters[start - 2 : start - 1] == "Q" and _INVERTED.match(f"{verb} {rest}")
        if new and not asks and not (named and (match["clause"] or kind in "AV")):
            shown, better = f"{subject}{gap}{verb}", f"{subject}{gap}{new}"
            yield at, shown, f"write '{better}'", ""
