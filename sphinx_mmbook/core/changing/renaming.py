"""Another name for a chapter's folder: every path to it is changed with it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused, ChapterFolder
from sphinx_mmbook.core.changing.mentions import Mention, mentions, replaced
from sphinx_mmbook.core.changing.slug import fault_of_slug
from sphinx_mmbook.core.files.changes import Changes

if TYPE_CHECKING:
    from sphinx_mmbook.core.book.book import Book


def renaming(chapter: ChapterFolder, new: str) -> tuple[Changes, list[Mention]]:
    """Return the changes below ``chapter.top``, and each place where a path changes.

    Labels and keys of citations stay as they are: no reference depends on a folder's name.

    :raises ChangeRefused: if the new name is not a name, or taken.
    """
    if fault := fault_of_slug(new) or taken(chapter.book, new):
        raise ChangeRefused(fault)
    target = posixpath.join(posixpath.dirname(chapter.full), new)
    if (chapter.top / target).exists():
        raise ChangeRefused(f"'{target}' is there already; choose another name")
    places = list(mentions(chapter.texts, chapter.full, chapter.inner))
    texts: dict[str, str] = {}
    for path in dict.fromkeys(place.path for place in places):
        inside = path.startswith(f"{chapter.full}/")
        at = f"{target}{path.removeprefix(chapter.full)}" if inside else path
        own = [place for place in places if place.path == path]
        texts[at] = replaced(chapter.texts[path], own, new)
    return Changes(((chapter.full, target),), texts), places


def taken(book: Book, slug: str) -> str:
    """Return why a chapter's name is taken, or nothing."""
    same = [name for name in book.pages if name.split("/")[-2:-1] == [slug]]
    return f"'{slug}' is taken by '{same[0]}'; choose another name" if same else ""
