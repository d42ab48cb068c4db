"""Rules on the people whom a chapter names, and how their names are spelt."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.people.people import PEOPLE_FOLDER, ROLES
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page


class NamedPerson(NamedTuple):
    """A person's name as it is spelt somewhere. ``id`` is that of a file in ``people/``.

    ``fixable``: the name alone is at ``at``, so that an id can replace it.
    """

    name: str
    at: Location
    id: str = ""
    page: Page | None = None
    fixable: bool = False


def _spelt(page: Page) -> Iterator[NamedPerson]:
    """Iterate over the names that a page spells out, in front matter."""
    front = page.source.front
    for role in ROLES:
        for field in (role, role.removesuffix("s")):
            value = front.fields.get(field)
            entries = value if isinstance(value, list) else [value]
            for number, entry in enumerate(entries):
                key = f"{field}.{number}" if isinstance(value, list) else field
                if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                    yield NamedPerson(entry["name"].strip(), front.at(f"{key}.name"), "", page)
                elif isinstance(entry, str) and entry.strip():
                    text = entry.strip()
                    yield NamedPerson(text, front.at(key), "", page, isinstance(value, list))


def _names(book: Book) -> Iterator[NamedPerson]:
    """Iterate over all names: those of people's files first, then those spelt out."""
    for person in book.people.persons.values():
        path = next(
            (p for s in ("yml", "yaml") if (p := f"{PEOPLE_FOLDER}/{person.id}.{s}") in book.files),
            PEOPLE_FOLDER,
        )
        yield NamedPerson(person.name, Location(path, 1), person.id)
    for page in book.pages.values():
        for named in _spelt(page):
            if named.name not in book.people.ids() and not re.fullmatch(r"[a-z0-9-]+", named.name):
                yield named


_DUMMY = re.compile(
    r"(?:the\s+)?(?:authors?|supervisors?|reviewers?|names?|your\s?names?|(?:first|given|full|last)"
    r"\s?names?(?:\s+(?:last|family|sur)\s?names?)?|vorname\s+nachname|name\s+surname|n\.?\s?n\.?"
    r"|\{\{.*\}\}|tbd|tba|todo|xxx+|unknown|anonymous|author\s+(?:name|\d+|one|two)|authors?\s+names?"
    r"|(?:jane|john)\s+doe|max\s+mustermann|erika\s+mustermann|student(?:\s+\d+)?|\?+|-+|\.+)",
    re.IGNORECASE,
)


@rule("warning")
def byline_dummy(book: Book) -> Iterator[Finding]:
    """The name of an author is that of the template.

    Bad: ``authors: [Author]``, ``name: Your Name``

    Good: ``authors: [ann-example]``

    Why: the name is printed, and everybody who cites the chapter copies it.
    """
    for named in _names(book):
        if _DUMMY.fullmatch(named.name):
            yield found(named.at, f"'{named.name}' is nobody's name; write who it is")


@rule("warning")
def byline_empty(book: Book) -> Iterator[Finding]:
    """A byline field is there, but empty.

    Bad: ``authors: []``, or ``authors:`` with nothing after it

    Good: ``authors: [ann-example]``

    Why: the page has no author, and nobody notices.
    """
    for page in book.pages.values():
        front = page.source.front
        for role in ROLES:
            for field in (role, role.removesuffix("s")):
                value = front.fields.get(field, ...)
                if value is None or (value != 0 and value is not ... and not value):
                    message = f"'{field}' is empty"
                    yield found(front.at(field), f"{message}; name people, or delete the line")


#: A line under a title: the role, and the people.
_TYPED = re.compile(
    r"[*_]{0,3}(?:(Author|Student|Supervisor|Autor|Autorin|Betreuer|Betreuerin|Betreuung)(?:s|en|innen)?"
    r"[*_]{0,3}[ \t]*:[ \t]*[*_]{0,3}[ \t]*([^*_\n:]*?)|(?:Written by:?|By:?|by) "
    r"((?:[A-ZÄÖÜ][\w.’'-]+ ){1,3}[A-ZÄÖÜ][\w’'-]+(?:(?:, |,? and | & )"
    r"(?:[A-ZÄÖÜ][\w.’'-]+ ?){2,4})*))"
    r"[ \t]*[*_]{0,3}[ \t]*"
)
_BETWEEN = re.compile(r"[,;&]|\b(?:and|und)\b")
#: So many lines under the title may name people.
_HEAD = 12


@rule("warning")
def byline_typed(book: Book) -> Iterator[Finding]:
    """Authors or supervisors are typed under the title.

    Bad: ``*Authors: Ann Example, Ben Sample*``

    Good: ``authors: [ann-example, ben-sample]`` in the front matter, and a file in ``people/`` for
    each

    Why: title page, citation, overview and the site's metadata are made from the front matter. If
    all of them have files, ``--fix`` writes it.
    """
    ids = {_bare(person.name).lower(): person.id for person in book.people.persons.values()}
    for page in book.pages.values():
        for role, names, at in _typed_bylines(page):
            people = [name for part in _BETWEEN.split(names) if (name := _bare(part.strip()))]
            entries = [ids.get(name.lower(), name) for name in people]
            field = f"{role}: [{', '.join(entries) or '…'}]"
            advice = f"write '{field}' into the front matter"
            edits: tuple[Edit, ...] = ()
            if all(name.lower() in ids for name in people):
                edits = _byline_edits(page, role, entries, at)
            elif people:
                advice += ", and for each a file in people/ with the name"
            if page.source.front.fields.get(role) == entries:
                advice = "delete it: the front matter says it"
            yield found(
                at, f"'{page.line(at).strip()}' is printed as ordinary text; {advice}", *edits
            )


