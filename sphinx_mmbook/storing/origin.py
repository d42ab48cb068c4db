"""What made a result: program, inputs, commit, versions."""

from __future__ import annotations

import operator
import platform
import sys
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.provenance.hashing import PAGES, digest_of, script_digest, source_digest
from sphinx_mmbook.core.provenance.opened import is_own
from sphinx_mmbook.core.provenance.packages import imported, versions_of
from sphinx_mmbook.core.provenance.record import commit_of, now
from sphinx_mmbook.core.provenance.sidecar import (
    SUFFIX,
    Provenance,
    chapter_of,
    noted_path,
    read_provenance,
)
from sphinx_mmbook.storing.caller import Caller, StoreError
from sphinx_mmbook.storing.reading import OPENED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Stands for the hash of a script that was saved again while it ran: what ran is not known.
CHANGED = "changed while it ran"


def origin_of(
    caller: Caller,
    files: Mapping[str, bytes],
    inputs: str | PathLike[str] | Iterable[str | PathLike[str]] | None,
    seed: int | str | None,
) -> Provenance:
    """Return what is known of a result without asking git; enough to see whether it changed.

    :raises StoreError: if an input is not there or outside of the book.
    """
    named = [inputs] if isinstance(inputs, str | PathLike) else list(inputs or ())
    read = [_input(caller, name) for name in named]
    # What is in a folder that was named is noted with it.
    noticed = [*_own_modules(caller), *_data(caller, files)]
    read += [path for path in dict.fromkeys(noticed) if not {path, *path.parents} & set(read)]
    script, hashed = "", ""
    if caller.script:
        script = noted_path(caller.book, caller.chapter, caller.script)
        hashed = CHANGED if caller.changed else script_digest(caller.book, caller.script)
    return Provenance(
        files={name: digest_of(data) for name, data in files.items()},
        script=script,
        script_sha256=hashed,
        inputs={
            noted_path(caller.book, caller.chapter, path): source_digest(path) for path in read
        },
        arguments=_arguments(caller),
        seed=_seed(seed),
    )


def _data(caller: Caller, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Yield the files that the program has read, but those that it makes itself."""
    if caller.script is None:
        return
    for path in OPENED.inside(caller):
        if not any(
            _made_by(caller, sidecar, path.name) for sidecar in path.parent.glob(f"*{SUFFIX}")
        ):
            yield path


def _made_by(caller: Caller, sidecar: Path, name: str) -> bool:
    """Whether the sidecar says that the program made the file of that name beside it."""
    if caller.script is None:
        return False
    try:
        read = read_provenance(sidecar, sidecar.name)
    except BookError:
        return False
    chapter = chapter_of(caller.book, sidecar)
    return name in read.files and read.script == noted_path(caller.book, chapter, caller.script)


def _arguments(caller: Caller) -> tuple[str, ...]:
    """Return the arguments of the command, with paths from the folder in which it is run again."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    if caller.script is None or not main or Path(main).resolve() != caller.script:
        return ()
    return tuple(_argument(caller, word) for word in sys.argv[1:])


def _argument(caller: Caller, word: str) -> str:
    name, equals, value = word.rpartition("=")
    path = Path(value).resolve()
    if not value or not path.exists() or not path.is_relative_to(caller.book):
        return word
    from os.path import relpath  # noqa: PLC0415 -- pathlib has none before Python 3.12

    return f"{name}{equals}{Path(relpath(path, caller.chapter)).as_posix()}"


def _input(caller: Caller, name: Any) -> Path:
    """Return the path of an input.

    :raises StoreError: if it is not a file or folder of the book.
    """
    if not isinstance(name, str | PathLike):
        raise StoreError(f"an input is a path, and no {type(name).__name__}")
    if "://" in str(name):
        raise StoreError(
            f"the input '{name}' is not a file; save it in the book, and name that file"
        )
    path = caller.path_of(name, "input")
    if not path.exists():
        advice = f"write its path from the chapter's folder, {caller.chapter}"
        raise StoreError(f"the input '{name}' does not exist; {advice}")
    return path


def _seed(seed: Any) -> int | str | None:
    if seed is None or isinstance(seed, str):
        return seed
    try:
        return operator.index(seed)
    except TypeError:
        text = f"the seed {seed!r} is not a whole number; write several as a text, '1, 2, 3'"
        raise StoreError(text) from None


def circumstances(caller: Caller) -> dict[str, Any]:
    """Return commit, time and versions, as fields of a provenance."""
    commit, dirty = commit_of(caller.book, caller.script)
    sources = [caller.script] if caller.script else []
    sources += _own_modules(caller)
    return {
        "commit": commit,
        "dirty": dirty,
        "time": now(),
        "program": f"{platform.python_implementation().replace('CPython', 'Python')} "
        f"{platform.python_version()}",
        "packages": versions_of(
            name
            for source in sources
            for name in _imports(source)
            if name.partition(".")[0] in sys.modules
        ),
    }


def _own_modules(caller: Caller) -> list[Path]:
    """Return the modules of the book that the program has imported: they are inputs as well."""
    found: set[Path] = set()
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        if not isinstance(name, str) or not name.endswith(".py"):
            continue
        if is_own(caller.book, path := _without_links(name)):
            found.add(path)
    own = {caller.script, caller.book / "conf.py"}
    return sorted(path for path in found if path not in own)


@cache
def _without_links(name: str) -> Path:
    """Return a module's file, found once: a program has a thousand of them, and stores often."""
    return Path(name).resolve()


def _imports(source: Path) -> Iterator[str]:
    """Yield the modules that a program, or a page's cells, import."""
    for text in _codes(source):
        yield from imported(text)


def _codes(source: Path) -> Iterator[str]:
    try:
        if source.suffix not in PAGES:
            yield source.read_text("utf-8-sig", "replace")
            return
        from sphinx_mmbook.core.pages.scanner import scan  # noqa: PLC0415 -- only for pages
        from sphinx_mmbook.core.pages.source import read_source  # noqa: PLC0415

        page = scan(read_source(source.parent, source.name))
        yield from (cell.body for cell in page.of("code-cell"))
    except Exception:
        return  # versions are a courtesy: no reason to lose a result
