"""People and what they are credited for.

A person is one file in ``people/``, ``<id>.yml``, with the field names of the MyST front-matter
standard (https://mystmd.org/guide/frontmatter#frontmatter-authors); a chapter's front matter names
people by id or spells them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.yaml_mapping import YamlMap, read_yaml_map
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PEOPLE_FOLDER = "people"
ROLES = ("authors", "supervisors", "reviewers")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Field of a person -> what it is for, in a line of the manual.
FIELDS = {
    "name": "name, as it is printed; the only field that is needed",
    "orcid": "ORCID iD: `0000-0002-1825-0097`",
    "url": "address of a page about the person",
    "email": "address for mail",
    "github": "name on GitHub",
    "affiliation": "where the person works or studies",
    "affiliations": "the same, a list",
}
_TEXT_FIELDS = ("name", "orcid", "url", "email", "github")
MAX_FILE_BYTES = 64 * 1024


class Person(NamedTuple):
    """Someone who is credited. ``id`` is the stem of the file, empty for people spelt out."""

    name: str
    id: str = ""
    orcid: str = ""
    affiliations: tuple[str, ...] = ()
    url: str = ""
    email: str = ""
    github: str = ""


class Credit(NamedTuple):
    """A person in a role (one of ``ROLES``) of a chapter."""

    role: str
    person: Person


@dataclass(frozen=True)
class People:
    """All people of a book by id. ``broken`` are the ids whose file has a finding instead."""

    persons: Mapping[str, Person] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    def ids(self) -> list[str]:
        """Return all ids, also those of broken files."""
        return sorted({*self.persons, *self.broken})


def load_people(book: Path) -> People:
    """Read ``people/*.yml`` of the book folder. Files that describe nobody become findings."""
    persons: dict[str, Person] = {}
    findings: list[Finding] = []
    files = sorted(book.glob(f"{PEOPLE_FOLDER}/*.y*ml"))
    for file in files:
        person, found = _load_person(file, f"{PEOPLE_FOLDER}/{file.name}")
        findings += found
        if person:
            persons[person.id] = person
    broken = {file.stem for file in files} - set(persons)
    return People(persons, frozenset(broken), tuple(findings))


def _load_person(file: Path, path: str) -> tuple[Person | None, tuple[Finding, ...]]:
    at = Location(path, 1)
    try:
        if file.is_symlink() or not file.is_file():
            return None, (
                Finding(at, "person", "this is not a regular file; write the person's fields"),
            )
        if file.stat().st_size > MAX_FILE_BYTES:
            return None, (
                Finding(at, "person", "this file is larger than 64 KiB; it is not a person"),
            )
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = "this file is not UTF-8; save it as UTF-8"
        return None, (Finding(Location(path, line), "person", message),)
    except OSError as error:
        return None, (Finding(at, "person", f"cannot be read: {error.strerror}"),)
    read = read_yaml_map(text, path, "person")
    if read.findings:
        return None, read.findings
    return person_from(read, "", file.stem)


def person_from(
    read: YamlMap, prefix: str, person_id: str = ""
) -> tuple[Person | None, tuple[Finding, ...]]:
    """Make a person of the fields of a file, or of the mapping at ``prefix`` of a front matter."""
    fields: Any = read.fields
    for name in filter(None, prefix.split(".")):
        fields = fields[int(name) if isinstance(fields, list | tuple) else name]
    dot = f"{prefix}." if prefix else ""
    findings: list[Finding] = []
    values: dict[str, str] = {}
    for name, value in fields.items():
        at = read.at(f"{dot}{name}")
        if name in _TEXT_FIELDS:
            if isinstance(value, str | int):
                values[name] = str(value).strip()
            elif value is not None:
                findings.append(Finding(at, "person", f"'{name}' must be text; write '{name}: …'"))
        elif name not in FIELDS:
            hint = did_you_mean(str(name), [*FIELDS]) or f"; known are {', '.join(FIELDS)}"
            findings.append(Finding(at, "person", f"unknown field '{name}'{hint}"))
    if not values.get("name"):
        message = "a person needs a name; write 'name: Ann Example'"
        return None, (*findings, Finding(read.at(prefix), "person", message))
    orcid, fault = _orcid(values.get("orcid", ""), read.at(f"{dot}orcid"))
    affiliations = _texts(fields.get("affiliations", fields.get("affiliation")))
    person = Person(id=person_id, affiliations=affiliations, **{**values, "orcid": orcid})
    return person, (*findings, *fault)


def _texts(value: Any) -> tuple[str, ...]:
    """Return affiliations as texts: one text, a list of texts, or of mappings with a name."""
    items = value if isinstance(value, list) else [value]
    names = (item.get("name") if isinstance(item, dict) else item for item in items)
    return tuple(str(name) for name in names if name)


def _orcid(text: str, at: Location) -> tuple[str, tuple[Finding, ...]]:
    """Check an ORCID iD: 16 digits with the check digit of ISO 7064 MOD 11-2.

    Source: https://support.orcid.org/hc/articles/360006897674 (structure of the ORCID identifier).
    """
    value = re.sub(r"^https?://orcid\.org/", "", text).strip().upper()
    if not value:
        return "", ()
    if re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", value):
        digits = value.replace("-", "")
        total = 0
        for digit in digits[:-1]:
            total = (total + int(digit)) * 2
        check = (12 - total % 11) % 11
        if digits[-1] == ("X" if check == 10 else str(check)):
            return value, ()
    message = f"'{text}' is not an ORCID iD; copy it from orcid.org, like 0000-0002-1825-0097"
    return "", (Finding(at, "person-orcid", message),)


def credits_from(read: YamlMap, people: People) -> tuple[tuple[Credit, ...], tuple[Finding, ...]]:
    """Return the credits that a front matter (or the body of a byline) states, in their order."""
    found: list[Credit] = []
    findings: list[Finding] = []
    for role in ROLES:
        # 'author: Ann' is what many write for one person.
        name = role if role in read.fields else role.removesuffix("s")
        value = read.fields.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue  # byline-empty speaks of it
        if isinstance(value, list):
            entries = [(f"{name}.{index}", item) for index, item in enumerate(value)]
        else:
            entries = [(name, value)]
        for key, entry in entries:
            person, faults = _credited(entry, key, read, people)
            findings += faults
            if person:
                found.append(Credit(role, person))
    return tuple(found), tuple(findings)


def _credited(
    entry: Any, key: str, read: YamlMap, people: People
) -> tuple[Person | None, tuple[Finding, ...]]:
    if isinstance(entry, dict):
        return person_from(read, key)
    if not isinstance(entry, str) or not entry.strip():
        message = "a credit is a person's id or a mapping with a name; write 'ann-example'"
        return None, (Finding(read.at(key), "person-unknown", message),)
    entry = entry.strip()
    if entry in people.persons:
        return people.persons[entry], ()
    if not _ID.fullmatch(entry):
        return Person(entry), ()
    # The id is kept, so that the page is read again when the person's file appears or is mended.
    person = Person(entry, entry)
    if entry in people.broken or (key == "author" and not people.persons):
        return person, ()
    hint = did_you_mean(entry, people.ids())
    message = (
        f"nobody has the id '{entry}'{hint or '; add ' + PEOPLE_FOLDER + '/' + entry + '.yml'}"
    )
    return person, (Finding(read.at(key), "person-unknown", message),)
