"""What Zenodo asks about a release of a book: ``.zenodo.json``.

The fields: https://developers.zenodo.org/#representation (deposit metadata).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_mmbook.core.people.chapter_metadata import Chapter
    from sphinx_mmbook.core.people.people import Person

LICENCES = {"CC-BY-4.0": "cc-by-4.0", "CC-BY-SA-4.0": "cc-by-sa-4.0"}
LANGUAGES = {"en": "eng", "de": "deu"}


@dataclass(frozen=True)
class Edition:
    """A book as it is released; ``date`` is written as in ISO 8601."""

    title: str
    version: str
    date: str
    language: str = "en"
    license: str = ""


def zenodo_metadata(edition: Edition, chapters: Iterable[Chapter]) -> dict[str, Any]:
    """Return the metadata of a release: authors are its creators, supervisors contributors."""
    chapters = list(chapters)
    authors = people_in_role(chapters, "authors")
    supervisors = people_in_role(chapters, "supervisors")
    rows = "".join(f"<li>{escape(one.title)}</li>" for one in chapters)
    keywords = dict.fromkeys(word for one in chapters for word in one.keywords)
    said: dict[str, Any] = {
        "title": edition.title,
        "version": edition.version,
        "publication_date": edition.date,
        "upload_type": "publication",
        "publication_type": "book",
        "description": f"<p>{escape(edition.title)}</p><ul>{rows}</ul>",
        "creators": [_person(person) for person in authors],
        "contributors": [{**_person(one), "type": "Supervisor"} for one in supervisors],
        "keywords": list(keywords),
        "language": LANGUAGES.get(edition.language[:2], ""),
        "license": LICENCES.get(edition.license, ""),
    }
    return {name: value for name, value in said.items() if value}


def people_in_role(chapters: Iterable[Chapter], role: str) -> list[Person]:
    """Return who has a role in any of the chapters, each once, in their order."""
    found = {
        (credit.person.id or credit.person.name): credit.person
        for chapter in chapters
        for credit in chapter.credits
        if credit.role == role
    }
    return list(found.values())


def _person(person: Person) -> dict[str, str]:
    given, _, family = person.name.rpartition(" ")
    said = {
        "name": f"{family}, {given}" if given else family,
        "orcid": person.orcid,
        "affiliation": "; ".join(person.affiliations),
    }
    return {name: value for name, value in said.items() if value}
