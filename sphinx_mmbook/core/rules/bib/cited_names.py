"""Rules on the words around a citation: names typed beside it, its place in the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.clauses import ends_clause
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.references.citation_groups import REACH, TYPED_NAMES
from sphinx_mmbook.core.rules.bib.marks import FULL_STOP, SHORT
from sphinx_mmbook.core.rules.bib.typed_citations import SAYS
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry
    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.references.citation_groups import CitationGroup
    from sphinx_mmbook.core.references.other_syntax import ForeignCitation


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
        entry = book.library.entries.get(citation.keys[0]) if citation.keys else None
        if len(group.citations) > 1 or citation.style not in ("p", "t") or entry is None:
            continue
        match = _typed(group, entry)
        if not match or "\n\n" in match[0]:
            continue
        if not is_author(match, entry):
            yield from _other_name(group, match, entry)
        elif citation.text.strip() == entry.key:
            lead = entry.authors[0].family.removesuffix(match[1])  # "De " of De Backer
            lead = lead if match.string.endswith(lead, 0, match.start()) else ""
            old = lead + match[0]
            typed = " ".join(old.replace("&nbsp;", " ").split())
            style, around = "yearpar" if match[3] else "t", group.around()
            if around and not match[3]:
                style = "p" if around[0].strip() == old.strip() and not around[1] else "alp"
            new = f"{{cite:{style}}}`{entry.key}`"
            message = f"'{typed}' is printed twice: the citation has the name; write {new}"
            if around and style == "p":
                message += ", without the parentheses"
                old, after = f"({around[0]}", ")"
            else:
                after = ""
            at = group.at(-len(old))
            edit = Edit(at, old + group.text + after, old + new if match[3] else new)
            yield found(at, message, edit)


def _typed(group: CitationGroup, entry: BibEntry) -> re.Match[str] | None:
    """Return the names typed before a citation, if "et al." or that of its first author is near."""
    before = group.before(0)
    family = entry.authors[0].family.rpartition(" ")[2] if entry.authors else ""
    near = family and (_plain(family) in _plain(before) or " al" in before[-9:])
    return TYPED_NAMES.search(before) if near else None


def _plain(name: str) -> str:
    return name.replace("’", "'")


def is_author(match: re.Match[str], entry: BibEntry) -> bool:
    """Whether typed names are those of a work, and not the name of what it is about."""
    families = [person.family.rpartition(" ")[2] for person in entry.authors]
    if not families or _plain(match[1]) != _plain(families[0]):
        return False
    some = match[2] or match[3] or match[4]
    return bool(some) or (len(families) == 1 and bool(entry.authors[0].given))


def _other_name(group: CitationGroup, match: re.Match[str], entry: BibEntry) -> Iterator[Finding]:
    """Yield names before a work that are those of its other authors, or nearly one of its names."""
    first = entry.authors[0].family
    names = [name for one in entry.authors for name in f"{one.given} {one.family}".split()]
    others = "al" in (match[2] or "") and len(entry.authors) > 1 and match[1] not in first.split()
    if others and nearest(match[1], names, 0.85):
        typed, new = " ".join(match[0].split()), f"{{cite:t}}`{group.citations[0].text}`"
        message = f"'{typed}' comes before '{entry.key}', whose first author is '{first}'"
        yield found(group.at(-len(match[0])), f"{message}; write {' '.join(new.split())}")


def in_sentence(item: ForeignCitation, entry: BibEntry) -> ForeignCitation:
    """Return a citation of another tool with the repair that the words around it ask for."""
    match = TYPED_NAMES.search(item.before) if item.named else None
    style, inside = "t", "(" in item.before.rpartition(")")[2]
    if match and item.named and is_author(match, entry) and not inside:
        if match[3]:
            style = "yearpar"
        else:
            item = item._replace(text=match[0] + item.text, at=item.named)
    elif inside or not needs_name(item.before, item.after):
        return item
    elif named := _named_in(item.before, entry):
        advice = _in_place_of(named, item.repair.replace("{cite:p}", "{cite:t}", 1))
        return item._replace(repair="", advice=advice)
    return item._replace(repair=item.repair.replace("{cite:p}", f"{{cite:{style}}}", 1))


#: Words after which the sentence needs the name of a work: prepositions, and those of German.
_LONGEST = len("vorgestellt von ")
_NEEDS_NAME = re.compile(
    r"\b(?:by|of|from|than|like|via|(?-i:see)|per|with|to|in|on|at|following|laut"
    r"|consult(?:ing)?|reading|to read|we recommend|vorgestellt (?:in|von)|beschrieben in)\s$",
    re.IGNORECASE,
)


#: Words that stand before a name and what it does: "as Lin et al. (2014) show".
_AS = re.compile(r"\b(?:as|unlike|we follow)\s$", re.IGNORECASE)
#: What ends before a sentence.
_BEGINS = re.compile(r"(?:\A|\n[ \t]*\n|[\w)][.!?][ \n])\Z")
#: Another work of which the sentence has the name.
_BESIDE = re.compile(r"\{cite:ts?\}`[^`]*`,? (?:and|or)\s\Z")


def needs_name(before: str, after: str, *, one: bool = True) -> bool:
    """Whether the sentence around a citation, of ``one`` work, needs the name."""
    if after[:1] == ":":  # "marked by {cite:p}`a`:"
        return False
    first = _BEGINS.search(before[-4:]) and not SHORT.search(before.rstrip())
    if first and not _RUN_IN.search(before) and _SUBJECT.match(after):
        return True
    if _NEEDS_NAME.search(before, len(before) - _LONGEST) and not ends_clause(before):
        return True
    does = re.match(r",? [a-z]", after)
    return one and bool((does and _AS.search(before)) or _BESIDE.search(before))


#: What an author does in a work: "Lin et al. define the loss in", "Lin shows in"; and what is done.
_DOES_IN = re.compile(
    r"(\s+et\.?\s+al\b\.?|\s+(?:and|und|&)\s+[^\W\d_][\w’'-]*)?"
    r"(?:\s[a-z](?:[^.!?:;()`]|\.(?=\w))*)?\sin\s\Z"
)
_DONE_IN = re.compile(r"\b(?:is|are|was|were|been?)\s(?:\w+ly\s)?\w+\sin\s\Z")


def _named_in(before: str, entry: BibEntry | None) -> str:
    """Return the first author of a work, as typed where something is told of them in the work."""
    first = entry.authors[0] if entry and entry.authors else None
    family = first.family.rpartition(" ")[2] if first else ""
    start = before.rfind(family) if family else -1
    match = _DOES_IN.match(before, start + len(family)) if start >= 0 else None
    if not first or not match or before[start - 1 : start].strip() or _DONE_IN.search(before):
        return ""
    given = re.escape(first.given.partition(" ")[0])
    full = re.search(rf"\b{given}\s(?:[A-Z]\.?\s)?\Z", before[:start]) if given else None
    if not (match[1] or full or SAYS.match(before, match.start())):
        return ""  # "the Lin loss, as shown in"
    start = full.start() if full else start
    return " ".join(before[start : match.end(1) if match[1] else match.start()].split())


def _in_place_of(named: str, new: str) -> str:
    return f"write {new} in place of '{named}', and delete 'in' and this citation"


def are_nouns(group: CitationGroup) -> bool:
    """Whether citations begin a list of what the sentence names: "like {cite:p}`a`, … and …"."""
    following = _AND.match(group.positions.text, group.end)
    return bool(following and needs_name(group.before(0), "", one=False))


_AND = re.compile(r",?\s(?:and|or)\s\{cite:ps?\}`")


@rule("warning")
def cite_as_noun(book: Book) -> Iterator[Finding]:
    """A citation is in parentheses where the sentence needs the name.

    Bad: ``as proposed by {cite:p}`lin2014```, printed as "as proposed by (Lin et al., 2014)";
    ``{cite:p}`lin2014` show that it falls.``

    Good: ``as proposed by {cite:t}`lin2014```, printed as "as proposed by Lin et al. (2014)"

    Why: what is in parentheses can be left out, and then the sentence has no end.
    """
    message = "the sentence needs the name here, and this citation is in parentheses"
    for group in _groups(book):
        citation = group.citations[0]
        styles = {item.style for item in group.citations}
        if len(group.citations) > 1 and styles <= {"p", "ps"} and are_nouns(group):
            listed = "the sentence needs names here, and these are in parentheses"
            yield found(group.at(0), f"{listed}; write {{cite:t}} for each of them")
        if len(group.citations) > 1 or citation.style not in ("p", "ps"):
            continue
        after = group.positions.text[group.end : group.end + REACH]
        one = "," not in citation.text and "`" not in citation.text
        if not needs_name(group.before(0), after, one=one) or group.around():
            continue
        new = f"{{cite:t}}`{citation.text}`"
        written = f"{{{citation.role}}}`{citation.text}`"
        fix = (Edit(group.at(0), group.text, new),) if group.text == written else ()
        advice = " ".join(new.split())
        entry = book.library.entries.get(citation.keys[0]) if len(citation.keys) == 1 else None
        if named := _named_in(group.before(0), entry):
            advice = f"the sentence has the name already; {_in_place_of(named, advice)}"
            yield found(group.at(0), advice)
        else:
            yield found(group.at(0), f"{message}; write {advice}", *fix)


#: A heading so deep is part of the sentence after it: "#### Inertia", "(Lin, 2014) measures it".
_RUN_IN = re.compile(r"\n####[^\n]*\n+\Z")
#: Words of which the name of a work is the object; after all others it belongs to nothing.
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
#: The name of a model or of data, which no work is: "ResNet", "GPT-3", "COCO"; where a sentence
#: begins with it, what is said of it may follow: "In ImageNet Deng et al. (2009) label images".
_MODEL = re.compile(
    r"(?<![\w{`/.-])(?:[A-Z][a-z]*+[A-Z0-9]\w*+(?:-\w++)?|[A-Z]{3}\w*+(?:-\d++)?)\s\Z"
)
_OPENING = re.compile(
    r"(?:\A|[\n.!?;:,] ?)(?:As|At|By|For|From|If|In|Like|On|Since|To|Unlike|Using|When|While|With)"
    r"(?: \w+){1,4}\s\Z",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\w[.,]?[”\"][ \n]\Z")
#: What the authors did: 'In "Titles" {cite:t}`lin2014` observed that'.
_DID = re.compile(r" (?:\w+ly )?(?:\w{3,}ed|found|gave|made|saw|wrote)\b")
#: A citation after the full stop of a quotation is what the next sentence is about.
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
        stop = FULL_STOP.search(before)
        ends = stop and re.match(r"\n\n|\s*\Z", after) and not SHORT.search(before.rstrip())
        entry = book.library.entries.get(citation.text.strip())
        done = re.search(r"[\w*]\s$", before) and not (
            _FITS.search(before) or _named(before, entry)
        )
        begins = re.search(r"\.[”\"]\s\Z", before) and _SUBJECT.match(
            group.positions.text, group.end
        )
        quoted = _QUOTED.search(before) and not begins
        quoted = quoted and not _DID.match(group.positions.text, group.end)
        named = _MODEL.search(before) and not (_named(before, entry) or _OPENING.search(before))
        if ends or named or (done and re.match(r"[.,;](?:\s|\Z)", after)) or quoted:
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
        match = _typed(group, entry) if entry and len(entry.authors) == 1 else None
        if not entry or not match or "al" not in (match[2] or ""):
            continue
        if match[1] == entry.authors[0].family.rpartition(" ")[2]:
            message = f"'{match[0].strip()}', but '{entry.key}' has one author"
            at = group.at(-len(match[0]))
            yield found(at, f"{message}; add the others to the bibliography, or drop 'et al.'")
