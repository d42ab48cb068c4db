"""Rules on grammar: words that do not go together, articles, commas where sentences join."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.agreement import mismatches
from sphinx_mmbook.core.rules.formulas import broken_blocks
from sphinx_mmbook.core.rules.phrases import PHRASES
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.rules.spelling import is_plain, places
from sphinx_mmbook.core.rules.word_classes import word_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page


@rule("warning")
def grammar(book: Book) -> Iterator[Finding]:
    """Words do not go together in English.

    Bad: ``in to account``, ``these method``, ``it can used``, ``depends of``

    Good: ``into account``, ``these methods``, ``it can be used``, ``depends on``

    Why: the reader stumbles, and may take something else to be meant.
    """
    for page in book.pages.values():
        if not page.prose.is_english:
            continue
        phrases = list(_phrases(page))
        yield from phrases
        taken = {one.location for one in phrases}
        for start, old, advice, new in mismatches(page.prose):
            at = page.prose.at(start)
            if at not in taken and is_plain(page, start, old.partition("\n")[0], set()):
                shown = " ".join(old.split())
                fix = (Edit(at, old, new),) if new and page.has_text(at, old) else ()
                yield found(at, f"'{shown}' is wrong; {advice}", *fix)


def _phrases(page: Page) -> Iterator[Finding]:
    text = page.prose.text
    line = text.replace("\n", " ")
    for phrase in PHRASES:
        if phrase.word not in page.prose.vocabulary:
            continue
        for match in phrase.matches(line):
            old, new = match[0], match.expand(phrase.new)
            if is_plain(
                page, match.start(), text[match.start() :].partition("\n")[0][: len(old)], set()
            ):
                at = page.prose.at(match.start())
                sure = phrase.sure and page.has_text(at, old)
                fix = (Edit(at, old, new),) if sure else ()
                yield found(at, f"'{old}' is wrong; write '{new}'", *fix)


#: Words after which the article's form does not matter: "a" is the name of something before them.
_NO_NOUN = (
    "(?:and|are|as|at|if|in|into|is|it|its|of|off|on|or|over|all|also|always|only|any|each|else|ever"
    r"|equals|exceeds|under|until|unless|upon|after|about|above|out|al|et)(?![\w-])"
)
#: What begins with a vowel, and is spoken with a consonant.
_SPOKEN = (
    "one|once|eu|ewe|oui|uni(?!n|m[aei]|d(?!i))|unanim|us[aeu]|ut[eio]|ubiq|ur[aeiou]|urls?|uk"
)
#: The article before something; with a capital at the begin of a sentence alone.
_BEGINS = r"[aA](?=[ \n])(?<![\w’'*.(-].)(?:(?<=a)|(?<=\n\n.)|(?<=[.!?] .)|(?<=^.))"
#: What is spoken letter by letter and begins with a vowel so: "an RL task", "an F-score".
_SPELT = (
    r"[AIO][A-Z]+s?|E(?!U)[A-Z]+s?|(?!SQL)[FHLMNRSX][B-DF-HJ-NP-TV-XZ]+s?"
    r"|[FHLMNRSX](?=-[a-z]{3}|[ ][a-z]{4})|[fhlmnrsx](?=-[a-z]{3})"
)
_A = rf"{_BEGINS}[ \n](?:(?!{_SPOKEN}|{_NO_NOUN})([aeiou][a-z]{{2,}})|({_SPELT}))(?![\w’'])"
#: Words spoken as they are written, not letter by letter: "an mse" is one of the latter.
_CONSONANTS = (
    "(?:[bcdfgjklmnpqrstvwyz][aeiouy]|bl|br|ch|cl|cr|dr|dw|fl|fr|gl|gr|kn|ph|pl|pr|sc|sh|sk|sl|sm"
    "|sn|sp|st|sw|th|tr|tw|wh|wr)"
)
_AN = (
    r"[aA]n(?=[ \n])(?<![\w’'*.(-]..)[ \n]"
    rf"((?:{_CONSONANTS}|unif|uniq|unit(?!e)|unive|unidir|us[aeu])"
    r"[a-z]{2,}|[BCDGJKPQTVWZ][A-Z]+s?|[bcdgjkpqtvwz](?=-[a-z]{3}))(?![\w’'])"
)
_WRONG_ARTICLE = re.compile(f"{_A}|{_AN}")

#: Words that have no article, and what is meant by "a another network".
_REPLACED = {"another": "another", "own": "its own"}
#: The rest of a word with a hyphen.
_REST = re.compile(r"[\w-]*")


@rule("warning")
def article_wrong(book: Book) -> Iterator[Finding]:
    """The article "a" stands before a vowel, or "an" before a consonant.

    Bad: ``a attention layer``, ``an model``, ``an unified view``, ``a RL task``, ``a $n$-gram``

    Good: ``an attention layer``, ``a model``, ``a unified view``, ``an RL task``, ``an $n$-gram``

    Why: it is printed so. What counts is how the word is spoken: "a unit", "an hour", "an SVM".
    """
    for page in book.pages.values():
        text = page.prose.text
        if not page.prose.is_english:
            continue
        broken = broken_blocks(page)
        for match in _WRONG_ARTICLE.finditer(text):
            if not is_plain(page, match.start(), match[0].partition("\n")[0], broken):
                continue
            at, old = page.prose.at(match.start()), " ".join(match[0].split())
            word = old.partition(" ")[2]
            rest = _REST.match(text, match.end())[0]  # type: ignore[index]
            if word in _REPLACED:
                new = _REPLACED[word]
                message = f"'{old}' is wrong; write '{new.capitalize() if old[0] == 'A' else new}'"
                yield found(at, message)
            elif old[1] == " ":
                new = f"{old[0]}n {word}"
                fix = (Edit(at, old, new),) if old == match[0] else ()
                yield found(at, f"'{old}{rest}' lacks an 'n'; write '{new}{rest}'", *fix)
            else:
                new = f"{old[0]} {word}"
                message = f"'{old}{rest}' has an 'n' too many"
                message += f"; write '{new}{rest}', or 'and' if that is meant"
                yield found(at, message)
        yield from _before_formulas(page, broken)


_ARTICLE = re.compile(rf"({_BEGINS}|[aA]n(?<![\w’'*.(-]..))[ ](?={NOT_TEXT})")
#: A formula's first sign, if it is a letter or a number that is read as such.
_FIRST = re.compile(
    r"\s*(?:\\(?:math(?:bf|rm|it|sf)|boldsymbol|bm|hat|tilde|bar|vec)\s*\{?\s*)?"
    r"(?:([A-Za-z])(?![A-Za-z])|\\([a-z]+)|(\d+)(?![\d.,]))"
)
_VOWELS = {*"AEFHILMNORSXaefhilmnorsx", "alpha", "epsilon", "varepsilon", "eta", "iota", "omega"}
_VOWELS |= {"ell", "8", "11", "18", "80"}
_OTHERS = {*"BCDGJKPQTVWZbcdgjkpqtvwz", "beta", "gamma", "delta", "zeta", "theta", "kappa", "mu"}
_OTHERS |= {"lambda", "nu", "pi", "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", *"12345679"}


def _before_formulas(page: Page, broken: set[int]) -> Iterator[Finding]:
    """Yield the articles that do not go with the letter with which a formula begins."""
    text = page.prose.text
    for blank in places(text, f" {NOT_TEXT}"):
        match = _ARTICLE.match(text, max(blank - 1 - text.endswith("n", 0, blank), 0))
        if match is None:
            continue
        element = page.prose.element(match.end())
        first = _FIRST.match(element.body) if element.kind == "math" else None
        # N(0, 1) is read "normal", and R as what it stands for.
        if first is None or re.match(r"\s*N\s*[({]", element.body):
            continue
        old = match[1]
        wrong = _VOWELS if len(old) == 1 else _OTHERS
        read = first[1] or first[2] or first[3]
        if read in wrong and is_plain(page, match.start(), old, broken):
            at, new = page.prose.at(match.start()), f"{old}n" if len(old) == 1 else old[0]
            shown = f"${element.body.strip()}$" if len(element.body) < 20 else "this formula"
            message = f"'{old}' before {shown}, which is read with its first letter"
            yield found(at, f"{message}; write '{new}'", Edit(at, old, new))


#: What begins a sentence and joins it to the one before, and with what the sentence goes on.
_JOINS = (
    "Moreover|Furthermore|Additionally|Nevertheless|Nonetheless|In addition|On the other hand"
    "|On the contrary|For example|For instance|In contrast|In other words|In summary|As a result"
)
_SUBJECT = (
    "the|this|these|those|we|it|they|there|an?|our|its|their|some|most|one|in|for|when|if|as|since"
    "|because|while|both|each|all|other|such"
)
#: The same, where "for" or "in" may go on with the words themselves: "Unfortunately for them".
_BEGIN = (
    "Consequently|Ironically|Notably|Interestingly|Surprisingly|Unfortunately|Fortunately"
    "|Importantly|Similarly|Instead|Besides that|As (?:mentioned|described|discussed|stated|noted)"
    " (?:above|before|earlier|previously)|Firstly|Secondly|Thirdly|Lastly|Conversely|Alternatively"
    "|Specifically"
    "|In fact|In the following|In doing so|Based on this|Because of this|Due to this|After this"
    "|After that|For this|By doing so|By doing this|To do so|To do this"
)
_DETERMINER = (
    "the|this|these|those|we|it|they|there|an?|our|its|their|some|most|one|both|each|all|other"
)
#: A word that has an object or a place behind it: "However scaling in this way is …".
_DOING = (
    "(?!interesting|challenging|promising|surprising)[a-z]{3,}ing"
    " (?:the|an?|in|this|too|on|of|with|to)"
)
_JOINED = (
    re.compile(rf"(?:However|{_JOINS})(?= (?:{_SUBJECT}|{_DOING})(?![\w-]))"),
    re.compile(rf"(?:{_BEGIN})(?= (?:{_DETERMINER})(?![\w-]))"),
)
#: How a sentence begins: what stands right before it.
_BEFORE = re.compile(r"(?:\A|\n\n|[.!?][ \n])\Z")
_SPLICE = re.compile(
    rf",(?<=[\w){NOT_TEXT}],) (however|therefore|nonetheless|nevertheless)"
    rf"(?= (?:{_DETERMINER})(?![\w-]))"
)
#: What begins a sentence and is none by itself: "In the other case, however the loss falls".
_NO_SENTENCE = re.compile(
    r"(?:\A|\n\n|[.!?][ \n])(?:In|For|On|At|With|By|From|To|Under|Within|Among|After|Before|During"
    r"|Unlike|As|If|When|While|Since|Because|Although|Given)(?= )[^,.!?\n]*\Z"
)
#: A word before "i.e.", but for prepositions and conjunctions.
_NOUN = re.compile(
    rf"(?:(?<![\w-])(?!(?:than|with|from|for|and|like|using|are|see|into|via|that|but|where|when|was"
    r"|were|has|have|being|over|between|through|can|also|not|the|which|though|while|because|since"
    rf"|about|under|without|within|whether)\b)[a-z]{{3,}}|(?<!\w)[A-Z]{{2,}}s?|{NOT_TEXT})\Z"
)
#: What stands before a comma in a sentence is no longer.
_LONGEST = 200
_GOES_ON = re.compile(r",? (?!that\b)[\w`$\ufffc]")


@rule("warning")
def comma_missing(book: Book) -> Iterator[Finding]:
    """A comma is missing at words that join sentences, or at "namely", "i.e." and "e.g.".

    Bad: ``However the loss falls.``, ``It grows, however the loss falls.``, ``the loss i.e. the
    sum``

    Good: ``However, the loss falls.``, ``It grows; however, the loss falls.``, ``the loss, i.e. the
    sum``

    Why: "however the" reads as "in whatever way", and one sentence runs into the next.
    """
    for page in book.pages.values():
        if not page.prose.is_english:
            continue
        text = page.prose.text
        broken = broken_blocks(page)
        for match in (one for joined in _JOINED for one in joined.finditer(text)):
            begins = _BEFORE.search(text, max(0, match.start() - 2), match.start())
            if begins and is_plain(page, match.start(), match[0], broken):
                at, new = page.prose.at(match.start()), f"{match[0]},"
                message = f"there is no comma after '{match[0]}'; write one"
                yield found(at, message, Edit(at, match[0], new))
        for match in _SPLICE.finditer(text):
            rest = _PHRASE.match(text, match.end())
            if rest and not _has_verb(rest[1].split()):
                continue  # "less disorder, therefore a better split."
            if is_plain(page, match.start(1), match[1], broken):
                at = page.prose.at(match.start(1))
                if _NO_SENTENCE.search(text, max(0, match.start() - _LONGEST), match.start()):
                    message = f"there is no comma after '{match[1]}'; write one"
                    yield found(at, message, Edit(at, match[1], f"{match[1]},"))
                    continue
                message = f"'{match[1]}' stands between two sentences"
                yield found(at, f"{message}; write '; {match[1]},' or begin a new sentence")
        for short in ("i.e.", "e.g.", "namely"):
            yield from _before_short(page, short, broken)


def _has_verb(words: list[str]) -> bool:
    """Whether the last of a few words can be what something does: "a loss falls"."""
    kinds = word_classes().get(words[-1].lower(), "")
    acts = "z" in kinds or ("d" in kinds and "n" not in kinds)
    return acts or not {"is", "are", "was", "were"}.isdisjoint(words)


#: A few words behind an article and the end of the sentence.
_PHRASE = re.compile(r" an? ((?:[\w-]+ ){0,2}[\w-]+)(?:[.;]|\n\n)")


def _before_short(page: Page, short: str, broken: set[int]) -> Iterator[Finding]:
    text = page.prose.text
    for start in places(text, f" {short}"):
        end = start + len(short) + 1
        behind_noun = _NOUN.search(text, max(0, start - 30), start)
        if behind_noun and _GOES_ON.match(text, end) and is_plain(page, start + 1, short, broken):
            at = page.prose.at(start + 1)
            before, old = at.right(-1), f" {short}"
            fix = (Edit(before, old, f",{old}"),) if page.has_text(before, old) else ()
            yield found(at, f"there is no comma before '{short}'; write one", *fix)


#: What says or thinks something, before "that".
_SAYS = re.compile(
    r"(?<!\w)(?:(?<!In )fact|argues?|says?|is|means|claims?|show(?:s|ed)?|noted?|found|assume"
    r"|mention|know)\Z"
)
_RELATIVE = re.compile(
    r", that (?:are|has|have|can|will|was|were|could|allows?|uses?|consists?|contains?|makes?)"
    r"(?= (?!,))"
)
_ASKED = re.compile(
    r"(?:decide|determine|predict|understand|understanding|clear|unclear|ask"
    r"|define|specify|explain|learn|investigate|examine)\Z"
)
_BOTH = re.compile(
    r"both, (?!(?:which|but|so|as|because|where|while|or|with|it|we|they|in|and|of)(?!\w))"
    r"(?=[^.,;:\n]{3,60} and )"
)


#: What begins an indirect question.
_ASKS = ("what", "how", "whether", "why", "which")
_WHICH = re.compile(r", (?!which)|, which [a-z]+s (?:are|is|was|were|have|has|can|will|to)(?!\w)")
#: What begins a sentence, and what follows it right away.
_NO_COMMA = ("Note that", "Recall that", "Assume that", "Suppose that", "Let", "Where", "Suppose")
_SUBJECT_NEXT = re.compile(rf", (?:we|it|the|this|these|there|an?|{NOT_TEXT})(?![\w,-])")
_OPENS = re.compile(r"(?:\A|[\n.!?:] ?)\Z")


@rule("warning")
def comma_surplus(book: Book) -> Iterator[Finding]:
    """A comma stands where none belongs: before "that" and questions, behind "both".

    Bad: ``we argue, that it falls``, ``both, the loss and the gain``, ``a loss, that can fall``

    Good: ``we argue that it falls``, ``both the loss and the gain``, ``a loss that can fall``

    Why: German has a comma there, English has none; with one, the reader waits for another.
    """
    for page in book.pages.values():
        text, words = page.prose.text, page.prose.vocabulary
        if not page.prose.is_english:
            continue
        for word in _NO_COMMA:
            for start in places(text, f"{word}, ") if f"{word.split()[0]}\n" in words else ():
                comma = start + len(word)
                plain = is_plain(page, comma, ", ", broken_blocks(page))
                if plain and _SUBJECT_NEXT.match(text, comma) and _OPENS.search(text[:start][-3:]):
                    at = page.prose.at(comma)
                    message = f"no comma belongs behind '{word}'; delete it"
                    yield found(at, message, Edit(at, ", ", " "))
        asked = (start for word in _ASKS for start in places(text, f", {word} "))
        for start in (*places(text, ", that "), *places(text, "both, "), *asked):
            comma = text.index(",", start)
            if _aside(text, comma) or not is_plain(page, comma, ", ", broken_blocks(page)):
                continue
            at = page.prose.at(comma)
            if text.startswith("both", start) and _BOTH.match(text, start):
                yield found(at, "no comma belongs behind 'both'; delete it", Edit(at, ", ", " "))
            elif not text.startswith((", that", "both"), start):
                if _ASKED.search(text, max(0, start - 13), start) and _WHICH.match(text, start):
                    message = f"no comma belongs before '{text[start + 2 :].split()[0]}'; delete it"
                    yield found(at, message, Edit(at, ", ", " "))
            elif _SAYS.search(text, max(0, start - 10), start):
                yield found(at, "no comma belongs before 'that'; delete it", Edit(at, ", ", " "))
            elif _RELATIVE.match(text, start) and not _CLAUSE.search(text[:start][-_LONGEST:]):
                advice = "delete it, or write 'which'"
                yield found(at, f"no comma belongs before 'that'; {advice}")


def _aside(text: str, end: int) -> bool:
    """Whether something between two commas may end there: "is, as we know, that"."""
    before = re.split(r"[.!?:;]\s|\n\n|[()]", text[max(0, end - _REACH) : end])[-1]
    return "," in before or bool(_CLEFT.search(before)) or text.startswith(", that is,", end)


#: "If it falls, that can help": the sentence begins behind the comma.
_CLAUSE = re.compile(
    r"(?:\A|\n\n|[.!?:][ \n])(?:If|When|Whenever|Since|As|Because|While|Unless|Although|Though|Once"
    r"|After|Before|[A-Z][a-z]+ly)(?!\w)[^.!?]*\Z"
)
#: "It is the fact that it falls, that helps": the comma may stay.
_CLEFT = re.compile(r"\b(?:[Ii]t(?:'s|’s| is| was) the|(?:the|this) fact that)\b")
#: A remark in a sentence is no longer.
_REACH = 90
