"""Rules on hyphens: words that are one adjective before a noun, and words with a beginning."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.compound_rows import (
    ADJECTIVES,
    ALONE,
    BEFORE_NOUNS,
    BEGINNINGS,
    COUNTS,
    JOINED,
    NO_ADVERB,
    NOUNS,
    NUMBER,
    OF_NOUNS,
    UNITS,
    VERBS_AS_WELL,
)
from sphinx_mmbook.core.english.row_words import words_of
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.rules.english.spelling import TYPED_WORK, is_plain, places, words_before
from sphinx_mmbook.core.rules.english.usage import quoted
from sphinx_mmbook.core.rules.english.variants import spelt_twice
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.prose import Prose

#: Asked for where an adjective is found: within each expression they took 20 ms to compile.
_NOUN = re.compile(NOUNS)
_WITH_NOUN = re.compile(
    rf"(?<![\w-])([a-z]{{3,}}) ({OF_NOUNS}) ([a-z]{{4,}})(?![\w-])(?= ([a-z]+)|)"
)
_WITH_HYPHEN = re.compile(rf"(?<![\w-])([a-z]{{3,}}) ({OF_NOUNS})-([a-z]{{4,}})(?![\w-])")
#: To make all expressions takes longer than to look for their words: each is made when needed.
_made = cache(re.compile)
#: Before a number that has a fellow, and after what is counted with its own.
_IN_PAIRS = (" x ", " × ", " to ", " or ", " and ", "–")
#: What many write without a hyphen, and always so.
_OPEN_TOO = ("cross validation", "cross entropy")
_ADVERB = re.compile(r"(?<![\w-])(?<!and )(?<!or )([a-z]{3,}ly)-([a-z]{4,})(?![\w-])")


@rule("warning")
def hyphen_compound(book: Book) -> Iterator[Finding]:
    """Words that are one adjective lack their hyphen, or an adverb has one.

    Bad: ``high quality images``, ``a transformer based model``, ``a fully-connected layer``,
    ``a 10 second clip``, ``first and second order terms``, ``a t test`` beside ``a t-test``

    Good: ``high-quality images``, ``a transformer-based model``, ``a fully connected layer``,
    ``a 10-second clip``, ``first- and second-order terms``

    Why: the hyphen tells the reader which words belong together; after "-ly" they do so without
    one. "Images of high quality" has none. What a page has in both forms is named, too.
    """
    for page in book.english:
        spots: dict[tuple[str, str], list[Location]] = {}
        # What two of the expressions find is one place.
        compounds = {start: (old, new) for start, old, new in _compounds(page.prose)}
        for start, (old, new) in compounds.items():
            if is_plain(page, start, old) and not quoted(page, start):
                spots.setdefault((old, new), []).append(page.prose.at(start))
        for (old, new), places_of in spots.items():
            times = f", {len(places_of)} times on this page" if len(places_of) > 1 else ""
            if old in _OPEN_TOO and new not in page.prose.text:
                continue
            message = f"'{old}' {_fault(old, new)}{times}; write '{new}'"
            yield found(places_of[0], message, *(Edit(at, old, new) for at in places_of))
        for starts, old, new in _in_two_forms(page.prose):
            others = [start for start in starts if start not in compounds]
            yield from spelt_twice(_first_plain(page, others, old), old, new)
        for match in _DASHED.finditer(page.prose.text) if "–" in page.prose.vocabulary else ():
            at, old, new = page.prose.at(match.start()), match[0], match[0].replace("–", "-")
            if is_plain(page, match.start(), old):
                message = f"'{old}' has a dash for its hyphen; write '{new}'"
                yield found(at, message, Edit(at, old, new))


def _fault(old: str, new: str) -> str:
    """Say what is wrong with the hyphens of words."""
    if "-" in old and " " in new:
        return "has its hyphen in the wrong place" if "-" in new else "needs no hyphen"
    return "lacks its hyphen" if old.partition(" ")[0] in BEGINNINGS else "is one adjective here"


def _first_plain(page: Page, starts: list[int], old: str) -> Location | None:
    """Return where a word is first the author's own: not in a typed list of works."""
    for start in starts:
        text = page.prose.text[start : start + len(old)]
        at = page.prose.at(start)
        if is_plain(page, start, text) and not TYPED_WORK.search(page.line(at)):
            return None if page.prose.is_quoted(start) else at
    return None


