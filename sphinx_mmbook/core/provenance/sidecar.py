"""Where a stored result comes from: a small JSON file beside it, its sidecar.

``results/accuracy.csv`` has ``results/accuracy.csv.prov.json``: one entry a line, sorted, so that a
pull request shows what changed. Fields (format 1; all but ``format`` and ``files`` may be missing):

=================  ================================================================================
``format``         1
``files``          names of the result's files, all in this folder, with their hashes
``script``         the program that made it: from the chapter's folder, or, with ``/``, the book's
``script_sha256``  hash of the program's code
``inputs``         files that the program read, written like ``script``, with their hashes
``arguments``      arguments of the command by which the program was run
``seed``           seed of the random numbers
``commit``         git commit on which the program ran
``dirty``          whether anything but stored results differed from that commit
``time``           when it was stored, UTC
``program``        ``Python 3.12.1`` or ``R 4.4.0``
``packages``       versions of the packages that the program imports
=================  ================================================================================

Hashes are those of :mod:`~sphinx_mmbook.core.provenance.hashing`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.escapes import json_value
from sphinx_mmbook.core.files.paths import exists, is_file
from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.provenance.hashing import PAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIX = ".prov.json"
FORMAT = 1
RULE = "result-provenance"
MAX_BYTES = 1024 * 1024
_TEXT_FIELDS = ("script", "script_sha256", "commit", "time", "program")
_MAP_FIELDS = ("files", "inputs", "packages")


@dataclass(frozen=True)
class Provenance:
    """What a sidecar says; see the module."""

    files: Mapping[str, str]
    script: str = ""
    script_sha256: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    seed: int | str | None = None
    commit: str = ""
    dirty: bool | None = None
    time: str = ""
    program: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)

    def same_origin(self, other: Provenance) -> bool:
        """Whether the same program made the same files of the same inputs."""
        names = ("files", "script", "script_sha256", "inputs", "arguments", "seed")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def text(self) -> str:
        """Return the sidecar's text."""
        some = ((name, one) for name, one in vars(self).items() if one not in ("", None, {}, ()))
        values = dict(some)
        values["format"] = FORMAT
        return json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def sidecar_name(file: str) -> str:
    """Return the name of a file's sidecar."""
    return file + SUFFIX


def read_provenance(file: Path, path: str) -> Provenance:
    """Read a sidecar; ``path`` is its path in the book.

    :raises BookError: by ``result-provenance`` if it is not a provenance.
    """

    def fault(text: str, line: int = 0) -> BookError:
        advice = "run the script again, or delete this file"
        return BookError(Finding(Location(path, line), RULE, f"{text}; {advice}", "warning"))

    try:
        if exists(file) and not is_file(file):  # a pipe would never end
            raise fault("this provenance is not a file")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise fault("this provenance is larger than 1 MiB")
        return from_fields(json_value(data.decode("utf-8-sig")))
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise fault(f"this provenance cannot be read: {reason}") from None
    except json.JSONDecodeError as error:
        raise fault(f"this provenance is not JSON ({error.msg})", error.lineno) from None
    except RecursionError:
        raise fault("this provenance is nested too deeply") from None
    except ValueError as error:
        text = str(error) if type(error) is ValueError else "it is not UTF-8"
        raise fault(f"this provenance cannot be used: {text}") from None


def from_fields(fields: Any) -> Provenance:
    """Return the provenance that the JSON of a sidecar holds.

    :raises ValueError: if a field has a value of the wrong kind.
    """
    if not isinstance(fields, dict):
        raise ValueError("it is not a mapping")
    if fields.get("format") != FORMAT:
        raise ValueError(f"its format is {str(fields.get('format'))[:20]!r}, not {FORMAT}")
    values: dict[str, Any] = {}
    for name in _TEXT_FIELDS:
        values[name] = _checked(fields, name, str, "")
    for name in _MAP_FIELDS:
        values[name] = _checked(fields, name, dict, {})
        if not all(isinstance(value, str) for value in values[name].values()):
            raise ValueError(f"'{name}' has a value that is not text")
    if not values["files"] or any(not is_name(name) for name in values["files"]):
        raise ValueError("'files' must name files in this folder")
    arguments = _checked(fields, "arguments", list, [])
    if not all(isinstance(argument, str) for argument in arguments):
        raise ValueError("'arguments' has a value that is not text")
    values["arguments"] = tuple(arguments)
    seed = fields.get("seed")
    values["seed"] = seed if isinstance(seed, int | str) else None
    values["dirty"] = _checked(fields, "dirty", bool, None)
    return Provenance(**values)


def _checked(fields: dict[str, Any], name: str, kind: type, default: object) -> Any:
    value = fields.get(name, default)
    if value is not default and not isinstance(value, kind):
        raise ValueError(f"'{name}' has a value of the wrong kind")
    return value


def is_name(text: str) -> bool:
    """Whether a text names a file in a folder, and leads nowhere else."""
    return text.isprintable() and not re.search(r"[/\\:]|^\.{0,2}$", text)


def chapter_of(book: Path, path: Path) -> Path:
    """Return the chapter's folder that ``path`` is in: the nearest one above with an index page.

    ``book`` and ``path`` are absolute; the book's folder is returned where there is none.
    """
    for folder in path.parents:
        if folder == book or not folder.is_relative_to(book):
            return book
        if any((folder / f"index{suffix}").is_file() for suffix in PAGES):
            return folder
    return book


def noted_path(book: Path, chapter: Path, path: Path) -> str:
    """Return how a sidecar in ``chapter`` names ``path``: from the chapter, or the book with ``/``.

    :raises ValueError: if it is outside of the book.
    """
    if path.is_relative_to(chapter):
        return path.relative_to(chapter).as_posix()
    return "/" + path.relative_to(book).as_posix()


def page_like(book: Path, chapter: Path) -> str:
    """Return a page of the chapter, for :func:`~sphinx_mmbook.core.files.paths.locate`."""
    return str(PurePosixPath(chapter.relative_to(book).as_posix()) / "index.md")
