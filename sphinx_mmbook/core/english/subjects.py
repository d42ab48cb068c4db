"""English verbs that do not agree with a subject some words before them.

What begins a sentence or a clause is read as a noun's group, groups that prepositions join to it,
and a verb. Each word is one letter, so that an expression finds them. spaCy (MIT) would parse the
whole sentence: it takes 2 s to start and some 0.1 ms for a word, where a check of 20 chapters takes
0.6 s; of its model's disagreements in seven chapters, a fifth were faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english import word_classes
from sphinx_mmbook.core.english.agreement import tag_of
from sphinx_mmbook.core.english.row_words import COUNT, SMALL, Slip
from sphinx_mmbook.core.pages.prose import NOT_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.pages.prose import Prose

#: Letters of small words: articles, prepositions, verbs as with "it" and as with "they", what
#: clauses begin with, nouns that stand for many, though they have no plural form, and numbers
#: and formulas.
_LETTERS = {
    word: letter
    for letter, words in {
        "T": "the our its their these those",
        "D": "this a an each every another one no",
        "I": "of in on for with between from behind about over through within across among at by to"
        " under during without inside outside like per via than about except around"
        " besides against along beyond despite given regarding throughout toward towards upon"
        " versus unlike",
        "B": "is has was does",
        "A": "are have were do",
        "Q": "because when if while where whether although though whereas unless but how once"
        " since",
        "W": "that",
        "H": "which who",
        "F": NOT_TEXT,
        "x": "help underlying hover handle fetch means acts",
        "E": "it them us",
        "L": "and",
        "S": "people",
        "V": "hope need make find take show think try go keep produce implement extract say"
        " combine deal save convert highlight offer transform serve preserve",
        "Z": "shows helps uses leads aims starts offers covers goes supports serves plays holds"
        " builds preserves entails",
        "Y": "using containing concerning",
        "R": "also only still then",
        "a": "as",
        "J": "different other most such two three four five six seven eight nine ten several"
        " various few many some both all more following former latter",
        "N": "choice result error compute questionnaire information equipment knowledge"
        " evidence advice feedback software hardware research literature expertise act"
        " section variable gradient metric constant derivative variant median tutorial"
        " expert maximum minimum chemical characteristic",
        "M": "number majority minority variety lot lots rest range couple pair group percentage"
        " proportion half set series fraction handful total part team family class host third"
        " quarter rate crowd mix combination collection portion sample none dynamics semantics"
        " ethics offspring species media remainder second first statistics youth"
        " squares news staff police cattle fish salmon subset add intercept plurality selection"
        " amount maths days years community emoji goldfish sperm multitude plethora myriad"
        " bulk graphics bunch suite",
    }.items()
    for word in words.split()
}
#: A group of a noun up to its last word, and those that prepositions join to it. After another
#: noun, what may be a verb is taken for one; a noun alone may be a name ("Pandas is").
_BEFORE = "(?:T |[CJKNOSPM] )(?:[CJFKNOSPGM] )*?"
_JOINED = (
    "(?:F )?(?:(?:(?:J )?I (?:Y )?|Y (?=[TD] ))"
    "(?:[EF] |(?:[TD] )?(?:[CJFKNOSPGM] )*?[CNOSPMG] (?:F )?)"
    "|J a (?:[TDCJFKNOSPMGY][ ,]){1,9}(?:L (?:[TDCJFKNOSPMGY] ){1,5})?)*"
)
_ONE = "(?:N |(?<=[TDJ] )O )"
_IS = (
    rf"(?:[TD] (?:(?:[CJFKNOSPGM] )*?{_ONE}|(?:[CJFKNOG] )*?O )|[CJ] (?:[CJKNOSPGM] )*?N )"
    rf"(?={_JOINED}(?:R )?[AV])"
)
#: At a sentence's begin, after what opens it, and where a clause in it begins.
#: A verb, perhaps after an adverb; what may be a noun is one where an article follows.
_DOES, _DID = "(?:R )?(?:[BZ]|P(?= [TD]))", "[ABVZ]|P(?= [TD])"
_DISAGREES = re.compile(
    # Nearly all places are left for this: none of the rest begins elsewhere.
    r"(?=[TDCFJKNOSPMRIQa])(?<![TDCFJKNOSPMIELYxa] )"
    rf"(?:(?:(?<=\.)|\A)((?:{_BEFORE}[SP] |S (?=J a ))(?={_JOINED}{_DOES})|{_IS})"
    rf"{_JOINED}(?:R )?({_DID})[ ,.;]"
    r"|(?:(?:(?<=\.)|\A)(?:R |[RJM],|a (?=T )|[IQ] (?:\w ){0,14}?(?:\w,|[NS] (?=T )))"
    r"|(?<=Q )|(?<=I H )(?=[TD])|(?<=W )(?=[TDKSNJ]))"
    rf"({_BEFORE}(?:S (?={_JOINED}{_DOES})|P (?={_JOINED}(?:R )?[BZ]))|{_IS})"
    rf"{_JOINED}(?:R )?({_DID})[ ,.;]"
    # What a clause with "that" is about: a noun that belongs to no other.
    r"|(?:\A|(?<=[.,;])|(?<=[.ABVZU] )|(?<=[ABVZU] R )|(?<=G )(?=T))"
    r"((?:[TDJC] )?(?:[CJFKNOM] )*?[SP] (?:F )?[WH] (?=(?:R )?(?:[BZ]|P(?= [TDE])))"
    r"|D (?:[CJFKNOM] )*?[NO] (?:F )?[WH] (?=(?:R )?[AV]))(?:R )?([ABVZP]) "
    # A noun without an article, and two of them that are joined.
    r"|(?:\A|(?<=\.))(N )(?:R )?([AV]) "
    r"|(?:\A|(?<=\.)|(?<=Q ))"
    r"([TD] (?:[CJFKNOG] )*?[KNO] L [TD] (?:[CJFKNOG] )*?[KNO] )(?:R )?([BZ]) )"
)


class _Letters(dict[str, str]):
    """The letter of each word and the stop after it: J before nouns, N one thing, S several."""

    def __missing__(self, token: str) -> str:
        tag = tag_of(token)
        stop = tag[-1] if tag[-1] in ",.;" else " "
        self[token] = _letter(token.strip("),.;:").lower(), tag) + stop
        return self[token]


def _letter(word: str, tag: str) -> str:
    if word in _LETTERS or word in _SMALL or _NO_WORD.search(word):
        return _LETTERS.get(word, "x")
    if word.endswith(("'ll", "'re", "'ve", "’ll", "’re", "’ve")):
        return "x"
    if word.isdigit() or (len(word) == 1 and word.isalpha()):
        return "F"
    kinds = word_classes.word_classes().get(word, tag.rstrip(",.;").lstrip("(^"))
    if kinds == "H" and word.endswith(("ing", "s")):
        return "G" if word.endswith("ing") else "x"
    if kinds == "?" and word.isalpha():
        return "G" if word.endswith("ing") else "C"  # a name, or a term
    if word.endswith("s") and not word.endswith(("ss", "sis", "us")) and "p" not in kinds:
        return "M" if set(kinds) & set("nm") else _letter_of(kinds)  # "basics"
    return _letter_of(kinds)


def _letter_of(kinds: str) -> str:
    if not set(kinds) <= _KINDS:
        return "x"
    if "p" in kinds:
        return "x" if set(kinds) & set("nmjr") else "P" if set(kinds) & set("vz") else "S"
    if set(kinds) & set("cs"):
        return "J"
    if "g" in kinds:
        return "G" if set(kinds) & set("nmj") else "Y"
    if set(kinds) & set("nm"):
        return "x" if "r" in kinds else "K" if "j" in kinds else "O" if "v" in kinds else "N"
    if set(kinds) & set("ejcsHC?"):
        return "C" if kinds == "C" else "J"
    return {"v": "V", "z": "Z", "d": "U", "r": "R"}.get(kinds, "x")


_LETTER = _Letters()
_NO_WORD = re.compile(r"^(?:[(“\"]|\Z)|/|--|—")
#: What is asked for stands in the subjunctive: "we require that the loss fall".
_ASKED = re.compile(
    r"\b(?:requir|suggest|recommend|demand|propos|insist|ask|request|advis|ensur|important|necessary"
    r"|essential|crucial)\w*\s(?:\w+\s)?that\s\Z"
)
#: "The merge operation is", "each fetch and each access": a verb that is a noun there.
_COMPOUND = re.compile("V (?:[CKNOSP] [ABZ]|L)")
#: Questions, and "if it were".
_INVERTED = re.compile(r"were|do(?:es)? (?:it|they|we|you|I|the|this|these|an?)\b")
#: "How it works is known", "if it points to this is": what may be a noun is a verb.
_ABOUT, _DONE_TO = ("how", "where", "when", "that", "which"), ("to", "into", "at", "by", "as")
#: "The wage offer in hand", "no law need exist": a noun, or one of "must", if nothing is offered.
_NOUN_TOO = re.compile(
    r"(?!are|were|have|do)\w+ (?:is|are|was|were|has|can|will|may|might|could|would|should)\b|"
    r"(?:were|do) (?:we|you|they|it|I)\b|carry trades?\b|"
    r"(?:offer|save|need) (?!(?:an?|the|to|this|these|that|us|its?|our|their|them|more|some|any"
    r"|many|all|both|two|no|good|better|much)\b)"
)
#: "Simple features is a standard" has a name, and "ten pages is enough" an amount.
_DEFINED = re.compile(r"is (?:\w+ly |more than )?(?:an?|the|another|one|enough|too)\b")
#: "Both sides acts": what may be a verb; and what a gerund begins.
_TWO_NOUNS = re.compile("[SP] [OP] |G ")
#: What has a plain verb after it: "a way to make it converge"; and numbers.
_CAUSES = {"making", "letting", "having", "make", "let", "Let"}
_NUMBERS = frozenset(f"{COUNT} eleven twelve fifteen twenty thirty fifty".replace("|", " ").split())
#: Of "these dataset are", another row speaks.
_SEVERAL = {"these", "those", "two", "three", "four", "five", "many", "several", "various", "both"}
_SEVERAL |= {"different", "few", "most", "all", "other", "more", "such"}
_SMALL = frozenset(
    f"{SMALL} and or can could will would may might must should shall ought i me him her itself"
    " themselves whose whom not what whatever".split()
)
_KINDS = {*word_classes.CLASSES, "H", "C", "?", "N", "A"}


def _subject(match: re.Match[str]) -> int:
    """Return which of the groups is the subject: the last but one."""
    return (match.lastindex or 2) - 1


def disagreements(prose: Prose) -> Iterator[Slip]:
    """Iterate over subjects and verbs some words later; a subject of one word may be a name."""
    letters = "".join(map(_LETTER.__getitem__, prose.tokens))
    matches = list(_DISAGREES.finditer(letters))
    starts = [match.start(_subject(match)) for match in matches]
    texts = prose.texts_from(start // 2 for start in starts)
    for match, start, text in zip(matches, starts, texts, strict=True):
        length, last = (match.end(_subject(match)) - start) // 2, (match.end() - start) // 2 - 1
        words, at = text.split(None, last + 1), len(prose.text) - len(text)
        opener = prose.tokens[start // 2 - 1] if letters[max(start - 2, 0)] in "QWH" else ""
        plain = match[0][-2] == "V" or words[last] == "have"
        asked = plain and _ASKED.search(prose.text, max(0, at - 40), at)
        caused = (plain and not _CAUSES.isdisjoint(words[:last])) or "being" in words[:last]
        after = f"{words[last]} {''.join(words[last + 1 :])}"
        but_one = prose.text.endswith("ll but ", 0, at)  # "all but one study are"
        # "The method that {cite:t}`x` propose": what stands there may be names.
        before = prose.token_starts[match.end() // 2 - 2]
        cited = NOT_TEXT in words[last - 1] and prose.element(before).kind != "math"
        by_names = cited and match[0][-2] in "AV" and words[last] not in ("are", "were")
        good = asked or caused or but_one or by_names
        if good or _reads_well(match, words[: length + 1], opener, after):
            continue
        is_one = match[0][-2] in "AV"
        new = word_classes.third(words[last]) if is_one else word_classes.many(words[last])
        if new:
            subject = " ".join(words[:length]) + (" … " if last > length else " ")
            advice = f"write '{subject}{new}'"
            # "The models has": "the model has" may be meant; "deep network are": "deep networks".
            noun, first = words[length - 1], letters[start]
            other = word_classes.more(noun) if is_one else word_classes.singular(noun)
            both = first != "D" if is_one else first == "T"
            bare = first not in "TD" and not (first == "J" and is_one)
            if both and other and _SEVERAL.isdisjoint(words[:length]):
                others = " ".join((*words[: length - 1], other))
                advice += f" or '{others}{subject[-3:] if last > length else ' '}{words[last]}'"
            noun_too = (
                match[0][-2] == "V" and letters[match.end() : match.end() + 1] not in "TDEIRW"
            )
            guess = last == length and (bare or noun_too)
            yield Slip(at, f"{subject}{words[last]}", advice, guess=guess)


def _reads_well(match: re.Match[str], words: list[str], opener: str, after: str) -> bool:
    """Whether a verb goes with a subject: "many follow it", "if it were"."""
    if opener == "that" and "d" in word_classes.word_classes().get(words[0], ""):
        return True  # "the noise that followed it was"
    if opener and opener != "that" and (words[0] == "many" or _INVERTED.match(after)):
        return True
    kind = _may_be_many if match[0][-2] in "AV" else _may_be_one
    return kind(match, words, opener, after)


def _may_be_many(match: re.Match[str], words: list[str], _: str, after: str) -> bool:
    """Whether a subject in the singular may have such a verb, or is none."""
    letters, start = match.string, match.start(_subject(match))
    needs = _NOUN_TOO.match(after) or _COMPOUND.match(letters, match.end() - 2)
    small = letters[start] == "N" and not words[0][0].isupper()
    # "The forces responsible are": an adjective.
    adjective = re.search("[SP] (?:J )?[KNO] \\Z", match[_subject(match)])
    named = words[-1] == "of" and words[-2][0].isupper()  # "The Risk of Bias tools have"
    is_other = small or named or words[-1] == "there" or words[0].lower() in _SEVERAL
    return is_other or bool(needs or adjective)


def _may_be_one(match: re.Match[str], words: list[str], opener: str, after: str) -> bool:
    """Whether a subject in the plural may have such a verb: "ten pages is enough"."""
    letters, start = match.string, match.start(_subject(match))
    group, bare = match[_subject(match)], letters[start] not in "TD"
    is_be = after.startswith(("is ", "was "))
    # "…, which is": a whole sentence is; "the text claims that".
    if "plus" in words or (words[-2] == "which" and is_be) or re.search("[KNO] P [HW]", group):
        return True
    # "Where bars show the mean values is": what may be a verb stands after a plural.
    if any(word.lstrip("~")[:1].isdigit() for word in words[:3]):
        return True
    # "Each row and each column is".
    if words[0].lower() in ("each", "every", "no"):
        return True
    amount = is_be and words[0].lower() in _NUMBERS
    if bare and (amount or opener == "but" or _DEFINED.match(after) or _TWO_NOUNS.search(group)):
        return True
    # After an article or an adjective stands a noun, after a noun perhaps a verb.
    if match[3] and re.fullmatch(r"(?![TD] (?:[TDJ] )*P ).*P ", match[3]):
        says = opener == "that" and letters[start - 4] in "ABVZ"
        if (opener in _ABOUT and not says) or words[-1] in _DONE_TO:
            return True
    # "The first place R looks": a clause without "that".
    said = "z" in word_classes.word_classes().get(words[-2], "")
    if len(words) > 4 and words[-3][0].isupper() and said:
        return True
    # Companies have names such as "Bo Consultants".
    named = words[-2][0].isupper() and words[-1] != "such"
    return named and bool(match[3] or bare or len(words) > 3 or words[-1] == "of")
