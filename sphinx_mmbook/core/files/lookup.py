"""Files by what a page writes: paths as Sphinx resolves them, compared with what is on disk."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: A scheme such as ``https:``; one letter is a Windows drive.
URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")


def path_from(page: str, target: str) -> str:
    """Return the path, relative to the book, of ``target`` as written on ``page``.

    As in Sphinx, a target that begins with a slash counts from the book's folder. A path out of the
    book begins with ``..``.
    """
    target = normalize("NFC", unquote(target))
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/") or ".")
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))


def is_url(target: str) -> bool:
    """Whether a target is an address and no path of the book."""
    return bool(URL.match(target))


def is_elsewhere(target: str) -> bool:
    """Whether Sphinx looks for no file of that name: what it takes for on another host."""
    return "://" in target or target.startswith("data:")


class Lookup(NamedTuple):
    """The files of a book: by path, by path in lower case, by folder, by name in lower case."""

    paths: Mapping[str, str]
    folded: Mapping[str, str]
    folders: Mapping[str, list[str]]
    names: Mapping[str, list[str]]

    def exact(self, path: str) -> bool:
        """Whether a file has exactly this path."""
        return path in self.paths

    def other_case(self, path: str) -> str:
        """Return the path that differs from this one only in upper and lower case, if any."""
        return self.folded.get(path.casefold(), "")

    def near(self, path: str) -> str:
        """Return a file of the same folder with a similar name, else one of the same name."""
        folder, name = posixpath.split(path)
        if near := nearest(name, self.folders.get(folder, ()), 0.7):
            return posixpath.join(folder, near)
        same = self.names.get(name.casefold(), [])
        return same[0] if len(same) == 1 else ""

    def matching(self, pattern: str) -> list[str]:
        """Return the files that ``figures/a.*`` means."""
        stem = pattern.removesuffix("*")
        return [path for path in self.paths if path.startswith(stem)]


def lookup_of(paths: Iterable[str]) -> Lookup:
    """Make a lookup of all paths of a book."""
    known = {normalize("NFC", path): path for path in paths}
    folders: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for path in known:
        folder, name = posixpath.split(path)
        folders.setdefault(folder, []).append(name)
        names.setdefault(name.casefold(), []).append(path)
    return Lookup(known, {path.casefold(): path for path in known}, folders, names)


def other_name(page: str, path: str, written: str) -> str:
    """Say which file may be meant by ``written``, which is not there: the one at ``path``."""
    new = relative(page, path, written)
    if new != written and unquote(path) == path:
        return f"did you mean '{new}'?"
    fault = "the '%' in the file's name is read as the code of a sign"
    return f"{fault}; rename the file, with '-' for '%20' and its like"


def relative(page: str, path: str, written: str) -> str:
    """Write ``path`` as the page would, in the manner in which ``written`` was."""
    if written.startswith("/"):
        return f"/{path}"
    text = posixpath.relpath(path, posixpath.dirname(page) or ".")
    inside = written.startswith("./") and not text.startswith("../")
    return f"./{text}" if inside else text
