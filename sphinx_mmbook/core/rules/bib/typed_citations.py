"""Rules on citations that are typed by hand: names, years and numbers that no key stands behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.bib.names import PersonName
    from sphinx_mmbook.core.book.book import Book

_NAME = r"[^\W\d_][\w’'-]*"
_PARTICLE = r"(?:(?:[dD]e[rn]?|[dD][uai]|[vV][ao]n|[lL][ae]|[tT]e[rn]) ){0,2}"
_SEVERAL = (
    rf"\s+(?:and\s+)?et\.?\s*al\.?(?:[’']s)?"
    rf"|(?:,\s{_PARTICLE}{_NAME}){{0,4}},?\s+(?:and|und|&)\s+{_PARTICLE}{_NAME}"
)
_CAPITAL = r"(?=[A-ZÀ-ÖØ-ÞŁŚŠŽ])"
#: A body that is a work's author: "the World Health Organization".
_BODY = (
    r"(?!The )(?:[A-Z][\w’'-]+ (?:of |for |and |the |on ){0,2}){1,5}(?:Agency|Association|Bank"
    r"|Bureau|Cent(?:er|re)|Commission|Committee|Council|Foundation|Institute|Ministry|Office"
    r"|Organi[sz]ation|Panel|Service|Society|Statistics|Survey|Team|Union)"
)
#: Names and a year typed as a citation prints them, in the sentence and in parentheses.
_WHOLE = re.compile(
    rf"(?<![\w.-]){_CAPITAL}({_BODY}|{_NAME})({_SEVERAL})?(?:,?\s|(?<=al\.)(?=\())"
    r"(?:[\[(]|(?<=al\. )|(?<=l\., ))(\d{4})([a-z]?)\W?\Z"
)
_INSIDE = re.compile(
    r"(?:[(\[]|;\s?|\d, )(?:(?:see(?: also)?|cf\.|e\.g\.,?|i\.e\.,?|(?:based|building) on"
    rf"|(?:adapted |taken )?from|following|according to|sources?:) )?(?:[A-Z]\. ?){{0,3}}"
    rf"{_PARTICLE}{_CAPITAL}({_BODY}|{_NAME})({_SEVERAL})?([,;]?)\s?"
    r"(\d{4})([a-z]?)\Z"
)
_YEAR = re.compile(
    r"(?:19|20)(?<!\d..)(?:\d\d[a-z]?(?=[)\];]|, [A-Z][\w’-]+,? (?:and|&|et|[A-Z])"
    r"|[,:] ?(?:pp?\. ?)?\d{1,4}(?:[–-]\d+|[a-z])?[)\];])"
    r"|(?<=al\. ..|l\., ..)\d\d[a-z]?(?![\w)\];:]|,? ?(?:pp?\.|\d)))"
)
#: A citation of another tool after a year.
_CITED = re.compile(r"[ )\]\n]{0,4}(?:\[-?@|\\cite)")
_YEARS = re.compile(r"(?:19|20)\d\d")
#: What only people do, after one name and a year, and what stands before them.
SAYS = re.compile(
    r"\s(?:(?:has|had|also|first|already|recently|later) ){0,2}(?:show|propos|introduc|describ"
    r"|defin|argu|suggest|discuss|report|present|demonstrat|claim|observ|conclud|investigat|examin|analy[sz]"
    r"|compar|review|explain|stress|emphasi[sz]|wr[io]te|point|not|develop|stud[iy]|find|found"
    r"|criticis|conduct|extend|summari[sz]|highlight|state)(?:e?s|e?d)?\b"
)
_SAID_BY = re.compile(r"\b(?:by|see|cf\.|see also|according to|following)\s\Z", re.IGNORECASE)
#: Words with a capital before a year that are nobody's names.
_NO_NAMES = {
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "Spring", "Summer", "Autumn", "Fall", "Winter", "Since",
    "Until", "In", "From", "Around", "Januar", "Februar", "März", "Mai", "Juni", "Juli",
    "Oktober", "Dezember", "Sommer", "Herbst", "Frühling", "Figure", "Table", "Chapter",
    "Section",
}  # fmt: skip


@rule("warning")
def cite_typed(book: Book) -> Iterator[Finding]:
    """Authors and year are typed, as a citation would print them, or authors without any citation.

    Bad: ``Lin et al. (2014) show …``, ``… falls (Lin et al., 2014).``,
    ``the method of Lin et al.``

    Good: ``{cite:t}`lin2014` show …``, ``… falls {cite:p}`lin2014`.``

    Why: it is not a link, and the work may be missing in the list of works.
    """
    for page in book.pages.values():
        text = page.prose.text
        for year in _YEAR.finditer(text) if _YEARS.search(page.prose.figures) else ():
            begin = max(0, year.start() - 80)
            inside = _INSIDE.search(text, begin, year.end())
            match = inside or _WHOLE.search(text, begin, year.end() + 1)
            if match is None or match[1] in _NO_NAMES or page.prose.element(match.start(1)).name:
                continue
            if "and Others" in match[0]:
                continue  # "Stories of Your Life and Others (2002)"
            name = re.sub("[’']s?$", "", match[1])
            keys = book.library.works_of(name.rpartition(" ")[2], year[0][:4])
            cited = text[year.end() : match.end() + 2].strip(" )]\n").startswith(NOT_TEXT)
            cited = cited or _CITED.match(text, year.end()) is not None
            comma = inside is not None and (match[3] != "" or text[year.end()] in ",:")
            sure = bool(match[2]) or comma or (inside is None and _is_person(match))
            sure = sure or bool(inside and _of_next_year(book, name, int(year[0][:4])))
            if cited or len(keys) > 1 or not (keys or sure or (inside and _stands_as_one(match))):
                continue
            first = book.library.entries[keys[0]].authors[:1] if keys else ()
            begin = _name_begins(text, match.start(1), first)
            typed, style = _as_written(match, begin, year.end(), inside is not None)
            advice = f"write {{cite:{style}}}`{keys[0]}`" if keys else ""
            if not keys and (other := _of_next_year(book, name, int(year[0][:4]))):
                advice = f"cite '{other}', if that is meant, or add the work to the .bib file"
            advice = advice or "add the work to the chapter's .bib file, and cite its key"
            yield found(page.prose.at(begin), f"'{typed}' is typed; {advice}")
    yield from _named_alone(book)
    yield from _listed(book)
    yield from _numbered(book)


def _stands_as_one(match: re.Match[str]) -> bool:
    """Whether "(Name 1999)" is after a sentence, or several times on its page, as no place is."""
    text, start, name = match.string, match.start(), match[1]
    alone = text[start] == "(" and text.startswith(")", match.end())
    after = text[max(start - 2, 0) : start] in (". ", '" ', "” ", "? ")
    usual = name.isupper() or name.lower() in word_classes()
    return alone and not usual and (after or text.count(f"{match[0]})") > 2)


def _as_written(match: re.Match[str], begin: int, end: int, inside: bool) -> tuple[str, str]:
    """Return what is typed, with its parentheses, and the style of the citation to write."""
    text = match.string
    typed, after = " ".join(text[begin:end].split()), text[end : end + 1] or " "
    alone = begin == match.start() + 1 and match[0][0] in "([" and after in ")]"
    opened = "(" in typed or "[" in typed
    if alone or opened:
        typed = match[0][0] * alone + typed + (after if after in ")]" else ", …)")
    inner = not opened and (inside or after in ")];")
    return typed, "p" if alone else "alp" if inner else "t"


def _is_person(match: re.Match[str]) -> bool:
    """Whether one name before a year is an author's, not that of a place, a film or a program."""
    text, name = match.string, match[1]
    said = SAYS.match(text, match.end()) or _SAID_BY.search(text, 0, match.start(1))
    owns = name.endswith(("'s", "’s", "s'", "s’"))
    return owns or " " in name or bool(said and not name.isupper())


