"""All stored results of a book, and whether what lies there is what their programs would make."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.escapes import json_value
from sphinx_mmbook.core.files.paths import exists, is_file, locate, plain_bytes
from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.provenance.hashing import digest, is_unchanged
from sphinx_mmbook.core.provenance.sidecar import (
    MAX_BYTES,
    SUFFIX,
    Provenance,
    chapter_of,
    page_like,
    read_provenance,
    sidecar_name,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

State = Literal["current", "stale", "missing", "edited", "broken", "unknown"]

#: Files in folders of this name are results, with or without provenance.
FOLDER = "results"
#: Programs that can be run, and whose comments are read.
PROGRAMS = (".py", ".R", ".r")
_DECLARED = re.compile(
    r"^#+'?[ \t]*mmbook-(results|inputs|arguments|seed):[ \t]*(.*?)[ \t]*\r?$", re.M
)
_HEAD = 64 * 1024
_SCRIPT = re.compile(r'^[^\S\n]*+"script": ("(?:[^"\\\n]|\\.)*")', re.M)


class Declaration(NamedTuple):
    """What a program says of itself in comments such as ``# mmbook-results: results/iris.csv``.

    For programs that write their results themselves, as all in R do. Paths are relative to the
    chapter's folder, with commas between them.
    """

    results: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    seed: str = ""


class Fault(NamedTuple):
    """What is wrong with a result. ``text`` goes on after the result's name.

    ``cause`` is what changed: the script or an input, as the sidecar names it.
    """

    state: State
    text: str
    cause: str = ""
    #: Whether another result that this one is made of must be made first.
    is_upstream: bool = False


class Stored(NamedTuple):
    """A stored result. All paths are relative to the book.

    ``files`` are its files, ``script`` the program that makes it, empty if not known.
    """

    files: tuple[str, ...]
    chapter: str
    script: str = ""
    provenance: Provenance | None = None
    faults: tuple[Fault, ...] = ()
    #: Those of the command that ran the script.
    arguments: tuple[str, ...] = ()
    #: What else can make it stale: sidecar, script, inputs.
    sources: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The result's first file."""
        return self.files[0]

    @property
    def main(self) -> str:
        """The file after which the sidecar is named; as a rule the first."""
        beside = [path.removesuffix(SUFFIX) for path in self.sources if path.endswith(SUFFIX)]
        return beside[0] if beside else self.path

    @property
    def state(self) -> State:
        """The first fault's state, or ``current``."""
        return self.faults[0].state if self.faults else "current"

    @property
    def is_outdated(self) -> bool:
        """Whether readers have to know that something is wrong with it."""
        return self.state not in ("current", "unknown")