#: Words that a dash joins; after two words, "machine learning–based", some publishers want it.
_DASHED = re.compile(
    r"(?:(?<=\b(?:an|is|of|in|by) )|(?<=\b(?:the|and|are|for) )|(?<= a )|(?<=[,(] )|(?<=\())"
    r"[a-z]{3,}–(?:aware|based|dependent|driven|efficient|free|like|oriented|related|shaped"
    r"|specific|tagged|trained|wise)(?![\w–-])"
)


def _in_two_forms(prose: Prose) -> Iterator[tuple[list[int], str, str]]:
    """Iterate over words written with spaces, and elsewhere with hyphens: where, and both forms.

    Before a noun the hyphen is right; of two forms of a noun, of a name, or of what begins with one
    letter, as "t-test" does, the rarer one is found.
    """
    text, words, kinds = prose.flat, prose.words, word_classes()
    for word in filter(_HYPHENS.fullmatch, words):
        parts = word.split("-")
        apart = " ".join(parts)
        if parts[-1] not in words or apart[1:] not in text:
            continue  # to look for each word with an expression of its own takes 20 ms
        if parts[0].endswith(("ly", "ty", "teen")) or _COUNT.fullmatch(parts[0]):
            continue  # sixty models of topics are not sixty-topic models
        named = word[0].isupper() or word[1] == "-"
        if word[0].isupper() and all(part.lower() in kinds for part in parts):
            continue
        with_hyphen, with_space = (_uses(text, form, named=named) for form in (word, apart))
        nouns = (with_space[""], with_hyphen[""])
        few = min(nouns if named else nouns[::-1], key=len)
        if few and (named or (len(parts) == 2 and all(map(_is_only_noun, parts)))):
            yield few, *((word, apart) if few is nouns[1] else (apart, word))
        before = {noun.removesuffix("s") for noun in with_hyphen if noun}
        sure = sum(map(len, with_hyphen.values())) - len(with_hyphen[""]) > 1
        for noun, all_starts in with_space.items():
            starts = [start for start in all_starts if _may_be_adjective(text, start, parts)]
            pure = sure and kinds.get(noun, "") in ("n", "m", "nm", "mn", "p")
            if noun and starts and (pure or noun.removesuffix("s") in before):
                yield starts, f"{apart} {noun}", f"{word} {noun}"
                break


def _may_be_adjective(text: str, start: int, parts: list[str]) -> bool:
    """Whether words may be one adjective: not "to cull idle servers", "all in one tool"."""
    before = text[max(0, start - 6) : start]
    plain = _JOINING.isdisjoint(parts[1:]) or before.endswith(_OPENERS)
    return plain and not before.endswith("to ")


_JOINING = {"in", "of", "with", "to", "for", "by", "on", "at", "and", "or", "from"}
_OPENERS = (" a ", " an ", " the ", "\na ", "\nan ", "\nthe ", "A ", "An ", "The ")


def _uses(text: str, word: str, *, named: bool) -> dict[str, list[int]]:
    """Return where a word is, by the noun after it; that is empty if it is one itself."""
    uses: dict[str, list[int]] = {"": []}
    for rest in places(text, word[1:]):
        start, end = rest - 1, rest + len(word) - 1
        if text[start] not in (word[0], word[0].upper()) or _within(text, start, end):
            continue
        after = _AFTER.match(text, end)
        if named or (after and not after[1]):
            uses[""].append(start)
        elif after and "n" in word_classes().get(after[1].removesuffix("s"), ""):
            uses.setdefault(after[1], []).append(start)
    return uses


def _within(text: str, start: int, end: int) -> bool:
    """Whether a place is a part of a longer word."""
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return any(one.isalnum() or one in "-_'’" for one in around)


def _is_only_noun(word: str) -> bool:
    kinds = word_classes().get(word, "")
    return not {*"nm"}.isdisjoint(kinds) and {*"jr"}.isdisjoint(kinds)


