"""Rules on the entries of bibliographies: what is printed wrong, twice or not at all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib import entry_faults as judging
from sphinx_mmbook.core.bib import field_forms, name_forms
from sphinx_mmbook.core.bib import venue_faults as venues
from sphinx_mmbook.core.bib.latex_text import plain_text
from sphinx_mmbook.core.bib.normal_form import TYPES
from sphinx_mmbook.core.bib.same_work import PRINTED, is_preprint, same_works, shared_numbers
from sphinx_mmbook.core.english.misspellings import title_slips
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.rules.english.variants import titles_of_names
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry
    from sphinx_mmbook.core.book.book import Book

_NOCITE = re.compile(r"cite[^`\n]{0,12}`([^`\n]+)`")


def _used(book: Book) -> set[str]:
    """Return the keys that are cited in whatever manner, also wrongly, and what those inherit."""
    used = set(book.facts.cited)
    for facts in book.facts.pages.values():
        used.update(key for item in facts.foreign_citations for key in item.keys)
    # What cells write is not known before they run; a broken fence makes code of text.
    for _, cell in book.elements("code-cell", "code"):
        for match in _NOCITE.finditer(cell.body):
            used.update(re.split(r"[\s,{}]+", match[1]))
    known = book.library.entries
    return used | {known[key].get("crossref") for key in used & known.keys()}


def _sound(book: Book) -> list[BibEntry]:
    """Return the works that are cited and could be read."""
    used, entries = _used(book), book.library.entries
    return [entries[key] for key in entries if key in used and not entries[key].broken]


@rule("info")
def bib_unused(book: Book) -> Iterator[Finding]:
    """Nothing cites an entry.

    Bad: an entry that stayed when its sentence was deleted

    Good: an entry for each work that the chapter cites, and no other

    Why: it is in no list of works, and whoever mends the bibliography mends it for nothing.
    """
    used = _used(book)
    sound = [entry for entry in book.library.entries.values() if not entry.broken]
    kept = {
        entry.key: next((one.key for one in group if one.key in used), group[0].key)
        for _, group in same_works(sound)
        for entry in group
    }
    for key, entry in book.library.entries.items():
        if key not in used and key.lower() not in book.unread:
            message = f"nothing cites '{key}'; cite it or remove the entry"
            if (twin := kept.get(key, key)) != key:
                message = f"nothing cites '{key}', the same work as '{twin}'; remove the entry"
            yield found(entry.at, message)


@rule("warning")
def bib_same_work(book: Book) -> Iterator[Finding]:
    """A work is cited under several keys.

    Bad: ``lin2014`` in one chapter and ``coco`` in another, with the same DOI

    Good: ``lin2014`` in both

    Why: the list of works has it twice, and its year gets letters: 2014a, 2014b. The same work is
    one with the same DOI or arXiv number, else with the same title, year and first author; a
    preprint may be up to two years older than what was printed.
    """
    cited = book.facts.cited
    for reason, group in same_works(_sound(book)):
        group.sort(key=lambda entry: entry.at)
        late = {entry.key for entry in group if reason == PRINTED and not is_preprint(entry)}
        keep = max(group, key=lambda entry: (entry.key in late, len(cited.get(entry.key, ()))))
        for entry in (one for one in group if one.key.casefold() != keep.key.casefold()):
            message = f"'{entry.key}' is the same work as '{keep.key}' ({keep.at}; same {reason})"
            # What only a title of another year says is not sure enough to take a citation out.
            sure = reason != PRINTED or entry.get("journal", "eprint", "doi")
            items = cited.get(entry.key, ()) if sure else ()
            places = (at for item in items for at in item.locations_of(entry.key))
            edits = [Edit(at, entry.key, keep.key) for at in places]
            yield found(entry.at, f"{message}; cite '{keep.key}' everywhere", *edits)


@rule("warning")
def bib_number_shared(book: Book) -> Iterator[Finding]:
    """Different works have the same DOI or arXiv number.

    Bad: two papers, copied from one entry, both with ``doi = {10.1007/978-3-319-10602-1_48}``

    Good: each with its own

    Why: one of the links leads to the other's page.
    """
    for field, number, first, other in shared_numbers(_sound(book)):
        name = "DOI" if field == "doi" else "arXiv number"
        message = f"'{other.key}' has the {name} of '{first.key}' ({first.at}): {number}"
        names = ("eprint", "journal", "url") if field == "eprint" else (field,)
        yield found(other.location_of(*names), f"{message}; look up which is whose")


@rule("warning")
def bib_field_missing(book: Book) -> Iterator[Finding]:
    """A work that is cited has no author, title or year, or is to have them of one that is nowhere.

    Bad: ``@article{lin2014, title={COCO}, journal={IJCV}}``, a ``crossref`` to no entry

    Good: ``@article{lin2014, author={Lin, T.}, title={COCO}, journal={IJCV}, year={2014}}``

    Why: the text says "(COCO, n.d.)". Which fields a type needs is BibTeX's table; web pages
    (``@misc``) and manuals need only a title.
    """
    for entry in _sound(book):
        if fields := list(judging.missing(entry)):
            yield found(entry.at, judging.lacking(entry, fields))
        if (parent := entry.get("crossref")) and parent not in book.library.entries:
            message = f"no .bib file has '{parent}', of which this entry is to be a part"
            near = did_you_mean(parent, book.library.entries)
            yield found(entry.location_of("crossref"), f"{message}{near or '; add it'}")


@rule("info")
def bib_place_missing(book: Book) -> Iterator[Finding]:
    """An entry does not say where the work appeared.

    Bad: ``@article`` without ``journal``, with neither volume nor pages, or with a volume alone,
    ``@inproceedings`` without ``booktitle``, ``@misc`` without year or without address

    Good: with it, or ``@misc`` with a ``note`` that says what it is, for what appeared nowhere

    Why: a reader cannot look for it.
    """
    used = _used(book)
    for entry in (entry for entry in book.library.copies if not entry.broken):
        fields = list(judging.missing(entry)) if entry.key not in used else []
        fields += filter(None, [judging.place_missing(entry)])
        if fields:
            yield found(entry.at, judging.lacking(entry, fields))


@rule("info")
def bib_type(book: Book) -> Iterator[Finding]:
    """An entry has a type that neither BibTeX nor biblatex knows.

    Bad: ``@inproceeding{…}``

    Good: ``@inproceedings{…}``

    Why: most programs list it as a web page, without what only its real type has.
    """
    known = {*judging.NEEDED, *TYPES, *judging.OTHER_TYPES}
    for entry in book.library.copies:
        if entry.type not in known and not entry.broken:
            message = f"'{entry.key}' has the unknown type '@{entry.type}'"
            yield found(entry.at, message + did_you_mean(entry.type, known))


def _faults(book: Book, fault: Callable[[BibEntry], str], *names: str) -> Iterator[Finding]:
    """Yield what is wrong with entries of any file; the first of ``names`` is said to be at fault.

    ``fault`` says what is wrong, if anything; the finding is at the first of ``names`` that exists.
    """
    for entry in book.library.copies:
        if not entry.broken and (message := fault(entry)):
            yield found(entry.location_of(*names), f"{names[0]} of '{entry.key}': {message}")


def _text_faults(book: Book, fault: Callable[[str], str], *names: str) -> Iterator[Finding]:
    """Yield what is wrong with the texts of some fields; the same stands in many entries."""
    fault = cache(fault)
    for entry in book.library.copies:
        for name in names:
            text = entry.fields.get(name)
            if text and not entry.broken and (message := fault(text)):
                yield found(entry.location_of(name), f"{name} of '{entry.key}': {message}")


@rule("warning")
def bib_year(book: Book) -> Iterator[Finding]:
    """A year is more or less than a year.

    Bad: ``year = {May 2020}``, ``year = {20}``

    Good: ``year = {2020}, month = may``; "in press" and "2019/2020" are fine

    Why: it is printed in each citation: "(Lin et al., May 2020)".
    """
    return _faults(book, judging.year_fault, "year", "date")


@rule("warning")
def bib_doi(book: Book) -> Iterator[Finding]:
    """What is given as a DOI is not one.

    Bad: ``doi = {arXiv:1706.03762}``, ``doi = {10.1109/CVPR.2016.90.}``

    Good: ``doi = {10.1109/CVPR.2016.90}``, also with ``https://doi.org/`` before it

    Why: the list of works links to a page that does not exist.
    """
    return _faults(book, judging.doi_fault, "doi")


@rule("warning")
def bib_url(book: Book) -> Iterator[Finding]:
    """What is given as the address of a page is not one.

    Bad: ``url = {www.example.org}``, ``url = {https://example.org/ (visited in May)}``

    Good: ``url = {https://example.org/}``

    Why: the list of works has no link, or one that leads nowhere.
    """
    return _faults(book, judging.url_fault, "url")


@rule("warning")
def bib_names(book: Book) -> Iterator[Finding]:
    """Names of people are not separated by "and", or a body is not in braces.

    Bad: ``author = {Tsung-Yi Lin, Michael Maire, Serge Belongie}``, ``author = {Lin et al.}``,
    ``author = {World Health Organization}``

    Good: ``author = {Lin, Tsung-Yi and Maire, Michael and others}``,
    ``author = {{World Health Organization}}``

    Why: all of them become one person with a strange name, in each citation; the body becomes
    "Organization, W. H.".
    """
    return _text_faults(book, judging.names_fault, "author", "editor")


@rule("warning")
def bib_characters(book: Book) -> Iterator[Finding]:
    r"""A field has characters that are printed wrong.

    Bad: ``Simulation &amp; Games``, ``MÃ¼ller``, ``<i>Salmonella</i>``, ``for 5$ a day``

    Good: ``Simulation \& Games``, ``Müller``, ``\emph{Salmonella}``, ``for 5\$ a day``

    Why: the reader sees them. What LaTeX alone stumbles over (a bare ``&``, ``%``, ``#``, ``_``) is
    fine: the book escapes it.
    """
    return _text_faults(book, judging.characters_fault, *judging.SHOWN)


@rule("warning")
def bib_placeholder(book: Book) -> Iterator[Finding]:
    """A field holds what somebody wanted to replace.

    Bad: ``title = {TODO}``, ``author = {???}``

    Good: the title, the author

    Why: it is printed.
    """
    names = ("author", "title", "year", "journal", "booktitle")
    return _text_faults(book, judging.placeholder_fault, *names)


@rule("warning")
def bib_title(book: Book) -> Iterator[Finding]:
    """A title of a work has a misspelt word, or a name without its capitals.

    Bad: ``title = {Bert: Pre-training …}``, ``On gaussian proccesses``, ``Vqa: …`` (a note)

    Good: ``title = {{BERT}: Pre-training …}``, ``On {Gaussian} processes``

    Why: titles are printed as they are written. Google Scholar's entries have no capitals.
    """
    people = {one.family for entry in book.library.copies for one in entry.authors}
    for entry in _sound(book):
        for old, new, slip in title_slips(plain_text(entry.get("title"))):
            is_wrong = "has a space before its stop" if " " in old else "is misspelt"
            fault = is_wrong if slip else "lacks its capitals"
            if old not in people:  # as in "a reply to Shepard"
                message = f"title of '{entry.key}': '{old}' {fault}; write '{new}'"
                yield found(entry.location_of("title"), message)
    yield from titles_of_names(book, _sound(book))


@rule("info")
def bib_capitals(book: Book) -> Iterator[Finding]:
    """A title is in capitals throughout.

    Bad: ``title = {ATTENTION IS ALL YOU NEED}``

    Good: ``title = {Attention Is All You Need}``

    Why: titles are printed as they are written, and this one shouts.
    """
    return _text_faults(book, judging.capitals_fault, "title")


@rule("info")
def bib_venue(book: Book) -> Iterator[Finding]:
    """The name of a journal, conference or publisher is not written as names are, or is none.

    Bad: ``journal = {Nature communications}``, ``publisher = {MIT press}``,
    ``publisher = {ACM New York, NY, USA}``, ``journal = {1951}``,
    ``@article`` with ``journal = {Proceedings of the Conference on …}``

    Good: ``journal = {Nature Communications}``, ``publisher = {MIT Press}``, ``@inproceedings``
    with ``booktitle``

    Why: it is printed so, beside others that are written right. Names in other languages than
    English are not judged, nor is a conference that has volumes or numbers as journals have.
    """
    yield from _text_faults(book, venues.journal_fault, "journal")
    yield from _text_faults(book, venues.booktitle_fault, "booktitle")
    bodies = ("publisher", "organization", "institution", "school")
    yield from _text_faults(book, venues.publisher_fault, *bodies)
    yield from _text_faults(book, venues.place_fault, "publisher")
    yield from _faults(book, venues.conference_fault, "journal")
    yield from _field_faults(book, venues.misplaced)


@rule("info")
def bib_form(book: Book) -> Iterator[Finding]:
    """A field holds more, less or other than what belongs in it.

    Bad: ``pages = {149 - 165}``, ``edition = {3rd ed.}``, ``publisher = {Wiley, New York,}``,
    ``publisher = {JSTOR}``, ``title = {{The loss, 2nd Edition}}``, ``volume = {7(5)}``,
    ``howpublished = {https://example.org}``, ``author = {Lin, Bo and Ph, D}``, ``Lin, Ann E``
    beside ``Ng, Andrew Y.``, ``Loss: a story`` beside ``Loss: A story``

    Good: ``pages = {149--165}``, ``edition = {3}``, ``publisher = {Wiley}``

    Why: it is printed as it stands, beside others that are written right.
    """
    sound = (entry for entry in book.library.copies if not entry.broken)
    for entry, name, message in field_forms.form_faults(sound):
        yield found(entry.location_of(name), f"{name} of '{entry.key}': {message}")


@rule("info")
def bib_name_mixed(book: Book) -> Iterator[Finding]:
    """A person, a journal or a publisher is written in two ways.

    Bad: ``author = {Kaiser, Lukasz}`` in one entry, ``{Kaiser, Łukasz}`` in another;
    ``J. Mach. Learn. Res.`` beside ``Journal of Machine Learning Research``, or one of few in short

    Good: one of them everywhere

    Why: in the list of works they are two.
    """
    sound, said = (entry for entry in book.library.copies if not entry.broken), set()
    for entry, name, form, usual in name_forms.other_forms(sound):
        if form.casefold() != usual.casefold() or not venues.journal_fault(form):
            message = f"'{form}' is elsewhere '{usual}'; write one of them everywhere"
            yield found(entry.location_of(name), f"{name} of '{entry.key}': {message}")
            said.add(form)
    for entry, field, name, full, total in name_forms.shortened(_sound(book)):
        if name not in said:
            rest = f"and {full} of {total} {field}s are not; write it out"
            at = entry.location_of(field, "journaltitle")
            yield found(at, f"{field} of '{entry.key}': '{name}' is abbreviated, {rest}")


@rule("info")
def bib_portable(book: Book) -> Iterator[Finding]:
    r"""An entry is listed well in this book, and wrong by other programs.

    Bad: ``title = {Training on a GPU}``, ``title = {The loss.}``, ``publisher = {Wiley & Sons}``,
    ``author = {Zinck, RD}``, ``doi = {https://doi.org/10.1234/abc}``

    Good: ``title = {Training on a {GPU}}``, ``title = {The loss}``,
    ``publisher = {Wiley \& Sons}``, ``author = {Zinck, R. D.}``, ``doi = {10.1234/abc}``

    Why: entries are copied into theses and papers, where BibTeX prints "gpu", "Zinck, R.", two
    stops, "doi:https://doi.org/…", or an error.
    """
    for entry in book.library.copies:
        for name, message in () if entry.broken else judging.portability_faults(entry):
            yield found(entry.location_of(name), f"{name} of '{entry.key}': {message}")


def _field_faults(book: Book, fault: Callable[[BibEntry], tuple[str, str]]) -> Iterator[Finding]:
    """Yield what is wrong with one field of entries; ``fault`` says which and what."""
    for entry in book.library.copies:
        name, message = ("", "") if entry.broken else fault(entry)
        if name:
            yield found(entry.location_of(name), f"{name} of '{entry.key}': {message}")