class Results:
    """Looks at stored results; hashes each input once."""

    def __init__(self, book: Path) -> None:
        self.book = book.resolve()
        self._same: dict[tuple[Path, str, bool], bool] = {}
        self._known: dict[str, Stored] = {}
        self._under_way: set[str] = set()
        self._sidecars: dict[PurePosixPath, set[str]] = {}

    def all(self, paths: Collection[str]) -> list[Stored]:
        """Return all stored results among the book's files, sorted by path."""
        found = [self.of_sidecar(path) for path in paths if path.endswith(SUFFIX)]
        known = {file for stored in found for file in stored.files}
        for path in paths:
            if path.endswith(PROGRAMS):
                for stored in self.declared_by(path):
                    if not known.issuperset(stored.files):
                        found.append(stored)
                        known.update(stored.files)
        found += [self.of_no_program(path) for path in paths if path not in known and _in(path)]
        return sorted(found, key=lambda stored: stored.path)

    def of_file(self, path: str) -> Stored | None:
        """Return the result that a file belongs to, if it has a sidecar."""
        if is_file(self.book / sidecar_name(path)):
            return self.of_sidecar(sidecar_name(path))
        for sidecar in sorted(self._sidecars_in(PurePosixPath(path).parent)):
            stored = self.of_sidecar(sidecar)
            if path in stored.files:
                return stored
        return None

    def of_sidecar(self, path: str) -> Stored:
        """Return the result whose sidecar is at ``path``."""
        if path not in self._known:
            self._under_way.add(path)
            self._known[path] = self._read(path)
            self._under_way.remove(path)
        return self._known[path]

    def _read(self, path: str) -> Stored:
        folder = PurePosixPath(path).parent
        chapter = chapter_of(self.book, self.book / path)
        where = _relative(self.book, chapter)
        main = path.removesuffix(SUFFIX)
        try:
            read = read_provenance(locate(self.book, "", path, Location(path)), path)
            files = tuple(str(folder / name) for name in sorted(read.files))
            files = tuple(sorted(files, key=lambda file: file != main))
            script = _relative(self.book, self._file(chapter, read.script)) if read.script else ""
            noted = [_relative(self.book, self._file(chapter, name)) for name in read.inputs]
            faults = tuple(self._faults(chapter, path, read))
        except BookError as error:
            fault = Fault("broken", error.finding.message)
            return Stored((main,), where, self._script_in(chapter, path), faults=(fault,))
        sources = (path, *([script] if script else []), *noted)
        return Stored(files, where, script, read, faults, read.arguments, sources)

    def _script_in(self, chapter: Path, path: str) -> str:
        """Return the program that a broken sidecar names, as after a merge; empty if none."""
        try:
            text = plain_bytes(self.book / path, MAX_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""
        for name in _SCRIPT.findall(text):
            with suppress(BookError, ValueError):
                file = self._file(chapter, json_value(name))
                if is_file(file):
                    return _relative(self.book, file)
        return ""

    def declared_by(self, script: str) -> Iterator[Stored]:
        """Yield the results that a program declares in its comments, as yet without a sidecar."""
        chapter = chapter_of(self.book, self.book / script)
        where = _relative(self.book, chapter)
        said = declaration(self.book / script)
        inputs: list[str] = []
        for name in (*said.inputs, *said.results):
            try:
                file = _relative(self.book, self._file(chapter, name))
            except BookError:
                continue
            if name in said.inputs:
                inputs.append(file)
                continue
            there = is_file(self.book / file)
            text = f"was not yet made by {script}" if not there else f"is declared by {script}, but"
            text += "" if not there else " nothing says whether the program has changed since then"
            fault = Fault("stale", f"{text}; run 'mmbook results run {where}'")
            yield Stored((file,), where, script, None, (fault,), said.arguments, (script, *inputs))

    def of_no_program(self, path: str) -> Stored:
        """Return a result without provenance."""
        chapter = _relative(self.book, chapter_of(self.book, self.book / path))
        return Stored((path,), chapter, faults=(Fault("unknown", "has no provenance"),))

    def _file(self, chapter: Path, name: str) -> Path:
        return locate(self.book, page_like(self.book, chapter), name, Location(name))

    def _faults(self, chapter: Path, path: str, read: Provenance) -> Iterator[Fault]:
        where = _relative(self.book, chapter)
        folder = (self.book / path).parent
        name = PurePosixPath(path).name.removesuffix(SUFFIX)
        made_by = read.script or "a program"
        run = f"run 'mmbook results run {where}'"
        for file, stored in sorted(read.files.items()):
            own = "" if file == name else f" (its file '{file}')"
            there = locate(folder, "", file, Location(path))  # no link to another place
            if not is_file(there):
                yield Fault("missing", f"is not there{own}, though {made_by} stored it; {run}")
            elif digest(there) != stored:
                text = f"was changed by hand{own}: {made_by} stored something else"
                advice = f"change the script instead, and run 'mmbook results run --all {where}'"
                if made_by.endswith((".R", ".r")):
                    advice += f"; if you ran it yourself, 'mmbook results record {made_by}'"
                yield Fault("edited", f"{text}; {advice}")
        if read.script:
            script = self._file(chapter, read.script)
            if not is_file(script):
                text = f"is stale: {made_by}, which made it, is gone"
                advice = "delete the result, or store it from another script"
                yield Fault("stale", f"{text}; {advice}", read.script)
            elif not self._is_unchanged(script, read.script_sha256, is_script=True):
                text = f"is stale: {made_by} has changed since; {run}"
                yield Fault("stale", text, read.script)
        for note, stored in sorted(read.inputs.items()):
            source = self._file(chapter, note)
            # Data that cannot be shared is missing on most machines; there it tells nothing.
            if exists(source) and not self._is_unchanged(source, stored):
                text = f"is stale: {note}, which {made_by} reads, has changed since"
                yield Fault("stale", f"{text}; {run}", note)
            elif self._is_stale(_relative(self.book, source)):
                text = f"is stale: {note}, which {made_by} reads, is itself stale"
                yield Fault("stale", f"{text}; {run}", note, is_upstream=True)

    def _sidecars_in(self, folder: PurePosixPath) -> set[str]:
        if folder not in self._sidecars:
            found = (self.book / folder).glob(f"*{SUFFIX}")
            self._sidecars[folder] = {str(folder / file.name) for file in found}
        return self._sidecars[folder]

    def _is_stale(self, path: str) -> bool:
        """Whether a file is of a result that is stale; no result is asked for itself."""
        for sidecar in sorted(self._sidecars_in(PurePosixPath(path).parent) - self._under_way):
            stored = self.of_sidecar(sidecar)
            if path in stored.files and stored.state in ("stale", "missing", "broken"):
                return True
        return False

    def _is_unchanged(self, file: Path, noted: str, *, is_script: bool = False) -> bool:
        key = (file, noted, is_script)
        if key not in self._same:
            self._same[key] = is_unchanged(self.book, file, noted, is_script=is_script)
        return self._same[key]


def declaration(script: Path) -> Declaration:
    """Return what a program's comments declare; nothing if it cannot be read."""
    try:
        with script.open("rb") as stream:
            text = stream.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return Declaration()
    said: dict[str, list[str]] = {"results": [], "inputs": [], "arguments": [], "seed": []}
    for name, value in _DECLARED.findall(text):
        words = _words(value) if name == "arguments" else value.split(",")
        said[name] += [item.strip() for item in words if item.strip()]
    many = {name: tuple(said[name]) for name in ("results", "inputs", "arguments")}
    return Declaration(**many, seed=", ".join(said["seed"]))


def _words(command: str) -> list[str]:
    """Return the arguments in a comment, as a shell would split them."""
    try:
        return shlex.split(command)
    except ValueError:  # a quotation mark without its other
        return command.split()


def _in(path: str) -> bool:
    """Whether a file is a result by its folder; programs and read-me files are not."""
    inner = PurePosixPath(path)
    # A chapter may be called so, too.
    folders = inner.parts[2:-1] if path.startswith("chapters/") else inner.parts[:-1]
    if FOLDER not in folders or inner.name.startswith("."):
        return False
    return not path.endswith((SUFFIX, ".md", *PROGRAMS))


def _relative(book: Path, path: Path) -> str:
    """Return a path relative to the book; ``.`` for the book itself."""
    return path.relative_to(book).as_posix()