#: What stands after a noun, and what may be one.
_AFTER = re.compile(
    r"(?:[.,;)]|\s(?:is|are|was|were|can|of|in|to|for|with|has|have)(?!\w))| ([a-z]{4,})(?![\w-])"
)
_COUNT = re.compile("one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred")
_HYPHENS = re.compile(
    "(?!and-|or-)[a-z]{2,}(?:-[a-z]{2,})+|[b-hj-z]-[a-z]{4,}|[A-Z][a-z]{2,}-[A-Z][a-z]{2,}"
)


def _is_noun(text: str, start: int) -> bool:
    """Whether a noun is there that is nothing else, or one of a list."""
    word = _word_at(text, start)
    kinds = set(word_classes().get(word, ""))
    return bool(
        _NOUN.match(text, start)
        or (word.isupper() and word.isalpha())
        or (kinds & {"n", "p"} and not kinds & set("vzrj") and word != "following")
    )


def _is_of_noun(match: re.Match[str]) -> bool:
    """Whether the first of some words is a noun, and one is after, or an adjective and one."""
    first, third, last = (set(word_classes().get(match[at], "")) for at in (1, 3, 4))
    is_first = first & {*"nm"} and not first & {*"jrdegzpcs"} and match[1] not in _NO_FIRST
    is_first = is_first and ("v" not in first or match[1] in VERBS_AS_WELL)
    # "to test specific hypotheses" tests something.
    is_first = is_first and not ("v" in first and match.string.endswith("to ", 0, match.start()))
    goes_on = third & {*"jem"} and last & {*"np"} and not last & {*"vzrj"}
    return bool(is_first and (goes_on or _is_noun(match.string, match.start(3))))


def _is_after_noun(text: str, start: int) -> bool:
    """Whether a noun is before a word, so that both are one: "version control based"."""
    before = _SMALL_WORD.search(text, max(0, start - 30), start)
    kinds = set(word_classes().get(before[1], "")) if before else set()
    # Or an adjective with which the page has the noun elsewhere: "regular expression related".
    both = text[before.start() : text.find(" ", start)] if before and "j" in kinds else ""
    return ("n" in kinds and kinds.isdisjoint("jrdegcs")) or (both != "" and text.count(both) > 1)


def _word_at(text: str, start: int) -> str:
    """Return a word, and of one with a hyphen the last part."""
    match = _WORD.match(text, start)
    return match[1] if match else ""


_WORD = re.compile(r"(?:\w+-)*(\w*)")
_SMALL_WORD = re.compile(r"(?<![\w-])([a-z]{3,}) \Z")
#: Nouns that are more often something else.
_NO_FIRST = ("other", "via", "more", "most", "less", "all", "that", "one", "then", "and", "both")


