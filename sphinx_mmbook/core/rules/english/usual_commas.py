"""Commas that copy editors set and that may be left out: notes, since good texts differ here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.clauses import FINITES
from sphinx_mmbook.core.english.row_words import words_of
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Finding, also_in
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.english.commas import JOINED
from sphinx_mmbook.core.rules.english.spelling import is_plain, places
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.page import Page

#: With what a sentence goes on after what opens it.
_SUBJECTS = words_of(
    "the this these those we it they there a an our its their one most many several some"
)
_OPENINGS = re.compile(
    "(?!(?:First|Second|Third|Next|Still) [A-Z])(?:"
    "Therefore|Thus|Hence|Overall|Finally|Usually|Generally|Currently|Recently|Nowadays"
    "|Still|Next|Afterwards|Later|Initially|Typically|Traditionally|Obviously|Clearly"
    "|Naturally|Of course|In general|In particular|In practice|In principle|In short"
    "|In the end|In this way|In the past|On average|At first|At the same time|As usual"
    "|As before|To this end|So far|Until now|Up to now|First|Second|Third|Likewise"
    "|Otherwise|Meanwhile|Accordingly|Subsequently|Ultimately|Originally|Anyway"
    f") (?=([\\w{NOT_TEXT}][\\w-]*))"
)
_OPENS = frozenset(re.findall(r"[A-Z][a-z]+", _OPENINGS.pattern))
#: Openings after which a sentence may go on with any noun, or with a part of its own: "Thus if".
_LOOSE = re.compile(
    "(?:Therefore|Thus|Hence|Finally|Currently|Recently|Nowadays|Afterwards|Initially"
    "|Obviously|Of course|In general|In practice|In principle|In short|Otherwise|Meanwhile"
    "|Subsequently|Ultimately) (?:(?:you|I|each|both|all|any|every|another|if|when|since|because"
    "|although|after|as|by|for|in|with|\\d+)(?![\\w-])|(?=(?P<noun>[a-z]{3,})))"
)
#: Words before a group of nouns that opens a sentence.
_PLACES = words_of(
    "In For On At With By From After Before During Within Among Under Through Over Despite"
)
#: Words with which such a group is no more one, and after which a sentence has a part of its own.
_BREAKS = words_of(
    "to that which who whom whose whether if when where while because how what why is are was "
    "were has have had can could will would should may might must do does did be been not you "
    "i he she and or but being via"
)
_PART_FOLLOWS = words_of("time way moment day reason year extent fact manner degree case")
#: So many words such a group has at most.
_LONGEST = 8
#: Such a group with a comma after it.
_COMMA = re.compile(
    rf"[A-Z][a-z]+ (?:[\w-]+ ){{1,6}}[\w-]+, (?:{'|'.join(sorted(_SUBJECTS))})(?![\w-])"
)


@rule("info")
def comma_usual(book: Book) -> Iterator[Finding]:
    """A comma that copy editors set is missing: after what opens a sentence, or before its end.

    Bad: ``In the second step the loss falls.``, ``A and B respectively.``, ``texts, images etc.``,
    ``If it falls then the sum is small.``, ``Hence both of them are small.``,
    ``The larger it is the more it falls.``

    Good: ``In the second step, the loss falls.``, ``A and B, respectively.``, ``texts, images,
    etc.``, ``If it falls, then the sum is small.``, ``The larger it is, the more it falls.``

    Why: the reader sees where the sentence itself begins. Good texts differ in these commas; what
    matters is that a book has them everywhere, or nowhere: where a page has one after most groups
    of words that open a sentence, one that is missing there is a warning.
    """
    for page in book.english:
        opened, often = list(_after_openings(page)), _has_commas(page)
        mostly = often >= max(_OFTEN, _MOSTLY * len(opened))
        for start, words, message in (*opened, *_before(page)):
            if not is_plain(page, start, words):
                continue
            at = page.prose.at(start)
            if mostly and words in _PLACES:
                said = f"a comma is missing {message}, as the page has it after {often} others"
                yield Finding(at, "comma-usual", f"{said}; write one", "warning")
            else:
                yield found(at, f"a comma is usual {message}; write one")
        yield from _unlike_others(page)


def _unlike_others(page: Page) -> Iterator[Finding]:
    """Yield the first "i.e." with a comma after it, or without, where most of a page differ."""
    text = page.prose.text
    for word in ("i.e.", "e.g."):
        forms: dict[str, list[Location]] = {",": [], " ": []}
        for start in places(text, word):
            if is_plain(page, start, word):
                sign = text[start + 4 : start + 5].replace("\n", " ")
                forms.get(sign, []).append(page.prose.at(start))
        few = " " if len(forms[" "]) <= len(forms[","]) else ","
        if forms[","] and forms[" "]:
            message = f"there is {'no' if few == ' ' else 'a'} comma after this '{word}'"
            message += f"{also_in(forms[few])}, unlike after others of the page"
            yield found(forms[few][0], f"{message}; use one form throughout")


#: So many openings of a page have a comma, and so many times as many as have none.
_OFTEN, _MOSTLY = 6, 3


def _has_commas(page: Page) -> int:
    """Return after how many groups of nouns that open a sentence a page has a comma."""
    starts = (start for start, first in page.prose.sentences if first in _PLACES)
    return sum(bool(_COMMA.match(page.prose.flat, start)) for start in starts)


def _after_openings(page: Page) -> Iterator[tuple[int, str, str]]:
    """Iterate over what opens sentences: offset, a word of it, and where the comma belongs."""
    text = page.prose.flat
    for start, first in page.prose.sentences:
        match = _OPENINGS.match(text, start) if first in _OPENS else None
        if match and _has_subject(match):
            yield start, first, f"after '{match[0].rstrip()}'"
        elif first in _PLACES:
            group = _group(text[start : start + 120].partition("\n\n")[0])
            if group and not JOINED.match(text, start):  # comma-missing tells of it
                yield start, first, f"after '{group}'"
        elif first == "The" and (match := _THE_MORE.match(text, start)):
            yield start, first, f"before '{match[1]}'"


def _has_subject(match: re.Match[str]) -> bool:
    """Whether a sentence goes on after what opens it with what needs a comma before it."""
    first = match[1][0]
    if match[1] in _SUBJECTS or not (first.islower() or first.isdigit()):
        return True
    loose = _LOOSE.match(match.string, match.start())
    kinds = {*word_classes().get(match[1], "")}
    noun = bool(kinds & {*"nmp"} and kinds <= {*"nmpvz"})
    return loose is not None and (not loose["noun"] or noun)


def _group(text: str) -> str:
    """Return the words that open a sentence, up to its subject; empty if there are none."""
    words, kinds = text.split()[:-1], word_classes()
    for at in range(2, min(len(words), _LONGEST)):
        last, before = words[at - 1], words[at - 2]
        stops = any(not word.replace("-", "").isalnum() for word in words[1:at])
        if stops or last in _BREAKS:
            return ""
        kind = kinds.get(last, "")
        if words[at] not in (_SUBJECTS if at > 2 else _WHO):
            continue
        is_noun = not {*"nmp"}.isdisjoint(kind) and "r" not in kind and last not in _PART_FOLLOWS
        if at == 2:  # "In parallel it runs", "For now we"
            is_noun = not {*"nmgrj"}.isdisjoint(kind) and "p" not in kind and last not in _TOLD
            is_noun = is_noun and not (kind == "g" and words[at] in ("it", "you"))
        # "In models we use, …": a verb, or a part of its own, with a comma soon after it.
        is_verb = ("v" in kind and "p" in kinds.get(before, "")) or before in _PRONOUNS
        is_part = _goes_on(words[at : at + 8])
        comma = any("," in word for word in words[at : at + 6])
        if is_noun and not (is_verb or is_part or comma):
            return " ".join(words[:at])
    return ""


def _goes_on(words: list[str]) -> bool:
    """Whether words belong to what opens a sentence: "most used for it are", "we rely on are"."""
    first, second = words[0], words[1] if words[1:] else ""
    kinds = {*word_classes().get(second, "")}
    if first == "most":
        return second != "of" and "p" not in kinds
    if first == "one":  # "In step one the", and not "one can"
        return second not in FINITES and "z" not in kinds
    at = next((at for at, word in enumerate(words) if word in _IS and at > 1), 0)
    # Two verbs after a pronoun: the first is of a clause that says which is meant.
    stranded = at == 2 or words[at - 1] in _STRANDED
    return at > 0 and stranded and first in (*_PRONOUNS, "you") and bool(kinds & {*"vzd"})


_WHO = ("we", "it", "they", "there", "I", "you")
#: After these a clause follows, or the comma is another rule's.
_TOLD = ("case", "example", "instance", "addition", "contrast", "fact", "summary", "conclusion")
_IS = ("is", "are", "was", "were")
_STRANDED = ("on", "in", "of", "with", "to", "for", "from", "at", "about")
_PRONOUNS = ("we", "it", "they", "there")
_MORE = "more|less|higher|lower|larger|smaller|bigger|longer|better|greater|closer|deeper|easier"
_THE_MORE = re.compile(
    rf"The (?:{_MORE}|richer|fewer) [^.,;:!?()\n]{{3,90}}?(?<! of)(?<! in)(?<! to)(?<! for)"
    rf" (the (?:{_MORE}))(?= (?:[a-z]+ )?(?:it|they|we|you|the|this|these|there)(?!\w))"
)
#: "If it falls then the": the end of a sentence's first part, and how the next one goes on.
_IF = re.compile(r"(?<![\w-])(?:[Ii]f|When|Whenever|Once|Since) [^.,;:!?()\n]{8,120}?(\S+)\Z")
_THEN = re.compile(rf" then(?! \d)(?= ([\w{NOT_TEXT}]+)(?![\w’'-]))(?![^.\n]{{0,25}} else )")
_NO_END = frozenset(f"and or to you we they it {' '.join(FINITES - {'does', 'do', 'did'})}".split())
_GOES_ON = ("you", "I", "one", "each", "all", "no", "any", "only", "both", "another", "that")
_ENDS = re.compile(r" respectively(?=[.,;)]|\n\n)")
_WORD = re.compile(rf"[\w%){NOT_TEXT}]")


def _before(page: Page) -> Iterator[tuple[int, str, str]]:
    """Iterate over what is after the comma that is missing."""
    text = page.prose.flat
    for word, pattern in (("respectively", _ENDS), ("etc.", None), ("then", _THEN)):
        for start in places(text, f" {word}") if word.strip(".") in page.prose.vocabulary else ():
            match = pattern.match(text, start) if pattern else None
            if (pattern and not match) or not _WORD.match(text, start - 1):
                continue
            if word != "then" or (match and _begins_sentence(match)):
                yield start + 1, word, f"before '{word}'"


def _begins_sentence(match: re.Match[str]) -> bool:
    """Whether "then" begins what follows of a condition."""
    start, word = match.start(), match[1]
    kinds = {*word_classes().get(word, "")}
    noun = bool(kinds & {*"nmp"} and kinds <= {*"nmpz"}) or not word.islower()
    begins = word in _SUBJECTS or word in _GOES_ON or noun
    clause = _IF.search(match.string, max(start - 130, 0), start) if begins else None
    return clause is not None and clause[1] not in _NO_END
