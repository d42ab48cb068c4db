"""What made a result: program, inputs, commit, versions."""

from __future__ import annotations

import ast
import operator
import platform
import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.provenance.record import commit_of, now
from sphinx_mmbook.core.provenance.sidecar import (
    PAGES,
    Provenance,
    digest,
    digest_of,
    noted_path,
    script_digest,
)
from sphinx_mmbook.storing.caller import StoreError, is_own

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

from sphinx_mmbook.storing.caller import Caller

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
    read += [path for path in _own_modules(caller) if path not in read]
    script, hashed = "", ""
    if caller.script:
        script = noted_path(caller.book, caller.chapter, caller.script)
        hashed = CHANGED if caller.changed else script_digest(caller.book, caller.script)
    return Provenance(
        files={name: digest_of(data) for name, data in files.items()},
        script=script,
        script_sha256=hashed,
        inputs={noted_path(caller.book, caller.chapter, path): digest(path) for path in read},
        seed=_seed(seed),
    )


def _input(caller: Caller, name: Any) -> Path:
    """Return the path of an input.

    :raises StoreError: if it is not a file or folder of the book.
    """
    if not isinstance(name, str | PathLike):
        raise StoreError(f"an input is a path, and no {type(name).__name__}")
    if "://" in str(name):
        raise StoreError(f"the input '{name}' is no file; save it in the book, and name that file")
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
        text = f"the seed {seed!r} is no whole number; write several as a text, '1, 2, 3'"
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
        "packages": _versions({name for source in sources for name in _imports(source)}),
    }


def _own_modules(caller: Caller) -> list[Path]:
    """Return the modules of the book that the program has imported: they are inputs as well."""
    found: set[Path] = set()
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        if not isinstance(name, str) or not name.endswith(".py"):
            continue
        if is_own(caller.book, path := Path(name).resolve()):
            found.add(path)
    own = {caller.script, caller.book / "conf.py"}
    return sorted(path for path in found if path not in own)


def _imports(source: Path) -> Iterator[str]:
    """Yield the top-level names of the modules that a program, or a page's cells, import."""
    for text in _codes(source):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):  # a cell with magics of IPython
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").partition(".")[0]


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


def _versions(names: set[str]) -> dict[str, str]:
    """Return the versions of the packages that have these modules."""
    from importlib import metadata  # noqa: PLC0415 -- slow, and only where something changed

    wanted = {name for name in names if name in sys.modules} - set(sys.stdlib_module_names)
    if not wanted:
        return {}
    packages = metadata.packages_distributions()
    found = {}
    for name in wanted:
        for package in packages.get(name, ())[:1]:
            found[package] = metadata.version(package)
    return found
