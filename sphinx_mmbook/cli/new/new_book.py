"""A new book: a folder with all that a seminar needs, from the template."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from platform import python_version_tuple
from typing import TYPE_CHECKING, Any

from sphinx_mmbook import __version__
from sphinx_mmbook.cli.folders import CommandRefused
from sphinx_mmbook.cli.new.template import rendered
from sphinx_mmbook.cli.pdf import PACKAGES
from sphinx_mmbook.core.changing.template_update import ANSWERS, records
from sphinx_mmbook.core.people.schemas import page_schema, person_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx_mmbook.cli.new.package_source import PackageSource

_BY = """\
Text and figures of this book may be shared and adapted by whoever names it and says what was
changed: Creative Commons Attribution 4.0 International,
<https://creativecommons.org/licenses/by/4.0/>."""
_BY_DE = """\
Text und Abbildungen dieses Buches darf teilen und bearbeiten, wer es nennt und sagt, was geändert
wurde: Creative Commons Namensnennung 4.0 International,
<https://creativecommons.org/licenses/by/4.0/deed.de>."""
_BY_SA = """\
Text and figures of this book may be shared and adapted by whoever names it, says what was changed,
and passes the result on under the same licence: Creative Commons Attribution-ShareAlike 4.0
International, <https://creativecommons.org/licenses/by-sa/4.0/>."""
_BY_SA_DE = """\
Text und Abbildungen dieses Buches darf teilen und bearbeiten, wer es nennt, sagt, was geändert
wurde, und das Ergebnis unter derselben Lizenz weitergibt: Creative Commons Namensnennung -
Weitergabe unter gleichen Bedingungen 4.0 International,
<https://creativecommons.org/licenses/by-sa/4.0/deed.de>."""
_RESERVED = "All rights to text and figures of this book are reserved by their authors."
_RESERVED_DE = "Alle Rechte an Text und Abbildungen liegen bei den Autorinnen und Autoren."
#: Licence -> its mark in a line of copyright, and what it means in English and German.
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", _BY, _BY_DE),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", _BY_SA, _BY_SA_DE),
    "all-rights-reserved": ("", _RESERVED, _RESERVED_DE),
}


@dataclass(frozen=True)
class Answers:
    """What is asked about a new book."""

    title: str
    author: str
    language: str
    license: str
    owners: tuple[str, ...] = ()
    # What is not asked, but must stay as it was when the book was begun.
    year: int = field(default_factory=lambda: datetime.now(UTC).year)
    python: str = field(default_factory=lambda: ".".join(python_version_tuple()[:2]))


def answers_from(said: Mapping[str, Any]) -> Answers:
    """Return the answers that a book has noted.

    :raises CommandRefused: if one is missing, or none that can be given.
    """
    values = {one.name: said[one.name] for one in fields(Answers) if one.name in said}
    try:
        answers = Answers(**{**values, "owners": tuple(map(str, values.get("owners") or ()))})
        texts = (answers.title, answers.author, answers.license, answers.language, answers.python)
        if not all(isinstance(text, str) for text in texts) or answers.license not in LICENCES:
            raise TypeError
    except TypeError:
        raise CommandRefused(
            f"{ANSWERS} lacks an answer, or has one that cannot be; see its history"
        ) from None
    return answers


def texts_of_book(answers: Answers, package: PackageSource, locked: list[str]) -> dict[str, str]:
    """Return the texts that the template makes of answers, by path."""
    files = rendered("project", {**values_of(answers, package), "locked": locked})
    schemas = {"person": person_schema(), "chapter": page_schema()}
    return {name: data.decode("utf-8") for name, data in files.items()} | {
        f".vscode/{name}.schema.json": json.dumps(schema, indent=2) + "\n"
        for name, schema in schemas.items()
    }


def files_of_book(answers: Answers, package: PackageSource, locked: list[str]) -> dict[str, bytes]:
    """Return the files of a new book, by path."""
    texts = texts_of_book(answers, package, locked)
    said = {**asdict(answers), "owners": list(answers.owners)}
    texts |= records(__version__, said, texts)
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    if package.wheel:
        files[f"vendor/{package.wheel.name}"] = package.wheel.read_bytes()
    return files


def values_of(answers: Answers, package: PackageSource) -> Mapping[str, Any]:
    """Return what the template asks for, strings also quoted as Python, TOML and YAML read them."""
    mark, english, german = LICENCES[answers.license]
    vendored = " --find-links vendor" if package.wheel else ""
    return {
        "title": answers.title,
        "title_quoted": quoted(answers.title),
        "author": answers.author,
        "author_quoted": quoted(answers.author),
        "copyright_quoted": quoted(
            ", ".join(filter(None, (str(answers.year), answers.author, mark)))
        ),
        "license_text": german if answers.language == "de" else english,
        "language": answers.language,
        "owners": " ".join(f"@{owner.removeprefix('@')}" for owner in answers.owners),
        "year": answers.year,
        "python": answers.python,
        "requirement": quoted(package.requirement),
        "install": f"-c constraints.txt{vendored} --group book",
        "install_newest": f"--upgrade{vendored} --group book",
        "latex_packages": PACKAGES.split(),
    }


def quoted(text: str) -> str:
    """Return a string in double quotes, as Python, TOML, YAML and JSON alike read it."""
    return json.dumps(text, ensure_ascii=False)


def refuse_folder(folder: Path) -> None:
    """Refuse a folder that has something but a repository in it, or that cannot be made.

    :raises CommandRefused: with what to do instead.
    """
    if os.name != "nt" and "\\" in str(folder):
        raise CommandRefused(
            f"'{folder}' has '\\' in it; write '{str(folder).replace(chr(92), '/')}'"
        )
    if folder.is_dir() and {file.name for file in folder.iterdir()} <= {".git"}:
        return
    if os.path.lexists(folder):
        what = "is not empty" if folder.is_dir() else "is a file"
        raise CommandRefused(f"'{folder}' {what}; name a new folder")
    if not folder.parent.is_dir():
        raise CommandRefused(f"there is no folder '{folder.parent}'; make it first")


def write_book(
    folder: Path, files: Mapping[str, bytes], prepare: Callable[[Path, bool], None] | None = None
) -> None:
    """Write a new book, whole or not at all: beside its place, from where it is moved.

    ``prepare`` is called with the folder before the files are written, and once more after.

    :raises OSError: if it cannot be written.
    """
    from tempfile import mkdtemp  # noqa: PLC0415

    exists = folder.is_dir()
    hidden = Path(mkdtemp(suffix=".new", dir=folder if exists else folder.parent))
    try:
        project = hidden / "book"
        if prepare:
            prepare(project, False)
        for name, data in files.items():
            file = project / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        if prepare:
            prepare(project, True)
        for part in sorted(project.iterdir()) if exists else []:
            part.rename(folder / part.name)
        if not exists:
            project.rename(folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
