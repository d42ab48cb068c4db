"""A newer template taken into a book that has changed since: three versions merged, file by file.

The old rendering is kept in the book, as text, in one file beside the answers. Two other ways were
weighed. To run the old package: it, what it needs, and a Python that runs them would have to be had
years later, over the network. To find the old files in the history: a book may have no Git, or a
history begun anew, and files are committed together with changes. A JSON file of about 60 KB needs
neither network nor Git nor an old version, and whoever reviews can read it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from packaging.version import InvalidVersion, Version

from sphinx_mmbook.core.files.changes import Changes
from sphinx_mmbook.core.files.git import stays_inside
from sphinx_mmbook.core.files.paths import is_within, real

if TYPE_CHECKING:
    from pathlib import Path

#: What was answered when the book was begun, and the template's version; copier's format.
ANSWERS = ".mmbook-answers.yml"
#: The files as the template made them: what is merged against.
BASE = ".mmbook-template.json"
MOST_BYTES = 4_000_000
#: Old text, current text, new text -> merged text, and how many conflicts are marked in it.
Merge = Callable[[str, str, str], tuple[str, int]]


class UpdateRefused(Exception):
    """The book cannot be updated; the message says why, and what to do instead."""


@dataclass(frozen=True)
class Update:
    """What an update changes, what it says of each file, and the files in conflict."""

    changes: Changes = field(default_factory=Changes)
    said: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[str, ...] = ()


def answers_text(version: str, answers: Mapping[str, Any]) -> str:
    """Return the file of answers."""
    said = yaml.safe_dump(dict(answers), allow_unicode=True, sort_keys=False)
    head = "# What 'mmbook new book' was told; 'mmbook update' reads it.\n"
    return f"{head}_commit: {version}\n_src_path: sphinx-mmbook\n{said}"


def base_text(files: Mapping[str, str]) -> str:
    """Return the file that keeps the template's own texts, one file a line so that it merges."""
    rows = (
        f"{json.dumps(name)}: {json.dumps(files[name], ensure_ascii=False)}"
        for name in sorted(files)
    )
    return "{\n" + ",\n".join(rows) + "\n}\n"


def records(version: str, answers: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of the two files by which a book can be updated later."""
    own = {name: value for name, value in answers.items() if not name.startswith("_")}
    return {ANSWERS: answers_text(version, own), BASE: base_text(files)}


def refuse_older(answers: Mapping[str, Any], version: str) -> None:
    """Refuse to go back to an older template.

    :raises UpdateRefused: if the book has a newer one.
    """
    try:
        is_older = Version(version) < Version(str(answers.get("_commit", "0")))
    except InvalidVersion:
        is_older = False
    if is_older:
        raise UpdateRefused(
            f"this is sphinx-mmbook {version}, but the book has the template of "
            f"{answers['_commit']}; install that version or a newer one"
        )


def read_answers(project: Path) -> dict[str, Any]:
    """Return what was answered when a book was begun.

    :raises UpdateRefused: if that cannot be known.
    """
    try:
        said = yaml.safe_load(_read(project, ANSWERS))
    except yaml.YAMLError as error:
        raise UpdateRefused(f"{ANSWERS} is not valid YAML: {error}") from None
    if not isinstance(said, dict):
        raise UpdateRefused(f"{ANSWERS} has no answers; get it from the history of the book")
    return {str(name): value for name, value in said.items()}


def read_base(project: Path) -> dict[str, str]:
    """Return the texts that the template once made.

    :raises UpdateRefused: if that cannot be known.
    """
    try:
        said = json.loads(_read(project, BASE))
    except ValueError:
        said = None
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise UpdateRefused(f"{BASE} cannot be read; get it from the history of the book")
    if outside := [name for name in said if not stays_inside(name)]:
        raise UpdateRefused(f"{BASE} names a file out of the book, '{outside[0]}'")
    return said


def _read(project: Path, name: str) -> str:
    file = project / name
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > MOST_BYTES:
            raise UpdateRefused(
                f"there is no {name} in '{project}': only a book that 'mmbook new book' made can "
                "be updated"
            )
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UpdateRefused(f"{name} is not UTF-8; get it from the history of the book") from None


def update_of(
    project: Path, old: Mapping[str, str], new: Mapping[str, str], merge: Merge
) -> Update:
    """Return what takes the template from ``old`` to ``new`` texts, in the files as they are now.

    A file that was removed stays so; one that the template no longer has is left, and named.
    """
    texts: dict[str, str] = {}
    said: list[tuple[str, str]] = []
    conflicts: list[str] = []
    for name in sorted({*old, *new}):
        now = _current(project, name)
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if after is None:
            if now is not None:
                said.append((name, "is no longer in the template; remove it if you do not need it"))
        elif now is None and before is not None:
            said.append((name, "was removed here, and stays so"))
        elif now is None or now == before:
            texts[name] = after
            said.append((name, "new" if now is None else "updated"))
        elif now != after:
            texts[name], count = merge(before or "", now, after)
            if count:
                conflicts.append(name)
            said.append((name, f"{count} conflict(s)" if count else "merged with your changes"))
    return Update(Changes(texts=texts), tuple(said), tuple(conflicts))


def _current(project: Path, name: str) -> str | None:
    """Return a file's text as it is now; None where there is none.

    :raises UpdateRefused: if it is not text, or a link out of the project.
    """
    file = project / name
    if not file.exists():
        return None
    if not is_within(real(project), name) or not file.is_file():
        raise UpdateRefused(f"'{name}' is a link out of the book, or no file; put a file there")
    try:
        return file.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UpdateRefused(f"'{name}' is not UTF-8; save it as UTF-8") from None
