"""Rules on words that a page or a book spells in several ways."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.misspellings import OWN, title_slips
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.rules.english.spelling import first_place, page_code, places
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry
    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.page import Page


_TERM = re.compile(r"[A-Za-z][A-Za-z0-9]+(?:-(?:[A-Za-z]{2,}|\d+[A-Za-z]?))?")
#: Spellings of British and American English: as they end, or what is in them.
_BRITISH = (
    (re.compile(r"(\w{3})is(e[drs]?|ers|ing|ations?)$"), r"\1iz\2"),
    (re.compile(r"(al)ys(e|ed|ing)$"), r"\1yz\2"),
    (re.compile(r"(behavi|neighb|^col|^fav|^lab|^hon|^flav)our"), r"\1or"),
    (re.compile(r"(model|label|signal|travel|cancel)l(ed|ing|ers?)$"), r"\1\2"),
    (re.compile(r"^(cent|theat|(?:kilo|centi|milli)met)re"), r"\1er"),
    (re.compile(r"^artefact"), "artifact"),
    (re.compile(r"(^judg|knowledg)ement"), r"\1ment"),
)


def common_key(word: str) -> str:
    """Return what all spellings of a word have in common."""
    key = word.lower().replace("-", "")
    for pattern, american in _BRITISH if len(key) > 5 else ():
        key = pattern.sub(american, key)
    return key.removesuffix("s") if not key.endswith("ss") else key


@rule("warning")
def spelling_mixed(book: Book) -> Iterator[Finding]:
    """A page spells one word in two ways.

    Bad: ``pre-trained`` and ``pretrained``, ``behaviour`` and ``behavior``, ``Wordpiece``
    and ``WordPiece``, ``GPT-2`` and ``GPT2``, ``Matérn`` and ``Matèrn``

    Good: one of them throughout

    Why: the reader wonders whether two things are meant, and a search finds half of the places.
    """
    by_page: dict[str, dict[str, Counter[str]]] = {}
    for name, page in book.pages.items():
        if page.prose.is_english:
            yield from _two_words(page)
            yield from _small_acronyms(page)
            yield from _accents(page)
        by_page[name] = _alike(page.prose.words)
        for some in by_page[name].values():
            pair = _mixed(some) if len(some) > 1 and not some.keys() & OWN.keys() else None
            if pair and not _named(page, pair):
                yield from spelt_twice(first_place(page, pair[0]), *pair, some[pair[1]])
    yield from _between_pages(book, by_page)


def spelt_twice(at: Location | None, few: str, many: str, often: int = 0) -> Iterator[Finding]:
    """Yield that a page spells a word in two ways, if there is a place where it is plain text."""
    if at:
        times = f", {often} times" if often > 1 else ""
        message = f"'{few}' is also spelt '{many}' on this page{times}"
        yield found(at, f"{message}; write one of them throughout")


def _between_pages(book: Book, by_page: dict[str, dict[str, Counter[str]]]) -> Iterator[Finding]:
    """Yield the words that some pages spell in one way and others in another."""
    words: dict[str, dict[str, set[str]]] = {}
    for name, groups in by_page.items():
        for key, some in groups.items():
            for form in some:
                words.setdefault(key, {}).setdefault(form, set()).add(name)
    everywhere = set().union(*(page.prose.words for page in book.pages.values()))
    for key, forms in words.items():
        for form in sorted(everywhere.intersection(_plain_forms(key))):
            on = {name for name, page in book.pages.items() if form in page.prose.words}
            forms.setdefault(form, set()).update(on)
    for forms in words.values():
        if len(forms) < 2:
            continue
        counts: Counter[str] = Counter()
        for form, names in forms.items():
            counts[form] = sum(book.pages[name].prose.words.get(form, 1) for name in names)
        pair = _mixed(counts) if not counts.keys() & OWN.keys() else None
        if not pair or len({form.lower().replace("-", "").removesuffix("s") for form in pair}) > 1:
            continue  # they differ as British and American words do
        other = book.pages[min(forms[pair[1]])]
        for name in sorted(forms[pair[0]] - forms[pair[1]]):  # else its page speaks of both
            named = _named(book.pages[name], pair) or _named(other, pair)
            if not named and (at := first_place(book.pages[name], pair[0])):
                message = f"'{pair[0]}' is spelt '{pair[1]}' in {other.path}"
                yield found(at, f"{message}; write one of them throughout the book")


def _plain_forms(key: str) -> tuple[str, ...]:
    return key, f"{key}s", key.capitalize(), f"{key.capitalize()}s"


def _named(page: Page, pair: tuple[str, str]) -> bool:
    """Whether two forms are names of programs, or of a gene and its protein, one in italics.

    Or one shows the letters of an acronym: "SHapley Additive exPlanations (SHAP)".
    """
    shown = {match[0] for form in pair if (match := re.match("[A-Z]{2,}(?=[a-z]{3})", form))}
    if any(word.isupper() and word.startswith(tuple(shown)) for word in page.prose.words):
        return True
    if "-" in "".join(pair) and any(re.search(r"[a-z][A-Z]", form) for form in pair):
        return any(form in page_code(page) for form in pair)
    if pair[0].lower() != pair[1].lower():
        return False
    texts = [positions.text for positions in page.positions.values()]
    italic = re.compile(rf"(?<![*_\w])[*_](?:{'|'.join(map(re.escape, pair))})(?!\w)")
    return any(italic.search(text) for text in texts)


#: How words end that are British, or may be.
_ENDINGS = (
    "ise", "ised", "ises", "iser", "isers", "ising", "isation", "isations", "yse", "ysed", "ysing",
    "lled", "lling", "ller", "llers",
)  # fmt: skip
_PARTS = ("our", "tre", "artefact", "gement")


def _alike(counts: dict[str, int]) -> dict[str, Counter[str]]:
    """Return the words of a page that may be one word in several spellings, by their key.

    Only words with a hyphen, a British ending or several capitals can have another: to make the
    key of each word takes five times as long.
    """
    groups: dict[str, Counter[str]] = {}
    for word, number in counts.items():
        plain = word.islower() or word.istitle()
        differs = not plain or "-" in word or word.endswith(_ENDINGS)
        if (differs or any(part in word for part in _PARTS)) and len(word) > 3:
            form = word.removesuffix("’s").removesuffix("'s")
            if _TERM.fullmatch(form):
                groups.setdefault(common_key(form), Counter())[form] += number
    for key, some in groups.items():
        some.update(
            {form: counts[form] - some[form] for form in _plain_forms(key) if form in counts}
        )
    return groups


#: Acronyms that some write in small letters.
_ACRONYMS = {
    name.lower(): name
    for name in (
        "API", "APIs", "CNN", "CNNs", "CPU", "CPUs", "DNA", "GPU", "GPUs", "HTML", "JSON", "LSTM",
        "LSTMs", "NLP", "RNA", "RNN", "RNNs", "URL", "URLs",
    )
}  # fmt: skip


def _small_acronyms(page: Page) -> Iterator[Finding]:
    """Yield acronyms that a page has in capitals and in small letters."""
    for small, name in _ACRONYMS.items():
        both = {name, name.removesuffix("s")} & page.prose.words.keys()
        if small in page.prose.words and both and (at := first_place(page, small)):
            message = f"'{small}' is also spelt '{name}' on this page"
            yield found(at, f"{message}; write that throughout")
    words = page.prose.words
    for few, advice in _other_cases(page):
        if at := first_place(page, few):
            message = f"'{few}' is also spelt {advice}"
            yield Finding(at, "spelling-mixed", message, "info")
    for name, other in _mistyped_acronyms(page):
        if at := first_place(page, name):
            message = f"'{name}' appears once on this page, and '{other}' {words[other]} times"
            yield found(at, f"{message}; write that, if it is meant")
    for name in ("UK", "US", "USA"):
        spelt = ".".join(name)
        alone = (rf"(?<![\w.]){form}(?!\w|\.\w|\.? [A-Z][a-z])" for form in (name, spelt))
        if (
            name in words
            and spelt in words
            and all(re.search(one, page.prose.text) for one in alone)
        ):  # and not in names alone, as in "the U.S. Census Bureau"
            yield from spelt_twice(first_place(page, name), name, f"{spelt}.")


def _other_cases(page: Page) -> Iterator[tuple[str, str]]:
    """Yield acronyms that a page has in small letters, too, or with one capital: with advice."""
    words, kinds = page.prose.words, word_classes()
    for name, often in words.items():
        small, titled = name.lower(), name.capitalize()
        if not (name.isupper() and name.isalpha()) or small in kinds or small in OWN:
            continue
        if len(name) > 2 and often > words.get(small, often) and small not in _ACRONYMS:
            advice = f"'{name}' on this page, {often} times; write that, where no package"
            yield small, f"{advice} or file is meant"
        elif len(name) > 3 and small not in words and words.get(titled, 0) > (often < _SEVERAL):
            few, many = sorted((name, titled), key=lambda form: words[form])
            yield few, f"'{many}' on this page; write one, if both are one"


def _mistyped_acronyms(page: Page) -> Iterator[tuple[str, str]]:
    """Yield acronyms that stand once, and one with two letters swapped or a small 's'."""
    words, marked = page.prose.words, page.prose.marked
    often = [word for word, number in words.items() if number > 1 and _ACRONYM.fullmatch(word)]
    swaps = {
        f"{one[:i]}{one[i + 1]}{one[i]}{one[i + 2 :]}": one
        for one in often
        for i in range(min(len(one) - 1, 3))
    }
    plurals = (one for one in words if one[-1:] == "s" and one[1:-1].isupper())
    swaps |= {one.upper(): one for one in plurals if words[one] > 1}
    for name, other in swaps.items():
        # Of shorter acronyms two often differ so; not if the same word is joined to both.
        if name != other and words.get(name) == 1 and len(name) > _SEVERAL:
            yield name, other
        elif name != other and f" {name}-" in marked:
            joined = (word for word in words if word.startswith(f"{name}-") and words[word] == 1)
            yield from ((one, new) for one in joined if (new := other + one[len(name) :]) in words)


_ACRONYM = re.compile("[A-Z]{3,}")
#: A name that stands so often is not a slip itself.
_SEVERAL = 3


def _accents(page: Page) -> Iterator[Finding]:
    """Yield words that a page has with different accents."""
    words, kinds = page.prose.words, word_classes()
    forms: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) > 2 and not word.isascii() and word.isalpha():
            bare = "".join(one for one in normalize("NFD", word) if not combining(one))
            # "resume" and "rose" are words of their own; a name has its accents more than once.
            alike = (
                set("vdz").isdisjoint(kinds.get(bare, "")) if word.islower() else words[word] > 1
            )
            alike = alike and bare in words and len(bare) > (2 if word.istitle() else 3)
            if bare.isascii():
                forms.setdefault(bare, [bare] if alike else []).append(word)
    for some in forms.values():
        if len({normalize("NFKC", form) for form in some}) < 2:
            continue
        few, *_, many = sorted(some, key=lambda form: words[form])
        yield from spelt_twice(first_place(page, few), few, many)


#: How nouns begin that are written as one word or two.
_FIRST_PARTS = (
    "auto", "back", "chat", "code", "cross", "data", "fine", "hyper", "meta", "multi", "soft",
    "sub", "time", "word",
)  # fmt: skip
_SECOND_PART = re.compile(r" ([a-z]{3,}?)s?(?![\w-])")


def _two_words(page: Page) -> Iterator[Finding]:
    """Yield words that a page writes as one and as two: "dataset" and "data set"."""
    text = page.prose.text
    opened: dict[str, list[str]] = {}
    small, vocabulary = text.lower().replace("\n", " "), page.prose.vocabulary.lower()
    if len(small) != len(text):
        return  # a letter that is two in small
    for first in _FIRST_PARTS:
        if f"{first}\n" not in vocabulary:
            continue
        for start in places(small, f"{first} "):
            match = _SECOND_PART.match(small, start + len(first))
            before = small[start - 1 : start]
            if match and _DOES.match(small, match.end()):
                continue  # "data flows from"
            if match and not (before.isalnum() or before in ("-", "_")):
                opened.setdefault(first + match[1], []).append(text[start : match.end()])
    for word, apart in opened.items():
        if word not in vocabulary:
            continue
        joined = re.findall(
            rf"(?<![\w-])(?<!ref[({{])(?<!{{#)[{word[0]}{word[0].upper()}]{word[1:]}s?(?![\w-])",
            text,
        )
        few, many = sorted((apart, joined), key=len)
        if few:
            rare, usual = (" ".join(some[0].split()) for some in (few, many))
            yield from spelt_twice(first_place(page, few[0]), rare, usual, len(many))


#: What follows where the second word is what the first one does.
_DOES = re.compile(r"(?<=s) (?:from|to|into|through|across)\b")


def _mixed(forms: Counter[str]) -> tuple[str, str] | None:
    """Return two spellings of one word, the rarer first; none if all is in order."""
    by_letters: dict[str, Counter[str]] = {}
    for form, number in forms.items():
        by_letters.setdefault(form.lower().removesuffix("s"), Counter())[form] += number
    if len(by_letters) > 1:
        ranked = sorted(by_letters.values(), key=lambda some: some.total())
        rare, usual = (some.most_common(1)[0][0] for some in (ranked[0], ranked[-1]))
        return None if "re-" in (rare[:3].lower(), usual[:3].lower()) else (rare, usual)
    proper = [form for form, _ in forms.most_common() if _INNER.search(form.removesuffix("s"))]
    if not proper or any(form.islower() and form.isalpha() for form in forms):
        return None
    usual = forms.most_common(1)[0][0]
    # A sentence may begin with the name.
    others = [form for form, _ in forms.most_common() if _inner(form) != _inner(usual)]
    others = [form for form in others if _titled(form) != _titled(usual)]
    if not others:
        return None
    rare = others[-1]
    titled = [form for form in forms if form.istitle() and form.isalpha()]
    return None if titled and forms[proper[0]] < 2 else (rare, usual)


def _titled(form: str) -> str:
    """Return a word with a hyphen as titles have it: "QoS-Aware"."""
    return "-".join(part[:1].upper() + part[1:] for part in form.split("-"))


def _inner(form: str) -> str:
    return form[1:].removesuffix("s")


#: A name has capitals within.
_INNER = re.compile(r"[a-z0-9][A-Z]|[A-Z][A-Z][a-z]")


#: A name before a colon, as Google Scholar has it: "Vqa: Visual question answering".
_NAME = re.compile(r"([A-Z][a-z\d-]+):")


def titles_of_names(book: Book, entries: Iterable[BibEntry]) -> Iterator[Finding]:
    """Yield the titles that begin with a name which the text has in capitals."""
    texts = [page.prose.words for page in book.pages.values()]
    for entry in entries:
        if not (match := _NAME.match(entry.get("title"))) or any(title_slips(match[0])):
            continue
        old, new = match[1], match[1].upper()
        loud, plain, small = (sum(t.get(w, 0) for t in texts) for w in (new, old, old.lower()))
        if loud > 1 and loud > plain + small:
            message = f"title of '{entry.key}': '{old}' is '{new}' in the text; write that"
            yield Finding(entry.location_of("title"), "bib-title", message, "info")
