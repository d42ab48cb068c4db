"""All bibliographies of a book as one: found by themselves, merged by meaning.

Every chapter has its own ``.bib``, so that two students never edit the same file; the same work in
several chapters is therefore the normal case, and only a key that means two works is a fault.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from posixpath import normpath
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.latex_text import plain_text
from sphinx_mmbook.core.bib.normal_form import normalise
from sphinx_mmbook.core.bib.parse import parse_bib, with_parents
from sphinx_mmbook.core.escapes import whole
from sphinx_mmbook.core.files.paths import folders_of, is_special, leads_out, real
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from sphinx_mmbook.core.bib.entry import BibEntry
    from sphinx_mmbook.core.bib.names import PersonName
    from sphinx_mmbook.core.bib.parsed_files import ParsedFiles

#: A book cites some hundred works; what is larger is a database that was copied by mistake.
MAX_BYTES = 10 * 1024 * 1024
LEADS_OUT = (
    "this file is a link that leads out of the book; copy the file into the chapter's folder"
)
#: pybtex stops at a hundred nested braces.
MAX_DEPTH = 50
#: So many keys that share letters with an unknown one are compared with it.
CANDIDATES = 10
#: Comments of a ``.bib`` file, and what is not an entry.
_NO_ENTRY = re.compile(r"(?m)^[ \t]*%(?![A-Z0-9] ).*|@(?i:comment|string|preamble)\b[^@]*")
#: So many pairs of letters find them, those that the fewest keys have, and so many keys of each.
RARE, MANY = 8, 200


@dataclass(frozen=True)
class Library:
    """The works that a book can cite, by key, in BibTeX's words; and what is wrong with them.

    ``copies`` are the entries of all files before they were merged.
    """

    entries: Mapping[str, BibEntry]
    findings: tuple[Finding, ...] = ()
    copies: tuple[BibEntry, ...] = ()

    @cached_property
    def _works(self) -> dict[tuple[str, str], list[str]]:
        """The keys by the last word of the first author's family name, and the year."""
        works: dict[tuple[str, str], list[str]] = {}
        for entry in self.entries.values():
            if entry.authors:
                family = comparable_text(entry.authors[0].family.rpartition(" ")[2])
                works.setdefault((family, entry.get("year")[:4]), []).append(entry.key)
        return works

    def works_of(self, name: str, year: str) -> list[str]:
        """Return the keys of an author's works of a year; accents are often typed without."""
        return self._works.get((comparable_text(name), year), [])

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {key.casefold(): key for key in sorted(self.entries, reverse=True)}

    @cached_property
    def _pairs(self) -> dict[str, list[str]]:
        """The keys by the pairs of letters in them: candidates without a look at all keys."""
        pairs: dict[str, list[str]] = {}
        for key in self.entries:
            for pair in _pairs_of(key):
                pairs.setdefault(pair, []).append(key)
        return pairs

    def other_case(self, key: str) -> str:
        """Return the key that differs from ``key`` in case at most, or the empty string."""
        return self._folded.get(key.casefold(), "")

    def suggest(self, key: str) -> str:
        """Return the key that ``key`` was probably meant to be, or the empty string."""
        if same := self.other_case(key):
            return same
        lists = sorted((self._pairs.get(pair, []) for pair in _pairs_of(key)), key=len)
        # What many keys have in common tells least.
        rare = [some[:MANY] for some in lists if some][:RARE]
        shared = Counter(known for some in rare for known in some)
        candidates = [known for known, _ in shared.most_common(CANDIDATES)]
        near = nearest(key, candidates)
        return near if _may_be(key, near) else ""

    def unknown(self, key: str, hint: bool = True) -> str:
        """Say that no entry has ``key``, and what to do; ``hint``: look for what was meant."""
        near = self.suggest(key) if hint else ""
        advice = f"did you mean '{near}'?" if near else "add the work to the chapter's .bib file"
        return f"no .bib file of the book has the key '{key}'; {advice}"


#: The last word of a key: of "lopez2014social" the "social".
_LAST = re.compile(r"(?<=\d)[^\W\d_]{4,}\Z|(?<=[\W_])[^\W\d_]{4,}\Z")


