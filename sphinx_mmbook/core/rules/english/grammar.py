"""Rules on grammar: words that do not go together, and articles."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.agreement import mismatches
from sphinx_mmbook.core.english.clauses import has_verb
from sphinx_mmbook.core.english.phrases import PHRASES
from sphinx_mmbook.core.english.subjects import disagreements
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.english.spelling import is_plain, places
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page


@rule("warning")
def grammar(book: Book) -> Iterator[Finding]:
    """Words do not go together in English.

    Bad: ``in to account``, ``these method``, ``it can used``, ``depends of``, ``VilBerts ability``

    Good: ``into account``, ``these methods``, ``it can be used``, ``depends on``, ``VilBert's …``

    Why: the reader stumbles, and may take something else to be meant. Where such words are right
    in many a sentence, they are a guess: a note at level info, which says "looks wrong".
    """
    for page in book.english:
        phrases = [*_phrases(page), *_genitives(page), *_plurals(page), *_fragments(page)]
        yield from (one for _, one in phrases)
        spans = [span for span, _ in phrases]
        for slip in chain(mismatches(page.prose), disagreements(page.prose)):
            start, old = slip.start, slip.old
            at, begin = page.prose.at(start), old.partition("\n")[0].partition(" … ")[0]
            end = start + len(old)
            told = any(start < one.stop and one.start < end for one in spans)
            if not told and is_plain(page, start, begin, anywhere=True):
                spans.append(range(start, end))
                shown, sure = " ".join(old.split()), slip.repair and page.has_text(at, old)
                if slip.guess:
                    message = f"'{shown}' looks wrong; if it is, {slip.advice}"
                    yield Finding(at, "grammar", message, "info")
                else:
                    fix = (Edit(at, old, slip.repair),) if sure else ()
                    yield found(at, f"'{shown}' is wrong; {slip.advice}", *fix)


#: What a word after a name with an "s" is, or is not, and that word.
_THING, _NO_THING = frozenset("nmp"), frozenset("vzdejrgcs")
_NEXT = re.compile(r"(?<=[^.!?:\n] )[A-Za-z]+ ([a-z][a-z-]{3,})(?!\w)")


def _genitives(page: Page) -> Iterator[tuple[range, Finding]]:
    """Yield the names with an "s" and no apostrophe before what they have, each with its span."""
    words, kinds, text = page.prose.words, word_classes(), page.prose.text
    for word in words:
        name = word[:-1] if word[:1].isupper() and word[-2:-1].islower() and word[-1] == "s" else ""
        often = name and words.get(name, 0) >= max(3, 3 * words[word])
        if not often or not {name.lower(), word.lower()}.isdisjoint(words):
            continue
        for start in places(text, f" {word} "):
            match = _NEXT.match(text, start + 1)
            kind = {*kinds.get(match[1], "")} if match else set()
            thing = kind & _THING and not kind & _NO_THING if kind else match and "-" in match[1]
            if match and thing and is_plain(page, start + 1, match[0], anywhere=True):
                message = f"'{match[0]}' lacks an apostrophe; write '{name}'s {match[1]}'"
                yield range(start + 1, match.end()), found(page.prose.at(start + 1), message)


#: An acronym, or a decade, with "'s"; what stands after it, if that is not what somebody has; and
#: before it, if it is: "better than BERT's."
_WITH_S = re.compile(r"^([A-Za-z]?[A-Z]+[A-RT-Z]|(?:1[89]|20)\d0)['’]s$", re.MULTILINE)
_NO_OWNER = re.compile(
    r" (?:are|were|have|(?P<any>of|that|which|in|for|to|with|from|can|could|would|will|should|do|on"
    r"|by|as|at|is|was))(?!\w)|(?P<stop>[.,;:)]|\n\n|\Z)"
)
_THAN = re.compile(
    r"(?<!\w)(?:(?:than|from|like|to|as|with|unlike|exceeds|matches|and|or|is|was)\s(?:the\s)?"
    r"|(?:an?|one|each|every|another|this)\s)\Z"
)


#: What stands after decades.
_AFTER_YEARS = re.compile(
    r"\s(?:and|are|were|was|when|the|of|that|which|in|for|to|with|from|by|as|at|is|it|we)(?!\w)"
    r"|[.,;:)]|\n\n|\Z"
)


def _plurals(page: Page) -> Iterator[tuple[range, Finding]]:
    """Yield the plurals of acronyms and decades that have an apostrophe, each with its span."""
    text = page.prose.text
    for found_word in _WITH_S.finditer(page.prose.vocabulary):
        word, new = found_word[0], f"{found_word[1]}s"
        decade = word[0].isdigit()
        for start in places(text, word):
            end = start + len(word)
            after = (_AFTER_YEARS if decade else _NO_OWNER).match(text, end)
            sure = decade or (after and not (after["any"] or after["stop"]))
            owner = not sure and _THAN.search(text, max(0, start - 16), start)
            alone = not text[start - 1 : start].strip(" \n(")
            if after and alone and not owner and is_plain(page, start, word):
                at = page.prose.at(start)
                fix = (Edit(at, word, new),) if decade and page.has_text(at, word) else ()
                message = f"'{word}' is a plural, which has no apostrophe; write '{new}'"
                yield range(start, end), found(at, message, *fix)


def _phrases(page: Page) -> Iterator[tuple[range, Finding]]:
    text, words, vocabulary = page.prose.text, page.prose.words, page.prose.vocabulary
    line = text.replace("\n", " ")
    for phrase in PHRASES:
        if phrase.word not in vocabulary or not phrase.words <= words.keys():
            continue
        for match in phrase.matches(line):
            old, new = match[0], match.expand(phrase.new)
            written = text[match.start() :].partition("\n")[0][: len(old)]
            if is_plain(page, match.start(), written, anywhere=True):
                at = page.prose.at(match.start())
                sure = phrase.sure and page.has_text(at, old)
                fix = (Edit(at, old, new),) if sure else ()
                span = range(match.start(), match.end())
                yield span, found(at, f"'{old}' is wrong; write '{new}'", *fix)


#: What begins a sentence that has no verb: "Thereby, obtaining a good overview."
_LEADS = ("Hence", "Thus", "Thereby")
_GERUND = re.compile(
    r"(\w+,? (?:allow|enabl|obtain|increas|decreas|reduc|improv|mak|lead|provid|result|giv|yield"
    r"|creat|avoid|prevent|caus|sav|show|ensur|achiev|produc)ing) ([^.,:;?!\n]{5,})\.(?!\d)"
)


def _fragments(page: Page) -> Iterator[tuple[range, Finding]]:
    """Yield the sentences of a gerund and what belongs to it, each with its span."""
    text = page.prose.flat
    for lead in _LEADS:
        for start in places(text, lead) if lead in page.prose.words else ():
            begins = text[start - 2 : start - 1] in (".", "!", "?", "\n")
            match = _GERUND.match(text, start) if begins else None
            if match and not has_verb(match[2].split()) and is_plain(page, start, lead):
                message = f"the sentence '{match[1]} …' has no verb; join it to the one before"
                yield range(start, match.end(1)), found(page.prose.at(start), message)


#: Words after which the article's form does not matter: "a" is the name of something before them.
_NO_NOUN = (
    "(?:and|are|as|at|if|in|into|is|it|its|of|off|on|or|over|all|also|always|only|any|each|else|ever"
    r"|equals|exceeds|under|until|unless|upon|after|about|above|out|al|et)(?![\w-])"
)
#: What begins with a vowel, and is spoken with a consonant.
_SPOKEN = (
    "one|once|eu|ewe|oui|una(?:nim|ry)|uni(?!n|m[aei]|d(?!i))"
    "|us[aeu]|ut[eio]|ubiq|ur[aeiou]|urls?|uk"
)
#: The article before something; with a capital at the begin of a sentence alone.
_BEGINS = r"[aA](?=[ \n])(?<![\w’'*.(-].)(?:(?<=a)|(?<=\n\n.)|(?<=[.!?] .)|(?<=^.))"
#: What is spoken letter by letter and begins with a vowel so: "an RL task", "an F-score".
_SPELT = (
    r"[AIO][A-Z]+s?|E(?!U)[A-Z]+s?|(?!SQL)[FHLMNRSX][B-DF-HJ-NP-TV-XZ]+s?"
    r"|(?!LLA)[HLMNRX][B-DF-HJ-NP-TV-XZ][A-Z]+s?|[FHLMNRSX]\d+"
    r"|(?:8\d*|1[18])(?:[.,]\d+)*(?=[- ](?:%|[a-z]{2}))"
    r"|[FHLMNRSX](?=-[a-z]{3}|[ ][a-z]{4})|[fhlmnrsx](?=-[a-z]{3})"
)
_SILENT = r"[aeiou][a-z]{2,}|h(?:our|onest)[a-z]*"
_A = rf"{_BEGINS}[ \n](?:(?!{_SPOKEN}|{_NO_NOUN})({_SILENT})|({_SPELT}))(?![\w’'])"
#: Words spoken as they are written, not letter by letter: "an mse" is one of the latter.
_CONSONANTS = (
    "(?:[bcdfgjklmnpqrstvwyz][aeiouy]|bl|br|ch|cl|cr|dr|dw|fl|fr|gl|gr|kn|ph|pl|pr|sc|sh|sk|sl|sm"
    "|sn|sp|st|sw|th|tr|tw|wh|wr)"
)
_AN = (
    r"[aA]n(?=[ \n])(?<![\w’'*.(-]..)[ \n]"
    rf"(?!(?:the|so)\W)((?:{_CONSONANTS}|unif|uniq|unit(?!e)|unive|unidir|us[aeu])[a-z]+"
    r"|[bcdfgjklmnpqrstvwyz][aeiouy]|use|on(?:e|ce)|[Ee]u(?!ler)[a-z]{2,}|[BCDGJKPQTVWZ][A-Z]+s?"
    r"|U(?!LM|N[A-Z]{3})[A-Z]{1,4}s?|U(?=-[A-Za-z])|[bcdgjkpqtvwz](?=-[a-z]{3}))(?![\w’'])"
)
_WRONG_ARTICLE = re.compile(f"{_A}|{_AN}")

#: Words that have no article, and what is meant by "a another network".
_REPLACED = {"another": ("another",), "own": ("its own", "our own")}
#: The rest of a word with a hyphen.
_REST = re.compile(r"[\w-]*")


@rule("warning")
def article_wrong(book: Book) -> Iterator[Finding]:
    """The article "a" is used before a vowel, or "an" before a consonant.

    Bad: ``a attention layer``, ``an model``, ``an unified view``, ``a RL task``, ``a $n$-gram``

    Good: ``an attention layer``, ``a model``, ``a unified view``, ``an RL task``, ``an $n$-gram``

    Why: it is printed so. What counts is how the word is spoken: "a unit", "an hour", "an SVM".
    """
    for page in book.english:
        text = page.prose.text
        for match in _WRONG_ARTICLE.finditer(text):
            begins = match[0].partition("\n")[0]
            marked = (f"{begins.partition(' ')[0]} {sign}" for sign in "*[")  # "a **LSTM**"
            if not any(is_plain(page, match.start(), some) for some in (begins, *marked)):
                continue
            at, old = page.prose.at(match.start()), " ".join(match[0].split())
            word = old.partition(" ")[2]
            rest = _REST.match(text, match.end())[0]  # type: ignore[index]
            if word in _REPLACED:
                some = (one.capitalize() if old[0] == "A" else one for one in _REPLACED[word])
                advice = " or ".join(f"'{one}'" for one in some)
                yield found(at, f"'{old}' is wrong; write {advice}")
            elif old[1] == " ":
                new = f"{old[0]}n {word}"
                fix = page.edits(at, old, new)
                yield found(at, f"'{old}{rest}' lacks an 'n'; write '{new}{rest}'", *fix)
            elif not _is_spelt(word):
                new = f"{old[0]} {word}"
                message = f"'{old}{rest}' has an 'n' too many"
                message += f"; write '{new}{rest}', or 'and' if that is meant"
                yield found(at, message)
        yield from _before_formulas(page)


def _is_spelt(word: str) -> bool:
    """Whether a small word may begin with a letter's name: "an fopen" of C, "an stl file"."""
    spelt = word[0] == "f" and word[1:] in word_classes()
    spelt = spelt or bool(re.fullmatch("[flmnrsx][b-df-hj-np-tv-xz]+", word))
    return spelt and word not in word_classes()


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


def _before_formulas(page: Page) -> Iterator[Finding]:
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
        if read in wrong and is_plain(page, match.start(), old):
            at, new = page.prose.at(match.start()), f"{old}n" if len(old) == 1 else old[0]
            shown = f"${element.body.strip()}$" if len(element.body) < 20 else "this formula"
            message = f"'{old}' before {shown}, which is read with its first letter"
            yield found(at, f"{message}; write '{new}'", Edit(at, old, new))