_BEFORE_NAME = re.compile(r"\b(?:[vV][ao]n|[dD]e[lr]?|[dD]i|[tT]er)(?: [dD]e[nr]?| [lL]a)? \Z")


def _name_begins(text: str, last: int, authors: tuple[PersonName, ...]) -> int:
    """Return where a name begins of which the last word is at ``last``: a particle, a body."""
    for person in authors:
        for words in (person.family.rpartition(" ")[0], person.given):
            if words and text.endswith(f"{words} ", 0, last):
                return last - len(words) - 1
    particle = _BEFORE_NAME.search(text, max(last - 12, 0), last)
    return particle.start() if particle else last


def _of_next_year(book: Book, name: str, year: int) -> str:
    """Return the work of an author in a near year, or without: papers come out twice."""
    near = ("", *map(str, range(year - 3, year + 4)))
    some = [book.library.works_of(name, other) for other in near]
    return some[0][0] if len(some := [keys for keys in some if keys]) == 1 else ""


_WORK = re.compile(
    r"^(?:[-*+]|\d{1,3}[.)])?[ ]?[A-ZÄÖÜÉ][\w’'-]+, (?:[A-Z]\.[ -]?){1,3},? [^\n]{0,200}?"
    r"\((?:19|20)\d\d[a-z]?(?:, [A-Z][a-z]+(?: \d\d?)?)?\)\. [A-Z]",
    re.MULTILINE,
)


