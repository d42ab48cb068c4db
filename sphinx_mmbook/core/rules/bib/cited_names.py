"""Rules on the words around a citation: names typed beside it, its place in the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.clauses import ends_clause
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry
    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.references.citation_groups import CitationGroup

_NAME = r"[^\W\d_][\w’'-]*"
#: Names before a citation, as authors type them: "Lin", "Lin et al.", "Lin and Chen (2014)".
_TYPED = re.compile(
    rf"(?<![\w.-])({_NAME})(\s+et\.?\s+al\.?,?|\s+(?:and|und|&)\s+{_NAME})?(\s*\(\d{{4}}[a-z]?\)|,?\s\d{{4}}[a-z]?)?(?:\s|&nbsp;)*$"
)


def _groups(book: Book) -> Iterator[CitationGroup]:
    """Iterate over the citations of a book, those side by side together, but for headings."""
    headings = {item.at.row for _, item in book.elements("heading")}
    for group in book.citation_groups:
        if not group.footnotes and group.citations[0].at.row not in headings:
            yield group


@rule("warning")
def cite_name_twice(book: Book) -> Iterator[Finding]:
    """The author is typed before a citation that prints the name as well.

    Bad: ``Lin et al. (2014) {cite:p}`lin2014```, printed as "Lin et al. (2014) (Lin et al., 2014)"

    Good: ``{cite:t}`lin2014```, printed as "Lin et al. (2014)"

    Why: the reader sees the name, and often the year, twice.
    """
    for group in _groups(book):
        citation = group.citations[0]
        entry = book.library.entries.get(citation.text.strip())
        if len(group.citations) > 1 or citation.style not in ("p", "t") or entry is None:
            continue
        match = _typed(group, entry)
        if not match or not _is_author(match, entry) or "\n\n" in match[0]:
            continue
        new = f"{{cite:t}}`{entry.key}`"
        lead = entry.authors[0].family.removesuffix(match[1])  # "De " of De Backer
        lead = lead if match.string.endswith(lead, 0, match.start()) else ""
        typed = " ".join((lead + match[0]).replace("&nbsp;", " ").split())
        message = f"'{typed}' is printed twice: the citation has the name; write {new}"
        at = group.at(-len(lead + match[0]))
        yield found(at, message, Edit(at, lead + match[0] + group.text, new))


def _typed(group: CitationGroup, entry: BibEntry) -> re.Match[str] | None:
    """Return the names typed before a citation, if that of its first author is near."""
    before = group.before(0)
    family = entry.authors[0].family.rpartition(" ")[2] if entry.authors else ""
    return _TYPED.search(before) if family and family in before else None


def _is_author(match: re.Match[str], entry: BibEntry) -> bool:
    """Whether typed names are those of a work, and not the name of what it is about."""
    families = [person.family.rpartition(" ")[2] for person in entry.authors]
    if not families or match[1] != families[0]:
        return False
    return bool(match[2] or match[3]) or (len(families) == 1 and bool(entry.authors[0].given))


#: What ends with a stop within a sentence.
_SHORT = re.compile(
    r"(?:\b(?:al|e\.g|i\.e|cf|etc|vs|resp|approx|fig|figs|eq|eqs|sec|no|vol|pp?|ca|bzw|ggf|usw|vgl"
    r"|abb|tab|kap|nr|inkl|bspw|sog|u\.a|z\.b|d\.h)|\b[^\W\d]|\.\.)\.\s*$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[\w)\]$`’'”\"%*_]([.])[ \n]?\Z")
_NEXT = re.compile(r"\s*(?:\n[ \t]*\n|\Z)|\s+[A-ZÄÖÜ]")
#: The end of a paragraph, but of a quotation, heading or source, and one more paragraph that ends.
_LONE = re.compile(r"\.?[ \t]*(?:\n[ \t]*\n|\Z|\n\Z)")


@rule("warning")
def cite_after_stop(book: Book) -> Iterator[Finding]:
    """A citation in parentheses comes after the full stop.

    Bad: ``… outperform them. {cite:p}`lin2014` The next …``, ``… them.{cite:p}`lin2014```, or a
    citation as a paragraph of its own

    Good: ``… outperform them {cite:p}`lin2014`. The next …``

    Why: it belongs to no sentence, and nobody can tell what it supports.
    """
    for group in _groups(book):
        before = group.before(0)
        stop = _STOP.search(before)
        styles = {citation.style for citation in group.citations}
        after = group.positions.text[group.end : group.end + 4]
        above = before.rstrip()
        apart = before[-1:] == "\n" and before.count("\n", len(above)) > 1
        shown = above.rpartition("\n")[2].startswith((">", "!", "|", "*", '"', "“"))
        if apart and not shown and styles == {"p"} and _LONE.match(after):
            message = "this citation is a paragraph of its own; write it into the sentence above"
            yield found(group.at(0), f"{message} that it supports, before the full stop")
        if not stop or not styles <= {"p", "ps"} or _SHORT.search(before.rstrip()):
            continue
        old = before[stop.start(1) :]
        at, blank = group.at(-len(old)), old[1:] or " "
        if after.startswith("."):
            message = "a full stop before this citation and one after it; delete the first"
            yield found(at, message, Edit(at, old, blank))
        elif _NEXT.match(after):
            message = "this citation comes after the full stop; write it before"
            yield found(at, message, Edit(at, old + group.text, f"{blank}{group.text}."))


@rule("warning")
def cite_no_blank(book: Book) -> Iterator[Finding]:
    """There is no space before a citation.

    Bad: ``the model{cite:p}`lin2014```

    Good: ``the model {cite:p}`lin2014```

    Why: the parenthesis sticks to the word.
    """
    for group in _groups(book):
        before = group.before(0)[-6:].replace("&nbsp;", " ")
        styles = {citation.style for citation in group.citations}
        sticks = re.search(r"(?:[^\W_]|[,;:)%]|\S[”\"])\Z", before)
        if sticks and styles <= {"p", "ps", "t", "ts"}:
            at, message = group.at(0), "there is no space before this citation; write one"
            yield found(at, message, Edit(at, group.text, f" {group.text}"))


#: Words after which the sentence needs the name of a work: prepositions, and those of German.
_NEEDS_NAME = re.compile(
    r"\b(?:by|of|from|than|like|via|(?-i:see)|per|with|to|in|on|at|following|laut"
    r"|vorgestellt (?:in|von)|beschrieben in)\s$",
    re.IGNORECASE,
)


#: What ends before a sentence.
_BEGINS = re.compile(r"(?:\A|\n[ \t]*\n|[\w)][.!?][ \n])\Z")
#: Another work of which the sentence has the name.
_BESIDE = re.compile(r"\{cite:ts?\}`[^`]*`,? (?:and|or)\s\Z")


@rule("warning")
def cite_as_noun(book: Book) -> Iterator[Finding]:
    """A citation is in parentheses where the sentence needs the name.

    Bad: ``as proposed by {cite:p}`lin2014```, printed as "as proposed by (Lin et al., 2014)";
    ``{cite:p}`lin2014` show that it falls.``

    Good: ``as proposed by {cite:t}`lin2014```, printed as "as proposed by Lin et al. (2014)"

    Why: what is in parentheses can be left out, and then the sentence has no end.
    """
    for group in _groups(book):
        citation = group.citations[0]
        if len(group.citations) > 1 or citation.style not in ("p", "ps"):
            continue
        before = group.before(0)
        first = _BEGINS.search(before[-4:]) and not _SHORT.search(before.rstrip())
        begins = first and _SUBJECT.match(group.positions.text, group.end)
        needs = begins or (_NEEDS_NAME.search(before) and not ends_clause(before))
        needs = needs or ("," not in citation.text and _BESIDE.search(before))
        if not needs or group.around():
            continue
        new = f"{{cite:t}}`{citation.text}`"
        written = f"{{{citation.role}}}`{citation.text}`"
        fix = (Edit(group.at(0), group.text, new),) if group.text == written else ()
        message = "the sentence needs the name here, and this citation is in parentheses"
        yield found(group.at(0), f"{message}; write {' '.join(new.split())}", *fix)


#: Words of which the name of a work is the object; behind all others it belongs to nothing.
_FITS = re.compile(
    r"\b(?:by|in|of|from|to|with|like|unlike|as|than|at|on|upon|per|via|after|following|and|or|und"
    r"|oder|see|also|against|between|for|both|the|is|are|was|were|bei|von|nach|siehe|wie|laut|durch"
    r"|vgl|for (?:example|instance)|e\.g|cf|use[ds]?|authors?|paper|article|book|et al|only|just"
    r"|do|does|did|even|namely|mainly|while|whereas|but|because|since|when|where|if|that|although|though|then"
    r"|hence|thus"
    r"|(?:cit|follow|extend|read|quot|consult|adopt|mention|paraphras|refer|compar|recommend"
    r"|confirm|thank|visit|includ|contact|support|contradict|replicat|critici[sz]|credit)"
    r"\w{0,6}(?: \w+ly)?"
    r")\.?,?\s$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\w[.,]?[”\"][ \n]\Z")
#: A citation behind the full stop of a quotation is what the next sentence is about.
_SUBJECT = re.compile(r" (?:\[[^\]\n]*\] )?(?!(?:and|or)\b)[a-z]")


@rule("warning")
def cite_not_noun(book: Book) -> Iterator[Finding]:
    """A textual citation is used where the sentence has no place for the name.

    Bad: ``It improves classification {cite:t}`lin2014`.``, printed as "classification Lin et al.
    (2014)."

    Good: ``It improves classification {cite:p}`lin2014`.``; also for one after the full stop

    Why: the name is part of the sentence and belongs to nothing.
    """
    for group in _groups(book):
        citation = group.citations[0]
        after = group.positions.text[group.end : group.end + 2]
        if len(group.citations) > 1 or citation.style != "t" or group.around():
            continue
        before, new = group.before(0), f"{{cite:p}}`{citation.text}`"
        stop = _STOP.search(before)
        ends = stop and re.match(r"\n\n|\s*\Z", after) and not _SHORT.search(before.rstrip())
        entry = book.library.entries.get(citation.text.strip())
        done = re.search(r"[\w*]\s$", before) and not (
            _FITS.search(before) or _named(before, entry)
        )
        begins = re.search(r"\.[”\"]\s\Z", before) and _SUBJECT.match(
            group.positions.text, group.end
        )
        quoted = _QUOTED.search(before) and not begins
        if ends or (done and re.match(r"[.,;](?:\s|\Z)", after)) or quoted:
            place = " before the full stop" if ends else ""
            message = "{cite:t} prints the authors as a part of the sentence, which has no place"
            message += f" for them; write {new}{place}, in parentheses"
            yield found(group.at(0), message)


def _named(before: str, entry: BibEntry | None) -> bool:
    """Whether the word before a citation is part of its first author's name: "Victoria"."""
    first = entry.authors[0] if entry and entry.authors else None
    word = before.rsplit(maxsplit=1)[-1]
    given = first.given.split() if first else []
    short = word[:1] in {part.rstrip(".") for part in given}
    return first is not None and (short or word in [*given, *first.family.split()])


@rule("warning")
def cite_et_al(book: Book) -> Iterator[Finding]:
    """The text says "et al." of a work that has one author.

    Bad: ``Lin et al. {cite:yearpar}`lin2014```, where the bibliography has Lin alone

    Good: ``{cite:t}`lin2014```, and all authors in the bibliography

    Why: either the sentence or the list of works is wrong.
    """
    for group in _groups(book):
        citation = group.citations[0]
        entry = book.library.entries.get(citation.text.strip())
        match = _typed(group, entry) if entry else None
        if not entry or not match or "al" not in (match[2] or "") or len(entry.authors) != 1:
            continue
        if match[1] == entry.authors[0].family.rpartition(" ")[2]:
            message = f"'{match[0].strip()}', but '{entry.key}' has one author"
            at = group.at(-len(match[0]))
            yield found(at, f"{message}; add the others to the bibliography, or drop 'et al.'")
