"""A new chapter: its folder in its part, and the files of its people."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import CommandRefused
from sphinx_mmbook.cli.new.template import rendered
from sphinx_mmbook.core.book.book import Book, load_book
from sphinx_mmbook.core.book.toctree import entries, toctrees
from sphinx_mmbook.core.changing.renaming import taken
from sphinx_mmbook.core.changing.slug import SLUG, fault_of_slug, slug_of
from sphinx_mmbook.core.people.people import PEOPLE_FOLDER
from sphinx_mmbook.core.suggestions import did_you_mean, quoted_list

if TYPE_CHECKING:
    from pathlib import Path

_PART = re.compile(r"(.+)/\*/(?:index|\*)")


@dataclass(frozen=True)
class Wish:
    """What is said about a new chapter."""

    slug: str
    title: str
    authors: tuple[str, ...]
    supervisors: tuple[str, ...] = ()
    part: str | None = None
    notebook: bool = False


def files_of_chapter(folder: Path, wish: Wish) -> dict[str, bytes]:
    """Return the files of a new chapter and of its people, by their paths in the book.

    :raises CommandRefused: if something is there already, or the chapter would not be found.
    """
    if fault := fault_of_slug(wish.slug):
        raise CommandRefused(fault)
    if not wish.title.strip() or not wish.title.isprintable():
        raise CommandRefused("--title: write the title in one line")
    book = load_book(folder)
    part = part_of(book, wish.part)
    at = f"{part}/{wish.slug}"
    if fault := taken(book, wish.slug):
        raise CommandRefused(fault)
    if (folder / at).exists():
        raise CommandRefused(f"'{at}' is there already; choose another name")
    files: dict[str, bytes] = {}
    people = {
        role: [person_id(book, name, files) for name in names]
        for role, names in (("authors", wish.authors), ("supervisors", wish.supervisors))
    }
    values = {
        "slug": wish.slug,
        "title_quoted": json.dumps(wish.title, ensure_ascii=False),
        "language": book.settings.language[:2],
        **{role: f"[{', '.join(dict.fromkeys(ids))}]" for role, ids in people.items()},
    }
    made = rendered("chapter", values)
    if wish.notebook:
        made["index.ipynb"] = notebook(made.pop("index.md").decode("utf-8"))
    return {f"{at}/{name}": data for name, data in made.items()} | files


def part_of(book: Book, named: str | None) -> str:
    """Return the folder of a part whose toctree picks up new chapters.

    :raises CommandRefused: if there is none, or several and none is named.
    """
    parts = parts_of(book)
    if not parts:
        raise CommandRefused(
            "no toctree picks up new chapters; give the one in index.md the option ':glob:' and "
            "the line 'chapters/*/index'"
        )
    if named is None:
        if len(parts) > 1:
            raise CommandRefused(f"name the chapter's part with --part: {quoted_list(parts)}")
        return parts[0]
    named = named.replace("\\", "/")
    by_name = {part.rpartition("/")[2]: part for part in parts} | {part: part for part in parts}
    if named.strip("/") not in by_name:
        raise CommandRefused(
            f"--part: no toctree picks up chapters in '{named}'; for a new part, add one with "
            f"':glob:' and 'chapters/{slug_of(named) or 'PART'}/*/index'"
            f"{did_you_mean(named, by_name)}"
        )
    return by_name[named.strip("/")]


def parts_of(book: Book) -> list[str]:
    """Return the folders of which toctrees pick up all chapters."""
    found: dict[str, None] = {}
    for docname, page in book.pages.items():
        for toctree in toctrees(page):
            if toctree.option("glob") is None:
                continue
            for entry, _ in entries(toctree):
                above = "" if entry.startswith("/") else posixpath.dirname(docname)
                name = posixpath.normpath(posixpath.join(above, entry.lstrip("/")))
                if match := _PART.fullmatch(name):
                    found[match[1]] = None
    return [part for part in found if "*" not in part and not part.startswith("..")]


def person_id(book: Book, name: str, files: dict[str, bytes]) -> str:
    """Return the id of a person, named or given by id; add a file for whoever has none.

    :raises CommandRefused: if an id is nobody's, or a name's id is somebody else's.
    """
    known = book.people.ids()
    if name in known:
        return name
    if SLUG.fullmatch(name):
        raise CommandRefused(
            f"there is no person '{name}'; write the name of somebody new as it is printed, such "
            f"as 'Ann Example'{did_you_mean(name, known)}"
        )
    new = slug_of(name)
    if not new or not name.isprintable():
        raise CommandRefused(f"{name!r} makes no id; add people/YOUR-NAME.yml and name its id")
    person = book.people.persons.get(new)
    if person and person.name != name:
        raise CommandRefused(f"'{new}' is {person.name}; name the id, or write another name")
    if new not in known:
        files[f"{PEOPLE_FOLDER}/{new}.yml"] = f"name: {_yaml(name)}\n".encode()
    return new


def _yaml(name: str) -> str:
    """Return a name as YAML reads it: in quotes only where it needs them."""
    return (
        name if re.fullmatch(r"[^\W\d_][\w.' -]*", name) else json.dumps(name, ensure_ascii=False)
    )


def notebook(text: str) -> bytes:
    """Return a notebook that begins with a text and has an empty cell of code after it."""
    code: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "code",
        "outputs": [],
    }
    content = {
        "cells": [
            {"cell_type": "markdown", "id": "text", "metadata": {}, "source": text.rstrip("\n")},
            {**code, "metadata": {}, "source": ""},
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