def _listed(book: Book) -> Iterator[Finding]:
    """Yield the lists of works that are typed: "- Lin, B. (2014). The loss."."""
    for page in book.pages.values():
        works = list(_WORK.finditer(page.prose.text)) if "). " in page.prose.text else []
        if len(works) > 1:
            message = (
                f"{len(works)} works are listed by hand; put them into the chapter's .bib file"
            )
            at = page.prose.at(works[0].start())
            yield Finding(at, "cite-typed", f"{message}, and cite them", "info")


#: "as was shown [12, 13]."; after other words it is an interval or a list.
_IN_BRACKETS = re.compile(
    r"(?<=[a-z)”\"’] )(?<!\brange )(?<!interval )(?<!vector )(?<!list )(?<!array )(?<!\bin )"
    r"(?<!\bof )(?<!\bto )(?<!\bis )(?<!set )(?<!length )(?<!between )(?<!odel )"
    r"(?<!able )(?<!igure )\[[1-9]\d{0,2}(?:[,–-] ?\d{1,3})*\](?=[.,;:)]|\s[a-z])"
)


def _numbered(book: Book) -> Iterator[Finding]:
    """Yield the pages with numbers for works, as "shown by others [12]"."""
    for page in book.pages.values():
        text = page.prose.text
        some = list(_IN_BRACKETS.finditer(text)) if " [" in text else []
        plain = [match for match in some if page.has_text(page.prose.at(match.start()), match[0])]
        if len(plain) > 2:
            message = f"'{plain[0][0]}' and {len(plain) - 1} more numbers of works are typed"
            at = page.prose.at(plain[0].start())
            yield found(at, f"{message}; add the works to the chapter's .bib file, and cite them")


_ET_AL = re.compile(r"([A-ZÄÖÜ](?<![\w-].)[a-zäöüß’'-]+(?:-[A-Z][a-z]+)?) et\.? al\b\.?(?:[’']s?)?")


def _named_alone(book: Book) -> Iterator[Finding]:
    """Yield the authors who are named on a page that cites nothing of theirs: "Lin et al. show"."""
    for docname, page in book.pages.items():
        text = page.prose.text
        if "et al" not in text and "et. al" not in text:
            continue
        cited = " ".join(_names_cited(book, docname))
        for match in _ET_AL.finditer(text):
            known = match[1] in cited or page.prose.element(match.start()).name
            if not known and not _DATED.match(text, match.end()):
                message = (
                    f"'{match[0]}' is named, and this page cites no work of {match[1]}; cite it"
                )
                yield Finding(page.prose.at(match.start()), "cite-typed", message, "info")


def _names_cited(book: Book, docname: str) -> Iterator[str]:
    """Iterate over the family names of those whose works a page cites."""
    keys = (key for item in book.facts.pages[docname].citations for key in item.keys)
    for entry in filter(None, map(book.library.entries.get, keys)):
        yield from (one.family for one in (*entry.authors, *entry.editors))


#: A year, a citation or a number in brackets after names.
_DATED = re.compile(rf"[^\w.]{{0,4}}(?:(?:19|20)\d\d|{NOT_TEXT}|\[?\d|(?<=@)|cite)")