def _typed_bylines(page: Page) -> Iterator[tuple[str, str, Location]]:
    """Iterate over the lines under a title that name people: role, names, and location."""
    if page.path.endswith(".rst") or not page.positions:
        return
    positions = next(iter(page.positions.values()))
    if positions.block.is_code:
        return
    lines = positions.text.lstrip().split("\n")
    skipped = positions.text[: len(positions.text) - len(positions.text.lstrip())].count("\n")
    for number, line in enumerate(lines[:_HEAD], positions.block.first_line + skipped):
        if match := _TYPED.fullmatch(line):
            role = "supervisors" if (match[1] or "")[:2] in ("Su", "Be") else "authors"
            yield (
                role,
                match[2] or match[3] or "",
                Location(page.path, number, 1, positions.block.cell),
            )


def _byline_edits(page: Page, role: str, entries: list[str], at: Location) -> tuple[Edit, ...]:
    """Return the edits that move a byline into the front matter; none if that says otherwise."""
    fields = page.source.front.fields
    gone = Edit(at, page.line(at), "")
    if fields.get(role) == entries:
        return (gone,)
    top = Location(page.path, 1, 1)
    first, field = page.line(top), f"{role}: [{', '.join(entries)}]"
    if not entries or page.path.endswith(".ipynb") or {role, role[:-1]} & fields.keys():
        return ()
    if bool(fields) != (first.rstrip() == "---") or not page.has_text(top, first):
        return ()
    if fields:
        return (Edit(top, "---", f"---\n{field}"), gone)
    return (Edit(top, first, f"---\n{field}\n---\n\n{first}"), gone)


_JOINED = re.compile(r"\s(?:&|and|und)\s|;|,\s*+[^\s,]++\s+\S|,[^,]*,")


@rule("warning")
def byline_joined(book: Book) -> Iterator[Finding]:
    """Several people are in one name.

    Bad: ``authors: Ann Example and Ben Sample``

    Good: ``authors: [ann-example, ben-sample]``

    Why: they count as one person with a strange name, in the byline and in citations.
    """
    for named in _names(book):
        if _JOINED.search(_bare(named.name)):
            message = f"'{named.name}' names several people"
            yield found(named.at, f"{message}; write a list, one entry for each")


@rule("warning")
def person_spelling(book: Book) -> Iterator[Finding]:
    """The same person is spelt in several ways.

    Bad: ``Prof. Dr. Jürgen Muster`` in one chapter and ``Juergen Muster`` in another

    Good: ``people/juergen-muster.yml``, and ``juergen-muster`` in the chapters

    Why: the book shows two people, and neither has all of the chapters.
    """
    groups: dict[str, list[NamedPerson]] = {}
    for named in _names(book):
        if (key := person_key(named.name)) and not _DUMMY.fullmatch(named.name):
            groups.setdefault(key, []).append(named)
    for group in _with_initials(groups):
        owners = [item for item in group if item.id]
        owner = max(owners, key=lambda item: len(person_key(item.name)), default=None)
        usual = owner.name if owner else Counter(item.name for item in group).most_common(1)[0][0]
        for item in group:
            if owner and item is not owner:
                yield _as_id(item, owner)
            elif not owner and item.name != usual:
                message = f"'{item.name}' is spelt '{usual}' elsewhere"
                yield found(item.at, f"{message}; add a file in {PEOPLE_FOLDER}/ and write its id")


def _with_initials(groups: dict[str, list[NamedPerson]]) -> list[list[NamedPerson]]:
    """Join "A. Example" with the only "Ann Example"; of two, nobody knows who is meant."""
    full: dict[str, list[list[NamedPerson]]] = {}
    for key, group in groups.items():
        first, _, rest = key.partition(" ")
        if len(first) > 1:
            full.setdefault(f"{first[0]} {rest}", []).append(group)
    for key in [key for key in groups if len(full.get(key, ())) == 1]:
        full[key][0].extend(groups.pop(key))
    return list(groups.values())


def _as_id(item: NamedPerson, owner: NamedPerson) -> Finding:
    message = f"'{item.name}' is {owner.at.path}"
    if item.id:
        return found(item.at, f"{message} as well; keep one of the two files")
    fixable = item.fixable and item.page is not None and item.page.has_text(item.at, item.name)
    edits = (Edit(item.at, item.name, owner.id),) if fixable else ()
    return found(item.at, f"{message}; write '{owner.id}'", *edits)


_TITLES = re.compile(
    r"(?:\b(?:prof(?:essor)?|dr|pd|ph\.?\s?d|m\.?\s?sc|b\.?\s?sc|m\.?\s?a|mr|mrs|ms|herr|frau|dipl"
    r"|ing|priv|doz|med|habil|rer|nat|phil|apl|jun)\b[.-]*\s*-?)|\([^()]*\)",
    re.IGNORECASE,
)
_FOLD = {"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "ae": "a", "oe": "o", "ue": "u", "ø": "o"}


def _bare(name: str) -> str:
    """Return a name without titles and degrees."""
    return " ".join(_TITLES.sub(" ", name).split()).strip(" ,-")


def person_key(name: str) -> str:
    """Return what all spellings of a name have in common; empty for a single word.

    Titles, middle initials, case, and the spelling of umlauts and accents do not count.
    """
    text = _bare(name).lower()
    last, comma, first = text.partition(",")
    if comma and first.strip():
        text = f"{first.strip()} {last}"
    text = re.sub("|".join(_FOLD), lambda match: _FOLD[match[0]], text)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]+", plain)
    kept = [word for number, word in enumerate(words) if len(word) > 1 or not number]
    return " ".join(kept) if len(kept) > 1 else ""