def _compounds(prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Iterate over adjectives of several words: where one is, how it is written and is to be."""
    text, words = prose.flat, prose.words
    for sign, pattern in ADJECTIVES.items():
        for start in words_before(text, sign) if sign.split()[-1] in words else ():
            match = _made(pattern).match(text, start)
            if match and sign == " based " and _is_after_noun(text, start):
                continue
            if match and sign == " quality " and _is_term(text, match.end()):
                continue
            if match and (sign not in BEFORE_NOUNS or _is_noun(text, match.end())):
                yield _with_first(match, JOINED.get(sign.strip(), ""))
    yield from _of_nouns(prose)
    for sign, expression in ALONE.items():
        for start in places(text, sign) if sign.strip() in words else ():
            for match in _made(expression).finditer(text, max(0, start - 10), start + 45):
                yield _joined(match, *match.groups())
    yield from _measures(prose)
    for start in words_before(text, "-") if "ly-" in text else ():
        match = _ADVERB.match(text, start)
        if match and match[1] not in NO_ADVERB and not match[2].endswith("ness"):
            yield start, match[0], f"{match[1]} {match[2]}"


def _is_term(text: str, start: int) -> bool:
    """Whether a page has a noun with "quality" as a term: "high quality parameters" are high."""
    term = f"quality {_word_at(text, start).removesuffix('s')}"
    before = (text[max(0, at - 12) : at] for at in places(text, term))
    others = (some for some in before if not some.endswith("-"))
    return sum(_GRADES.isdisjoint(some.lower().split()[-1:]) for some in others) > 1


_GRADES = words_of("high higher highest low lower good better best poor top bad worse")


def _of_nouns(prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Iterate over nouns with what makes an adjective of each: "wavelength dependent"."""
    text = prose.flat
    for last in OF_NOUNS.split("|"):
        for start in words_before(text, f" {last} ") if last in prose.words else ():
            match = _WITH_NOUN.match(text, start)
            if match and _is_of_noun(match) and not _is_after_noun(text, start):
                yield _joined(match, *match.groups()[:2])
        for start in words_before(text, f" {last}-") if f" {last}-" in prose.marked else ():
            match = _WITH_HYPHEN.match(text, start)
            if match and {*"nm"} & {*word_classes().get(match[1], "")} and match[1] != "and":
                yield start, match[0], f"{match[1]}-{match[2]} {match[3]}"


def _joined(match: re.Match[str], *parts: str) -> tuple[int, str, str]:
    return match.start(), match[0][: len(" ".join(parts))], "-".join(parts)


def _with_first(match: re.Match[str], first: str) -> tuple[int, str, str]:
    """Return an adjective with the one that shares its end: "short and long term"."""
    start, old, new = _joined(match, *match.groups())
    before = _BOTH.search(match.string, max(0, start - 20), start) if first else None
    if not before or not re.fullmatch(f"(?i:{first})", before[1]):
        return start, old, new
    return before.start(), before[0] + old, f"{before[1]}- {before[2]} {new}"


_BOTH = re.compile(r"(?<![\w-])([A-Za-z]+) (and|or|to) \Z")


def _may_be_noun(text: str, start: int) -> bool:
    """Whether a word can be a noun, and cannot be an adverb: "500 meter high"."""
    word = _word_at(text, start)
    kinds = set(word_classes().get(word, "n" if len(word) > _LONG else ""))
    if _NOUN.match(text, start):  # a "neural" network is one of them
        return True
    return bool(kinds & {*"nmp"}) and not kinds & {*"rs"} and not text.startswith("old", start)


#: Longer words that no table has are nouns, such as "timeframe".
_LONG = 7


def _measures(prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Iterate over numbers with what they count, before a noun: "a 10 second gust"."""
    text, words = prose.flat, prose.words
    for form, unit in _FORMS.items():
        for at in places(text, f" {form} ") if form in words else ():
            number = (text[max(0, at - 8) : at].split() or [""])[-1]
            if not (number in _NUMBERS or number.isdigit()) or _YEAR.fullmatch(number):
                continue
            start, end = at - len(number), at + len(form) + 1
            is_one = _is_measure(
                text[max(0, start - 5) : start], number, form, text[end : end + 30]
            )
            if is_one and _may_be_noun(text, end + 1):
                yield start, text[start:end], f"{number}-{unit}"
    for word in prose.figures.split() if "-" in prose.figures else ():
        number, _, form = word.partition("-")
        if number.isdigit() and form in _FORMS and form != _FORMS[form]:
            for start in places(text, f"{word} "):
                if _may_be_noun(text, start + len(word) + 1):
                    yield start, word, f"{number}-{_FORMS[form]}"


def _is_measure(before: str, number: str, form: str, after: str) -> bool:
    """Whether a number and what it counts are an adjective, if a noun follows."""
    if before.lower().endswith((" a ", " an ", "\na ")):
        return True
    if form in COUNTS:  # "the two step sizes" are sizes
        return before.endswith(" the ") and not _PLURAL.match(after)
    # "three weeks time" lacks something else.
    one = number == "one" and before.lower().split()[-1:] != ["the"]
    return form in UNITS and not one and not before.endswith(_IN_PAIRS)


_NUMBERS = frozenset(NUMBER.split("|")) | {"one"}
_PLURAL = re.compile(r" (?:\w+(?:ion|ing|ment) )?\w+s\b")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
#: What is counted in the singular, and in the plural.
_FORMS = {f"{unit}{end}": unit for unit in (*COUNTS, *UNITS) for end in ("", "s")}