def _may_be(key: str, near: str) -> bool:
    """Whether a key may be a slip of another, and is not that of another work of its author."""
    ends = [match[0].lower() if (match := _LAST.search(one)) else "" for one in (key, near)]
    names = [re.split(r"[\W\d_]", one.lower(), maxsplit=1)[0] for one in (key, near)]
    return all(bool(nearest(one, [other])) or not (one and other) for one, other in (ends, names))


def _pairs_of(key: str) -> set[str]:
    text = key.casefold()
    return {text[index : index + 2] for index in range(max(len(text) - 1, 1))}


def find_bib_files(book: Path, excluded: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the ``.bib`` files below ``book``, relative to it, sorted.

    Hidden folders, folders and files that ``excluded`` names, and linked folders are left out.
    """
    root, found = book.resolve(), []
    for prefix, folders, files in folders_of(root):
        folders[:] = [name for name in folders if not excluded(prefix + name)]
        for name in files:
            path = prefix + name
            is_ours = name.lower().endswith(".bib") and not name.startswith(".")
            if is_ours and not excluded(path) and not is_special(f"{root}/{path}"):
                found.append(path)
    return tuple(sorted(found))


def read_library(
    book: Path, paths: Iterable[str], parsed: ParsedFiles | None = None, named: Collection[str] = ()
) -> Library:
    """Read and merge the files at ``paths``, which are relative to ``book``.

    What is ``parsed`` already is not parsed again. Only a file that conf.py has ``named`` may be a
    link out of the book, to another ``.bib``.
    """
    ours = {normpath(path) for path in named if real(book / path).suffix.lower() == ".bib"}
    entries: list[BibEntry] = []
    findings: list[Finding] = []
    for path in paths:
        if leads_out(book, path) and normpath(path) not in ours:
            findings.append(Finding(Location(path, 0), "bib-unreadable", LEADS_OUT))
            continue
        some, faults = read_bib(book, path, parsed)
        entries += some
        findings += faults
    merged, conflicts = merge(entries)
    return Library(merged, (*findings, *conflicts), tuple(entries))


def read_bib(
    book: Path, path: str, parsed: ParsedFiles | None = None
) -> tuple[tuple[BibEntry, ...], tuple[Finding, ...]]:
    """Return the normalised entries of one file, and its findings; a file is never an exception."""

    def fault(rule: str, message: str, line: int = 0) -> tuple[tuple[()], tuple[Finding]]:
        return (), (Finding(Location(path, line), rule, message),)

    try:
        if (book / path).stat().st_size > MAX_BYTES:
            limit = f"{MAX_BYTES // 2**20} MB"
            return fault(
                "bib-size", f"this file is larger than {limit}; keep only what the chapter cites"
            )
        data = (book / path).read_bytes()
    except OSError as error:
        return fault(
            "bib-unreadable", f"this file cannot be read: {error.strerror}; restore or delete it"
        )
    if parsed and (known := parsed.entries(path, data)):
        return known, ()
    try:
        text = whole(data.decode("utf-8-sig")).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return fault("bib-encoding", "this file is not UTF-8; save it with encoding UTF-8", line)
    entries, findings = parse_bib(text, path)
    if not entries and not findings:
        written = _NO_ENTRY.sub("", text).strip()
        text = "this file has no entries; add what the chapter cites, or delete the file"
        if written:
            text = "this file has text but no entry of BibTeX; export it as BibTeX, as plain text"
        return (), (Finding(Location(path), "bib-empty", text, "warning" if written else "info"),)
    normal = {entry.key: normalise(entry) for entry in entries}
    found = tuple(with_parents(normal).values())
    if parsed and not findings:
        parsed.note(path, data, found)
    return found, findings


def merge(entries: Iterable[BibEntry]) -> tuple[dict[str, BibEntry], tuple[Finding, ...]]:
    """Return the entries by key, sorted, each once, and the keys that clash.

    Copies of a work need not be equal: the first one counts and later ones fill in what it lacks.
    The same key for different works is ``bib-key-conflict`` at the later one, which is dropped;
    keys that differ only in case are ``bib-key-case``: BibTeX takes them for one.
    """
    merged: dict[str, BibEntry] = {}
    spelt: dict[str, BibEntry] = {}
    findings: list[Finding] = []
    for entry in entries:
        first = merged.get(entry.key)
        if first is None:
            merged[entry.key] = entry
            findings += _case(spelt.setdefault(entry.key.casefold(), entry), entry)
        elif difference := differing(first, entry):
            findings.append(_conflict(first, entry, difference))
        else:
            merged[entry.key] = _fill(first, entry)
    return {key: merged[key] for key in sorted(merged)}, tuple(findings)


def _case(first: BibEntry, entry: BibEntry) -> list[Finding]:
    if first is entry:
        return []
    message = f"the key '{entry.key}' differs only in case from '{first.key}' ({first.at})"
    repair = f"write '{first.key}'"
    if differing(first, entry):
        repair = "give one another key"
    elif entry.at.path == first.at.path:
        repair = "delete one of the two, and cite the other"
    return [Finding(entry.at, "bib-key-case", f"{message}; {repair}")]


def _conflict(first: BibEntry, entry: BibEntry, name: str) -> Finding:
    here, there = (shorten(plain_text(one.get(name))) for one in (entry, first))
    message = (
        f"the key '{entry.key}' stands for another work in {first.at} "
        f"({name} '{here}' here, '{there}' there); give one of them another key"
    )
    return Finding(entry.at, "bib-key-conflict", message)


def _fill(first: BibEntry, other: BibEntry) -> BibEntry:
    missing = {name: value for name, value in other.fields.items() if not first.fields.get(name)}
    if not missing or first.type != other.type:
        return first
    return replace(first, fields=dict(first.fields) | missing)


def differing(one: BibEntry, other: BibEntry) -> str:
    """Return the field by which two entries are different works; if they are one, nothing.

    The same DOI or arXiv number is the same work; otherwise title, first author and year decide,
    whatever their spelling in braces, accents, spaces and case. What one lacks decides nothing.
    """
    if one.broken or other.broken:
        return ""
    for name in ("doi", "eprint"):
        if (value := one.get(name).casefold()) and value == other.get(name).casefold():
            return ""
    for name in ("title", "author", "year"):
        here, there = _essence(one, name), _essence(other, name)
        if here and there and here != there:
            return name
    return ""


def _essence(entry: BibEntry, name: str) -> str:
    if name == "author":
        return comparable_text(entry.authors[0].family) if entry.authors else ""
    return comparable_text(plain_text(entry.get(name)))


def comparable_text(text: str) -> str:
    """Return ``text`` without accents, case, spaces and punctuation, for comparisons."""
    letters = text.casefold()
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", letters)


def shorten(text: str, width: int = 60) -> str:
    """Return at most ``width`` characters of ``text`` for a message."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def bibtex(entries: Mapping[str, BibEntry]) -> str:
    """Write ``entries`` as a ``.bib`` file, sorted: the same bytes for the same works.

    Of keys that differ only in case the first is written: programs that read BibTeX refuse two.
    """
    written: dict[str, str] = {}
    for key in sorted(entries):
        entry = entries[key]
        lines = [f"  {name} = {{{_field(entry, name)}}},\n" for name in sorted(entry.fields)]
        written.setdefault(key.casefold(), f"@{entry.type}{{{key},\n{''.join(lines)}}}\n")
    return "\n".join(written.values())


def _field(entry: BibEntry, name: str) -> str:
    """Return a field as other programs read it: names normalised, braces balanced."""
    if name in ("author", "editor"):
        people = entry.authors if name == "author" else entry.editors
        return " and ".join(map(_bibtex_name, people))
    return _balanced(entry.fields[name])


def _bibtex_name(person: PersonName) -> str:
    if person.is_others:
        return "others"
    # Commas and "and" have a meaning in names; pybtex stops at a name with three commas.
    rest = [re.sub(r"[{},]|\band\b", " ", part) for part in (person.suffix, person.given)]
    family = "{" + re.sub("[{}]", "", person.family) + "}"
    return ", ".join([family, *(part for part in rest if part.strip())])


def _balanced(value: str) -> str:
    """Return ``value`` without its braces if they are not balanced: they would spoil the file."""
    depth = 0
    for sign in re.findall(r"[{}]", value):
        depth += 1 if sign == "{" else -1
        if depth < 0 or depth > MAX_DEPTH:
            break
    return re.sub(r"[{}]", "", value) if depth else value
